"""The engines that frames can be of: how a test makes a frame of each, and reads it back."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class Engine:
    """``make`` turns columns into a native frame, ``read`` a native frame into columns."""

    name: str
    make: Callable[[Columns], Any]
    read: Callable[[Any], Columns]
    lazy: bool

    def __str__(self) -> str:
        return self.name

    def run(self, frame: Any) -> list[dict[str, Any]]:
        """The rows of a frame, in the order of the column ``row`` if there is one."""
        columns = self.read(frame)
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        rows = [{name: _plain(value) for name, value in row.items()} for row in rows]
        return sorted(rows, key=lambda row: row["row"]) if "row" in columns else rows


def _plain(value: Any) -> Any:
    """``None`` for whatever an engine takes for a missing value."""
    return None if str(value) in {"None", "NaT", "<NA>", "nan"} else value


NAMES = ("polars", "polars-lazy", "pandas", "pyarrow", "duckdb", "dask", "ibis", "pyspark")

REASONS = {"pyspark": "PySpark needs a Java runtime (version 17 or newer): none was found on PATH or in JAVA_HOME"}


def engine(name: str) -> Engine:
    """The engine of that name; skips the test where it is not installed."""
    module = {"dask": "dask.dataframe", "polars-lazy": "polars"}.get(name, name)
    pytest.importorskip(module, reason=f"{name} is not installed: pip install 'modelmeta[engines]'")
    return _MAKERS[name]()


def _polars() -> Engine:
    return Engine("polars", _polars_frame, lambda frame: frame.to_dict(as_series=False), False)


def _polars_frame(columns: Columns) -> Any:
    import polars as pl

    return pl.DataFrame(columns, strict=False)


def _polars_lazy() -> Engine:
    def read(frame: Any) -> Columns:
        columns: Columns = frame.collect().to_dict(as_series=False)
        return columns

    return Engine("polars-lazy", lambda columns: _polars_frame(columns).lazy(), read, True)


def _pandas() -> Engine:
    import pandas as pd

    return Engine("pandas", pd.DataFrame, _from_pandas, False)


def _from_pandas(frame: Any) -> Columns:
    return {name: frame[name].astype(object).tolist() for name in frame.columns}


def _pyarrow() -> Engine:
    import pyarrow as pa

    return Engine("pyarrow", pa.table, lambda frame: frame.to_pydict(), False)


def _duckdb() -> Engine:
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect()
    connection.execute("SET threads = 2")

    def make(columns: Columns) -> Any:
        rows = pa.table(columns)  # noqa: F841  (DuckDB reads it by its name)
        connection.execute("CREATE OR REPLACE TABLE log AS SELECT * FROM rows")
        return connection.table("log")

    return Engine("duckdb", make, lambda frame: frame.to_arrow_table().to_pydict(), True)


def _dask() -> Engine:
    import dask.dataframe
    import pandas as pd

    dd: Any = dask.dataframe

    def make(columns: Columns) -> Any:
        return dd.from_pandas(pd.DataFrame(columns), npartitions=2)

    return Engine("dask", make, lambda frame: _from_pandas(frame.compute()), True)


def _ibis() -> Engine:
    import ibis
    import pyarrow as pa

    return Engine("ibis", lambda columns: ibis.memtable(pa.table(columns)), lambda t: t.to_pyarrow().to_pydict(), True)


def has_java() -> bool:
    """Whether PySpark would find a Java runtime."""
    return bool(shutil.which("java") or os.environ.get("JAVA_HOME"))


def _pyspark() -> Engine:
    if not has_java():
        pytest.skip(REASONS["pyspark"])
    import pyarrow as pa

    def make(columns: Columns) -> Any:
        return spark_session().createDataFrame(pa.table(columns))

    def read(frame: Any) -> Columns:
        columns: Columns = frame.toArrow().to_pydict()
        return columns

    return Engine("pyspark", make, read, True)


_SESSIONS: list[Any] = []


def spark_session() -> Any:
    """One Spark in this process, with two workers, started when it is first wanted."""
    if not _SESSIONS:
        from pyspark.sql import SparkSession

        builder: Any = SparkSession.builder
        settings = {
            "spark.sql.shuffle.partitions": "2",
            "spark.ui.enabled": "false",
            "spark.driver.memory": "2g",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.session.timeZone": "America/New_York",
        }
        builder = builder.master("local[2]").appName("modelmeta tests")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        _SESSIONS.append(session)
    return _SESSIONS[0]


def stop_spark() -> None:
    """Stop it, if it was started."""
    while _SESSIONS:
        with contextlib.suppress(Exception):
            _SESSIONS.pop().stop()


_MAKERS: dict[str, Callable[[], Engine]] = {
    "polars": _polars,
    "polars-lazy": _polars_lazy,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
    "dask": _dask,
    "ibis": _ibis,
    "pyspark": _pyspark,
}
