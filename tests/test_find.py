"""Choosing among all models: the columns give what a walk over every record gives, and no record is read for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelmeta import (
    Capabilities,
    Catalog,
    DatasetError,
    Endpoint,
    Lifecycle,
    Limits,
    Modalities,
    Model,
    PartialDate,
    Rate,
    Tool,
    find_models,
    list_models,
    use_catalog,
)
from modelmeta._columns import COLUMNS, IDS, first_day, on
from modelmeta._record import field_names
from modelmeta.storage import open_storage

FEATURES = (*field_names(Capabilities), *Endpoint.NAMES, *Tool.NAMES)
LARGEST_FIRST = {"context_window", "max_output_tokens", "released"}

# A walk over records ---------------------------------------------------------------------------------------


def price(model: Model, component: str) -> Decimal | None:
    rate = model.price(component)
    return rate.amount if rate and rate.unit == "1M tokens" and rate.currency == "USD" else None


MEETS: dict[str, Callable[[Model, Any], bool]] = {
    "requires": lambda model, names: all(model.supports(name) is True for name in names),
    "input_modalities": lambda model, names: set(names) <= set(model.modalities.input),
    "output_modalities": lambda model, names: set(names) <= set(model.modalities.output),
    "min_context": lambda model, least: bool(model.limits.context_window) and model.limits.context_window >= least,
    "min_output": lambda model, least: bool(model.limits.max_output_tokens) and model.limits.max_output_tokens >= least,
    "max_input_price": lambda model, most: (found := price(model, "input")) is not None and found <= Decimal(most),
    "max_output_price": lambda model, most: (found := price(model, "output")) is not None and found <= Decimal(most),
    "open_weights": lambda model, wanted: model.open_weights is wanted,
    "status": lambda model, wanted: model.status == wanted,
    "author": lambda model, wanted: model.author == wanted,
    "provider": lambda model, wanted: model.provider == wanted,
}

KEYS: dict[str, Callable[[Model], Any]] = {
    "context_window": lambda model: model.limits.context_window,
    "max_output_tokens": lambda model: model.limits.max_output_tokens,
    "name": lambda model: model.name,
    "released": lambda model: model.released and model.released.first_day,
    "input_price": lambda model: price(model, "input"),
    "output_price": lambda model: price(model, "output"),
}


def walk(models: tuple[Model, ...], asked: dict[str, Any]) -> list[str]:
    """What ``find_models`` should answer, worked out record by record."""
    conditions = {name: value for name, value in asked.items() if name in MEETS}
    found = [model for model in models if all(MEETS[name](model, value) for name, value in conditions.items())]
    if "sort_by" in asked:
        key, largest_first = KEYS[asked["sort_by"]], asked["sort_by"] in LARGEST_FIRST
        known = [model for model in found if key(model) is not None]
        found = sorted(known, key=key, reverse=largest_first) + [model for model in found if key(model) is None]
    return [model.qualified_id for model in found[: asked.get("limit")]]


names = st.lists(st.sampled_from(FEATURES), max_size=3) | st.sampled_from(
    [["tool_calling"], ["reasoning", "attachments"], ["web_search"], ["batch"]]
)
prices = st.sampled_from(["0", "0.05", "0.1", "0.4", "1", "2.50", "15", "1000"])
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "requires": names,
        "input_modalities": st.lists(st.sampled_from(Modalities.NAMES), max_size=2),
        "output_modalities": st.lists(st.sampled_from(Modalities.NAMES), max_size=2),
        "min_context": st.sampled_from([0, 1, 8192, 128_000, 200_000, 1_000_000, 10**9]),
        "min_output": st.sampled_from([0, 1, 4096, 32_768, 64_000, 10**9]),
        "max_input_price": prices,
        "max_output_price": prices,
        "open_weights": st.booleans(),
        "status": st.sampled_from(Lifecycle.STATUSES),
        "author": st.sampled_from(["openai", "anthropic", "google", "nobody"]),
        "provider": st.sampled_from(["openai", "openrouter", "azure", "mistral"]),
        "sort_by": st.sampled_from(sorted(KEYS)),
        "limit": st.integers(0, 30),
    },
)
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31)) | st.sampled_from([date.min, date.max])


@pytest.fixture(scope="module")
def models() -> tuple[Model, ...]:
    return tuple(Catalog.bundled().list_models())


@given(asked=ASKED, day=DAYS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_answer_as_a_walk_over_records_does_on_any_day(
    asked: dict[str, Any], day: date, models: tuple[Model, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelmeta.dates.today_text", day.isoformat)
    assert [model.qualified_id for model in find_models(**asked)] == walk(models, asked)


@given(text=st.dates().map(str) | st.sampled_from(["2024", "2024-02", "0001", "9999-12"]))
def test_first_days_compare_as_dates_do(text: str) -> None:
    assert first_day(text) == PartialDate.parse(text).first_day.isoformat()


def test_what_changes_by_the_day_changes_on_that_day() -> None:
    held = ["unreleased", "2026-05-01", "active", "2027-01-01", "retired"]
    days = ("2026-04-30", "2026-05-01", "2026-12-31", "2027-01-01")
    assert [on(held, day) for day in days] == ["unreleased", "active", "active", "retired"]
    assert on("0.4", "2026-05-01") == "0.4"


def test_list_models_by_a_condition(models: tuple[Model, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelmeta.dates.today_text", lambda: "2026-11-21")
    for asked in ({"author": "Anthropic"}, {"family": "GPT"}, {"base": "openai/GPT-4.1"}, {"status": "deprecated"}):
        ((name, value),) = asked.items()
        found = [model for model in models if (getattr(model, name) or "").lower() == value.lower()]
        assert list(list_models(**asked)) == found
        assert found


# Overlays ---------------------------------------------------------------------------------------------------


def overlays(base: Catalog) -> Iterator[Catalog]:
    """Catalogs that differ from the bundled one in what is asked for, in every way that an overlay can."""
    yield base.with_models(
        [
            Model(id="zeta", provider="acme", name="A zeta", limits=Limits(context_window=2_000_000)),
            Model(
                id="alpha",
                provider="openai",
                author="anthropic",
                prices=(Rate(component="input", unit="1M tokens", amount=Decimal("0.01")),),
                lifecycle=Lifecycle(released=PartialDate.parse("9999-12-31")),
            ),
            base.get_model("gpt-4.1-mini").__replace__(open_weights=True, name=None),
        ]
    )
    cheap = {"component": "input", "unit": "1M tokens", "amount": "0.001"}
    changed = base.with_overlay(
        {
            "changes": {
                "gpt-4.1-mini": {"prices": [cheap]},
                "anthropic/claude-sonnet-4-5": {"limits": {"context_window": 7}, "author": "nobody"},
                "mistral/mistral-large-latest": {"capabilities": {"tool_calling": False}},
            },
            "aliases": {"my-own": "gpt-4.1-nano"},
        }
    )
    yield changed
    yield changed.with_overlay({"models": {"aaa/one": {"like": "gpt-4.1-mini"}}})


@pytest.fixture(scope="module")
def laid_over() -> list[tuple[Catalog, tuple[Model, ...]]]:
    return [(catalog, catalog.list_models()) for catalog in overlays(Catalog.bundled())]


@pytest.mark.parametrize("which", range(3))
@given(asked=ASKED)
@settings(deadline=None, max_examples=25)
def test_columns_answer_for_overlays_too(
    which: int, asked: dict[str, Any], laid_over: list[tuple[Catalog, tuple[Model, ...]]]
) -> None:
    catalog, models = laid_over[which]
    with use_catalog(catalog):
        assert [model.qualified_id for model in find_models(**asked)] == walk(models, asked)
        assert all(model == catalog.get_model(model.qualified_id) for model in find_models(**asked)[:5])


def test_a_price_changed_for_a_model_is_that_of_the_version_it_points_at() -> None:
    cheap = {"component": "input", "unit": "1M tokens", "amount": "0.001"}
    with use_catalog(Catalog.bundled().with_overlay({"changes": {"gpt-4.1-mini": {"prices": [cheap]}}})):
        found = find_models(provider="openai", max_input_price="0.001", min_context=1_000_000)
    assert [model.id for model in found] == ["gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"]


# What is not read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "limit", "is_within"),
    [
        ("0.1", "0.10", True),
        ("0.1000000000000000000001", "0.1", False),  # the same as a float
        ("0.1", Decimal("0.0999999999999999999999"), False),
        ("0.1", "0.1000000000000000000001", True),
        ("0.1", 1e-1, True),
    ],
)
def test_a_price_is_compared_exactly_with_its_limit(amount: str, limit: Any, is_within: bool) -> None:
    rate = Rate(component="input", unit="1M tokens", amount=Decimal(amount))
    mine = Catalog.bundled().with_models([Model(id="one", provider="acme", prices=(rate,))])
    with use_catalog(mine):
        found = find_models(provider="acme", max_input_price=limit)
    assert [model.id for model in found] == ["one"] * is_within


def test_only_what_is_looked_at_is_read() -> None:
    catalog = Catalog.bundled()
    with use_catalog(catalog):
        found = find_models(requires=["tool_calling"], min_context=1_000_000, sort_by="input_price")
        assert len(found) > 100
        assert len({model.qualified_id for model in found}) == len(found)
        assert catalog._files == {}, "no file of models has been opened"
        limits = found[0].limits
        assert limits.context_window is not None
        assert limits.context_window >= 1_000_000
        assert list(catalog._files) == [f"models/{found[0].provider}.json"]
        assert (
            found[0] is find_models(requires=["tool_calling"], min_context=1_000_000, sort_by="input_price", limit=1)[0]
        )
        assert found[0] == Catalog.bundled().get_model(found[0].qualified_id)


def test_a_model_that_cannot_be_read_says_so_when_it_is_looked_at(small_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(small_folder, tmp_path / "data")
    (tmp_path / "data" / "models" / "azure.json").unlink()
    with use_catalog(Catalog(open_storage(str(tmp_path / "data")))):
        (model,) = [model for model in find_models() if model.qualified_id == "azure/gpt-9"]
        with pytest.raises(DatasetError, match=r"azure\.json"):
            _ = model.limits


def active(catalog: Catalog) -> list[str]:
    """The models that are active on a day, by the columns alone."""
    places, _ = catalog.matching({"status": lambda value: on(value, "2026-11-21") == "active"})
    return catalog.named(places)


@pytest.mark.parametrize("column", [IDS, "provider", "status"])
def test_a_damaged_column_is_never_believed(column: str, small_files: dict[str, bytes], in_memory: Any) -> None:
    name = f"columns/{column}.json"
    data = small_files[name]
    right = active(in_memory(small_files))
    for place in range(0, len(data), 7):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        catalog = in_memory({**small_files, name: flipped})
        try:
            found = active(catalog)
        except DatasetError:
            continue
        assert found == right, place


@pytest.mark.parametrize("column", [IDS, "provider"])
def test_columns_of_different_datasets_are_not_read_together(
    column: str, small_files: dict[str, bytes], in_memory: Any
) -> None:
    name = f"columns/{column}.json"
    with pytest.raises(DatasetError, match=r"columns/\w+\.json: not of the same dataset"):
        active(in_memory({**small_files, name: open_storage().read(name)}))


def test_a_column_says_of_each_model_what_its_record_says(models: tuple[Model, ...]) -> None:
    catalog = Catalog.bundled()
    for name, value_of in COLUMNS.items():
        places, values = catalog.matching({}, name)
        assert catalog.named(places) == [model.qualified_id for model in models]
        assert values == [value_of(model) for model in models], name


def test_the_day_after_the_last_one_there_is() -> None:
    life = Lifecycle(retires_on=PartialDate.parse("9999-12-31"), last_listed=PartialDate.parse("9999-12-31"))
    held = COLUMNS["status"](Model(id="x", provider="acme", lifecycle=life))
    for day in (date(2026, 1, 1), date.max - timedelta(days=1), date.max):
        assert on(held, day.isoformat()) == life.status_on(day)
