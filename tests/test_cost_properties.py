"""What holds for every price list and every usage, beside an oracle that is slow and plain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelmeta import Model, UsageError
from modelmeta.components import BUCKETS, COUNTS, PARTS, count_of
from modelmeta.cost import compute_cost
from modelmeta.usage import Usage
from tests.price_lists import ALL, model, rate

DAY = date(2026, 9, 1)
SIDES = ("audio", "image", "video")

tokens = st.integers(0, 2_000_000)
priced_models = st.sampled_from(
    [listed for listed in ALL if any(price.component == "input" for price in listed.prices)]
)


@st.composite
def usages(draw: st.DrawFn) -> dict[str, Any]:
    """Counts that do not contradict each other, made from their exclusive shares."""
    share = {
        name: draw(tokens)
        for name in ("plain", "cached", "write", "write_1h", "out", "reasoning", "citation")
        if draw(st.booleans())
    }
    media = {side: draw(st.tuples(tokens, tokens)) for side in SIDES if draw(st.integers(0, 3)) == 0}
    out_media = {side: draw(tokens) for side in SIDES if draw(st.integers(0, 3)) == 0}
    counts: dict[str, Any] = {
        "cached_input_tokens": share.get("cached", 0) + sum(cached for _, cached in media.values()),
        "cache_write_tokens": share.get("write", 0),
        "cache_write_1h_tokens": share.get("write_1h", 0),
        "reasoning_tokens": share.get("reasoning", 0),
        "citation_tokens": share.get("citation", 0),
    }
    for side, (new, cached) in media.items():
        counts[f"input_{side}_tokens"] = new + cached
        counts[f"cached_input_{side}_tokens"] = cached
    for side, count in out_media.items():
        counts[f"output_{side}_tokens"] = count
    new_media = sum(new for new, _ in media.values())
    counts["input_tokens"] = (
        share.get("plain", 0)
        + counts["cached_input_tokens"]
        + counts["cache_write_tokens"]
        + counts["cache_write_1h_tokens"]
        + new_media
    )
    counts["output_tokens"] = share.get("out", 0) + counts["reasoning_tokens"] + sum(out_media.values())
    return {name: count for name, count in counts.items() if count or draw(st.booleans())}


def exclusive(counts: dict[str, Any]) -> dict[str, int]:
    """The shares, taken apart one part at a time."""
    get = counts.get
    shares = dict(counts)
    for side in SIDES:
        both = get(f"cached_input_{side}_tokens", 0)
        for total in (f"input_{side}_tokens", "cached_input_tokens"):
            if both:
                shares[total] = shares.get(total, 0) - both
    left = get("input_tokens", 0) - get("cached_input_tokens", 0)
    left -= get("cache_write_tokens", 0) + get("cache_write_1h_tokens", 0)
    left -= sum(shares.get(f"input_{side}_tokens", 0) for side in SIDES)
    if "input_tokens" in counts:
        shares["input_tokens"] = left
    if "output_tokens" in counts:
        parts = ("reasoning_tokens", *(f"output_{side}_tokens" for side in SIDES))
        shares["output_tokens"] = counts["output_tokens"] - sum(get(part, 0) for part in parts)
    return {name: share for name, share in shares.items() if share}


def skipped(priced: Model, counts: dict[str, Any], **more: Any) -> Any:
    return compute_cost(priced, **counts, at=DAY, on_missing="skip", **more)


@given(priced_models, usages())
def test_each_token_is_charged_once_and_none_is_dropped(priced: Model, counts: dict[str, Any]) -> None:
    cost = skipped(priced, {**counts, "calls": 1})
    shares = exclusive(counts)
    charged: dict[str, int] = {}
    for line in cost.lines:
        charged[line.component] = charged.get(line.component, 0) + line.quantity
    unpriced = {name for name in shares if COUNTS[name][0] in cost.unpriced}
    assert {COUNTS[name][0]: share for name, share in shares.items() if name not in unpriced} == charged
    assert all(quantity > 0 for quantity in charged.values())


@given(priced_models, usages())
def test_every_line_and_the_total_are_exact(priced: Model, counts: dict[str, Any]) -> None:
    cost = skipped(priced, {**counts, "calls": 1})
    for line in cost.lines:
        found = count_of(line.component, line.unit)
        size = 1_000_000 if line.unit == "1M tokens" else found[1] if found else 1
        assert Fraction(line.amount) == Fraction(line.unit_price) * line.quantity / size
    assert cost.total == sum((line.amount for line in cost.lines), Decimal(0))
    assert not isinstance(cost.total, float)
    assert cost.total >= 0


@given(priced_models, usages(), st.data())
def test_the_cost_never_falls_when_a_request_grows(priced: Model, counts: dict[str, Any], data: st.DataObject) -> None:
    more: dict[str, Any] = dict(counts)
    total = data.draw(st.sampled_from(["input_tokens", "output_tokens"]))
    grown = data.draw(tokens)
    more[total] = more.get(total, 0) + grown
    assert skipped(priced, {**more, "calls": 1}).total >= skipped(priced, {**counts, "calls": 1}).total


@given(st.sampled_from(ALL), st.integers(0, 90_000), st.integers(0, 90_000), st.integers(0, 1_000_000))
def test_the_cost_is_linear_below_the_thresholds(priced: Model, one: int, two: int, out: int) -> None:
    costs = [
        skipped(priced, {"input_tokens": sent, "output_tokens": got}).total
        for sent, got in ((one, out), (two, 0), (one + two, out), (0, 0))
    ]
    assert costs[0] + costs[1] == costs[2]
    assert costs[3] == 0


@given(priced_models, st.lists(usages(), min_size=1, max_size=6))
def test_costs_add_up_over_calls(priced: Model, calls: list[dict[str, Any]]) -> None:
    costs = [skipped(priced, {**counts, "calls": 1}) for counts in calls]
    together = sum(costs[1:], costs[0])
    assert together.total == sum((cost.total for cost in costs), Decimal(0))
    assert together.total == sum((line.amount for line in together.lines), Decimal(0))
    assert set(together.unpriced) == {name for cost in costs for name in cost.unpriced}
    backwards = sum(reversed(costs[:-1]), costs[-1])
    assert (backwards.total, backwards.lines) == (together.total, together.lines)
    assert all(cost.lines is not None for cost in costs)  # and once more, now that they have been read
    assert sum(costs[1:], costs[0]).total == together.total


@given(priced_models, usages())
def test_the_fast_way_and_the_long_way_agree(priced: Model, counts: dict[str, Any]) -> None:
    """With ``calls=1`` the long way is gone; without it, and asked twice, the fast one."""

    def attempt(**more: Any) -> object:
        given: dict[str, Any] = {} if "usage" in more else counts
        try:
            cost = compute_cost(priced, **given, **more)
        except ValueError as error:
            return str(error)
        return cost.total, cost.lines, cost.notes, cost.unpriced

    if counts:
        long = attempt(calls=1)
        assert attempt() == attempt() == long
        usage = Usage(**counts)
        for _ in range(2):
            assert attempt(usage=usage) == long
        assert attempt(at=DAY) == attempt(at=DAY, calls=1)


@given(st.dictionaries(st.sampled_from([*COUNTS]), st.integers(-2, 50), max_size=6))
def test_any_counts_give_a_cost_or_a_clear_error(counts: dict[str, Any]) -> None:
    try:
        usage = Usage(**counts)
    except UsageError:
        assert any(count < 0 for count in counts.values()) or any(
            sum(sign * counts.get(name, 0) for name, sign in BUCKETS[total].items()) < 0 for total in PARTS
        )
        return
    for priced in ALL:
        cost = compute_cost(priced, usage, on_missing="skip", at=DAY)
        assert cost.is_partial or sum(1 for _ in cost.lines) >= (1 if any(counts.values()) else 0)


amounts = st.decimals("0", "1000", allow_nan=False, places=7).map(lambda amount: f"{amount:f}")


@given(
    st.lists(amounts, min_size=3, max_size=3),
    st.lists(amounts, min_size=3, max_size=3),
    st.integers(1, 1_000_000),
    usages(),
)
def test_any_price_list_with_a_threshold(
    low: list[str], high: list[str], threshold: int, counts: dict[str, Any]
) -> None:
    components = ("input", "cached_input", "output")
    priced = model(
        *(rate(name, amount) for name, amount in zip(components, low, strict=True)),
        *(rate(name, amount, above_input_tokens=threshold) for name, amount in zip(components, high, strict=True)),
    )
    usual: dict[str, Any] = {f"{name}_tokens": counts.get(f"{name}_tokens", 0) for name in components}
    applied = high if usual["input_tokens"] > threshold else low
    prices = [Fraction(amount) / 1_000_000 for amount in applied]
    expected = (
        prices[0] * (usual["input_tokens"] - usual["cached_input_tokens"])
        + prices[1] * usual["cached_input_tokens"]
        + prices[2] * usual["output_tokens"]
    )
    for _ in range(2):
        assert Fraction(compute_cost(priced, **usual).total) == expected


@given(st.sampled_from(["second", "minute", "hour"]), amounts, st.decimals("0", "100000", places=3, allow_nan=False))
def test_measured_amounts_are_exact_to_the_twelfth_place(unit: str, amount: str, seconds: Decimal) -> None:
    cost = compute_cost(model(rate("input_seconds", amount, unit)), input_seconds=seconds)
    exact = Fraction(amount) * Fraction(seconds) / {"second": 1, "minute": 60, "hour": 3_600}[unit]
    assert abs(Fraction(cost.total) - exact) <= Fraction(1, 2 * 10**12)
    assert cost.total == sum((line.amount for line in cost.lines), Decimal(0))


@pytest.mark.parametrize("count", COUNTS)
def test_every_count_can_be_priced(count: str) -> None:
    component, counted = COUNTS[count]
    from modelmeta.components import UNITS

    unit = next(
        unit
        for unit, holds in UNITS.items()
        if counted in holds and count_of(component, unit) == (count, holds[counted])
    )
    whole = next((total for total, parts in PARTS.items() if count in parts), None)
    counts: dict[str, Any] = {count: 3}
    while whole is not None:
        counts[whole] = 3
        whole = next((total for total, parts in PARTS.items() if whole in parts), None)
    if count.startswith("cached_input_"):
        counts["input_tokens"] = counts["cached_input_tokens"] = counts[count.replace("cached_", "")] = 3
    cost = compute_cost(model(rate(component, "2", unit)), **counts)
    assert [line.component for line in cost.lines] == [component]
    assert cost.total > 0
