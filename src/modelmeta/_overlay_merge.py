"""Lay the fields that an overlay states over the JSON form of a model; what is not stated stays shared."""

from __future__ import annotations

from ._fields import ROW_KEYS
from .components import count_of
from .dates import PartialDate
from .pricing import SAME_TIER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from typing import Any

    Row = dict[str, Any]

__all__ = ["laid_over", "newer"]


def laid_over(
    below: Mapping[str, Any], given: Mapping[str, Any], *, provider: str, source: str, replace: Collection[str] = ()
) -> dict[str, Any]:
    """``below`` with the fields of ``given``: objects field by field, rows by what names them, the rest whole.

    Rows of a field in ``replace`` take the place of all those below. ``None`` takes back what is stated below.
    """
    found = dict(below)
    for name, value in given.items():
        old = found.get(name)
        if value is None:
            found.pop(name, None)
        elif name == "prices":
            rows = [row if row.get("source") else {**row, "source": source} for row in value]
            found[name] = rows if name in replace else _prices(old or [], rows, provider)
        elif name in ROW_KEYS and name not in replace:
            found[name] = _rows(old or [], value, ROW_KEYS[name])
        elif name == "aliases" and name not in replace:
            found[name] = sorted({*(old or ()), *value})
        elif isinstance(value, dict):
            both = {} if name in replace else {**(old or {})}
            found[name] = {part: item for part, item in {**both, **value}.items() if item is not None}
        else:
            found[name] = value
    if "inherited" in found:
        found["inherited"] = [path for path in found["inherited"] if not _states(given, path)]
    return found


def _states(given: Mapping[str, Any], path: str) -> bool:
    name, _, part = path.partition(".")
    value = given.get(name, given)
    return value is not given and (not part or not isinstance(value, dict) or part in value)


def _rows(old: list[Row], new: list[Row], keys: tuple[str, ...]) -> list[Row]:
    rows = {tuple(row.get(key) for key in keys): row for row in old}
    for row in new:
        key = tuple(row.get(key) for key in keys)
        rows[key] = {**rows.get(key, {}), **row}
    return list(rows.values())


def _prices(old: list[Row], new: list[Row], provider: str) -> list[Row]:
    """The price list in which each new row holds in its time, and the old ones before and after it."""
    rows: list[Row] = []
    keyed = [(_price_key(row, provider), row) for row in new]
    for row in old:
        pieces = [row]
        key = _price_key(row, provider)
        for other, fresh in keyed:
            if other == key:
                pieces = [left for piece in pieces for left in _without(piece, fresh)]
        rows += pieces
    return rows + new


def _price_key(row: Row, provider: str) -> tuple[object, ...]:
    """What two rows have in common of which only one can hold: what is counted, the tier and the condition."""
    tier = row.get("tier", "standard")
    same = SAME_TIER.get((provider, tier), tier)
    counted = count_of(row["component"], row["unit"])
    condition = {name: value for name, value in (row.get("condition") or {}).items() if value is not False}
    return counted[0] if counted else row["component"], min(tier, same), tuple(sorted(condition.items()))


def _without(row: Row, fresh: Row) -> list[Row]:
    """What remains of a row's time when that of a fresh one is taken out."""
    start, end = _day(row, "effective_from"), _day(row, "effective_until")
    first, last = _day(fresh, "effective_from"), _day(fresh, "effective_until")
    if (first is not None and end is not None and end <= first) or (last and start and start >= last):
        return [row]
    pieces = []
    if first is not None and (start is None or start < first):
        pieces.append({**row, "effective_until": fresh["effective_from"]})
    if last is not None and (end is None or end > last):
        pieces.append({**row, "effective_from": fresh["effective_until"]})
    return pieces


def _day(row: Row, name: str) -> date | None:
    text = row.get(name)
    return None if text is None else PartialDate.parse(text).first_day


def newer(one: str | None, other: str | None) -> str | None:
    """The later of two partial dates as text."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda text: PartialDate.parse(text).last_day)
