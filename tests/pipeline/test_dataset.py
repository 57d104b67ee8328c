"""The committed dataset as a whole: what holds for every file, every model and every fact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from modelmeta import Catalog, Model, Rate, dataset_info, list_models, list_observations, list_providers
from modelmeta._record import to_json
from modelmeta.provenance import observations
from modelmeta.validation import validate_dataset
from pipeline.authority import rank

REPOSITORY = Path(__file__).parents[2]
DATA = REPOSITORY / "src" / "modelmeta" / "data"
SCHEMA = json.loads((REPOSITORY / "docs" / "dataset.schema.json").read_text(encoding="utf-8"))

DERIVED = {"id", "provider", "inherited", "seen_on"}
"""Fields that follow from the others and are stated by nobody."""


def test_every_file_matches_the_manifest_and_the_records() -> None:
    validate_dataset(Catalog.bundled().storage)


@pytest.mark.parametrize("pattern", sorted(SCHEMA))
def test_every_file_satisfies_the_published_schema(pattern: str) -> None:
    validator = Draft202012Validator(SCHEMA[pattern])
    named = {DATA / name for name in SCHEMA if name != pattern}
    files = sorted({*DATA.glob(pattern)} - named, key=lambda path: path.stat().st_size)
    assert files
    for path in files[:40]:
        validator.validate(json.loads(path.read_text(encoding="ascii")))


def test_it_is_as_large_as_promised() -> None:
    counts = dataset_info().counts
    assert len(list_providers()) >= 190
    assert len(list_models()) == counts.models >= 8000


def test_pseudo_models_that_carry_a_price_bracket_are_not_models() -> None:
    assert not [model.id for model in list_models() if "-lte-" in model.id or model.id.endswith("-gt-128k")]


LISTS = {"aliases", "snapshots", "platform_ids", "observed"}
"""Fields of which every item must have been stated, by whichever source."""


def _facts(model: Model) -> Iterator[tuple[str, Any]]:
    """Every fact of a model as the sources state facts: the name of the field, and the value or an item of the list."""
    for name, value in to_json(model).items():
        if name in DERIVED:
            continue
        if name in {"lifecycle", "limits", "modalities", "capabilities", "reasoning"}:
            yield from ((f"{name}.{member}", item) for member, item in value.items())
        elif name in {"endpoints", "tools"}:
            yield from _supported(name, value)
        elif name == "links":
            yield from ((f"links.{row['kind']}", row["url"]) for row in value)
        elif name == "prices":
            yield from ((f"pricing.{rate.tier}.{rate.component}", _paid(rate)) for rate in model.prices)
        elif name == "rate_limits":
            yield name, [{key: item for key, item in row.items() if key != "seen_on"} for row in value]
        elif name == "platform_ids":
            yield from ((name, {row["platform"]: row["id"]}) for row in value)
        elif name == "snapshots":  # what else is listed of a version is a fact of the version's own
            yield from ((name, row["id"]) for row in value)
        else:
            yield from ((name, item) for item in (value if name in LISTS else [value]))


def _supported(name: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for row in rows:
        if "supported" in row:
            yield f"{name}.{row['name']}", row.get("version", row["supported"])
        if "path" in row:
            yield f"endpoint_paths.{row['name']}", row["path"]


def _paid(rate: Rate) -> dict[str, Any]:
    return {key: value for key, value in to_json(rate).items() if key not in {"component", "tier"}} | {
        "currency": rate.currency
    }


def _believed(field: str, rows: list[Any]) -> Iterator[Any]:
    """What is believed of a field, in the same form."""
    for believed, value, source, *_ in rows:
        if believed and field in {"aliases", "snapshots"}:
            yield from value
        elif believed and field == "platform_ids":
            yield from ({platform: one} for platform, one in value.items())
        elif believed:
            yield {**value, "source": source} if field.startswith("pricing.") else value


def _form(value: Any) -> str:
    """A value as text in which the order of keys and of modalities does not matter."""
    items = sorted(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value
    return json.dumps(items, sort_keys=True)


@pytest.mark.parametrize("provider", [provider.id for provider in list_providers()])
def test_every_fact_of_every_model_is_what_a_source_says(provider: str) -> None:
    stated: dict[str, dict[str, Any]] = json.loads((DATA / "provenance" / f"{provider}.json").read_text())["provenance"]
    for model in list_models(provider=provider):
        said = {
            field: {_form(value) for value in _believed(field, rows)}
            for field, rows in stated.get(model.id, {}).items()
            if field != "checksum"
        }
        missing = [(field, value) for field, value in _facts(model) if _form(value) not in said.get(field, ())]
        assert not missing, f"{model.qualified_id}: no source says {missing[:3]}"


def test_every_observation_names_a_source_of_the_manifest() -> None:
    known = {source.id for source in dataset_info().sources}
    for provider in ("openai", "anthropic", "google", "openrouter"):
        for model in list_models(provider=provider)[::10]:
            assert {said.source for said in observations(Catalog.bundled().storage, model)} <= known


def test_the_believed_source_is_the_most_trusted_that_spoke() -> None:
    for said in (s for s in list_observations("gpt-4.1-mini") if s.believed and s.field.startswith("limits.")):
        others = list_observations("gpt-4.1-mini", said.field)
        best = min(place for other in others if (place := rank(said.field, other.source)) is not None)
        assert rank(said.field, said.source) == best


def test_a_price_of_zero_is_stated_as_free() -> None:
    for model in list_models():
        for rate in model.prices:
            assert rate.amount >= 0
            assert rate.source
