"""Tell price changes from corrections, and date the prices of models that only a catalogue prices.

A catalogue's archive mixes both: a vendor's new price, and the mending of a slip. A value that went back within days,
one mended within days of the model's release, an input and output that changed places, a factor of ten or more and a
placeholder are corrections: nobody was ever billed so. Only changes date a price.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .authority import CATALOGUES
from .observations import JSON
from .prices import Row
from .reconcile import ModelFacts
from .sources.histories import Change

Models = dict[tuple[str, str], ModelFacts]

REVERTED_WITHIN_DAYS = 14
MENDED_WITHIN_DAYS = 3
_SLIPS = {Decimal(factor) for factor in (10, 100, 1000, 1_000_000)}
_DISCOUNTS = {("pricing.standard.cached_input", Decimal(10))}
"""A cache hit for a tenth is a price that vendors do charge: a cut to it is no slip."""

Released = Mapping[tuple[str, str], JSON]
"""The day of release by provider and lower-case id."""


def classify(changes: Iterable[Change], released: Released) -> list[Change]:
    """The same changes, each told to be a change, a correction, or the first statement of a value."""
    by_model: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        by_model[change.provider, change.model].append(change)
    told = []
    for own in by_model.values():
        own.sort(key=lambda change: (change.date, change.field))
        told += [_told(change, own, released.get((change.provider, change.model.lower()))) for change in own]
    return sorted(told, key=lambda change: (change.provider, change.model, change.date, change.field, change.source))


def _told(change: Change, own: list[Change], released: JSON) -> Change:
    if change.old is None or change.new is None:
        return replace(change, kind="added" if change.old is None else "removed")
    mistake = _price_mistake(change, own, released) if change.field.startswith("pricing.") else ""
    if not mistake and _reverted(change, own):
        mistake = f"it went back within {REVERTED_WITHIN_DAYS} days"
    return replace(change, kind="correction", reason=mistake) if mistake else change


def _price_mistake(change: Change, own: list[Change], released: JSON) -> str:
    """What was wrong with the old or the new price; empty if nothing shows."""
    old, new = Decimal(str(change.old)), Decimal(str(change.new))
    if not old or not new:
        return "a placeholder of zero"
    if _swapped(change, own):
        return "input and output had changed places"
    factor = max(old / new, new / old)
    if factor in _SLIPS and (change.field, factor) not in _DISCOUNTS:
        return f"a unit slip: a factor of {factor:f}"
    mended = change.source in CATALOGUES and _just_released(change, released)
    return f"mended within {MENDED_WITHIN_DAYS} days of the release" if mended else ""


def _just_released(change: Change, released: JSON) -> bool:
    if not isinstance(released, str) or len(released) < len("2026-11-21"):
        return False
    age = date.fromisoformat(change.date) - date.fromisoformat(released)
    return 0 <= age.days <= MENDED_WITHIN_DAYS


def _swapped(change: Change, own: list[Change]) -> bool:
    return any(
        other.date == change.date
        and other.field != change.field
        and {change.field, other.field} == {"pricing.standard.input", "pricing.standard.output"}
        and (other.old, other.new) == (change.new, change.old)
        for other in own
    )


def _reverted(change: Change, own: list[Change]) -> bool:
    day = date.fromisoformat(change.date)
    return any(
        other is not change
        and other.field == change.field
        and other.source == change.source
        and (other.old, other.new) == (change.new, change.old)
        and abs((date.fromisoformat(other.date) - day).days) <= REVERTED_WITHIN_DAYS
        for other in own
    )


def date_prices(models: Models, changes: list[Change]) -> None:
    """Give a catalogue's undated prices the days on which they changed, where the archive shows a true change.

    A price list with thresholds stays undated: the archive does not date them, and half a list would be wrong.
    """
    for change in sorted(changes, key=lambda change: change.date, reverse=True):
        model = models.get((change.provider, change.model.lower()))
        tier, _, component = change.field.removeprefix("pricing.").partition(".")
        if model is None or change.kind != "change" or not change.field.startswith("pricing."):
            continue
        if any(row.get("condition") for row, _ in model.prices):
            continue
        for place, (row, statement) in enumerate(model.prices):
            open_start = not row.get("effective_from") and not row.get("condition")
            same = (row["tier"], row["component"], row["amount"]) == (tier, component, change.new)
            if same and open_start and statement.source == change.source and not model.prices_inherited:
                model.prices[place] = ({**row, "effective_from": change.date}, statement)
                earlier: Row = {**row, "amount": change.old, "effective_until": change.date}
                model.prices.insert(place, (earlier, replace(statement, locator=change.locator, date=change.date)))
                break


def stated_changes(models: Models) -> list[Change]:
    """The changes that a model's dated prices amount to."""
    found = []
    for (provider, _), model in models.items():
        rows: dict[tuple[str, ...], list[tuple[Row, str, str]]] = defaultdict(list)
        for row, statement in model.prices:
            thing = tuple(str(row.get(name)) for name in ("tier", "component", "unit", "currency", "condition"))
            rows[thing].append((row, statement.source, statement.locator))
        for own in rows.values():
            own.sort(key=lambda item: str(item[0].get("effective_from") or ""))
            for (before, _, _), (after, source, locator) in pairwise(own):
                start = after.get("effective_from")
                if start and before["amount"] != after["amount"] and not after.get("condition"):
                    field = f"pricing.{after['tier']}.{after['component']}"
                    found.append(
                        Change(
                            provider,
                            model.subject.id,
                            field,
                            str(start),
                            before["amount"],
                            after["amount"],
                            source,
                            locator,
                        )
                    )
    return found


def merged(stated: list[Change], archived: list[Change]) -> list[Change]:
    """Both, without what the archives say again."""
    known = {(c.provider, c.model.lower(), c.field, str(c.old), str(c.new)) for c in stated}
    return stated + [c for c in archived if (c.provider, c.model.lower(), c.field, str(c.old), str(c.new)) not in known]
