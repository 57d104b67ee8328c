"""What costs in frames take beside the barest join and multiplication of the same frame, and beside a loop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.environments import Environments
from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Options, Section, Table

if TYPE_CHECKING:
    import polars as pl

ROWS, ROWS_QUICK = 10_000_000, 10_000
MODELS = 50
LOOP_ROWS = 20_000

LOOP = """
import json, sys, time
from genai_prices import Usage, calc_price
rows = json.loads(sys.stdin.read() if len(sys.argv) < 2 else open(sys.argv[1]).read())
start = time.perf_counter()
priced = 0
for model, sent, cached, got in rows:
    try:
        calc_price(Usage(input_tokens=sent, cache_read_tokens=cached, output_tokens=got), model)
        priced += 1
    except LookupError:
        pass
print(json.dumps([time.perf_counter() - start, priced]))
"""
"""What a loop over rows takes with genai-prices: seconds, and how many rows it could price."""


INTRODUCTION = f"""\
{ROWS:,} rows, with the ids of {MODELS} models as strings and three counts of tokens, on all cores. The *barest* way
joins a table of three prices and multiplies; it knows no aliases, tiers, dates or thresholds. Without `models=`, a lazy
frame is joined with the prices of every model. All ways must add up to the same sum."""


class Way(NamedTuple):
    """One way to price the log: whether it is the barest, is aimed at, and first makes the prices of every model."""

    label: str
    engine: str
    run: Callable[[], object]
    bare: bool = False
    aimed: bool = False
    every_model: bool = False


def make_log(rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A log of requests to fifty models at random, and the three prices of each model for the barest join."""
    import numpy as np
    import polars as pl

    from modelmeta import compute_cost, list_models

    counts = ("input_tokens", "cached_input_tokens", "output_tokens")
    known = [
        model.id
        for provider in ("openai", "anthropic", "google", "mistral", "xai")
        for model in list_models(provider=provider)
        if all(model.price(component) for component in ("input", "cached_input", "output"))
    ]
    models = sorted(known, key=lambda name: (len(name), name))[-MODELS:]
    draw = np.random.default_rng(6)
    sent = draw.integers(0, 20_000, rows)
    columns = {
        "model": pl.Series(models).gather(draw.integers(0, len(models), rows)),
        "input_tokens": sent,
        "cached_input_tokens": (sent * draw.random(rows)).astype(np.int64),
        "output_tokens": draw.integers(0, 4_000, rows),
    }
    million: dict[str, dict[str, Any]] = {
        "input": {counts[0]: 10**3},
        "cached": {counts[0]: 10**3, counts[1]: 10**3},
        "output": {counts[2]: 10**3},
    }
    prices: dict[str, list[Any]] = {"model": models}
    for name, usage in million.items():
        prices[name] = [float(compute_cost(model, **usage).total) / 10**3 for model in models]
    return pl.DataFrame(columns), pl.DataFrame(prices)


SUM = """
    (input_tokens - cached_input_tokens) * input + cached_input_tokens * cached + output_tokens * output
"""


def ways(log: pl.DataFrame, prices: pl.DataFrame) -> list[Way]:
    """The ways to price it on Polars and on DuckDB."""
    import duckdb
    import polars as pl

    from modelmeta.frames import with_cost

    connection = duckdb.connect()
    connection.execute("CREATE TABLE log AS SELECT * FROM log")
    connection.execute("CREATE TABLE three_prices AS SELECT * FROM prices")
    table, models = connection.table("log"), prices["model"].to_list()
    joined = connection.sql(f"SELECT *, {SUM} AS cost FROM log LEFT JOIN three_prices USING (model)")  # noqa: S608  (constants)
    barest = pl.sql_expr(f"{SUM} AS cost")

    def total(relation: Any) -> object:
        return relation.aggregate("sum(cost)").fetchall()[0][0]

    return [
        Way(
            "join and multiply",
            "Polars",
            lambda: log.join(prices, on="model", how="left").with_columns(barest),
            bare=True,
        ),
        Way("with_cost", "Polars", lambda: with_cost(log), aimed=True),
        Way("with_cost, components=False", "Polars", lambda: with_cost(log, components=False)),
        Way("with_cost, lazy", "Polars", lambda: with_cost(log.lazy()).collect(), every_model=True),
        Way("with_cost, lazy, models=", "Polars", lambda: with_cost(log.lazy(), models=models).collect()),
        Way("join, multiply and sum", "DuckDB", lambda: total(joined), bare=True),
        Way("with_cost, sum", "DuckDB", lambda: total(with_cost(table)), aimed=True, every_model=True),
        Way("with_cost, models=, sum", "DuckDB", lambda: total(with_cost(table, models=models))),
    ]


def loop(places: Environments, log: pl.DataFrame, rounds: int) -> list[float]:
    """Seconds a row of a loop with genai-prices, once a round; none where it cannot be installed."""
    python = places.python("genai-prices")
    if python is None:
        return []
    found: list[float] = []
    with TemporaryDirectory() as folder:
        sample = Path(folder) / "log.json"
        sample.write_text(json.dumps(log.head(LOOP_ROWS).rows()), encoding="utf-8")
        for _ in range(rounds):
            done = places.run(python, LOOP, str(sample))
            if done.returncode == 0:
                seconds, priced = json.loads(done.stdout)
                found.append(seconds / max(priced, 1))
    return found


def measure(known: Sequence[Way], rounds: int) -> tuple[dict[Way, list[float]], dict[Way, float]]:
    """Seconds of each way, which take turns; and what each adds up to, from a first round that only warms up."""
    totals = {way: _total(way.run()) for way in known}
    seconds: dict[Way, list[float]] = {way: [] for way in known}
    for _ in range(rounds):
        for way in known:
            start = time.perf_counter()
            way.run()
            seconds[way].append(time.perf_counter() - start)
    return seconds, totals


def _total(result: Any) -> float:
    return float(result if isinstance(result, float) else result["cost"].sum())


def run(options: Options) -> Section:
    """Measure Polars and DuckDB."""
    if missing := [name for name in ("narwhals", "numpy", "polars", "duckdb") if find_spec(name) is None]:
        return Section("Costs in frames", (f"Left out: {missing[0]} is not installed.",))
    rows = ROWS_QUICK if options.quick else ROWS
    log, prices = make_log(rows)
    known = [way for way in ways(log, prices) if not (options.quick and way.every_model)]
    measured, totals = measure(known, options.times(full=5, quick=1))
    looped = loop(options.places, log, options.times(full=3, quick=1))
    barest = {way.engine: seconds for way, seconds in measured.items() if way.bare}
    cells: list[tuple[str, ...]] = []
    aims: list[Aim] = []
    for way, seconds in measured.items():
        label = f"{way.engine}: {way.label}"
        ratio = Summary.of([one / bare for one, bare in zip(seconds, barest[way.engine], strict=True)])
        speed = Summary.of([rows / one for one in seconds])
        faster = Summary.of([one * speed.median for one in looped]) if looped else None
        cells.append(
            (label, ratio.text(), faster.text() if faster else "-", speed.text(1e-6), Summary.of(seconds).text())
        )
        if way.aimed:
            aims.append(Aim.at_least(f"{label}: rows a second", speed, 15e6, "million", scale=1e-6))
            aims.append(Aim.at_most(f"{label}, against the barest", ratio, 2.5, "x"))
            if faster:
                aims.append(Aim.at_least(f"{label}, against a loop with genai-prices", faster, 300, "x"))
    header = ("a log of requests", "x the barest", "times a genai-prices loop", "million rows/s", "seconds")
    right = next(total for way, total in totals.items() if way.bare)
    wrong = tuple(
        f"{way.engine}: {way.label} adds up to {total}, the barest way to {right}"
        for way, total in totals.items()
        if abs(total / right - 1) > 1e-9
    )
    return Section("Costs in frames", (INTRODUCTION, Table(header, tuple(cells))), wrong=wrong, aims=tuple(aims))
