"""The dataset and the cost of a row as SQL, for warehouses that no engine of Python reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import _frame_rates as rates
from ._frame_columns import NO_COUNTS, NO_MODEL, NO_TIME, UNKNOWN_TIER
from ._frame_references import UNKNOWN
from ._plans import DAY
from .components import BUCKETS, COUNTS, PARTS, TOKENS
from .cost import INSTEAD
from .errors import UsageError
from .pricing import TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ._frame_references import References

__all__ = ["DIALECTS", "Dialect", "cost_query", "rate_tables", "statements"]

BATCH = 1_000
"""Rows in one INSERT."""

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
MOST_TOKENS = 1 << 53


class Dialect(NamedTuple):
    """How a warehouse writes what differs. ``{}`` stands for an expression."""

    text: str = "VARCHAR"
    number: str = "DOUBLE"
    whole: str = "BIGINT"
    boolean: str = "BOOLEAN"
    day: str = "CAST({} AS DATE)"
    second: str = "(EXTRACT(HOUR FROM {0}) * 3600 + EXTRACT(MINUTE FROM {0}) * 60 + FLOOR(EXTRACT(SECOND FROM {0})))"
    date_type: str = "DATE"
    date: str = "DATE '{}'"
    quote: str = "''"
    backslash: str = "\\"
    replace: str | None = "REGEXP_REPLACE({}, '{}', '{}')"
    before: str = "SPLIT_PART({0}, '{1}', 1)"


DIALECTS = {
    "bigquery": Dialect(
        "STRING", "FLOAT64", "INT64", "BOOL", quote="\\'", backslash="\\\\", before="SPLIT({0}, '{1}')[SAFE_OFFSET(0)]"
    ),
    "duckdb": Dialect(),
    "postgres": Dialect("TEXT", "DOUBLE PRECISION"),
    "snowflake": Dialect(backslash="\\\\"),
    "spark": Dialect("STRING", quote="\\'", backslash="\\\\", before="SPLIT_PART({0}, '{1}', 1)"),
    "sqlite": Dialect(
        "TEXT",
        "REAL",
        "INTEGER",
        "INTEGER",
        day="DATE({})",
        second="(CAST(STRFTIME('%s', {}) AS INTEGER) % 86400)",
        date_type="TEXT",
        date="'{}'",
        replace=None,
        before="SUBSTR({0}, 1, INSTR({0} || '{1}', '{1}') - 1)",
    ),
}
"""The dialects, by name. Databricks reads ``spark``, Redshift reads ``postgres``."""


def dialect_of(name: str) -> Dialect:
    """The dialect of that name; raises ``UsageError`` with the names that there are."""
    if name not in DIALECTS:
        raise UsageError(f"there is no SQL dialect {name!r}; there are {', '.join(DIALECTS)}")
    return DIALECTS[name]


# Tables ---------------------------------------------------------------------------------------------


def statements(name: str, columns: Mapping[str, list[Any]], kinds: Mapping[str, str], d: Dialect) -> Iterator[str]:
    """What makes a table and fills it."""
    types = {"str": d.text, "int": d.whole, "float": d.number, "bool": d.boolean, "date": d.date_type}
    listed = ",\n  ".join(f"{column} {types[kinds[column]]}" for column in columns)
    yield f"CREATE TABLE {name} (\n  {listed}\n)"
    rows = list(zip(*columns.values(), strict=True))
    writers = [kinds[column] for column in columns]
    for start in range(0, len(rows), BATCH):
        values = ",\n".join(
            "(" + ", ".join(map(_literal, row, writers, (d,) * len(row))) + ")" for row in rows[start : start + BATCH]
        )
        yield f"INSERT INTO {name} ({', '.join(columns)}) VALUES\n{values}"


def _literal(value: Any, kind: str, d: Dialect) -> str:
    if value is None:
        return "NULL"
    if kind == "str":
        return _quoted(str(value), d)
    if kind == "date":
        return d.date.format(value)
    if kind == "bool":
        return str(int(value)) if d.boolean == "INTEGER" else str(bool(value)).upper()
    return repr(value)


def _quoted(text: str, d: Dialect) -> str:
    return "'" + text.replace("\\", d.backslash).replace("'", d.quote) + "'"


RATE_KINDS = {
    "price_list": "int",
    "tier": "str",
    "valid_from": "date",
    "valid_until": "date",
    "from_second": "int",
    "until_second": "int",
    "reasoning": "int",
    "above_input_tokens": "int",
    "up_to_input_tokens": "int",
    "currency": "str",
}
REFERENCE_KINDS = {"reference": "str", "price_list": "int", "released": "date", "reason": "str"}


def rate_tables(references: References) -> dict[str, tuple[dict[str, list[Any]], dict[str, str]]]:
    """The two tables that the cost expression joins: which price list a reference has, and the rates of each."""
    listed = references.listed()
    models = {id(model): model for _, found in listed if (model := found.model) is not None}
    scopes = [rates.Scope(tuple(COUNTS), TIERS, by_reasoning=True, timed=timed) for timed in (True, False)]
    timed, untimed = (rates.Blocks(scope, models.values()) for scope in scopes)
    edges = [*timed.edges, DAY]
    lists: dict[tuple[rates.Block, rates.Block], int] = {}
    rows: list[tuple[Any, ...]] = []
    of_reference: list[tuple[Any, ...]] = []
    for text, found in listed:
        if found.model is None:
            of_reference.append((text, None, None, found.reason))
            continue
        key = timed.block(found), untimed.block(found)
        if key not in lists:
            lists[key] = len(lists)
            rows += [
                (lists[key], *row)
                for block, spans in zip(key, (edges, [-1, 0]), strict=True)
                for row in _rows(block, spans if block.hours > 1 or block is not key[0] else [-1, DAY])
                if block is key[0] or key[0].hours > 1
            ]
        released = found.model.released
        of_reference.append((text, lists[key], released and released.first_day.isoformat(), None))
    used = [
        place for place, _ in enumerate(COUNTS) if any(row[-1].tariffs[place].price != rates.UNPRICED for row in rows)
    ]
    columns: dict[str, list[Any]] = {name: [row[at] for row in rows] for at, name in enumerate(RATE_KINDS)}
    kinds = dict(RATE_KINDS)
    for place in used:
        name = price_column(tuple(COUNTS)[place])
        tariffs = [row[-1].tariffs[place] for row in rows]
        if any(tariff.start < rates.LATE for tariff in tariffs):
            raise UsageError(f"{name}: prices of an excess alone cannot be laid out in SQL")
        columns[name] = [None if tariff.price == rates.UNPRICED else tariff.price for tariff in tariffs]
        kinds[name] = "float"
    named = {name: [row[at] for row in of_reference] for at, name in enumerate(REFERENCE_KINDS)}
    return {"model_references": (named, REFERENCE_KINDS), "rates": (columns, kinds)}


def price_column(count: str) -> str:
    """The column with what one of a count costs."""
    return f"{count}_price"
