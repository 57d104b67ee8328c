"""Price lists made ready to multiply: for one model, tier, moment and kind of request, what each count costs.

A plan holds whole numbers only: prices as multiples of ``10 ** -places`` of the currency, so that a cost is a sum
of integer products. It is made once, when first needed, and holds until a price changes.
"""

from __future__ import annotations

from bisect import bisect_right

from .components import AFFECTS, TIERLESS, TOKENS, count_of
from .pricing import OPTIONS, SAME_TIER, applicable, preference, window_edges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from .pricing import Rate
    from .records import Model

__all__ = ["DAY", "EPOCH", "Band", "Plan", "Price", "PriceBook"]

DAY = 86_400
FOREVER = 1 << 62
MIN_PLACES = 12
"""Amounts are exact to at least this decimal place. Only a price by the minute or hour that no decimal can hold
exactly, and a fraction of a unit with more digits than this, are rounded there, half to even, once for each line."""

_MOST_PLANS = 4_096

EPOCH = 719_163
"""The ordinal of the day from which seconds are counted, 1970-01-01."""


class Price:
    """What one of a count costs: ``numerator / (divisor * 10 ** places)``; ``divisor`` is 1 unless it has no decimal.

    ``size`` is how many of the count one unit of the rate holds. ``excess`` is a threshold and the price of what
    exceeds it, where only the excess is repriced.
    """

    __slots__ = ("divisor", "excess", "note", "numerator", "rate", "size")

    def __init__(self, rate: Rate, note: str = "") -> None:
        self.rate = rate
        self.note = note
        found = count_of(rate.component, rate.unit)
        self.size = 1 if found is None else found[1]
        self.numerator = 0
        self.divisor = 1
        self.excess: tuple[int, Price] | None = None

    def amount(self, quantity: int, parts: int = 1) -> int:
        """What ``quantity / parts`` costs, in units of ``10 ** -places``; rounded half to even if it must be."""
        product, divisor = quantity * self.numerator, self.divisor * parts
        if divisor == 1:
            return product
        whole, rest = divmod(product, divisor)
        if 2 * rest > divisor or (2 * rest == divisor and whole & 1):
            whole += 1
        return whole


class Band:
    """The prices of all requests between two thresholds of input tokens.

    ``linear`` holds for each count what one more of it adds to the cost (a cached token adds its own price and
    takes away that of an input token), as far as that is a constant and everything it depends on is priced. Where
    ``exact`` is true that is so for all of them, and no amount is ever rounded.
    """

    __slots__ = ("exact", "linear", "prices")

    def __init__(self, prices: dict[str, Price]) -> None:
        self.prices = prices
        self.exact = False
        self.linear: dict[str, int] = {}

    def make_linear(self, by_reasoning: bool) -> None:
        """Fill ``linear``; with ``by_reasoning`` reasoning tokens change which prices apply, and so stay out."""
        self.exact = all(price.divisor == 1 and price.excess is None for price in self.prices.values())
        plain = {
            count: price.numerator
            for count, price in self.prices.items()
            if price.divisor == 1 and price.excess is None and not (by_reasoning and count == "reasoning_tokens")
        }
        for count in plain:
            shares = AFFECTS[count]
            if all(share in plain for share, _ in shares):
                self.linear[count] = sum(sign * plain[share] for share, sign in shares)


class Plan:
    """The prices of one model in one tier for one kind of request, at a time when nothing changes.

    ``bands`` are pairs of a threshold and the prices above it, the highest first, and ``lowest`` is the lowest
    threshold. ``strict`` names the options for
    which token prices that do not name them do not stand in. ``notes`` hold for whatever is priced with it.
    """

    __slots__ = ("bands", "currency", "lowest", "model", "name", "notes", "options", "places", "strict", "tier")

    def __init__(self, model: Model, tier: str, options: Mapping[str, object]) -> None:
        self.model = model
        self.name = model.qualified_id
        self.tier = tier
        self.options = options
        self.currency = "USD"
        self.places = MIN_PLACES
        self.bands: tuple[tuple[int, Band], ...] = ()
        self.lowest = FOREVER
        self.strict = tuple(name for name in ("fine_tuned", "region") if options.get(name))
        self.notes: tuple[str, ...] = ()

    def band(self, input_tokens: int) -> Band:
        """The prices that a request of so many input tokens pays."""
        return next(band for above, band in self.bands if input_tokens > above)


def is_weekend(day: int) -> bool:
    """Whether a day, counted since 1970-01-01 (a Thursday), is a Saturday or a Sunday."""
    return (day + 3) % 7 > 4


class PriceBook:
    """All plans of one model, made when first asked for. Moments are seconds since 1970, UTC."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.plans: dict[object, Plan] = {}
        released = model.released
        self.released = -FOREVER if released is None else (released.first_day.toordinal() - EPOCH) * DAY
        self.changes = sorted(
            {
                (moment.first_day.toordinal() - EPOCH) * DAY
                for rate in model.prices
                for moment in (rate.effective_from, rate.effective_until)
                if moment is not None
            }
        )
        self.windows = sorted(
            {
                rate.condition.utc_window
                for rate in model.prices
                if rate.condition is not None and rate.condition.utc_window
            }
        )
        self.edges = sorted({0, *(edge * 60 for window in self.windows for edge in window_edges(window))})
        self.weekly = any(rate.condition is not None and rate.condition.weekdays for rate in model.prices)
        self.constant = not self.changes and not self.windows and not self.weekly
        self.by_thinking = any(
            rate.condition is not None and rate.condition.thinking is not None for rate in model.prices
        )

    def plan(
        self, tier: str, seconds: int, options: Mapping[str, object], *, timed: bool, currency: str | None = None
    ) -> Plan:
        """The plan in force at ``seconds``; with ``timed`` false the time of day is not known.

        Without a ``currency`` it is US dollars if anything is priced in them.
        """
        if self.constant and not options and currency is None:
            key: object = tier
        else:
            hour = bisect_right(self.edges, seconds % DAY) if timed and self.windows else -1
            weekend = self.weekly and is_weekend(seconds // DAY)
            key = (tier, currency, bisect_right(self.changes, seconds), hour, weekend, *options.items())
        plan = self.plans.get(key)
        if plan is None:
            plan = self._make(tier, seconds, options, timed=timed, currency=currency)
            if len(self.plans) >= _MOST_PLANS:
                self.plans.clear()
            self.plans[key] = plan
        return plan

    def until(self, seconds: int) -> int:
        """The moment after ``seconds`` at which another plan may be in force."""
        change = bisect_right(self.changes, seconds)
        end = self.changes[change] if change < len(self.changes) else FOREVER
        if self.windows or self.weekly:
            midnight = seconds - seconds % DAY
            end = min(end, midnight + next((edge for edge in self.edges if edge > seconds % DAY), DAY))
        return end

    def _make(
        self, tier: str, seconds: int, options: Mapping[str, object], *, timed: bool, currency: str | None
    ) -> Plan:
        from datetime import date

        plan = Plan(self.model, tier, options)
        ordinal, rest = divmod(seconds, DAY)
        rates = _candidates(plan, date.fromordinal(ordinal + EPOCH), rest // 60 if timed else None)
        plan.currency = currency or _currency(rate for _, rate in rates)
        rates = [(fit, rate) for fit, rate in rates if rate.currency == plan.currency]
        thresholds = {
            rate.condition.above_input_tokens
            for _, rate in rates
            if rate.condition is not None and rate.condition.above_input_tokens and not rate.condition.excess_only
        }
        plan.bands = tuple(
            (above, Band(_prices(plan, rates, above))) for above in (*sorted(thresholds, reverse=True), -1)
        )
        plan.lowest = min(thresholds, default=FOREVER)
        _scale(plan, [price for _, band in plan.bands for price in _with_excess(band.prices.values())])
        for _, band in plan.bands:
            band.make_linear(self.by_thinking and "thinking" not in options)
        if self.windows and not timed:
            hours = ", ".join(self.windows)
            plan.notes = (f"only the day is known, so the price is that outside the hours {hours} UTC",)
        return plan


def _candidates(plan: Plan, day: date, minute: int | None) -> list[tuple[int, Rate]]:
    """The rates that may pay for a count, each with how specific it is; the tier's own before its other name's."""
    model, options = plan.model, plan.options
    found = [
        (2 * fit + 1, rate)
        for fit, rate in applicable(model.prices, tier=plan.tier, day=day, minute=minute, options=options)
    ]
    other = SAME_TIER.get((model.provider, plan.tier))
    if other is not None:
        found += [
            (2 * fit, rate)
            for fit, rate in applicable(model.prices, tier=other, day=day, minute=minute, options=options)
        ]
    if plan.tier != "standard" and found:
        priced = {rate.component for _, rate in found}
        found += [
            (2 * fit, rate)
            for fit, rate in applicable(model.prices, tier="standard", day=day, minute=minute, options=options)
            if rate.component in TIERLESS and rate.component not in priced
        ]
    return found


def _currency(rates: Iterable[Rate]) -> str:
    """One currency for the whole plan: US dollars if anything is priced in them."""
    currencies = dict.fromkeys(rate.currency for rate in rates)
    return "USD" if "USD" in currencies or not currencies else next(iter(currencies))


def _prices(plan: Plan, rates: list[tuple[int, Rate]], above: int) -> dict[str, Price]:
    """For each count the rate that applies to requests of more than ``above`` input tokens, fallbacks included."""
    best: dict[str, tuple[tuple[int, int, int], Rate]] = {}
    excess: dict[str, Rate] = {}
    repriced = False
    for fit, rate in rates:
        found = count_of(rate.component, rate.unit)
        if found is None or not _is_strict_enough(plan, found[0], rate):
            continue
        threshold = rate.condition.above_input_tokens if rate.condition is not None else None
        if rate.condition is not None and rate.condition.excess_only and threshold is not None:
            excess[found[0]] = rate
            continue
        if threshold is not None and threshold > above:
            continue
        repriced = repriced or threshold is not None
        found_preference = preference(fit, rate)
        known = best.get(found[0])
        if known is None or found_preference > known[0]:
            best[found[0]] = found_preference, rate
    prices = {
        count: Price(rate, _note(plan, count, rate, above if repriced else -1)) for count, (_, rate) in best.items()
    }
    for count, rate in excess.items():
        if count in prices and rate.condition is not None and rate.condition.above_input_tokens is not None:
            prices[count].excess = rate.condition.above_input_tokens, Price(rate)
    _fall_back(plan, prices)
    return prices


def _is_strict_enough(plan: Plan, count: str, rate: Rate) -> bool:
    """A region or a fine-tune reprices all tokens of a request, so a token price that does not name it is another's."""
    return count not in TOKENS or all(
        rate.condition is not None and getattr(rate.condition, name) for name in plan.strict
    )


def _note(plan: Plan, count: str, rate: Rate, above: int) -> str:
    notes: list[str] = []
    if not rate.amount:
        notes.append("free")
    if rate.tier != plan.tier:
        if rate.component in TIERLESS:
            notes.append(f"the {rate.tier} price: a service tier reprices tokens, not tools")
        else:
            notes.append(f"published as {rate.tier}, another name of the {plan.tier} tier")
    condition = rate.condition
    if plan.strict and count not in TOKENS and count not in TIERLESS:
        notes += [
            f"no price by {name.replace('_', ' ')} is published: the general price"
            for name in plan.strict
            if condition is None or not getattr(condition, name)
        ]
    if above >= 0 and count in TOKENS and (condition is None or condition.above_input_tokens is None):
        notes.append(f"no price above {above:,} input tokens is published: the base price")
    if condition is not None:
        if condition.above_input_tokens is not None:
            notes.append(f"above {condition.above_input_tokens:,} input tokens")
        if condition.utc_window is not None:
            notes.append(f"from {condition.utc_window.replace('-', ' to ')} UTC")
        if condition.weekdays:
            notes.append("from Monday to Friday")
        notes += [
            name.replace("_", " ") if wanted is True else f"{name} {wanted}"
            for name in OPTIONS
            if (wanted := getattr(condition, name)) not in {None, False}
        ]
    return "; ".join(notes)


# What pays for a count that has no price of its own -----------------------------------------------------

_SIDES = ("audio", "image", "video")

WRITES_AT_INPUT_PRICE = frozenset({"openai", "deepseek", "google", "moonshotai", "xai"})
"""Authors whose own pages say that filling the cache costs no more than the input it holds, unless a model's price
list states a price for it. Elsewhere (Anthropic, Alibaba) a write costs more than input, so an unknown price of it
stays unknown."""

ONE_PRICE_FOR_ALL_INPUT = frozenset({"google"})
"""Authors whose pages quote one input price for text, image, video and audio, and audio apart only where it differs."""


def _fallbacks(model: Model, prices: Mapping[str, Price]) -> Iterator[tuple[str, str, str]]:
    """(count, the count whose price it takes, why), in an order in which each may build on those before."""
    stated = {rate.component for rate in model.prices}
    inputs, outputs = model.modalities.input, model.modalities.output
    for side in _SIDES:
        only = f"{side} is all it puts out: billed as"
        if outputs == (side,) and f"output_{side}" not in stated:
            yield f"output_{side}_tokens", "output_tokens", f"{only} output"
        elif outputs == (side,) and "output" not in stated:
            yield "output_tokens", f"output_{side}_tokens", f"{only} {side} output"
        if f"input_{side}" not in stated:
            if inputs == (side,):
                yield f"input_{side}_tokens", "input_tokens", f"{side} is all it takes in: billed as input"
            elif side != "audio":
                yield f"input_{side}_tokens", "input_tokens", f"no price of {side} input apart: billed as input"
            elif model.author in ONE_PRICE_FOR_ALL_INPUT and model.provider in {"google", "google-vertex"}:
                yield "input_audio_tokens", "input_tokens", "one input price for text, images, video and audio"
    yield "reasoning_tokens", "output_tokens", "reasoning is billed as output"
    yield "cached_input_tokens", "input_tokens", "no cached price is published: billed as input"
    for side in _SIDES:
        own = prices.get(f"input_{side}_tokens")
        if own is not None and own.rate.component == f"input_{side}":
            yield (
                f"cached_input_{side}_tokens",
                f"input_{side}_tokens",
                f"no cached price is published: billed as {side} input",
            )
        else:
            yield (
                f"cached_input_{side}_tokens",
                "cached_input_tokens",
                f"no price of cached {side} apart: billed as cached input",
            )
    if model.author in WRITES_AT_INPUT_PRICE and "cache_write" not in stated and "cached_input" in stated:
        yield "cache_write_tokens", "input_tokens", "writing the cache has no price of its own: billed as input"
    yield from _DURATIONS


_DURATIONS = (
    ("input_seconds", "seconds", ""),
    ("output_seconds", "seconds", ""),
    ("seconds", "input_seconds", ""),
    ("seconds", "output_seconds", ""),
)


def _fall_back(plan: Plan, prices: dict[str, Price]) -> None:
    both_sides = "input_seconds" in prices and "output_seconds" in prices
    for count, parent, reason in _fallbacks(plan.model, prices):
        if count in prices or parent not in prices or (count == "seconds" and both_sides):
            continue
        above = prices[parent]
        price = Price(above.rate, "; ".join(filter(None, (reason, above.note))))
        price.excess = above.excess
        prices[count] = price


# Whole numbers --------------------------------------------------------------------------------------


def _with_excess(prices: Iterable[Price]) -> Iterator[Price]:
    for price in prices:
        yield price
        if price.excess is not None:
            yield price.excess[1]


def _scale(plan: Plan, prices: Iterable[Price]) -> None:
    """Set every price's numerator and divisor, and the number of decimal places that makes them whole."""
    from math import gcd

    ratios: list[tuple[Price, int, int]] = []
    for price in prices:
        top, bottom = price.rate.amount.as_integer_ratio()
        bottom *= price.size
        common = gcd(top, bottom)
        top, bottom = top // common, bottom // common
        ratios.append((price, top, bottom))
        twos, fives = _power(bottom, 2), _power(bottom, 5)
        plan.places = max(plan.places, twos, fives)
    for price, top, bottom in ratios:
        common = gcd(10**plan.places, bottom)
        price.numerator = top * (10**plan.places // common)
        price.divisor = bottom // common


def _power(number: int, prime: int) -> int:
    """How often ``prime`` divides ``number``."""
    count = 0
    while number % prime == 0:
        number //= prime
        count += 1
    return count
