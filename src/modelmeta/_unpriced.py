"""Why a price is missing, and what to do: the text of the error."""

from __future__ import annotations

from ._plans import DAY, EPOCH
from .components import COUNTS, TIERLESS, count_of
from .errors import PriceNotPublishedError
from .pricing import OPTIONS, SAME_TIER, TIERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._plans import Plan
    from .pricing import Rate

__all__ = ["explain"]

_MOST = 6


def explain(plan: Plan, missing: Mapping[str, Any], seconds: int) -> PriceNotPublishedError:
    """The error that says which components of a request have no price, and what is published instead."""
    model, tier = plan.model, plan.tier
    components = tuple(dict.fromkeys(COUNTS[count][0] for count in missing))
    if not model.prices:
        text = f"no source states a price for {model.qualified_id}"
    else:
        tiers = {tier, SAME_TIER.get((model.provider, tier), tier)}
        of_tier = [rate for rate in model.prices if rate.tier in tiers]
        if not of_tier:
            priced = [name for name in TIERS if any(rate.tier == name for rate in model.prices)]
            text = f"{model.qualified_id} has no published prices in the {tier} tier; there are for {', '.join(priced)}"
        else:
            named = ", ".join(f"{COUNTS[count][0]} ({count}={quantity:,})" for count, quantity in missing.items())
            hints = [hint for count in missing if (hint := _hint(plan, count, of_tier, seconds))]
            published = ", ".join(sorted({price.rate.component for price in plan.bands[-1][1].prices.values()}))
            hints.append(f"priced are {published}" if published else "nothing else is priced either")
            text = f"{model.qualified_id} has no published price in the {tier} tier for {named}; {'; '.join(hints)}"
    text += '. An unknown price is not zero: leave the count out, or pass on_missing="skip" for a partial cost'
    return PriceNotPublishedError(text, components=components)


def _hint(plan: Plan, count: str, rates: list[Rate], seconds: int) -> str:
    """What is published for a count after all: under a condition, at another time, in another unit or tier."""
    component = COUNTS[count][0]
    ours = [rate for rate in rates if _pays(rate, count)]
    day = seconds // DAY + EPOCH
    now = [rate for rate in ours if _in_force(rate, day)]
    if not now and ours:
        starts = [str(rate.effective_from) for rate in ours if rate.effective_from is not None]
        ends = [str(rate.effective_until) for rate in ours if rate.effective_until is not None]
        known = [f"from {min(starts)}"] if starts else []
        known += [f"until {max(ends)}"] if ends else []
        return f"the price of {component} is known {' '.join(known)}"
    windows = sorted(
        {rate.condition.utc_window for rate in now if rate.condition is not None and rate.condition.utc_window}
    )
    if windows:
        return f"the price of {component} depends on the time of day ({', '.join(windows)} UTC): let at= be a datetime"
    currencies = sorted({rate.currency for rate in now})
    if currencies and plan.currency not in currencies:
        return f"{component} is priced in {' and '.join(currencies)}: pass currency={currencies[0]!r}"
    if now:
        return _conditions(plan, component, now)
    units = sorted({rate.unit for rate in rates if rate.component == component})
    if units:
        found = count_of(component, units[0])
        return f"{component} is priced per {units[0]}" + (f": give {found[0]}=" if found is not None else "")
    tiers = [name for name in TIERS if any(rate.tier == name and _pays(rate, count) for rate in plan.model.prices)]
    return f"{component} is priced in the tiers {', '.join(tiers)}" if tiers and component not in TIERLESS else ""


def _pays(rate: Rate, count: str) -> bool:
    found = count_of(rate.component, rate.unit)
    return found is not None and found[0] == count


def _in_force(rate: Rate, day: int) -> bool:
    start, end = rate.effective_from, rate.effective_until
    return (start is None or start.first_day.toordinal() <= day) and (end is None or day < end.first_day.toordinal())


def _conditions(plan: Plan, component: str, rates: list[Rate]) -> str:
    """The options on which the price depends, and the choices."""
    choices = list(dict.fromkeys(choice for rate in rates if (choice := _choice(rate))))
    asked = ", ".join(f"{name}={value!r}" for name, value in plan.options.items())
    if not choices:
        return f"the price of {component} is not for {asked}"
    more = f" and {len(choices) - _MOST} more" if len(choices) > _MOST else ""
    if len(choices) < len({_choice(rate) for rate in rates}):
        more += ", and without"
    return f"{component} is priced for {'; '.join(choices[:_MOST])}{more}" + (f", not for {asked}" if asked else "")


def _choice(rate: Rate) -> str:
    condition = rate.condition
    if condition is None:
        return ""
    stated = {name: getattr(condition, name) for name in OPTIONS}
    return ", ".join(f"{name}={value!r}" for name, value in stated.items() if value not in (None, False))
