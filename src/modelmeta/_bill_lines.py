"""The lines of the bill for one request, made when somebody reads them."""

from __future__ import annotations

from ._bills import CostLine, charges, money, shares_of
from ._plans import DAY, EPOCH
from ._record import field_names
from .components import COUNTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from decimal import Decimal
    from typing import Any

    from ._plans import Band, Plan, Price
    from ._usage_counts import Measure

__all__ = ["LINE_FIELDS", "day_of", "itemise", "items_of", "line_notes", "line_of"]

_USUAL = ("input_tokens", "cached_input_tokens", "output_tokens")


def items_of(band: Band, counts: Any) -> Iterator[tuple[str, Price, Measure, int]]:
    """Component, price, quantity and amount of each line; ``counts`` by name, or those of input, cached and output."""
    if counts.__class__ is tuple:
        counts = dict(zip(_USUAL, counts, strict=True))
    for count, quantity in shares_of(counts):
        price = band.prices.get(count)
        if price is not None:
            for item in charges(price, quantity):
                yield (COUNTS[count][0], *item)


def itemise(bill: tuple[Plan, Band, Any, int, object, tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    """The values of a cost's fields for one request: plan, band, counts, total, moment, unpriced, notes."""
    plan, band, counts, units, at, unpriced, notes = bill
    lines = tuple(
        [
            line_of(plan, component, price, quantity, money(amount, plan.places))
            for component, price, quantity, amount in items_of(band, counts)
        ]
    )
    return {
        "total": money(units, plan.places),
        "currency": plan.currency,
        "lines": lines,
        "tier": plan.tier,
        "at": day_of(at),
        "unpriced": unpriced,
        "notes": (*plan.notes, *notes, *line_notes(lines)),
        "model": plan.name,
    }


def line_of(plan: Plan, component: str, price: Price, quantity: Measure, amount: Decimal) -> CostLine:
    rate = price.rate
    line = object.__new__(CostLine)
    values = component, quantity, rate.unit, rate.amount, amount, rate.tier, rate.source, price.note, plan.name
    for name, value in zip(LINE_FIELDS, values, strict=True):
        object.__setattr__(line, name, value)
    return line


LINE_FIELDS = field_names(CostLine)


def line_notes(lines: tuple[CostLine, ...]) -> list[str]:
    return [f"{line.component}: {line.note}" for line in lines if line.note]


def day_of(at: Any) -> date | datetime:
    """``at`` as it was given, a datetime without a zone in UTC; for now (seconds since 1970) the day."""
    if isinstance(at, float):
        from datetime import date

        return date.fromordinal(int(at) // DAY + EPOCH)
    if hasattr(at, "hour") and at.tzinfo is None:
        from datetime import timezone

        at = at.replace(tzinfo=timezone.utc)
    moment: date | datetime = at
    return moment
