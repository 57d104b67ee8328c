"""Five public pages about GPT-4.1 mini: everything on which they differ from what is settled, read off them by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelmeta import Observation, get_parameters, list_conflicts, list_observations
from pipeline.authority import authority
from pipeline.conflicts import kind_of

MODEL = "gpt-4.1-mini"
LINES = (Path(__file__).parents[2] / "curation" / "openai" / "pages.jsonl").read_text("utf-8").splitlines()
FACTS = [row for row in map(json.loads, LINES) if not row["field"].startswith("parameter_")]

OPENAI = "page-openai"
PROVIDER, AUTHOR = "page-starmap-provider", "page-starmap-author"
REGISTRY = "page-modelmeta"
TRACKER = "page-tracker"


def usd(amount: str) -> tuple[tuple[str, str], ...]:
    return (("amount", amount), ("currency", "USD"), ("unit", "1M tokens"))


DISAGREEMENTS = [
    # the field, the page, what it prints, what is settled, and the kind of explanation or remark
    ("capabilities.attachments", PROVIDER, False, True, None),
    ("capabilities.web_search", PROVIDER, False, True, None),
    ("family", REGISTRY, "GPT-4", "gpt-mini", None),
    ("family", TRACKER, "GPT", "gpt-mini", None),
    ("knowledge_cutoff", PROVIDER, "2024-04-01", "2024-06-01", None),
    ("knowledge_cutoff", TRACKER, "2024-06", "2024-06-01", "month or day"),
    ("lifecycle.stated", REGISTRY, "active", "deprecated", "older value"),
    ("limits.context_window", PROVIDER, 1_000_000, 1_047_576, "rounded"),
    ("limits.context_window", REGISTRY, 8_192, 1_047_576, "another model"),
    ("limits.context_window", TRACKER, 1_000_000, 1_047_576, "rounded"),
    ("limits.max_output_tokens", PROVIDER, 32_000, 32_768, "rounded"),
    ("limits.max_output_tokens", REGISTRY, 8_192, 32_768, "another model"),
    ("modalities.input", AUTHOR, ("text",), ("image", "text"), "shorter list"),
    ("modalities.input", PROVIDER, ("text",), ("image", "text"), "shorter list"),
    ("modalities.input", REGISTRY, ("text",), ("image", "text"), "another model"),
    ("name", AUTHOR, "gpt-4.1-mini", "GPT-4.1 mini", "spelling"),
    ("name", PROVIDER, "gpt-4.1-mini", "GPT-4.1 mini", "spelling"),
    ("name", REGISTRY, "GPT 4.1 Mini", "GPT-4.1 mini", "spelling"),
    ("parameters.max_tokens.maximum", PROVIDER, 32_000, 32_768, "rounded"),
    (
        "parameters.response_format.type.choices",
        REGISTRY,
        ("text", "json_object"),
        ("text", "json_object", "json_schema"),
        "shorter list",
    ),
    ("pricing.standard.cached_input", REGISTRY, usd("0.175"), usd("0.1"), "another tier"),
    ("pricing.standard.input", REGISTRY, usd("0.7"), usd("0.4"), "another tier"),
    ("pricing.standard.output", REGISTRY, usd("2.8"), usd("1.6"), "another tier"),
]


def test_every_disagreement_is_listed_with_what_is_settled_and_why_it_differs() -> None:
    found = [
        (conflict.field, other.source, other.value, conflict.settled, kind_of(other.reason))
        for conflict in list_conflicts(MODEL)
        for other in conflict.others
        if other.source.startswith("page-")
    ]
    assert sorted(found, key=repr) == sorted(DISAGREEMENTS, key=repr)


@pytest.mark.parametrize("field", ["input", "output", "cached_input"])
def test_the_dearer_prices_are_those_of_the_priority_tier(field: str) -> None:
    (conflict,) = [c for c in list_conflicts(MODEL) if c.field == f"pricing.standard.{field}"]
    (other,) = conflict.others
    assert other.reason == "that is the price of the priority tier, shown as standard"
    believed = [o for o in list_observations(MODEL, f"pricing.priority.{field}") if o.believed]
    assert {dict(o.value)["amount"] for o in believed} == {dict(other.value)["amount"]}  # type: ignore[call-overload]
    assert {o.source for o in believed} == {"vendor-copies"}


@pytest.mark.parametrize("field", sorted({field for field, *_ in DISAGREEMENTS}))
def test_what_is_settled_has_a_page_and_the_reason_of_its_row(field: str) -> None:
    row = "price" if field.startswith("pricing.") else field
    believed = [o for o in list_observations(MODEL, field) if o.believed]
    assert believed
    assert all(o.locator for o in believed)
    assert {o.reason for o in believed} == {authority(row).reason}


def test_the_vendors_own_page_is_contradicted_in_nothing() -> None:
    assert OPENAI not in {source for _, source, *_ in DISAGREEMENTS}
    assert sum(row["source"] == OPENAI for row in FACTS) > 40


def said_of(row: dict[str, object]) -> list[Observation]:
    field = str(row["field"])
    value = row["value"]
    if field == "price" and isinstance(value, dict):
        field = f"pricing.{value['tier']}.{value['component']}"
    return [o for o in list_observations(MODEL, field) if (o.source, o.locator) == (row["source"], row["page"])]


def test_everything_read_off_the_pages_is_listed() -> None:
    assert len(FACTS) > 100
    assert {row["source"] for row in FACTS} == {OPENAI, PROVIDER, AUTHOR, REGISTRY, TRACKER}
    assert [row for row in FACTS if not said_of(row)] == []


def test_every_range_of_a_parameter_is_listed_beside_what_the_rules_say() -> None:
    names = {"response_format": "response_format.type"}
    rows = [row for row in map(json.loads, LINES) if row["field"] == "parameter_range"]
    assert len(rows) == 11
    for row in rows:
        parameter = str(row["value"].pop("parameter"))
        path = names.get(parameter, parameter)
        spec = get_parameters(MODEL)[path]
        for name, value in row["value"].items():
            said = list_observations(MODEL, f"parameters.{path}.{name}")
            settled = getattr(spec, name)
            if settled is None:
                assert (path, name, said) == ("response_format.type", "default", ())
                continue
            assert [o.value for o in said if o.believed] == [settled]
            stated = tuple(value) if isinstance(value, list) else value
            assert [o.value for o in said if (o.source, o.locator) == (row["source"], row["page"])] == [stated]
