"""What changed and when: prices, limits and dates of retirement, with the source, and corrections told apart."""

from __future__ import annotations

from ._record import Record
from .dates import PartialDate
from .storage import SortedFile, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

    from ._packed import Packed
    from .records import Model
    from .storage import Folder

__all__ = ["Change", "PriceChange", "changes", "price_changes"]


class Change(Record):
    """On ``date`` the value of ``field`` went from ``old`` to ``new``, according to ``source``.

    ``kind`` is ``"change"``, ``"correction"`` (a source mended its own mistake: the old value never held; ``reason``
    says how that is known), ``"added"`` (first stated) or ``"removed"``. ``locator`` is the place in the source.

    >>> from modelmeta import list_changes
    >>> change = list_changes("grok-4.5", "pricing.standard.cached_input")[0]
    >>> change.old, change.new, change.kind
    ('0.5', '0.3', 'change')
    """

    field: str
    date: PartialDate
    old: object
    new: object
    kind: str = "change"
    reason: str = ""
    source: str = ""
    locator: str = ""


class PriceChange(Record):
    """A change of one price: ``old`` and ``new`` are amounts of ``currency`` for each ``unit``.

    ``None`` stands where there was, or is, no price. ``date`` is the first day of the new one; ``kind`` and
    ``reason`` are as in :class:`Change`.

    >>> from modelmeta import price_history
    >>> change = [c for c in price_history("grok-4.5") if c.component == "cached_input"][0]
    >>> f"{change.date}: {change.old} -> {change.new} {change.currency} per {change.unit}"
    '2026-07-19: 0.5 -> 0.3 USD per 1M tokens'
    """

    component: str
    tier: str
    date: PartialDate
    old: Decimal | None
    new: Decimal | None
    unit: str = "1M tokens"
    currency: str = "USD"
    kind: str = "change"
    reason: str = ""
    source: str = ""
    locator: str = ""


def changes(storage: Folder | Packed, model: Model, field: str | None = None) -> tuple[Change, ...]:
    """The dated changes of a model, or of one field (or group of fields), the oldest first."""
    file = SortedFile(storage, f"history/{model.provider}.json")
    entry = file.get(model.id)
    if entry is None:
        verify(storage, file.name)
        return ()
    _, listed = file.item(entry, dict)
    return tuple(
        _change(row) for row in listed["changes"] if field is None or row[1] == field or row[1].startswith(f"{field}.")
    )


def _change(row: list[Any]) -> Change:
    date, field, old, new, kind, reason, source, locator = row
    return Change(
        field=field,
        date=PartialDate.parse(date),
        old=tuple(old) if isinstance(old, list) else old,
        new=tuple(new) if isinstance(new, list) else new,
        kind=kind,
        reason=reason,
        source=source,
        locator=locator,
    )


def price_changes(storage: Folder | Packed, model: Model) -> tuple[PriceChange, ...]:
    """The same for prices, with amounts as decimals."""
    from decimal import Decimal

    found = []
    for change in changes(storage, model, "pricing"):
        _, tier, component = change.field.split(".", 2)
        rate = model.price(component, tier=tier)
        found.append(
            PriceChange(
                component=component,
                tier=tier,
                date=change.date,
                old=None if change.old is None else Decimal(str(change.old)),
                new=None if change.new is None else Decimal(str(change.new)),
                unit=rate.unit if rate else "1M tokens",
                currency=rate.currency if rate else "USD",
                kind=change.kind,
                reason=change.reason,
                source=change.source,
                locator=change.locator,
            )
        )
    return tuple(found)
