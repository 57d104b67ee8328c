"""What many costs come to: one bill over requests, prices and models, as exact as each."""

from __future__ import annotations

from decimal import Decimal

from ._bill_lines import LINE_FIELDS, day_of, items_of, line_notes, line_of
from ._bills import Cost, CostLine, money
from ._plans import DAY
from .components import COUNTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._plans import Band, Plan

__all__ = ["fold"]

_stated_lines: Callable[[Cost], object] = Cost.__dict__["lines"].__get__


def _bill_of(cost: Cost) -> Any:
    """What a cost was made from; ``None`` if it was given its values, or is a sum that has been worked out."""
    bill = getattr(cost, "_raw", None)
    if bill is not None and bill[0] is None:
        try:
            _stated_lines(cost)
        except AttributeError:
            return bill
        return None
    return bill


class _Totals:
    """What many costs come to."""

    def __init__(self) -> None:
        self.groups: dict[tuple[int, int], _Group] = {}
        self.stated: list[tuple[int, Cost]] = []
        self.days: set[object] = set()
        self.unpriced: dict[str, None] = {}
        self.notes: dict[str, None] = {}

    def add_bill(self, times: int, bill: tuple[Any, ...]) -> None:
        """Count a cost that has not been read yet."""
        plan, band, counts, units, at, unpriced, notes = bill
        group = self.groups.get((id(plan), id(band)))
        if group is None:
            group = self.groups[id(plan), id(band)] = _Group(plan, band)
        group.units += times * units
        if counts.__class__ is tuple and band.exact:
            group.usual[0] += times * counts[0]
            group.usual[1] += times * counts[1]
            group.usual[2] += times * counts[2]
        else:
            group.add_items(times, counts)
        self.days.add(int(at) // DAY if at.__class__ is float else at)
        if unpriced or notes:
            self.unpriced.update(dict.fromkeys(unpriced))
            self.notes.update(dict.fromkeys(notes))


class _Group:
    """What the costs with the same prices come to: counts that are linear in the cost just add up."""

    __slots__ = ("band", "items", "plan", "units", "usual")

    def __init__(self, plan: Plan, band: Band) -> None:
        self.plan = plan
        self.band = band
        self.units = 0
        self.usual = [0, 0, 0]
        self.items: dict[tuple[str, int], list[Any]] = {}

    def add_items(self, times: int, counts: Any) -> None:
        for component, price, quantity, amount in items_of(self.band, counts):
            item = self.items.setdefault((component, id(price)), [component, price, 0, 0])
            item[2] = _exact_sum(item[2], quantity, times)
            item[3] += amount * times

    def lines(self) -> list[CostLine]:
        """The lines of all."""
        self.add_items(1, tuple(self.usual))
        return [
            line_of(self.plan, component, price, quantity, money(amount, self.plan.places))
            for component, price, quantity, amount in self.items.values()
        ]


def _exact_sum(total: Any, quantity: Any, times: int = 1) -> Any:
    """``total + quantity * times`` without rounding, whatever the decimal context."""
    if quantity.__class__ is int and total.__class__ is int:
        return total + quantity * times
    from decimal import MAX_EMAX, MIN_EMIN, Context

    return Context(prec=1_000_000, Emax=MAX_EMAX, Emin=MIN_EMIN).fma(quantity, times, total)


def fold(parts: tuple[tuple[int, Cost], ...]) -> dict[str, Any]:
    """The values of a cost's fields for a sum of costs, taken apart without recursion."""
    totals = _Totals()
    waiting = list(reversed(parts))
    while waiting:
        times, cost = waiting.pop()
        bill = _bill_of(cost)
        if bill is None:
            totals.stated.append((times, cost))
        elif bill[0] is None:
            waiting += [(times * inner, part) for inner, part in reversed(bill[1])]
        else:
            totals.add_bill(times, bill)
    return _sum_up(totals)


def _sum_up(totals: _Totals) -> dict[str, Any]:
    total: Any = 0
    groups = totals.groups.values()
    tiers: set[str | None] = {group.plan.tier for group in groups}
    models: set[str | None] = {group.plan.name for group in groups}
    currencies = [group.plan.currency for group in groups] + [cost.currency for _, cost in totals.stated]
    days: set[object] = {day_of(float(day * DAY)) if isinstance(day, int) else day_of(day) for day in totals.days}
    merged: dict[tuple[Any, ...], list[Any]] = {}
    for group in groups:
        total = _exact_sum(total, money(group.units, group.plan.places))
        totals.notes.update(dict.fromkeys(group.plan.notes))
        for line in group.lines():
            _merge(merged, line, 1)
    for times, cost in totals.stated:
        total = _exact_sum(total, cost.total, times)
        tiers.add(cost.tier)
        models.add(cost.model)
        days.add(cost.at)
        totals.unpriced.update(dict.fromkeys(cost.unpriced))
        of_lines = set(line_notes(cost.lines))
        totals.notes.update(dict.fromkeys(note for note in cost.notes if note not in of_lines))
        for line in cost.lines:
            _merge(merged, line, times)
    lines = tuple(
        [
            CostLine(**dict(zip(_KEY, key, strict=True)), quantity=sums[0], amount=sums[1])
            for key, sums in sorted(merged.items(), key=_place)
        ]
    )
    return {
        "total": _tidy(total),
        "currency": currencies[0] if currencies else "USD",
        "lines": lines,
        "tier": tiers.pop() if len(tiers) == 1 else None,
        "at": days.pop() if len(days) == 1 else None,
        "unpriced": tuple(totals.unpriced),
        "notes": (*totals.notes, *line_notes(lines)),
        "model": models.pop() if len(models) == 1 else None,
    }


_KEY = tuple(name for name in LINE_FIELDS if name not in {"quantity", "amount"})


def _place(item: tuple[tuple[Any, ...], object]) -> tuple[Any, ...]:
    """Where a line stands in a sum, in whatever order the costs were added: by model, then as in a single bill."""
    line = dict(zip(_KEY, item[0], strict=True))
    return line["model"] or "", _COMPONENTS.get(line["component"], 0), *(str(value) for value in item[0])


_COMPONENTS = {component: place for place, (component, _) in enumerate(COUNTS.values())}


def _merge(merged: dict[tuple[Any, ...], list[Any]], line: CostLine, times: int) -> None:
    sums = merged.setdefault(tuple([getattr(line, name) for name in _KEY]), [0, 0])
    sums[0] = _exact_sum(sums[0], line.quantity, times)
    sums[1] = _tidy(_exact_sum(sums[1], line.amount, times))


def _tidy(total: Any) -> Decimal:
    """A decimal without trailing zeros and without a positive exponent."""
    top, bottom = total.as_integer_ratio()
    places = max(0, -Decimal(total).as_tuple().exponent)  # type: ignore[operator]
    return money(top * 10**places // bottom, places)
