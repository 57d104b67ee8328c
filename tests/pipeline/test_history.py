"""Changes and corrections are told apart, and only changes date a price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from modelmeta import Catalog, compute_cost, list_changes, price_history, use_catalog
from pipeline import emit
from pipeline.history import classify, date_prices, merged, stated_changes
from pipeline.identity import identify
from pipeline.observations import JSON, Observation
from pipeline.provenance import provenance
from pipeline.reconcile import reconcile
from pipeline.sources.histories import Change

INPUT, OUTPUT, CACHED = (f"pricing.standard.{name}" for name in ("input", "output", "cached_input"))
RELEASED = {("acme", "one"): "2026-01-10"}


def change(day: str, old: str | None, new: str | None, field: str = INPUT, source: str = "models.dev") -> Change:
    return Change("acme", "One", field, day, old, new, source, f"commit {day}")


def told(*changes: Change) -> list[tuple[str, str]]:
    return [(one.kind, one.reason) for one in classify(changes, RELEASED)]


@pytest.mark.parametrize(
    ("one", "kind", "reason"),
    [
        (change("2026-05-01", "3", "2"), "change", ""),
        (change("2026-05-01", None, "2"), "added", ""),
        (change("2026-05-01", "2", None), "removed", ""),
        (change("2026-05-01", "0", "2"), "correction", "a placeholder of zero"),
        (change("2026-05-01", "2", "0"), "correction", "a placeholder of zero"),
        (change("2026-05-01", "0.000002", "2"), "correction", "a unit slip: a factor of 1000000"),
        (change("2026-05-01", "20", "2"), "correction", "a unit slip: a factor of 10"),
        (change("2026-05-01", "2", "2000"), "correction", "a unit slip: a factor of 1000"),
        (change("2026-05-01", "0.2", "0.02", CACHED), "change", ""),  # a discount of nine tenths on cache hits
        (change("2026-05-01", "200", "0.2", CACHED), "correction", "a unit slip: a factor of 1000"),
        (change("2026-01-10", "3", "1"), "correction", "mended within 3 days of the release"),
        (change("2026-01-13", "3", "1"), "correction", "mended within 3 days of the release"),
        (change("2026-01-14", "3", "1"), "change", ""),
        (change("2026-01-09", "3", "1"), "change", ""),
        (change("2026-01-11", "3", "1", source="openrouter-api"), "change", ""),  # what a router charges it charges
    ],
)
def test_one_change(one: Change, kind: str, reason: str) -> None:
    assert told(one) == [(kind, reason)]


def test_input_and_output_that_change_places() -> None:
    swapped = ("correction", "input and output had changed places")
    assert told(change("2026-05-01", "8", "2"), change("2026-05-01", "2", "8", OUTPUT)) == [swapped, swapped]
    assert told(change("2026-05-01", "8", "2"), change("2026-05-02", "2", "8", OUTPUT)) == [("change", "")] * 2


def test_a_value_that_goes_back_within_a_fortnight() -> None:
    back = ("correction", "it went back within 14 days")
    assert told(change("2026-05-01", "3", "2"), change("2026-05-15", "2", "3")) == [back, back]
    assert told(change("2026-05-01", "3", "2"), change("2026-05-16", "2", "3")) == [("change", "")] * 2
    other = change("2026-05-03", "2", "3", source="openrouter-api")
    assert told(change("2026-05-01", "3", "2"), other) == [("change", "")] * 2


# What becomes of them --------------------------------------------------------------------------------------------


def price(component: str, amount: str) -> Observation:
    row = {"component": component, "unit": "1M tokens", "amount": amount, "currency": "USD", "tier": "standard"}
    return Observation("acme", "One", "price", dict(row), "models.dev", "api.json", "2026-11-01")


@pytest.fixture
def catalog(in_memory: Callable[[dict[str, bytes]], Catalog]) -> Catalog:
    """A model at 2 and 8 dollars: the input came down from 3 in May, the output was a slip of 80."""
    found = identify([price("input", "2"), price("output", "8")])
    models = reconcile(found)
    archived = classify([change("2026-05-01", "3", "2"), change("2026-05-01", "80", "8", OUTPUT)], RELEASED)
    date_prices(models, archived)
    changes = merged(stated_changes(models), archived)
    files = emit.data_files(models, {}, provenance(models, found, changes), changes)
    stated: JSON = {"id": "models.dev", "name": "models.dev", "licence": "MIT"}
    totals = emit.counts(models, files)
    files[emit.MANIFEST] = emit.manifest_file(
        files, version="1", built_on="2026-11-21", sources=[stated], totals=totals
    )
    return in_memory(files)


def test_a_cost_in_the_past_follows_changes_only(catalog: Catalog) -> None:
    with use_catalog(catalog):
        for day, dollars in ((date(2026, 4, 30), "11"), (date(2026, 5, 1), "10")):  # 3 + 8, then 2 + 8
            cost = compute_cost("acme/One", input_tokens=1_000_000, output_tokens=1_000_000, at=day)
            assert cost.total == Decimal(dollars)


def test_both_are_listed_with_day_source_and_kind(catalog: Catalog) -> None:
    with use_catalog(catalog):
        came_down, mended = price_history("acme/One")
        assert (came_down.component, came_down.old, came_down.new, came_down.kind) == (
            "input",
            Decimal(3),
            Decimal(2),
            "change",
        )
        assert (str(came_down.date), came_down.source) == ("2026-05-01", "models.dev")
        assert (mended.component, mended.old, mended.new, mended.kind) == (
            "output",
            Decimal(80),
            Decimal(8),
            "correction",
        )
        assert mended.reason == "a unit slip: a factor of 10"
        assert mended.locator == "commit 2026-05-01"
        assert [one.field for one in list_changes("acme/One", "pricing.standard.output")] == [OUTPUT]
        assert list_changes("acme/One", "limits") == ()


# Real ones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "component", "day", "kind"),
    [
        ("openai/o3", "input", "2025-06-10", "change"),  # announced by OpenAI: 10 to 2 dollars
        ("xai/grok-4.5", "cached_input", "2026-07-19", "change"),  # xAI's own model list
        ("openai/gpt-5.6-luna", "output", "2026-07-30", "change"),
        ("anthropic/claude-opus-4-5", "cache_write", "2025-11-26", "correction"),  # two days old
        ("openrouter/openai/gpt-5.4-nano", "input", "2026-04-21", "correction"),  # dollars per token
    ],
)
def test_of_real_models(model: str, component: str, day: str, kind: str) -> None:
    found = [
        c for c in price_history(model) if c.tier == "standard" and c.component == component and str(c.date) == day
    ]
    assert [one.kind for one in found] == [kind]
