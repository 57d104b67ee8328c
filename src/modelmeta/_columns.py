"""What a choice among all models asks of each, column by column: models that are not chosen need not be read.

A column lists its distinct values once; its rows say for every model which of them is its own, as bytes: the lowest
byte of every number first, then, where there are more than 256 values, the next byte of each. A condition is tried once
on each distinct value, and on all models in a few operations over bytes.
"""

from __future__ import annotations

from itertools import compress

from . import dates
from .errors import DatasetError
from .pricing import select_rate
from .storage import only_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from typing import Any, TypeAlias

    from ._packed import Packed
    from .dates import PartialDate
    from .records import Model
    from .storage import Folder

    Test: TypeAlias = Callable[[Any], bool]

__all__ = ["COLUMNS", "IDS", "Columns", "equals", "file_name", "first_day", "on"]

IDS = "id"
"""The column of ids: every model has its own, so they stand in the order of the models and there are no rows."""


def file_name(column: str) -> str:
    """The file that holds a column."""
    return f"columns/{column}.json"


# What stands in the columns ---------------------------------------------------------------------------------


def on(value: Any, day: str) -> Any:
    """What ``value`` is on a day: itself, or of ``[first, day, next, day, …]`` what holds from the last such day.

    >>> on(["unreleased", "2026-05-01", "active"], "2026-04-30"), on("active", "2026-04-30")
    ('unreleased', 'active')
    """
    if value.__class__ is not list:
        return value
    held = value[0]
    for place in range(1, len(value), 2):
        if value[place] > day:
            break
        held = value[place + 1]
    return held


def equals(text: str) -> Test:
    """Whether a value, today, is this text in lower case."""
    day = dates.today_text()
    return lambda value: (on(value, day) or "").lower() == text


def first_day(text: str) -> str:
    """The first day that a date as it stands in a column can mean; such days compare as dates do.

    >>> first_day("2026-05"), first_day("2026")
    ('2026-05-01', '2026-01-01')
    """
    return f"{text}-01-01"[:10]


def _dated(value_on: Callable[[date], Any], days: Iterable[date]) -> Any:
    """What ``on`` reads: ``value_on`` of every day, where it can only change on one of ``days``."""
    from datetime import date

    found = [value_on(date.min)]
    for day in sorted(set(days)):
        value = value_on(day)
        if value != found[-1]:
            found += [day.isoformat(), value]
    return found if len(found) > 1 else found[0]


def _status(model: Model) -> Any:
    from datetime import date, timedelta

    life = model.lifecycle
    stated: list[PartialDate | None] = [life.released, life.deprecated_on, life.retires_on, life.last_listed]
    ends = [end for given in stated if given is not None for end in (given.first_day, given.last_day)]
    return _dated(life.status_on, [*ends, *(end + timedelta(days=1) for end in ends if end < date.max)])


def _price(component: str) -> Callable[[Model], Any]:
    """The standard price in USD per 1M tokens of a request of the smallest size."""

    def price(model: Model) -> Any:
        rates = tuple([rate for rate in model.prices if rate.component == component and rate.tier == "standard"])

        def amount(day: date) -> str | None:
            rate = select_rate(rates, component, tier="standard", day=day)
            return format(rate.amount, "f") if rate and (rate.unit, rate.currency) == ("1M tokens", "USD") else None

        edges = [edge for rate in rates for edge in (rate.effective_from, rate.effective_until) if edge is not None]
        return _dated(amount, [edge.first_day for edge in edges])

    return price


def _features(model: Model) -> list[str]:
    stated = {name for name in type(model.capabilities)._fields if getattr(model.capabilities, name)}
    names = stated.union(item.name for listed in (model.endpoints, model.tools) for item in listed)
    return sorted(name for name in names if model.supports(name) is True)


COLUMNS: dict[str, Callable[[Model], Any]] = {
    "author": lambda model: model.author,
    "context_window": lambda model: model.limits.context_window,
    "family": lambda model: model.family,
    "base": lambda model: model.base,
    "features": _features,
    "input_modalities": lambda model: [*model.modalities.input],
    "input_price": _price("input"),
    "max_output_tokens": lambda model: model.limits.max_output_tokens,
    "name": lambda model: model.name,
    "open_weights": lambda model: model.open_weights,
    "output_modalities": lambda model: [*model.modalities.output],
    "output_price": _price("output"),
    "provider": lambda model: model.provider,
    "released": lambda model: None if model.released is None else str(model.released),
    "status": _status,
}
"""The columns, and what each holds of a model: JSON, and where that depends on the day, what ``on`` reads."""


# Reading them -----------------------------------------------------------------------------------------------


class Columns:
    """The columns of a dataset, each read when it is first asked for. A model is the number of its row."""

    def __init__(self, storage: Folder | Packed) -> None:
        self._storage = storage
        self._columns: dict[str, tuple[list[Any], list[bytes]]] = {}
        self._rows: list[int] = []
        self._ids: list[str] = []

    def _column(self, name: str) -> tuple[list[Any], list[bytes]]:
        """The distinct values, and by which of them each model's is: the lowest byte of every number, then the next."""
        column = self._columns.get(name)
        if column is None:
            entry = self._entry(name)
            planes = [bytes.fromhex(plane) for plane in entry["rows"]] or [b""]
            self._agree({len(plane) for plane in planes}, name)
            column = self._columns.setdefault(name, (entry["values"], planes))
        return column

    def _entry(self, name: str) -> dict[str, Any]:
        return only_entry(self._storage, file_name(name), "column")

    def _agree(self, lengths: set[int], name: str) -> None:
        """That a column has a row for each of the models that the others know."""
        known = {len(planes[0]) for _, planes in self._columns.values()}
        if len(lengths | known) > 1:
            raise DatasetError(f"{self._storage}/{file_name(name)}: not of the same dataset as the columns beside it")

    def matching(self, tests: Mapping[str, Test], column: str | None = None) -> tuple[list[int], list[Any]]:
        """The models that pass the tests of the columns named, in order; and what ``column`` holds of each."""
        if not self._rows:
            self._rows = [*range(len(self._column(next(iter(tests), "provider"))[1][0]))]
        chosen = int.from_bytes(b"\1" * len(self._rows), "little")
        for name, test in tests.items():
            values, planes = self._column(name)
            chosen &= _rows(planes, bytes(map(test, values)))
        mask = chosen.to_bytes(len(self._rows), "little")
        return [*compress(self._rows, mask)], [] if column is None else [*self._values(column, mask)]

    def id(self, row: int) -> str:
        """What its provider calls a model."""
        if not self._ids:
            ids = self._entry(IDS)["values"]
            self._agree({len(ids)}, IDS)
            self._ids = ids
        return self._ids[row]

    def provider(self, row: int) -> str:
        """Who serves a model."""
        values, planes = self._column("provider")
        provider: str = values[sum(plane[row] << 8 * place for place, plane in enumerate(planes))]
        return provider

    def _values(self, name: str, mask: bytes) -> Iterator[Any]:
        """What a column holds in the rows where ``mask`` has a 1."""
        values, (lowest, *higher) = self._column(name)
        numbers: Iterable[int] = compress(lowest, mask)
        for place, plane in enumerate(higher, 1):
            numbers = map(int.__add__, numbers, [byte << 8 * place for byte in compress(plane, mask)])
        return map(values.__getitem__, numbers)


def _rows(planes: list[bytes], passed: bytes) -> int:
    """A number with a byte for every row: 1 where ``passed`` has a 1 at the place of its value."""
    *lower, highest = planes
    if not lower:
        return int.from_bytes(highest.translate(passed.ljust(256, b"\0")), "little")
    found = 0
    size = 256 ** len(lower)
    for byte in range(256):
        part = passed[byte * size : (byte + 1) * size]
        if 1 in part:
            here = highest.translate(bytes(byte) + b"\1" + bytes(255 - byte))
            found |= _rows(lower, part) & int.from_bytes(here, "little")
    return found
