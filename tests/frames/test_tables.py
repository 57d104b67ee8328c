"""The dataset as frames, as Parquet and as SQL, and the cost of a row as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from modelmeta import ModelMetaError, UsageError, get_model, list_models
from modelmeta.frames import cost_sql, model_table, parameter_table, price_table, table_sql, write_parquet
from tests.frames.engines import NAMES, Columns, engine
from tests.frames.expected import answer, differs

BACKENDS = [name for name in NAMES if name != "polars-lazy"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_prices_in_any_engine(backend: str) -> None:
    used = engine(backend)
    used.make({"model": ["x"]})
    columns = used.read(price_table(backend))  # type: ignore[call-overload]
    assert len(columns["model"]) == sum(len(model.prices) for model in list_models())
    places = [number for number, model in enumerate(columns["model"]) if model == "openai/gpt-4.1-mini"]
    rates = get_model("gpt-4.1-mini").prices
    assert sorted(columns["exact_amount"][place] for place in places) == sorted(f"{rate.amount:f}" for rate in rates)
    assert {columns["currency"][place] for place in places} == {"USD"}


@pytest.mark.parametrize("backend", ["polars", "pandas", "pyarrow"])
def test_what_nobody_has_said_is_missing_and_not_false(backend: str) -> None:
    columns = engine(backend).read(model_table(backend))  # type: ignore[call-overload]
    of_model = dict(
        zip(columns["model"], zip(columns["tool_calling"], columns["context_window"], strict=True), strict=True)
    )
    for model in list_models(provider="openai"):
        found = [None if str(value) == "<NA>" else value for value in of_model[model.qualified_id]]
        assert found == [model.capabilities.tool_calling, model.limits.context_window]


@pytest.fixture
def few_models(monkeypatch: pytest.MonkeyPatch) -> int:
    """Tables of one provider's models: those of all take their time."""
    few = list_models(provider="openai")
    monkeypatch.setattr("modelmeta.frames.list_models", lambda: few)
    return len(few)


@pytest.mark.usefixtures("few_models")
def test_parameters() -> None:
    pl = pytest.importorskip("polars")
    found = parameter_table("polars").filter(pl.col("model") == "openai/gpt-4.1-mini", pl.col("path") == "temperature")
    assert found.select("minimum", "maximum").row(0) == (0.0, 2.0)


def test_no_such_engine() -> None:
    with pytest.raises(ModelMetaError, match="no backend is called 'poalrs'; did you mean 'polars'"):
        price_table("poalrs")  # type: ignore[call-overload]


def test_parquet(tmp_path: Path, few_models: int) -> None:
    pl = pytest.importorskip("polars")
    write_parquet(tmp_path / "data")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [
        "models.parquet", "parameters.parquet", "prices.parquet",
    ]  # fmt: skip
    assert pl.read_parquet(tmp_path / "data" / "models.parquet").height == few_models


# SQL ------------------------------------------------------------------------------------------------------


Database = tuple[Callable[[str], Any], Callable[[str], Columns]]
"""What runs a statement, and what reads the answer to a query."""


@contextmanager
def _sqlite() -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:")) as connection:

        def rows(query: str) -> Columns:
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description]
            return {name: list(of) for name, of in zip(names, zip(*cursor.fetchall(), strict=True), strict=True)}

        yield connection.execute, rows


@contextmanager
def _duckdb() -> Iterator[Database]:
    with closing(pytest.importorskip("duckdb").connect()) as connection:
        yield connection.execute, lambda query: connection.sql(query).to_arrow_table().to_pydict()


DATABASES = {"sqlite": _sqlite, "duckdb": _duckdb}


@pytest.mark.parametrize("dialect", DATABASES)
@pytest.mark.parametrize("name", ["models", "prices"])
@pytest.mark.usefixtures("few_models")
def test_tables_in_a_database(dialect: str, name: str) -> None:
    pytest.importorskip("pyarrow")
    with DATABASES[dialect]() as (run, read):
        for statement in table_sql(name, dialect=dialect):  # type: ignore[arg-type]
            run(statement)
        found = read(f"SELECT * FROM modelmeta_{name}")
    tables: dict[str, Any] = {"models": model_table, "prices": price_table}
    assert found == tables[name]("pyarrow").to_pydict()


def test_quotes_and_backslashes_in_a_warehouse() -> None:
    from modelmeta._frame_sql import statements

    made = {
        name: list(statements("t", {"a": ["it's \\n"]}, {"a": str}, name))[1].partition("VALUES\n")[2]
        for name in ("bigquery", "postgres")
    }
    assert made == {"bigquery": "('it\\'s \\\\n')", "postgres": "('it''s \\n')"}


REQUESTS = [
    {
        "model": model,
        "tier": tier,
        "sent": sent,
        "input_tokens": size,
        "cached_input_tokens": cached,
        "output_tokens": 700,
    }
    for model in ("gpt-4.1-mini", "OpenAI/GPT-5", "claude-sonnet-4-5", "gemini-2.5-pro", "deepseek/deepseek-chat", "x")
    for tier in (None, "batch", "flex")
    for sent in ("2025-08-01 17:00:00", "2026-11-01 03:00:00", "2024-01-01 00:00:00")
    for size, cached in ((1_000, None), (250_000, 100_000), (10, 11))
]
TYPES = {"model": "VARCHAR", "tier": "VARCHAR", "sent": "TIMESTAMP"}
KINDS = {"model": "string", "tier": "string", "sent": "timestamp"}


@pytest.mark.parametrize(("dialect", "known"), [("sqlite", True), ("duckdb", True), ("sqlite", False)])
def test_costs_in_a_database(dialect: str, known: bool) -> None:
    pytest.importorskip("ibis")
    listed = ", ".join(f"{name} {TYPES.get(name, 'BIGINT')}" for name in REQUESTS[0])
    values = ["(" + ", ".join("NULL" if v is None else repr(v) for v in row.values()) + ")" for row in REQUESTS]
    columns = {name: KINDS.get(name, "int64") for name in REQUESTS[0]}
    models = [str(row["model"]) for row in REQUESTS] if known else None
    made = cost_sql("log", columns, dialect=dialect, tier="tier", at="sent", models=models)  # type: ignore[arg-type]
    with DATABASES[dialect]() as (run, read):
        for statement in (f"CREATE TABLE log ({listed})", f"INSERT INTO log VALUES {', '.join(values)}", *made.setup):
            run(statement)
        found = read(made.query)
    rows = [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]
    assert len(rows) == len(REQUESTS)
    asked = [{**{name: row[name] for name in columns if name != "sent"}, "at": str(row["sent"])} for row in rows]
    assert [wrong for row, request in zip(rows, asked, strict=True) if (wrong := differs(row, answer(request)))] == []


@pytest.mark.parametrize("dialect", ["bigquery", "postgres", "snowflake"])
def test_other_dialects_can_be_read_again(dialect: str) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    pytest.importorskip("ibis")
    columns = {"model": "string", "sent": "timestamp", "input_tokens": "int64", "output_tokens": "int64"}
    made = cost_sql("db.usage.log", columns, dialect=dialect, at="sent", models=["gpt-4.1-mini"])  # type: ignore[arg-type]
    for statement in (*made.setup, made.query):
        sqlglot.parse_one(statement, dialect=dialect)
    assert "modelmeta_rates" in made.query


def test_no_such_dialect() -> None:
    with pytest.raises(UsageError, match="no SQL dialect 'postgre'; did you mean 'postgres'"):
        next(table_sql("models", dialect="postgre"))  # type: ignore[arg-type]
