"""What holds for every price in the bundled dataset; where something does not, it is listed here with its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from modelmeta import Catalog, Model, PriceNotPublishedError, get_model
from modelmeta._plans import DAY, EPOCH, Band, Plan, PriceBook
from modelmeta.components import COUNTS, PARTS, UNITS, count_of
from modelmeta.cost import compute_cost
from modelmeta.pricing import TIERS, window_edges
from modelmeta.usage import Usage

pytestmark = pytest.mark.slow

# Exceptions -----------------------------------------------------------------------------------------

DEARER_THAN_STANDARD: dict[tuple[str, str, str], str] = {}
"""Batch or flex prices above the standard price."""

CACHED_DEARER: dict[tuple[str, str, str], str] = {}
"""Cached prices above the uncached price."""

CHEAPER_ABOVE_THE_THRESHOLD: dict[tuple[str, str, str], str] = {
    **dict.fromkeys(
        [
            (f"llmgateway/grok-4-20-beta-0309-{kind}", "standard", count)
            for kind in ("non-reasoning", "reasoning")
            for count in ("output_tokens", "reasoning_tokens")
        ],
        "https://llmgateway.io/models: the base price is of the release, the long-context price of after its cut",
    ),
    **dict.fromkeys(
        [
            ("requesty/google/gemini-2.5-pro", "standard", f"cached_input{side}_tokens")
            for side in ("", "_audio", "_image", "_video")
        ],
        "https://www.requesty.ai/models: the base price is of the release (0.31), the other is Google's after its cut (0.25)",
    ),
}
"""Prices above a threshold that are below those under it."""


# The walk -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def priced(loaded_catalog: Catalog) -> list[Model]:
    found = [listed for listed in loaded_catalog.list_models() if listed.prices]
    assert len(found) > 4_000
    return found


@pytest.fixture(scope="module")
def today(loaded_catalog: Catalog) -> int:
    return (loaded_catalog.dataset_info().built_on.first_day.toordinal() - EPOCH) * DAY


@pytest.fixture(scope="module")
def plans(priced: list[Model], today: int) -> list[tuple[Model, str, Plan]]:
    found: list[tuple[Model, str, Plan]] = []
    for listed in priced:
        book = PriceBook(listed)
        moments = {today, *(change for change in book.changes if change < today)}
        tiers = dict.fromkeys(price.tier for price in listed.prices)
        found += [(listed, tier, book.plan(tier, moment, {}, timed=False)) for tier in tiers for moment in moments]
    return found


@pytest.fixture(scope="module")
def current(priced: list[Model], today: int) -> list[tuple[Model, str, Plan]]:
    return [
        (listed, tier, PriceBook(listed).plan(tier, today, {}, timed=False))
        for listed in priced
        for tier in dict.fromkeys(price.tier for price in listed.prices)
    ]


def test_every_rate_can_be_paid(priced: list[Model]) -> None:
    for listed in priced:
        for price in listed.prices:
            where = f"{listed.qualified_id}: {price.tier} {price.component} {price.amount} per {price.unit}"
            assert price.amount.is_finite(), where
            assert price.amount >= 0, where
            assert price.unit in UNITS, where
            assert count_of(price.component, price.unit) is not None, where
            assert price.tier in TIERS, where
            assert len(price.currency) == 3, where
            assert price.currency.isupper(), where
            assert price.source, where
            if price.condition is not None and price.condition.utc_window is not None:
                assert all(0 <= edge <= 24 * 60 for edge in window_edges(price.condition.utc_window)), where
            start, end = price.effective_from, price.effective_until
            assert start is None or end is None or start.first_day < end.first_day, where


def test_compiled_prices_are_the_published_ones(plans: list[tuple[Model, str, Plan]]) -> None:
    for listed, _, plan in plans:
        for _, band in plan.bands:
            for count, price in band.prices.items():
                assert price.rate in listed.prices
                assert price.rate.currency == plan.currency
                compiled = Fraction(price.numerator, price.divisor * 10**plan.places)
                assert compiled == Fraction(price.rate.amount) / price.size, (plan.name, count)
            for count in band.linear:
                assert count in band.prices


def test_prices_of_their_own_stand_for_themselves_and_others_say_so(plans: list[tuple[Model, str, Plan]]) -> None:
    for _, _, plan in plans:
        for _, band in plan.bands:
            for count, price in band.prices.items():
                if _own(price, count):
                    assert ("free" in price.note) is (price.rate.amount == 0), (plan.name, count, price.note)
                elif "seconds" not in count:
                    assert "billed as" in price.note or "one input price" in price.note, (plan.name, count, price.note)


def _own(price: Any, count: str) -> bool:
    found = count_of(price.rate.component, price.rate.unit)
    return found is not None and found[0] == count


def _request(shares: dict[str, int]) -> dict[str, Any]:
    """The counts of which these are the exclusive shares."""
    counts: dict[str, Any] = dict.fromkeys(
        [*shares, *(total for total, parts in PARTS.items() if shares.keys() & {*parts})], 0
    )
    if any(name.startswith("cached_input_") and name != "cached_input_tokens" for name in shares):
        counts["input_tokens"] = 0
    for count, quantity in shares.items():
        paid = {count, *(total for total, parts in PARTS.items() if count in parts)}
        if "cached_input_tokens" in paid:
            paid.add("input_tokens")
        for total in paid:
            counts[total] += quantity
    return counts


def test_nothing_without_a_price_is_free_and_what_has_one_costs_it(
    current: list[tuple[Model, str, Plan]], today: int
) -> None:
    """At every model and tier: all that is priced costs the published amounts, and nothing that is not is free."""
    day = date.fromordinal(today // DAY + EPOCH)
    for listed, tier in ((listed, tier) for listed, tier, _ in current):
        at = max(day, _released(listed))
        moment = (at.toordinal() - EPOCH) * DAY
        thinks = {"reasoning_tokens"} if _thinks(listed) else set()
        usual = [count for count in COUNTS if "seconds" not in count and count not in thinks]
        prices = PriceBook(listed).plan(tier, moment, {}, timed=False).band(1).prices
        shares = {count: 3 for count in usual if count in prices}
        cost = compute_cost(listed, Usage(**_request(shares)), tier=tier, at=at, on_missing="skip")
        expected = sum((Fraction(prices[count].rate.amount) * 3 / prices[count].size for count in shares), Fraction(0))
        where = f"{listed.qualified_id} {tier}"
        assert not cost.is_partial, where
        assert Fraction(cost.total) == expected, where
        unpriced = {count: 3 for count in usual if count not in prices}
        nothing = compute_cost(listed, Usage(**_request(unpriced)), tier=tier, at=at, on_missing="skip")
        assert set(nothing.unpriced) == {COUNTS[count][0] for count in unpriced}, where
        assert nothing.total == 0, where
        assert nothing.lines == (), where
        if unpriced:
            with pytest.raises(PriceNotPublishedError):
                compute_cost(listed, Usage(**_request({next(iter(unpriced)): 3})), tier=tier, at=at)


def _thinks(listed: Model) -> bool:
    return any(price.condition is not None and price.condition.thinking is not None for price in listed.prices)


def _released(listed: Model) -> date:
    return listed.released.first_day if listed.released is not None else date.min


def test_a_model_without_prices_is_never_free(loaded_catalog: Catalog) -> None:
    unpriced = [listed for listed in loaded_catalog.list_models() if not listed.prices]
    for listed in unpriced:
        with pytest.raises(PriceNotPublishedError, match="no source states a price"):
            compute_cost(listed, input_tokens=1)
        assert compute_cost(listed, Usage()).total == 0


def _bands(plan: Plan) -> Iterator[tuple[int, Band]]:
    yield from reversed(plan.bands)


def test_a_request_that_grows_never_costs_less(current: list[tuple[Model, str, Plan]]) -> None:
    found: set[tuple[str, str, str]] = set()
    for _, tier, plan in current:
        bands = [band for _, band in _bands(plan)]
        for place, high in enumerate(bands[1:]):
            low = bands[place]
            for count in low.prices.keys() & high.prices.keys():
                if high.prices[count].rate.amount < low.prices[count].rate.amount:
                    found.add((plan.name, tier, count))
            assert low.prices.keys() <= high.prices.keys(), plan.name
    assert found == CHEAPER_ABOVE_THE_THRESHOLD.keys()


def test_batch_and_flex_are_not_above_standard(current: list[tuple[Model, str, Plan]], today: int) -> None:
    found: set[tuple[str, str, str]] = set()
    for listed, tier, plan in current:
        if tier not in {"batch", "flex"}:
            continue
        standard = PriceBook(listed).plan("standard", today, {}, timed=False, currency=plan.currency)
        for above, band in plan.bands:
            usual = standard.band(max(above, 0) + 1)
            for count, price in band.prices.items():
                other = usual.prices.get(count)
                if (
                    other is not None
                    and _own(price, count)
                    and _own(other, count)
                    and Fraction(price.rate.amount) / price.size > Fraction(other.rate.amount) / other.size
                ):
                    found.add((plan.name, tier, count))
    assert found == DEARER_THAN_STANDARD.keys()


def test_cached_is_not_above_uncached(current: list[tuple[Model, str, Plan]]) -> None:
    pairs = [(f"cached_{side}_tokens", f"{side}_tokens") for side in ("input", "input_audio", "input_image")]
    found: set[tuple[str, str, str]] = set()
    for _, tier, plan in current:
        for _, band in plan.bands:
            for cached, uncached in pairs:
                price, other = band.prices.get(cached), band.prices.get(uncached)
                if price is None or other is None or not _own(price, cached) or not _own(other, uncached):
                    continue
                if price.rate.amount > other.rate.amount:
                    found.add((plan.name, tier, cached))
    assert found == CACHED_DEARER.keys()


def test_costs_are_exact_additive_and_linear_for_every_model(priced: list[Model], today: int) -> None:
    day = date.fromordinal(today // DAY + EPOCH)
    for listed in priced:
        at = max(day, _released(listed))
        usages = [
            Usage(input_tokens=sent, cached_input_tokens=cached, output_tokens=got)
            for sent, cached, got in ((701, 0, 13), (1_299, 300, 0), (2_000, 300, 13))
        ]
        costs = [compute_cost(listed, usage, at=at, on_missing="skip") for usage in usages]
        for cost in costs:
            assert cost.total == sum((line.amount for line in cost.lines), Decimal(0)), listed.qualified_id
        assert (costs[0] + costs[1]).total == costs[0].total + costs[1].total
        if not costs[2].is_partial:
            assert costs[0].total + costs[1].total == costs[2].total, listed.qualified_id
        assert compute_cost(listed, Usage(), at=at).total == 0


# The models of the pages, as the dataset has them ---------------------------------------------------


def test_the_pages_prices_are_in_the_dataset() -> None:
    million = 1_000_000
    day = date(2026, 11, 15)
    assert str(compute_cost("gpt-4.1-mini", input_tokens=million, output_tokens=million, at=day).total) == "2"
    prio = compute_cost(
        "gpt-4.1-mini", tier="priority", input_tokens=2 * million, cached_input_tokens=million, output_tokens=million
    )
    assert str(prio.total) == "3.675"
    assert str(compute_cost("gpt-4.1-mini", tier="batch", input_tokens=million, output_tokens=million).total) == "1"
    assert str(compute_cost("gemini-2.5-pro", input_tokens=200_000, output_tokens=1_000).total) == "0.26"
    assert str(compute_cost("gemini-2.5-pro", input_tokens=200_001, output_tokens=1_000).total) == "0.5150025"
    assert str(compute_cost("gpt-6.1-sol", input_tokens=272_000).total) == "0.544"
    assert str(compute_cost("gpt-6.1-sol", input_tokens=272_001).total) == "1.088004"
    assert str(compute_cost("whisper-1", seconds=90).total) == "0.009"
    assert str(compute_cost("gpt-image-1", images=1, size="1024x1024", quality="low").total) == "0.011"
    claude = compute_cost(
        "claude-sonnet-4-5",
        input_tokens=20_000,
        cached_input_tokens=10_000,
        cache_write_tokens=4_000,
        cache_write_1h_tokens=2_000,
        output_tokens=1_000,
        web_searches=3,
    )
    assert str(claude.total) == "0.087"
    nova = get_model("amazon.nova-pro-v1:0", provider="amazon-bedrock")
    assert str(compute_cost(nova, input_tokens=million, output_tokens=million).total) == "4"
    assert str(compute_cost(nova, input_tokens=million, output_tokens=million, region="eu-central-1").total) == "5.25"
    for at, expected in (("2026-08-16", "0.14"), ("2026-08-20", "0.22"), ("2026-08-20T02:00:00Z", "0.44")):
        cost = compute_cost("deepseek-v4-flash", provider="deepseek", input_tokens=million, at=at)
        assert str(cost.total) == expected
