"""The table of who is believed: complete, and for a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelmeta._record import field_names
from modelmeta.records import Capabilities, Endpoint, Lifecycle, Limits, Reasoning, Tool
from pipeline.authority import AUTHORITY, authority, rank
from pipeline.sources import SOURCES

CURATION = Path(__file__).resolve().parents[2] / "curation"

FIELDS = [
    "name", "author", "family", "base", "size_class", "license", "open_weights", "knowledge_cutoff", "training_cutoff",
    "modalities.input", "modalities.output", "rate_limits", "price", "aliases", "snapshots", "default_snapshot",
    "platform_ids", "observed", "links.docs", "links.pricing",
    "parameter_rule", "parameter_range", "parameters.top_p.maximum",
    "unsupported_parameters", "supported_parameters", "provider.name", "provider.docs", "provider.api", "provider.env",
    *(f"lifecycle.{name}" for name in field_names(Lifecycle)),
    *(f"limits.{name}" for name in field_names(Limits)),
    *(f"capabilities.{name}" for name in field_names(Capabilities)),
    *(f"reasoning.{name}" for name in field_names(Reasoning)),
    *(f"endpoints.{name}" for name in Endpoint.NAMES),
    *(f"endpoint_paths.{name}" for name in Endpoint.NAMES),
    *(f"tools.{name}" for name in Tool.NAMES),
]  # fmt: skip
"""Every fact that a record has a home for, and the fields that only the build uses."""

KNOWN = {source.id for source in SOURCES}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_a_row(field: str) -> None:
    row = authority(field)
    assert row.groups
    assert len(row.reason) > 15


def test_every_field_that_is_curated_has_a_row() -> None:
    fields = {
        json.loads(line)["field"]
        for path in CURATION.glob("*/*.jsonl")
        if path.parent.name != "parameters"
        for line in path.read_text("utf-8").splitlines()
        if line
    }
    assert fields
    for field in sorted(fields):
        authority(field)


@pytest.mark.parametrize(
    "field", ["", "nonsense", "limit.context_window", "capability.reasoning", "prices", "price.input"]
)
def test_a_field_without_a_row_is_an_error_that_says_what_to_do(field: str) -> None:
    with pytest.raises(LookupError, match=r"authority\.py has no row for the field"):
        authority(field)


def test_no_row_is_hidden_by_one_above_it() -> None:
    """The first row that matches counts: each must be the one that is found for some field."""
    found = {authority(field).field for field in FIELDS}
    assert {row.field for row in AUTHORITY} <= found | {"provider.*"}


@pytest.mark.parametrize("row", AUTHORITY, ids=lambda row: row.field)
def test_a_row_names_sources_that_exist_and_each_once(row: object) -> None:
    named = [source for group in row.groups for source in group]  # type: ignore[attr-defined]
    assert set(named) <= KNOWN
    assert len(named) == len(set(named))


def test_every_source_that_is_curated_is_believed_about_something() -> None:
    named = {source for row in AUTHORITY for group in row.groups for source in group}
    curated = {
        json.loads(line)["source"]
        for path in CURATION.glob("*/*.jsonl")
        if path.parent.name != "parameters"
        for line in path.read_text("utf-8").splitlines()
        if line
    }
    assert curated <= named


def test_the_vendor_comes_before_catalogues_and_catalogues_before_other_pages() -> None:
    for field in ("limits.context_window", "price", "modalities.input", "knowledge_cutoff", "capabilities.reasoning"):
        vendor, catalogue, page = (rank(field, source) for source in ("vendor-pages", "models.dev", "page-tracker"))
        assert vendor is not None
        assert catalogue is not None
        assert page is not None
        assert vendor < catalogue < page, field


def test_what_a_model_list_enforces_comes_before_a_page() -> None:
    api, page = rank("limits.max_output_tokens", "vendor-apis"), rank("limits.max_output_tokens", "vendor-pages")
    assert api is not None
    assert page is not None
    assert api < page


def test_a_source_that_a_row_does_not_list_is_not_believed() -> None:
    assert rank("aliases", "portkey") is None
    assert rank("price", "measurements") is None
    assert rank("name", "no-such-source") is None
