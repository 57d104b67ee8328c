"""Costs in frames: on every engine what ``compute_cost`` says."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelmeta import Catalog, UsageError, list_models, use_catalog
from modelmeta.frames import with_cost
from tests.frames.conftest import columns_of
from tests.frames.engines import Columns, Engine
from tests.frames.expected import Answer, answer, close, differs

MINI = "gpt-4.1-mini"
"""0.40 $ per million input tokens, 0.10 $ cached, 1.60 $ output: https://platform.openai.com/docs/models/gpt-4.1-mini"""


def priced(engine: Engine, columns: Columns, **asked: Any) -> list[dict[str, Any]]:
    """The rows with their costs, in the order of the column ``row`` that is added."""
    numbered = {"row": list(range(len(columns["model"]))), **columns}
    known = [model for model in columns["model"] if model is not None]
    return engine.run(with_cost(engine.make(numbered), **{"models": known, **asked}))


def test_ten_thousand_requests_cost_what_compute_cost_says(
    an_engine: Engine, log: list[dict[str, Any]], answers: dict[int, Answer]
) -> None:
    frame = an_engine.make(columns_of(log))
    rows = an_engine.run(with_cost(frame, tier="tier", at="at"))
    assert len(rows) == len(log)
    wrong = [(row["row"], row["model"], found) for row in rows if (found := differs(row, answers[row["row"]]))]
    assert wrong == []


def test_the_sample_covers_what_it_should(answers: dict[int, Answer]) -> None:
    reasons = [found.reason.partition(":")[0] for found in answers.values()]
    assert sum(found.total is not None for found in answers.values()) > 1_000
    assert {"no price", "unknown model", "ambiguous model", "before the release", "input_tokens is null"} <= set(
        reasons
    )


def test_a_request_that_anyone_can_work_out(quick_engine: Engine) -> None:
    columns: Columns = {
        "model": [MINI],
        "input_tokens": [10_000],
        "cached_input_tokens": [8_000],
        "output_tokens": [1_000],
    }
    (row,) = priced(quick_engine, columns)
    parts = row["cost"], row["cost_input"], row["cost_cached_input"], row["cost_output"]
    assert parts == pytest.approx((0.0032, 0.0008, 0.0008, 0.0016), rel=1e-9)
    assert (row["cost_currency"], row["cost_reason"]) == ("USD", None)
    assert row["input_tokens"] == 10_000


def test_what_cannot_be_priced_is_null_and_says_why(an_engine: Engine) -> None:
    cases = [
        (None, 1, 1, "no model"),
        (MINI, None, 1, "input_tokens is null"),
        (MINI, 1, None, "output_tokens is null"),
        (MINI, -5, 1, "input_tokens is negative"),
        (MINI, 1, -1, "output_tokens is negative"),
        ("gpt-4.1-mni", 1, 1, "unknown model"),
        ("deepseek-chat-v9", 1, 1, "unknown model"),
        (MINI, 0, 0, None),
    ]
    models, sent, got, reasons = (list(column) for column in zip(*cases, strict=True))
    rows = priced(an_engine, {"model": models, "input_tokens": sent, "output_tokens": got})
    assert [row["cost_reason"] for row in rows] == reasons
    assert [row["cost"] for row in rows] == [None] * 7 + [0.0]
    assert str(rows[-1]["cost"]) == "0.0"
    assert [row["cost_input"] for row in rows] == [None] * 7 + [0.0]


def test_parts_that_are_more_than_their_whole(quick_engine: Engine) -> None:
    columns: Columns = {"model": [MINI], "input_tokens": [10], "cached_input_tokens": [11], "output_tokens": [0]}
    (row,) = priced(quick_engine, columns)
    assert (row["cost"], row["cost_reason"]) == (None, "input_tokens is less than its parts")


def test_counts_that_are_no_whole_numbers(quick_engine: Engine) -> None:
    sent = [1_000.0, 10.5, float("inf")]
    rows = priced(quick_engine, {"model": [MINI] * 3, "input_tokens": sent, "output_tokens": [0, 0, 0]})
    assert close(rows[0]["cost"], 0.0004)
    assert [row["cost"] for row in rows[1:]] == [None, None]
    assert [row["cost_reason"] for row in rows] == [
        None,
        "input_tokens is not a whole number",
        "input_tokens is not a number",
    ]


def test_not_a_number_is_never_a_cost(an_engine: Engine) -> None:
    columns: Columns = {"model": [MINI, MINI], "input_tokens": [float("nan"), 1.0], "output_tokens": [0, 0]}
    rows = priced(an_engine, columns)
    assert (rows[0]["cost"], rows[1]["cost_reason"]) == (None, None)
    assert rows[0]["cost_reason"] in {"input_tokens is not a number", "input_tokens is null"}


def test_every_set_of_thresholds_at_and_above_each(quick_engine: Engine) -> None:
    """Of requests of which nothing is known but the model and the size, in a frame that may hold any model."""
    of_thresholds: dict[tuple[int, ...], str] = {}
    for model in list_models():
        above = {rate.condition.above_input_tokens for rate in model.prices if rate.condition is not None}
        of_thresholds.setdefault(tuple(sorted(filter(None, above))), model.qualified_id)
    assert len(of_thresholds) > 10
    requests = [
        {"model": model, "input_tokens": size, "output_tokens": 1_000}
        for thresholds, model in of_thresholds.items()
        for size in (1, *thresholds, *(threshold + 1 for threshold in thresholds))
    ]
    rows = priced(quick_engine, {name: [row[name] for row in requests] for name in requests[0]}, models=None)
    assert [
        wrong for row, request in zip(rows, requests, strict=True) if (wrong := differs(row, answer(request)))
    ] == []


def test_a_column_of_providers(an_engine: Engine) -> None:
    columns: Columns = {
        "model": ["gpt-4o", "gpt-4o", "gpt-4o", "openai/gpt-4o", "claude-sonnet-4-5", "gpt-4o"],
        "provider": ["openai", "Azure", None, "openrouter", "bedrock", "nobody"],
        "input_tokens": [1_000_000] * 6,
        "output_tokens": [0] * 6,
    }
    rows = priced(an_engine, columns, provider="provider", models=None)
    names = list(columns)
    expected = [answer(dict(zip(names, values, strict=True))) for values in zip(*columns.values(), strict=True)]
    assert [found for row, right in zip(rows, expected, strict=True) if (found := differs(row, right))] == []
    assert [row["cost"] is None for row in rows] == [False] * 5 + [True]


def test_a_moment_without_a_zone_is_utc_and_one_with_a_zone_is_itself(an_engine: Engine) -> None:
    """DeepSeek's prices fell every night: 16:30 to 00:30 UTC was the cheaper time until September 2025."""
    zone = timezone(timedelta(hours=-5))
    evening = datetime(2025, 8, 1, 12, 0, tzinfo=zone)
    naive = datetime(2025, 8, 1, 17, 0)  # noqa: DTZ001
    for moment in (evening, naive):
        request = {
            "model": "deepseek/deepseek-chat",
            "at": moment,
            "input_tokens": 1_000_000,
            "output_tokens": 1_000_000,
        }
        (row,) = priced(an_engine, {name: [value] for name, value in request.items()}, at="at")
        assert differs(row, answer(request)) == ""


def test_a_column_of_days(an_engine: Engine) -> None:
    if an_engine.name in {"pandas", "dask"}:
        pytest.skip("pandas has no type of days")
    days = [date(2023, 1, 1), date(2026, 1, 1), None]
    columns: Columns = {"model": [MINI] * 3, "day": days, "input_tokens": [1_000] * 3, "output_tokens": [0] * 3}
    rows = priced(an_engine, columns, at="day")
    assert [row["cost_reason"] for row in rows] == ["before the release", None, "no time"]
    assert close(rows[1]["cost"], 0.0004)


def test_tiers(quick_engine: Engine) -> None:
    columns: Columns = {
        "model": [MINI] * 4,
        "tier": ["batch", None, "standard", "gratis"],
        "input_tokens": [1_000_000] * 4,
    }
    rows = priced(quick_engine, columns, tier="tier")
    assert [row["cost"] for row in rows[:3]] == pytest.approx([0.2, 0.4, 0.4], rel=1e-9)
    assert (rows[3]["cost"], rows[3]["cost_reason"]) == (None, "unknown tier")
    (row,) = priced(quick_engine, {"model": [MINI], "input_tokens": [1_000_000]}, tier="batch")
    assert close(row["cost"], 0.2)


def test_a_threshold_reprices_the_whole_request(quick_engine: Engine) -> None:
    """Gemini 2.5 Pro: 1.25 $ up to 200,000 input tokens, 2.50 $ above; 10 $ and 15 $ output."""
    columns: Columns = {
        "model": ["gemini-2.5-pro"] * 2,
        "input_tokens": [200_000, 200_001],
        "output_tokens": [1_000, 1_000],
    }
    rows = priced(quick_engine, columns)
    assert [row["cost"] for row in rows] == pytest.approx([0.26, 0.5150025], rel=1e-9)


def test_the_rest_of_what_is_only_partly_priced(quick_engine: Engine) -> None:
    columns: Columns = {"model": [MINI], "input_tokens": [1_000_000], "output_tokens": [0], "songs": [2]}
    (row,) = priced(quick_engine, columns, songs="songs")
    assert (row["cost"], row["cost_reason"]) == (None, "no price for songs")
    (row,) = priced(quick_engine, columns, songs="songs", on_missing="skip")
    assert close(row["cost"], 0.4)
    assert (row["cost_songs"], row["cost_reason"]) == (None, "no price for songs")


def test_missing_counts_can_be_taken_for_zero(quick_engine: Engine) -> None:
    columns: Columns = {"model": [MINI, MINI], "input_tokens": [1_000_000, None], "output_tokens": [0, None]}
    rows = priced(quick_engine, columns, nulls="zero")
    assert close(rows[0]["cost"], 0.4)
    assert (rows[1]["cost"], rows[1]["cost_reason"]) == (None, "no counts")


def test_columns_by_other_names_and_fewer_of_them(quick_engine: Engine) -> None:
    columns: Columns = {"model": [MINI], "prompt": [1_000_000], "completion": [0]}
    (row,) = priced(
        quick_engine, columns, input_tokens="prompt", output_tokens="completion", components=False, prefix="usd"
    )
    assert list(row) == ["row", "model", "prompt", "completion", "usd", "usd_currency", "usd_reason"]
    assert close(row["usd"], 0.4)


def test_rows_keep_their_order(quick_engine: Engine) -> None:
    if quick_engine.name in {"duckdb", "ibis"}:
        pytest.skip("rows of this engine have no order")
    order = [5, 3, 9, 1, 7, 0, 8, 2, 6, 4]
    frame = quick_engine.make({"model": [MINI, "o3"] * 5, "input_tokens": order, "output_tokens": [0] * 10})
    assert quick_engine.read(with_cost(frame))["input_tokens"] == order


# Frames as people have them -------------------------------------------------------------------------------


def test_pandas_keeps_its_index_and_its_frame() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"model": [MINI, "x"], "input_tokens": [1_000_000, 1], "output_tokens": [0, 0]}, index=["b", "b"]
    )
    found = with_cost(frame)
    assert list(found.index) == ["b", "b"]
    assert close(found["cost"].iloc[0], 0.4)
    assert "cost" not in frame.columns


def test_references_that_are_categories() -> None:
    pl = pytest.importorskip("polars")
    models = pl.Series([MINI, None, MINI], dtype=pl.Categorical)
    found = with_cost(pl.DataFrame({"model": models, "input_tokens": [1_000_000, 1, 0], "output_tokens": [0, 0, 0]}))
    assert found["cost"].to_list() == pytest.approx([0.4, None, 0.0])


def test_a_frame_without_rows() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(schema={"model": pl.String, "input_tokens": pl.Int64, "output_tokens": pl.Int64})
    assert with_cost(frame).height == 0
    assert with_cost(frame.lazy()).collect().height == 0


def test_counts_of_which_none_is_stated() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"model": [MINI], "input_tokens": [1_000_000], "cached_input_tokens": [None]})
    assert close(with_cost(frame)["cost"][0], 0.4)


def test_a_frame_with_more_references_than_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pl = pytest.importorskip("polars")
    monkeypatch.setattr("modelmeta._frame_query.MOST_DISTINCT", 1)
    tuned = "ft:gpt-4.1-mini-2025-04-14:org::id"
    models = [MINI.upper(), tuned, tuned.upper(), "nobody/knows", "models/gemini-2.5-pro"]
    frame = pl.DataFrame({"model": models, "input_tokens": [1_000_000] * 5, "output_tokens": [0] * 5})
    rows = with_cost(frame).to_dicts()
    assert [
        differs(row, answer({"model": row["model"], "input_tokens": 1_000_000, "output_tokens": 0})) for row in rows
    ] == [""] * 5


def test_prices_of_an_overlay() -> None:
    pl = pytest.importorskip("polars")
    change = {"component": "input", "unit": "1M tokens", "amount": "0.32"}
    mine = Catalog.bundled().with_overlay({"changes": {MINI: {"prices": [change]}}, "aliases": {"fast-one": MINI}})
    frame = pl.DataFrame({"model": [MINI, "fast-one"], "input_tokens": [1_000_000] * 2, "output_tokens": [0] * 2})
    with use_catalog(mine):
        assert with_cost(frame)["cost"].to_list() == pytest.approx([0.32, 0.32])
    assert with_cost(frame)["cost"].to_list() == [pytest.approx(0.4), None]


def test_a_database_with_tables_of_any_name() -> None:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    for name in ("prices", "made", "sheet", "frame", "lhs", "rhs", "_q"):
        connection.execute(f"CREATE TABLE {name} (x INTEGER)")
    connection.execute(f"CREATE TABLE log AS SELECT '{MINI}' AS model, 1_000_000 AS input_tokens, 0 AS output_tokens")
    found = with_cost(connection.table("log"), models=[MINI])
    assert close(found.to_arrow_table().to_pydict()["cost"][0], 0.4)


# Nothing is collected ------------------------------------------------------------------------------------


def test_a_polars_query_is_not_run() -> None:
    pl = pytest.importorskip("polars")

    def explode(_frame: object) -> object:
        raise AssertionError("the query was run")

    lazy = pl.LazyFrame({"model": [MINI], "input_tokens": [1], "output_tokens": [1]})
    schema = {"model": pl.String, "input_tokens": pl.Int64, "output_tokens": pl.Int64}
    found = with_cost(lazy.map_batches(explode, schema=schema))
    assert isinstance(found, pl.LazyFrame)
    with pytest.raises(AssertionError, match="the query was run"):
        found.collect()


def test_a_duckdb_query_is_not_run() -> None:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    never = connection.sql(
        f"SELECT '{MINI}' AS model, error('the query was run')::BIGINT AS input_tokens, 1 AS output_tokens"
    )
    found = with_cost(never)
    with pytest.raises(duckdb.Error, match="the query was run"):
        found.fetchall()


def test_a_dask_graph_is_not_computed() -> None:
    pytest.importorskip("dask.dataframe")
    pd = pytest.importorskip("pandas")
    import dask.dataframe

    def explode(_part: object) -> object:
        raise AssertionError("the graph was computed")

    part = pd.DataFrame({"model": [MINI], "input_tokens": [1], "output_tokens": [1]})
    dd: Any = dask.dataframe
    found = with_cost(dd.from_map(explode, [0], meta=part))
    with pytest.raises(AssertionError, match="the graph was computed"):
        found.compute()


def test_an_ibis_expression_needs_no_database() -> None:
    ibis = pytest.importorskip("ibis")
    table = ibis.table({"model": "string", "input_tokens": "int64", "output_tokens": "int64"}, name="nowhere")
    assert with_cost(table, components=False).columns[-3:] == ("cost", "cost_currency", "cost_reason")


# Errors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"model": "modell"}, "no column 'modell' for model=; did you mean 'model'"),
        ({"input_tokens": "input_token"}, "no column 'input_token' for input_tokens=; did you mean 'input_tokens'"),
        ({"output_tokens": "model"}, "output_tokens='model' holds String, not numbers"),
        ({"model": "input_tokens"}, "holds Int64, not strings"),
        ({"tier": "gratis"}, "no list price is by service tier 'gratis'"),
        ({"at": "2026-13-01"}, "is not a date"),
        ({"at": "model"}, "at='model' holds String: cast it"),
        ({"nulls": "drop"}, "nulls is 'unpriced' or 'zero', not 'drop'"),
        ({"on_missing": "raise"}, "on_missing is 'null' or 'skip', not 'raise'"),
        ({"prefix": "model"}, "already has a column 'model'"),
        ({"web_search": "input_tokens"}, "no argument 'web_search'; did you mean web_searches"),
        ({"input_tokens": None, "output_tokens": None}, "no column holds a count"),
    ],
)
def test_arguments_that_fit_no_column(asked: dict[str, Any], words: str) -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"model": [MINI], "input_tokens": [1], "output_tokens": [1]})
    with pytest.raises(UsageError) as caught:
        with_cost(frame, **asked)
    assert words in str(caught.value)


def test_what_is_no_frame() -> None:
    with pytest.raises(UsageError, match=r"takes a frame, not dict"):
        with_cost({"model": [MINI]})


# Any request -------------------------------------------------------------------------------------------------

REFERENCES = st.sampled_from(
    [
        MINI,
        "openai/gpt-5",
        "claude-sonnet-4-5",
        "gemini-2.5-pro",
        "deepseek/deepseek-chat",
        "GPT-4o@azure",
        "x",
        "",
        "o3 ",
    ]
)
COUNT = st.none() | st.integers(0, 10**7)
REQUEST = st.fixed_dictionaries(
    {
        "model": REFERENCES,
        "tier": st.sampled_from([None, "standard", "batch", "flex", "priority", "fast"]),
        "at": st.datetimes(datetime(2023, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
        "input_tokens": COUNT,
        "cached_input_tokens": COUNT,
        "cache_write_tokens": COUNT,
        "output_tokens": COUNT,
        "reasoning_tokens": COUNT,
        "web_searches": COUNT,
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(REQUEST, min_size=1, max_size=20))
def test_any_request_costs_what_compute_cost_says(requests: list[dict[str, Any]]) -> None:
    pl = pytest.importorskip("polars")
    schema = {"model": pl.String, "tier": pl.String, "at": pl.Datetime("us")}
    counts = {name: pl.Int64 for name in requests[0] if name not in schema}
    frame = pl.DataFrame(columns_of(requests), schema={**schema, **counts})
    rows = with_cost(frame, tier="tier", at="at", web_searches="web_searches").to_dicts()
    assert [
        found for row, request in zip(rows, requests, strict=True) if (found := differs(row, answer(request)))
    ] == []
