"""Which rate of a price list applies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelmeta import Condition, Rate
from modelmeta._plans import FOREVER, PriceBook
from modelmeta._record import field_names
from modelmeta.cost import compute_cost
from modelmeta.pricing import OPTIONS, SAME_TIER, TIERS, applicable, in_window, select_rate, window_edges
from tests.price_lists import ALL, DEEPSEEK_V4_FLASH, GEMINI_2_5_PRO, GPT_4_1_MINI, GPT_6_1_SOL, model, rate, rates

DAY = date(2026, 9, 1)


def test_every_condition_is_an_option_or_is_measured() -> None:
    assert {*OPTIONS, "above_input_tokens", "excess_only", "utc_window", "weekdays"} == set(field_names(Condition))


def test_names_of_a_tier() -> None:
    assert all(tier in TIERS and other in TIERS for (_, tier), other in SAME_TIER.items())
    assert all(SAME_TIER[provider, other] == tier for (provider, tier), other in SAME_TIER.items())


@pytest.mark.parametrize(
    ("window", "minute", "inside"),
    [
        ("16:30-00:30", 16 * 60 + 29, False),
        ("16:30-00:30", 16 * 60 + 30, True),
        ("16:30-00:30", 0, True),
        ("16:30-00:30", 29, True),
        ("16:30-00:30", 30, False),
        ("01:00-04:00", 59, False),
        ("01:00-04:00", 60, True),
        ("01:00-04:00", 239, True),
        ("01:00-04:00", 240, False),
        ("00:00-24:00", 1_439, True),
    ],
)
def test_windows_of_the_day(window: str, minute: int, inside: bool) -> None:
    assert in_window(window, minute) is inside


@given(st.integers(0, 1_439), st.integers(0, 1_439), st.integers(0, 1_439))
def test_a_window_and_its_complement_share_no_minute(start: int, end: int, minute: int) -> None:
    if start != end:
        there = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        back = f"{end // 60:02}:{end % 60:02}-{start // 60:02}:{start % 60:02}"
        assert in_window(there, minute) is not in_window(back, minute)
        assert window_edges(there) == (start, end)


@pytest.mark.parametrize(
    ("input_tokens", "expected"), [(0, "1.25"), (200_000, "1.25"), (200_001, "2.5"), (10**9, "2.5")]
)
def test_the_threshold_is_not_exceeded_by_itself(input_tokens: int, expected: str) -> None:
    found = GEMINI_2_5_PRO.price("input", input_tokens=input_tokens)
    assert found is not None
    assert str(found.amount) == expected


def test_the_price_of_a_component() -> None:
    for tier, expected in (("standard", "0.4"), ("batch", "0.2"), ("priority", "0.7")):
        found = GPT_4_1_MINI.price("input", tier=tier)
        assert found is not None
        assert (str(found.amount), found.unit, found.currency) == (expected, "1M tokens", "USD")
    assert GPT_4_1_MINI.price("input", tier="flex") is None
    assert GPT_4_1_MINI.price("input_audio") is None
    with pytest.raises(ValueError, match="no service tier 'standrad'"):
        GPT_4_1_MINI.price("input", tier="standrad")


def test_rates_with_conditions_are_not_the_plain_price() -> None:
    found = GPT_6_1_SOL.price("input")
    assert found is not None
    assert found.condition is None
    peak = DEEPSEEK_V4_FLASH.price("input", at=date(2026, 9, 1))
    assert peak is not None
    assert str(peak.amount) == "0.22"


def test_a_component_that_nobody_counts_is_an_error_and_an_unpublished_one_is_not() -> None:
    assert GPT_4_1_MINI.price("output_audio") is None
    with pytest.raises(ValueError, match=r"no price component 'inputs'; the components are input, cached_input, "):
        GPT_4_1_MINI.price("inputs")


def test_dollars_before_other_currencies_and_the_newest_start() -> None:
    priced = (
        rate("input", "7", currency="CNY"),
        rate("input", "3"),
        rate("input", "2", effective_from="2026-02"),
        rate("input", "1", effective_from="2027-01"),
    )
    found = select_rate(priced, "input", tier="standard", day=DAY)
    assert found is not None
    assert (found.amount, found.currency) == (Decimal(2), "USD")
    only = select_rate(priced[:1], "input", tier="standard", day=DAY)
    assert only is not None
    assert only.currency == "CNY"


def test_what_fits_a_request() -> None:
    def amounts(**options: Any) -> list[tuple[int, str]]:
        return [
            (fit, str(found.amount))
            for fit, found in applicable(GPT_6_1_SOL.prices, tier="standard", day=DAY, options=options)
            if found.component == "output"
        ]

    assert amounts() == [(0, "10"), (0, "15")]
    assert amounts(region="regional") == [(0, "10"), (0, "15"), (1, "11"), (1, "16.5")]
    assert amounts(region="elsewhere") == [(0, "10"), (0, "15")]


def test_select_rate_and_compute_cost_agree() -> None:
    for priced in ALL:
        for component in ("input", "output"):
            for tier in TIERS:
                for sent in (1, 250_000, 300_000):
                    found = priced.price(component, tier=tier, at=DAY, input_tokens=sent)
                    if found is None:
                        continue
                    counts: dict[str, Any] = {"input_tokens": sent, "output_tokens": 7}
                    cost = compute_cost(priced, **counts, tier=tier, at=DAY, on_missing="skip")
                    assert found.amount in {line.unit_price for line in cost.lines if line.component == component}


# Plans ----------------------------------------------------------------------------------------------


def test_a_book_makes_each_plan_once() -> None:
    book = PriceBook(DEEPSEEK_V4_FLASH)
    change, hour = 1_786_924_800, 3_600  # 2026-08-17 00:00 UTC
    before = book.plan("standard", change - 1, {}, timed=True)
    assert before is book.plan("standard", change - 86_400 + hour - 1 + 23 * hour, {}, timed=True)
    assert before is not book.plan("standard", change, {}, timed=True)
    nights = [book.plan("standard", change + day * 86_400 + 2 * hour, {}, timed=True) for day in range(6, 400)]
    assert len({id(plan) for plan in nights}) == 2  # of a weekend or not
    assert len(book.plans) <= 8


def test_until_when_a_plan_holds() -> None:
    book = PriceBook(DEEPSEEK_V4_FLASH)
    change, hour = 1_786_924_800, 3_600
    assert book.until(change - 1) == change
    assert book.until(change) == change + hour
    assert book.until(change + hour) == change + 4 * hour
    assert book.until(change + 12 * hour) == change + 24 * hour
    assert PriceBook(GPT_4_1_MINI).until(change) == FOREVER


def test_plans_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelmeta._plans._MOST_PLANS", 10)
    book = PriceBook(GPT_4_1_MINI)
    for number in range(100):
        book.plan("standard", 0, {"variant": str(number)}, timed=True)
    assert len(book.plans) <= 10


def test_books_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import modelmeta.cost as module

    monkeypatch.setattr(module, "_MOST_BOOKS", 10)
    monkeypatch.setattr(module, "_BOOKS", {})
    kept = [model(*rates(input=str(number))) for number in range(50)]
    for number, priced in enumerate(kept):
        assert compute_cost(priced, input_tokens=1_000_000).total == number
    assert len(module._BOOKS) <= 10
    assert compute_cost(kept[0], input_tokens=1_000_000).total == 0


@given(
    st.lists(
        st.builds(
            rate,
            st.sampled_from(["input", "output", "cached_input", "web_searches"]),
            st.sampled_from(["0", "1", "0.3333333", "2.5"]),
            st.sampled_from(["1M tokens", "search", "image"]),
            tier=st.sampled_from(TIERS),
        ),
        max_size=12,
    ),
    st.sampled_from(TIERS),
)
def test_any_price_list_makes_plans(priced: list[Rate], tier: str) -> None:
    cost = compute_cost(
        model(*priced),
        tier=tier,
        on_missing="skip",
        input_tokens=9,
        output_tokens=4,
        web_searches=1,
        cached_input_tokens=2,
    )
    if not any(found.tier in {tier, "standard"} for found in priced):
        assert set(cost.unpriced) == {"input", "cached_input", "output", "web_searches"}
    for line in cost.lines:
        assert any(line.unit_price == found.amount for found in priced)
