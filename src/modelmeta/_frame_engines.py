"""What differs from engine to engine: how a small table gets there, a join that keeps the order, moments in seconds."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    import polars as pl

    from ._frame_rates import Sheet

    Frame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

__all__ = [
    "CARRIERS",
    "add_seconds",
    "carrier",
    "is_database",
    "is_timed",
    "join",
    "make_frame",
    "pick",
    "table_for",
    "temporary",
    "whole_table",
]

CARRIERS = ("pyarrow", "polars", "pandas")
"""What can carry a table into an engine that keeps none itself, in the order of preference."""

DTYPES: dict[type, Any] = {str: nw.String, int: nw.Int64, float: nw.Float64, bool: nw.Boolean}
_IN_PANDAS: dict[type, Any] = {str: "string", int: "Int64", float: "Float64", bool: "boolean"}
_IN_SPARK: dict[type, str] = {str: "string", int: "bigint", float: "double"}
_IN_IBIS: dict[type, str] = {str: "string", int: "int64", float: "float64"}


def temporary(name: str) -> str:
    """The name of a column that is gone again when the costs are there."""
    return f"_modelmeta_{name}"


def make_frame(sheet: Sheet, backend: Any) -> nw.DataFrame[Any]:
    """A table as a frame of an engine that keeps its frames in memory."""
    made: nw.DataFrame[Any] | None = sheet.made.get(backend)
    if made is None:
        data = {temporary(name): values for name, values in sheet.columns.items()}
        schema = {temporary(name): DTYPES[sheet.kind(name)] for name in sheet.columns}
        made = sheet.made[backend] = nw.from_dict(data, schema, backend=backend)
    return made


def carried(sheet: Sheet, carriers: tuple[str, ...] = CARRIERS) -> Any:
    """A table as a native frame of the first library of ``carriers`` that is installed."""
    return make_frame(sheet, carrier(carriers)).to_native()


def carrier(carriers: tuple[str, ...] = CARRIERS) -> str:
    """The first library of these that is installed."""
    for name in carriers:
        if find_spec(name) is not None:
            return name
    raise UsageError(f"this engine is given tables by way of {' or '.join(carriers)}, and none of them is installed")


def whole_table(columns: dict[str, list[Any]], kinds: Mapping[str, type], backend: str) -> Any:
    """Columns of these kinds as a native frame of any engine."""
    if backend in {"pandas", "dask"}:
        import pandas as pd

        # pandas' own types would make floats of whole numbers, and false of what nobody has said.
        frame = pd.DataFrame(
            {name: pd.array(values, dtype=_IN_PANDAS[kinds[name]]) for name, values in columns.items()}
        )
        if backend == "pandas":
            return frame
        import dask.dataframe

        dd: Any = dask.dataframe
        return dd.from_pandas(frame, npartitions=1)
    memory = backend if backend in CARRIERS else carrier(CARRIERS[:2])
    schema = {name: DTYPES[kind] for name, kind in kinds.items()}
    made = nw.from_dict(columns, schema, backend=memory).to_native()  # type: ignore[arg-type]
    if backend == "duckdb":
        import duckdb

        _modelmeta_table = made  # pyright: ignore[reportUnusedVariable]
        return duckdb.sql("SELECT * FROM _modelmeta_table")
    if backend == "ibis":
        import ibis

        return ibis.memtable(made)
    if backend == "pyspark":
        from pyspark.sql import SparkSession

        return SparkSession.active().createDataFrame(made)
    return made


def table_for(frame: Frame, sheet: Sheet) -> Frame:
    """A small table as a frame that can be joined to ``frame``."""
    if isinstance(frame, nw.DataFrame) or frame.implementation.is_polars():
        return make_frame(sheet, frame.implementation)
    table: Frame = nw.from_native(_lazy_table(frame, sheet))
    return table


def is_database(frame: Frame) -> bool:
    """Whether the engine works out only that branch of a condition which holds, row by row."""
    engine = frame.implementation
    return engine.is_duckdb() or engine.is_ibis() or engine.is_spark_like()


def join(frame: Frame, table: Frame, on: str) -> Frame:
    """Each row of the frame with the one row of the table that has its key, or with nulls; in the frame's order."""
    engine = frame.implementation
    if engine.is_polars():
        import polars as pl

        # Keys as the places of categories, and what stands there: several times faster than a join that keeps order.
        keys = pl.Enum(table.to_native()[on])
        return _gathered(frame, table.drop(on), pl.col(on).cast(keys, strict=False).to_physical())
    if engine.is_pyarrow():
        # Arrow's join leaves the rows in any order.
        import pyarrow.compute

        pc: Any = pyarrow.compute
        places = pc.index_in(frame.to_native()[on], table.to_native()[on].combine_chunks())
        return _beside(frame, table.drop(on).to_native().take(places))
    if engine.is_dask():
        right = table.to_native()
        table = nw.from_native(right.assign(**{on: right[on].astype(frame.to_native().dtypes[on])}))
    return frame.join(table, on=on, how="left")  # type: ignore[arg-type]


def pick(frame: Frame, table: Frame, at: str) -> Frame:
    """Each row of the frame with that row of the table whose number it holds, or with nulls."""
    if frame.implementation.is_polars():
        import polars as pl

        return _gathered(frame, table.drop(at), pl.col(at))
    return join(frame, table, at)


def _gathered(frame: Frame, table: Frame, place: pl.Expr) -> Frame:
    """A Polars frame with the columns of a table, of which each row has what stands at its place."""
    import polars as pl

    at = temporary("at")
    columns = [pl.lit(column).gather(pl.col(at)).alias(column.name) for column in table.to_native()]
    native = frame.to_native().with_columns(place.alias(at)).with_columns(columns).drop(at)
    gathered: Frame = nw.from_native(native)
    return gathered


def _beside(frame: Frame, native: Any) -> Frame:
    columns: nw.DataFrame[Any] = nw.from_native(native, eager_only=True)
    return frame.with_columns(*columns.iter_columns())


def _lazy_table(frame: nw.LazyFrame[Any], sheet: Sheet) -> Any:
    """A small table as a native frame that can be joined to a lazy one."""
    engine = frame.implementation
    native = frame.to_native()
    if engine.is_duckdb():
        # DuckDB finds the table by the name of the variable, in the connection that the relation belongs to, unless
        # there is a table of that name.
        _modelmeta_table = carried(sheet)  # pyright: ignore[reportUnusedVariable]
        return native.query("_modelmeta_frame", "SELECT * FROM _modelmeta_table")
    if engine.is_dask():
        import dask.dataframe

        dd: Any = dask.dataframe
        return dd.from_pandas(carried(sheet, ("pandas",)), npartitions=1)
    if engine.is_ibis():
        import ibis
        from ibis.expr.operations import UnboundTable

        if native.op().find(UnboundTable):
            schema = {temporary(name): _IN_IBIS[sheet.kind(name)] for name in sheet.columns}
            return ibis.table(schema, name=f"modelmeta_{sheet.name}")
        return ibis.memtable(carried(sheet))
    if engine.is_spark_like():
        return _spark_table(native, sheet)
    raise UsageError(f"frames of {engine.value} are not supported")


def _spark_table(native: Any, sheet: Sheet) -> Any:
    """The table for Spark, with the advice to send it to every worker rather than to shuffle the rows."""
    session = native.sparkSession
    table = sheet.made.get(session)
    if table is None:
        if find_spec("pyarrow") is not None and int(session.version.partition(".")[0]) >= 4:
            table = session.createDataFrame(carried(sheet, ("pyarrow",)))
        else:
            schema = ", ".join(f"`{temporary(name)}` {_IN_SPARK[sheet.kind(name)]}" for name in sheet.columns)
            table = session.createDataFrame(list(zip(*sheet.columns.values(), strict=True)), schema)
        sheet.made[session] = table = table.hint("broadcast")
    return table


# Moments --------------------------------------------------------------------------------------------


def is_timed(frame: Frame, column: str) -> bool:
    """Whether a column of moments knows the time of day; raises ``UsageError`` if it holds no moments."""
    dtype = frame.collect_schema()[column]
    if isinstance(dtype, nw.Datetime):
        return True
    if dtype == nw.Date:
        return False
    raise UsageError(f"at={column!r} holds {dtype}: cast it to a date or a datetime first")


def add_seconds(frame: Frame, column: str, name: str) -> Frame:
    """The frame with a column more: the seconds from 1970 to the moment; without a time zone it is taken as UTC."""
    engine = frame.implementation
    native = frame.to_native()
    made: Any
    if engine.is_duckdb():
        import duckdb

        epoch = duckdb.FunctionExpression("epoch", duckdb.ColumnExpression(column))
        whole = duckdb.FunctionExpression("floor", epoch).cast("BIGINT").alias(name)
        made = native.select(duckdb.StarExpression(), whole)
    elif engine.is_ibis():
        moment = native[column]
        made = native.mutate(
            **{name: (moment.cast("timestamp") if moment.type().is_date() else moment).epoch_seconds()}
        )
    elif engine.is_spark_like():
        made = native.withColumn(name, _spark_seconds(native, column))
    else:
        seconds = nw.col(column).dt.timestamp("ms") // 1000
        return frame.with_columns(seconds.cast(nw.Int64).alias(name))
    result: Frame = nw.from_native(made)
    return result


def _spark_seconds(native: Any, column: str) -> Any:
    from pyspark.sql import functions as f

    kind = native.schema[column].dataType.typeName()
    if kind == "timestamp":
        return f.col(column).cast("bigint")
    days = f.datediff(f.to_date(column), f.lit("1970-01-01").cast("date")).cast("bigint")
    if kind == "date":
        return days * 86_400
    return days * 86_400 + f.hour(column) * 3_600 + f.minute(column) * 60 + f.second(column)
