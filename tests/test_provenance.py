"""What counts as a conflict, what is settled in it, and how old a fact is."""

from __future__ import annotations

from typing import Any

import pytest

from modelmeta import Observation, PartialDate, list_conflicts, list_observations
from modelmeta.provenance import Conflict, conflicts_among, last_said


def said(field: str, value: object, source: str, *, believed: bool = False, **more: Any) -> Observation:
    return Observation(field=field, value=value, source=source, believed=believed, **more)


def usd(amount: str, **more: Any) -> tuple[tuple[str, object], ...]:
    return tuple(sorted({"amount": amount, "currency": "USD", "unit": "1M tokens", **more}.items()))


def conflicts(*stated: Observation) -> list[Conflict]:
    return list(conflicts_among("acme/one", stated))


WINDOW = "limits.context_window"
PRICE = "pricing.standard.input"


def test_a_conflict_has_the_settled_value_first_and_the_reasons_by_source() -> None:
    rounded = "a rounded number: 1,000,000 for 1,047,576"
    (found,) = conflicts(
        said(WINDOW, 1_047_576, "page", believed=True),
        said(WINDOW, 1_000_000, "a", reason=rounded),
        said(WINDOW, 1_047_576, "b"),
        said(WINDOW, 8_192, "c"),
        said(WINDOW, 1_000_000, "d", reason=rounded),
    )
    assert (found.model, found.field, found.settled) == ("acme/one", WINDOW, 1_047_576)
    assert found.values == (1_047_576, 1_000_000, 8_192)
    assert [other.source for other in found.others] == ["a", "c", "d"]
    assert found.explanation == f"a, d: {rounded}"
    assert len(found.observations) == 5


def test_sources_that_agree_are_no_conflict_nor_are_lists_of_which_all_holds() -> None:
    assert conflicts(said(WINDOW, 1, "page", believed=True), said(WINDOW, 1, "a")) == []
    assert conflicts(said("aliases", ("x",), "page", believed=True), said("aliases", ("y",), "a", believed=True)) == []


def test_where_nobody_is_believed_two_values_are_a_conflict_and_one_is_none() -> None:
    (found,) = conflicts(said("family", "A", "a"), said("family", "B", "b"))
    assert (found.settled, found.values, len(found.others)) == (None, ("A", "B"), 2)
    assert conflicts(said("family", "A", "a"), said("family", "A", "b")) == []


@pytest.mark.parametrize(
    "other",
    [
        usd("2"),
        usd("2", effective_from="2026-01-01"),
        usd("9", currency="CNY"),
        usd("9", unit="request"),
        usd("9", condition=(("fine_tuned", True),)),
        usd("3", effective_until="2026-01-01"),
        usd("3", effective_until="2025-12-31"),
    ],
)
def test_a_price_of_something_else_or_of_other_days_is_no_conflict(other: object) -> None:
    believed = [usd("3", effective_until="2026-01-01"), usd("2", effective_from="2026-01-01")]
    assert conflicts(*(said(PRICE, value, "page", believed=True) for value in believed), said(PRICE, other, "a")) == []


@pytest.mark.parametrize(
    ("other", "settled"),
    [
        (usd("3"), usd("2", effective_from="2026-01-01")),  # it held, and holds no more
        (usd("4"), usd("2", effective_from="2026-01-01")),
        (usd("4", effective_until="2026-01-01"), usd("2", effective_from="2026-01-01")),
        (
            usd("5", condition=(("above_input_tokens", 200_000),)),
            usd("4", condition=(("above_input_tokens", 200_000),)),
        ),
    ],
)
def test_a_price_is_settled_by_the_one_for_the_same_thing(other: object, settled: object) -> None:
    believed = [
        usd("3", effective_until="2026-01-01"),
        usd("2", effective_from="2026-01-01"),
        usd("4", condition=(("above_input_tokens", 200_000),)),
    ]
    (found,) = conflicts(*(said(PRICE, value, "page", believed=True) for value in believed), said(PRICE, other, "a"))
    assert found.settled == settled
    assert found.values == (settled, other)


def test_a_fact_is_as_old_as_the_newest_source_that_says_it() -> None:
    def seen(value: int, day: str | None, *, field: str = WINDOW, believed: bool = False) -> Observation:
        on = None if day is None else PartialDate.parse(day)
        return said(field, value, "x", believed=believed, seen_on=on)

    window = (seen(1, "2025-08", believed=True), seen(1, "2026-07"), seen(2, "2026-11"), seen(1, None))
    assert str(last_said(window)) == "2026-07"
    output = seen(5, "2026-03-01", field="limits.max_output_tokens", believed=True)
    assert str(last_said((*window, output))) == "2026-03-01"
    assert last_said((*window, seen(5, None, field="limits.max_output_tokens", believed=True))) is None
    assert last_said(()) is None


def test_a_real_field_tells_who_said_what_when_where_and_why_it_is_believed() -> None:
    first, *others = list_observations("gpt-4.1-mini", WINDOW)
    assert (first.believed, first.value, first.source, str(first.seen_on)) == (
        True,
        1_047_576,
        "page-openai",
        "2025-08",
    )
    assert first.locator == "https://platform.openai.com/docs/models/gpt-4.1-mini"
    assert first.reason.startswith("The API enforces what its model list states; pages follow")
    assert not any(other.believed for other in others)
    (conflict,) = [one for one in list_conflicts("gpt-4.1-mini") if one.field == WINDOW]
    assert conflict.values == (1_047_576, 1_000_000, 8_192)
