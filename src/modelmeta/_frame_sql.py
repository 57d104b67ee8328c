"""Tables as SQL: what makes one in a warehouse and fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import UsageError
from .suggestions import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DIALECTS", "dialect_of", "statements"]

BATCH = 1_000
"""Rows in one INSERT."""


class Dialect(NamedTuple):
    """How a warehouse calls the types, and how it writes a backslash and a quote within a string."""

    text: str = "VARCHAR"
    number: str = "DOUBLE"
    whole: str = "BIGINT"
    boolean: str = "BOOLEAN"
    backslash: str = "\\"
    quote: str = "''"


DIALECTS = {
    "bigquery": Dialect("STRING", "FLOAT64", "INT64", "BOOL", backslash="\\\\", quote="\\'"),
    "duckdb": Dialect(),
    "postgres": Dialect("TEXT", "DOUBLE PRECISION"),
    "snowflake": Dialect(backslash="\\\\"),
    "sqlite": Dialect("TEXT", "REAL", "INTEGER", "INTEGER"),
}


def dialect_of(name: str) -> Dialect:
    """The dialect of that name; raises ``UsageError`` with the names that there are."""
    if name not in DIALECTS:
        near = closest(name, tuple(DIALECTS), 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(DIALECTS)}"
        raise UsageError(f"there is no SQL dialect {name!r}; {hint}")
    return DIALECTS[name]


def statements(name: str, columns: Mapping[str, list[Any]], kinds: Mapping[str, type], dialect: str) -> Iterator[str]:
    """A ``CREATE TABLE``, then an ``INSERT`` for every thousand rows."""
    spoken = dialect_of(dialect)
    types = {str: spoken.text, int: spoken.whole, float: spoken.number, bool: spoken.boolean}
    yield f"CREATE TABLE {name} (\n  " + ",\n  ".join(f"{column} {types[kinds[column]]}" for column in columns) + "\n)"
    rows = list(zip(*columns.values(), strict=True))
    for start in range(0, len(rows), BATCH):
        listed = ",\n".join(
            f"({', '.join([_literal(value, spoken) for value in row])})" for row in rows[start : start + BATCH]
        )
        yield f"INSERT INTO {name} ({', '.join(columns)}) VALUES\n{listed}"


def _literal(value: object, spoken: Dialect) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("\\", spoken.backslash).replace("'", spoken.quote) + "'"
    if isinstance(value, bool) and spoken.boolean != "INTEGER":
        return str(value).upper()
    return repr(int(value) if isinstance(value, bool) else value)
