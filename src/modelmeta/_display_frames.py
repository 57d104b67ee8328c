"""Records as data frames, for those who have pandas or Polars."""

from __future__ import annotations

from ._record import Record, field_names
from .dates import PartialDate
from .pricing import Rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    import pandas as pd
    import polars as pl

    from .comparison import Comparison

__all__ = ["columns_of", "comparison_columns", "to_pandas", "to_polars"]


def columns_of(records: Iterable[object]) -> dict[str, list[object]]:
    """A column for each field of the records, nested ones by their dotted path; of records alone."""
    rows = [dict(_cells(record)) for record in records]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def comparison_columns(comparison: Comparison) -> dict[str, list[object]]:
    """A row for each field, a column for each model, and whether they differ."""
    columns: dict[str, list[object]] = {"field": [row.field for row in comparison.rows]}
    for place, model in enumerate(comparison.models):
        columns[model.qualified_id] = [_shown(row.values[place]) for row in comparison.rows]
    columns["differs"] = [row.differs for row in comparison.rows]
    return columns


def _shown(value: object) -> object:
    """A rate as its amount and unit, since a column of a comparison holds many kinds of values."""
    if isinstance(value, Rate):
        return f"{value.amount:f} {value.currency}/{value.unit}"
    return _plain(value)


def _cells(record: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    if not isinstance(record, Record):
        yield prefix.rstrip(".") or "value", record
        return
    for name in field_names(type(record)):
        value = getattr(record, name)
        if isinstance(value, Record) and not isinstance(value, PartialDate):
            yield from _cells(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _plain(value)
    status = getattr(record, "status", None) if not prefix and "status" not in field_names(type(record)) else None
    if status is not None:
        yield "status", status


def _plain(value: object) -> object:
    """A value that a column can hold: dates as text, lists of records as lists of dictionaries."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in field_names(type(value))}
    return value


def to_pandas(value: Any) -> pd.DataFrame:
    """A data frame of a comparison or of a list of records."""
    frame: pd.DataFrame = _library("pandas").DataFrame(_columns(value))
    return frame


def to_polars(value: Any) -> pl.DataFrame:
    """A data frame of a comparison or of a list of records."""
    library = _library("polars")
    columns = _columns(value)
    frame: pl.DataFrame
    if not _is_comparison(value):
        frame = library.DataFrame(columns, strict=False)
        return frame
    # Its columns hold numbers, words and yes or no, one below the other: text is what they have in common.
    text = {name: [None if item is None else _text(item) for item in items] for name, items in columns.items()}
    frame = library.DataFrame({**text, "differs": columns["differs"]})
    return frame


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _columns(value: Any) -> dict[str, list[object]]:
    return comparison_columns(value) if _is_comparison(value) else columns_of(value)


def _is_comparison(value: object) -> bool:
    return type(value).__name__ == "Comparison"


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise ImportError(f"this needs {name}, which is not installed: pip install {name}") from None
