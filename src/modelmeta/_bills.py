"""What a cost is made of: lines and totals, worked out from whole numbers when they are first read."""

from __future__ import annotations

from decimal import Decimal

from ._record import Record, field_names
from .components import BUCKETS, COUNTS
from .errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from typing import Any

    from ._plans import Price
    from ._usage_counts import Measure

__all__ = ["Cost", "CostLine", "charges", "make_cost", "money", "put_bill", "shares_of"]


class CostLine(Record):
    """One item of a bill: ``quantity`` of what was counted, and what it cost.

    ``unit_price`` is for one ``unit`` (``"1M tokens"``), while ``quantity`` counts tokens. ``tier`` and ``source``
    are the price's; ``model`` is ``provider/id``. ``note`` says what is not plain about the price: that it is free,
    that another count's price stands in and why, the threshold or the hours to which it belongs.

    >>> from modelmeta import compute_cost
    >>> (line,) = compute_cost("gpt-4.1-mini", output_tokens=500).lines
    >>> line.component, line.quantity, str(line.unit_price), line.unit, str(line.amount)
    ('output', 500, '1.6', '1M tokens', '0.0008')
    """

    component: str
    quantity: Measure
    unit: str
    unit_price: Decimal
    amount: Decimal
    tier: str = "standard"
    source: str = ""
    note: str = ""
    model: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON can hold it: money and fractions as decimal strings, never as floats."""
        return {name: _plain(getattr(self, name)) for name in field_names(CostLine)}


class Cost(Record):
    """What something costs: ``total`` of ``currency``, and how it comes about.

    ``lines`` are the items, which add up to ``total`` exactly. ``unpriced`` names the components that were used and
    have no published price: then ``is_partial`` is true and ``total`` lacks them. ``notes`` says what to know about
    the figures. Costs of one currency add up (``sum(costs)`` works) and multiply by whole numbers; ``tier``,
    ``at`` and ``model`` are then ``None`` where they differ.

    A cost formats like its total (``f"{cost:.4f}"``), and ``str(cost)`` names the currency.

    >>> from modelmeta import compute_cost
    >>> cost = compute_cost("gpt-4.1-mini", input_tokens=1_000, output_tokens=500)
    >>> print(cost, f"{cost:.2f}", [str(line.amount) for line in cost.lines])
    0.0012 USD 0.00 ['0.0004', '0.0008']
    """

    total: Decimal
    currency: str = "USD"
    lines: tuple[CostLine, ...] = ()
    tier: str | None = "standard"
    at: date | datetime | None = None
    unpriced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: str | None = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name != "total" and name not in Cost._defaults:
                raise AttributeError(f"'Cost' object has no attribute {name!r}")
            bill = self._raw
            if name == "total" and bill[0] is not None:
                total = money(bill[3], bill[0].places)
                _put_total(self, total)
                return total
            if bill[0] is None:
                from ._bill_sums import fold

                values = fold(bill[1])
            else:
                from ._bill_lines import itemise

                values = itemise(bill)
            for field, value in values.items():
                object.__setattr__(self, field, value)
            return values[name]

    @property
    def is_partial(self) -> bool:
        """Whether something that was used has no published price and so is not in ``total``."""
        return bool(self.unpriced)

    def __add__(self, other: Cost | int) -> Cost:
        if not isinstance(other, Cost):
            return self if other.__class__ is int and not other else NotImplemented
        ours, theirs = _currency(self), _currency(other)
        if ours != theirs:
            raise UsageError(f"cannot add {ours} and {theirs}: no exchange rate is known; add each currency apart")
        return make_cost((None, ((1, self), (1, other)), ours))

    __radd__ = __add__

    def __mul__(self, times: int) -> Cost:
        if times.__class__ is not int:
            return NotImplemented
        if times < 0:
            raise UsageError(f"a cost cannot be multiplied by {times}")
        return make_cost((None, ((times, self),), _currency(self)))

    __rmul__ = __mul__

    def __float__(self) -> float:
        return float(self.total)

    def __str__(self) -> str:
        partial = f" (partial: no price for {', '.join(self.unpriced)})" if self.unpriced else ""
        return f"{self.total:f} {self.currency}{partial}"

    def __format__(self, spec: str) -> str:
        return format(self.total, spec) if spec else str(self)

    def explain(self) -> str:
        """The bill for a person to read: a line for each item, the notes, the total."""
        rows = [
            f"{line.component}: {line.quantity:,} at {line.unit_price:f} per {line.unit} = {line.amount:f}"
            for line in self.lines
        ]
        return "\n".join([*rows, *self.notes, f"total: {self}"])

    def to_dict(self) -> dict[str, Any]:
        """The cost as JSON can hold it: money as decimal strings, never as floats.

        >>> from modelmeta import compute_cost
        >>> compute_cost("gpt-4.1-mini", output_tokens=500).to_dict()["total"]
        '0.0008'
        """
        values = {name: _plain(getattr(self, name)) for name in field_names(Cost) if name != "lines"}
        return {**values, "is_partial": self.is_partial, "lines": [line.to_dict() for line in self.lines]}


put_bill: Callable[[Cost, object], None] = Record.__dict__["_raw"].__set__
_put_total: Callable[[Cost, Decimal], None] = Cost.__dict__["total"].__set__


def make_cost(bill: tuple[Any, ...]) -> Cost:
    """A cost that works itself out when it is read.

    ``bill`` is what :func:`itemise` takes, or ``(None, ((times, cost), …), currency)`` for a sum.
    """
    cost = object.__new__(Cost)
    put_bill(cost, bill)
    return cost


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if value is None or isinstance(value, (str, int)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else f"{value:f}"


def _currency(cost: Cost) -> str:
    bill = getattr(cost, "_raw", None)
    if bill is None:
        return cost.currency
    currency: str = bill[2] if bill[0] is None else bill[0].currency
    return currency


def money(units: int, places: int) -> Decimal:
    """``units * 10 ** -places`` as a decimal without trailing zeros."""
    if not units:
        return Decimal(0)
    digits = str(units)
    kept = digits.rstrip("0")
    zeros = len(digits) - len(kept)
    if zeros > places:
        return Decimal(digits[:-places] if places else digits)
    return Decimal(f"{kept}E-{places - zeros}")


# One request ----------------------------------------------------------------------------------------


_ORDER = {count: place for place, count in enumerate(COUNTS)}


def shares_of(counts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The exclusive shares of ``counts`` that are not zero, in the order of the vocabulary."""
    for count in sorted(counts, key=_ORDER.__getitem__):
        form = BUCKETS.get(count)
        quantity = counts[count]
        if form is not None:
            quantity = sum([sign * counts[other] for other, sign in form.items() if other in counts])
        if quantity:
            yield count, quantity


def charges(price: Price, quantity: Measure) -> Iterator[tuple[Price, Measure, int]]:
    """The lines that ``quantity`` makes at ``price``: price, quantity, and amount in units of the plan."""
    top, bottom = quantity.as_integer_ratio()
    excess = price.excess
    if excess is not None and quantity > excess[0]:
        yield price, excess[0], price.amount(excess[0])
        yield excess[1], quantity - excess[0], excess[1].amount(top - excess[0] * bottom, bottom)
    else:
        yield price, quantity, price.amount(top, bottom)
