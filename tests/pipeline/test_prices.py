"""A price list out of what several pages state: one page whole, others only where they agree with it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pipeline.observations import Observation
from pipeline.prices import Row, in_region_first, row_key, settle_prices, without_stale_twin

Said = list[Observation]


def row(component: str, amount: str, **more: Any) -> Row:
    return {
        "component": component,
        "unit": "1M tokens",
        "amount": amount,
        "currency": "USD",
        "tier": "standard",
        **more,
    }


def page(source: str, date: str | None, *rows: Row, locator: str = "page") -> Said:
    return [Observation("acme", "one", "price", value, source, locator, date) for value in rows]


def settled(*pages: Said) -> list[tuple[str, str]]:
    rows, _ = settle_prices(statement for said in pages for statement in said)
    return [
        (f"{value['tier']} {value['component']} {describe(value)}".strip(), str(value["amount"])) for value, _ in rows
    ]


def describe(value: Row) -> str:
    condition = value.get("condition")
    parts = [f"{name}={condition[name]}" for name in sorted(condition)] if isinstance(condition, dict) else []
    parts += [f"from {value['effective_from']}"] if value.get("effective_from") else []
    parts += [f"until {value['effective_until']}"] if value.get("effective_until") else []
    parts += [str(value["currency"])] if value["currency"] != "USD" else []
    return " ".join(parts)


LONG = {"above_input_tokens": 200_000}


def test_one_page() -> None:
    assert settled(page("vendor-pages", "2026-11-01", row("output", "8"), row("input", "2"))) == [
        ("standard input", "2"),
        ("standard output", "8"),
    ]


def test_the_vendor_is_believed_whatever_catalogues_say() -> None:
    vendor = page("vendor-pages", "2026-01-01", row("input", "2"))
    catalogue = page("models.dev", "2026-11-01", row("input", "3"))
    assert settled(vendor, catalogue) == settled(catalogue, vendor) == [("standard input", "2")]
    _, passed = settle_prices([*vendor, *catalogue])
    assert passed == catalogue


def test_the_newer_page_of_the_vendor_is_believed() -> None:
    old = page("vendor-pages", "2026-01-01", row("input", "3"), locator="old")
    new = page("vendor-pages", "2026-11-01", row("input", "2"), locator="new")
    undated = page("vendor-pages", None, row("input", "9"), locator="undated")
    assert settled(old, undated, new) == [("standard input", "2")]


def test_a_lesser_source_adds_what_nobody_above_prices() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2"), row("output", "8"))
    catalogue = page("models.dev", "2026-07-01", row("input", "2"), row("cached_input", "0.2"), row("input_audio", "4"))
    assert settled(vendor, catalogue) == [
        ("standard input", "2"),
        ("standard cached_input", "0.2"),
        ("standard output", "8"),
        ("standard input_audio", "4"),
    ]


def test_a_threshold_next_to_another_base_price_belongs_to_another_day() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2"))
    agrees = page("models.dev", "2026-07-01", row("input", "2"), row("input", "4", condition=LONG))
    other = page("models.dev", "2026-07-01", row("input", "3"), row("input", "6", condition=LONG))
    assert settled(vendor, agrees) == [("standard input", "2"), ("standard input above_input_tokens=200000", "4")]
    assert settled(vendor, other) == [("standard input", "2")]


def test_a_cached_price_beside_another_input_price_belongs_to_another_day() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2"))
    other = page("models.dev", "2026-07-01", row("input", "3"), row("cached_input", "0.3"), row("input_audio", "5"))
    assert settled(vendor, other) == [("standard input", "2"), ("standard input_audio", "5")]


def test_tiers_are_settled_each_by_itself() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2"))
    catalogue = page("portkey", "2026-08-01", row("input", "2"), row("input", "1", tier="batch"))
    assert settled(vendor, catalogue) == [("standard input", "2"), ("batch input", "1")]
    alone = page("portkey", "2026-08-01", row("input", "1", tier="batch"))
    assert settled(vendor, alone) == [("standard input", "2"), ("batch input", "1")]


def test_another_tier_beside_another_standard_price_belongs_to_another_day() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2"))
    earlier = page("portkey", "2026-08-01", row("input", "3"), row("input", "1.5", tier="batch"))
    assert settled(vendor, earlier) == [("standard input", "2")]
    ended = page(
        "portkey", "2026-08-01", row("input", "3"), row("input", "1.5", tier="batch", effective_until="2026-09")
    )
    assert settled(vendor, ended) == [("standard input", "2"), ("batch input until 2026-09", "1.5")]
    promotion = page(
        "vendor-pages",
        "2026-11-01",
        row("input", "1", effective_until="2027-01-01"),
        row("input", "2", effective_from="2027-01-01"),
    )
    list_price = page("portkey", "2026-08-01", row("input", "2"), row("input", "1", tier="batch"))
    assert [name for name, _ in settled(promotion, list_price) if name.startswith("batch")] == []


def test_currencies_are_settled_each_by_itself() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2"), row("input", "1.8", currency="EUR"))
    assert settled(vendor) == [("standard input EUR", "1.8"), ("standard input", "2")]


def test_an_open_price_starts_where_the_dated_one_before_it_ends() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "2", effective_until="2026-12-01"), row("input", "4"))
    assert settled(vendor) == [("standard input until 2026-12-01", "2"), ("standard input from 2026-12-01", "4")]


def test_a_price_said_with_and_without_its_start_stays_once() -> None:
    vendor = page("vendor-pages", "2026-11-01", row("input", "4", effective_from="2026-12-01"), row("input", "4"))
    assert settled(vendor) == [("standard input from 2026-12-01", "4")]


def test_what_holds_on_one_day_is_never_stated_twice() -> None:
    """No two rows price the same thing on the same day."""
    vendor = page(
        "vendor-pages",
        "2026-11-01",
        row("input", "1", effective_until="2026-06-01"),
        row("input", "2", effective_from="2026-06-01", effective_until="2026-12-01"),
        row("input", "3"),
    )
    rows, _ = settle_prices(vendor)
    starts = sorted(str(value.get("effective_from") or "") for value, _ in rows)
    ends = sorted(str(value.get("effective_until") or "~") for value, _ in rows)
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert len(rows) == 3


def test_one_page_that_states_two_amounts_gives_one() -> None:
    said = page("vendor-pages", "2026-11-01", row("input", "2"), row("input", "3"))
    rows, passed = settle_prices(said)
    assert len(rows) == 1
    assert len(passed) == 1


def test_a_source_that_is_not_believed_about_prices() -> None:
    assert settled(page("measurements", "2026-11-01", row("input", "2"))) == []


def test_no_statement_is_lost() -> None:
    said = [
        *page("vendor-pages", "2026-11-01", row("input", "2"), row("output", "8")),
        *page(
            "models.dev", "2026-07-01", row("input", "3"), row("cached_input", "0.2"), row("input", "6", condition=LONG)
        ),
        *page("portkey", "2026-08-01", row("input", "2", tier="batch")),
    ]
    rows, passed = settle_prices(said)
    assert len(rows) + len(passed) == len(said)
    assert {id(statement) for _, statement in rows}.isdisjoint({id(statement) for statement in passed})


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_statements_does_not_matter(seed: int) -> None:
    said = [
        *page("vendor-pages", "2026-11-01", row("input", "2"), row("output", "8"), row("input", "4", condition=LONG)),
        *page("vendor-pages", "2026-11-01", row("input", "3"), row("cached_input", "0.2"), locator="other"),
        *page("models.dev", "2026-07-01", row("input", "2"), row("cache_write", "2.5")),
        *page(
            "genai-prices",
            "2026-08-01",
            row("input", "2", effective_until="2026-12-01"),
            row("input", "9", tier="batch"),
        ),
        *page("portkey", None, row("input", "2"), row("input", "2.5"), row("web_searches", "0.01", unit="search")),
    ]
    expected = settle_prices(said)
    random.Random(seed).shuffle(said)
    rows, passed = settle_prices(said)
    assert rows == expected[0]
    assert sorted(map(repr, passed)) == sorted(map(repr, expected[1]))


def test_rows_come_in_the_order_in_which_one_reads_them() -> None:
    said = page(
        "vendor-pages", "2026-11-01",
        row("output", "8"), row("web_searches", "0.01", unit="search"), row("input", "1", tier="batch"),
        row("cached_input", "0.2"), row("input", "4", condition=LONG), row("input", "2"), row("cache_write", "3"),
    )  # fmt: skip
    assert [name for name, _ in settled(said)] == [
        "standard input", "standard input above_input_tokens=200000", "standard cached_input", "standard cache_write",
        "standard output", "standard web_searches", "batch input",
    ]  # fmt: skip


def test_row_key_is_all_but_the_amount() -> None:
    assert row_key(row("input", "1")) == row_key(row("input", "2"))
    assert row_key(row("input", "1")) != row_key(row("input", "1", currency="EUR"))
    assert row_key(row("input", "1")) != row_key(row("input", "1", condition=LONG))


def test_a_tier_under_its_old_name_is_left_out_where_the_vendor_prints_the_new_one() -> None:
    (fast,) = page("vendor-pages", "2026-11-01", row("input", "4", tier="fast"))
    (old,) = page("portkey", "2026-08-01", row("input", "3.5", tier="priority"))
    pairs: list[tuple[Row, Observation]] = [(value, s) for s in (fast, old) if isinstance(value := s.value, dict)]
    assert [value["tier"] for value, _ in without_stale_twin(pairs)] == ["fast"]
    assert len(without_stale_twin(pairs[1:])) == 1


def test_where_both_are_printed_the_regional_price_is_the_plain_one() -> None:
    said = page("vendor-pages", "2026-11-01", row("input", "3"), row("input", "3.3", condition={"region": "regional"}))
    pairs: list[tuple[Row, Observation]] = [(value, s) for s in said if isinstance(value := s.value, dict)]
    turned = {str(value["amount"]): value.get("condition") for value, _ in in_region_first(pairs)}
    assert turned == {"3.3": None, "3": {"region": "global"}}
