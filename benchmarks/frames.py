"""What costs in frames take beside the barest join and multiplication of the same frame, and beside a loop.

python -m benchmarks.frames --rows 10_000_000
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.environments import Environments, environments
from benchmarks.reporting import Summary, parser, print_table

if TYPE_CHECKING:
    import polars as pl

ROWS = 10_000_000
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


class Way(NamedTuple):
    """One way to price the log: on which engine, whether it is the barest, and what it does."""

    label: str
    engine: str
    run: Callable[[], object]
    bare: bool = False


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
    connection.execute("CREATE TABLE prices AS SELECT * FROM prices")
    table, models = connection.table("log"), prices["model"].to_list()
    joined = connection.sql(f"SELECT *, {SUM} AS cost FROM log LEFT JOIN prices USING (model)")  # noqa: S608
    barest = pl.sql_expr(f"{SUM} AS cost")

    def total(relation: Any) -> object:
        return relation.aggregate("sum(cost)").fetchall()

    return [
        Way("join and multiply", "Polars", lambda: log.join(prices, on="model", how="left").with_columns(barest), True),
        Way("with_cost", "Polars", lambda: with_cost(log)),
        Way("with_cost, components=False", "Polars", lambda: with_cost(log, components=False)),
        Way("with_cost, lazy", "Polars", lambda: with_cost(log.lazy()).collect()),
        Way("with_cost, lazy, models=", "Polars", lambda: with_cost(log.lazy(), models=models).collect()),
        Way("join, multiply and sum", "DuckDB", lambda: total(joined), True),
        Way("with_cost, sum", "DuckDB", lambda: total(with_cost(table))),
        Way("with_cost, models=, sum", "DuckDB", lambda: total(with_cost(table, models=models))),
    ]


def loop(places: Environments, log: pl.DataFrame, folder: Path, rounds: int) -> list[float]:
    """Seconds a row of a loop with genai-prices, once a round; none where it cannot be installed."""
    python = places.python("genai-prices")
    if python is None:
        return []
    sample = folder / "log.json"
    sample.write_text(json.dumps(log.head(LOOP_ROWS).rows()), encoding="utf-8")
    found: list[float] = []
    for _ in range(rounds):
        done = places.run(python, LOOP, str(sample))
        if done.returncode == 0:
            seconds, priced = json.loads(done.stdout)
            found.append(seconds / max(priced, 1))
    return found


def results(places: Environments, *, rows: int, rounds: int) -> list[list[str]]:
    """A table row for each way: seconds, million rows a second, and ratios taken within a round."""
    log, prices = make_log(rows)
    known = ways(log, prices)
    seconds: dict[str, list[float]] = {f"{way.engine}: {way.label}": [] for way in known}
    for number in range(rounds + 1):
        for way in known:
            start = time.perf_counter()
            way.run()
            if number:  # the first round warms up
                seconds[f"{way.engine}: {way.label}"].append(time.perf_counter() - start)
    of_loop = Summary.of(loop(places, log, places.folder, rounds) or [float("nan")]).median
    barest = {way.engine: seconds[f"{way.engine}: {way.label}"] for way in known if way.bare}
    table: list[list[str]] = []
    for way in known:
        taken = seconds[f"{way.engine}: {way.label}"]
        ratio = Summary.of([one / bare for one, bare in zip(taken, barest[way.engine], strict=True)])
        speed = Summary.of([rows / one / 1e6 for one in taken])
        cells = [
            Summary.of(taken).text(1, 2),
            speed.text(),
            ratio.text(1, 2),
            f"{of_loop / (speed.median**-1 / 1e6):,.0f}",
        ]
        table.append([f"{way.engine}: {way.label}", *cells])
    return table


HEADER = ["a log of requests", "seconds", "million rows/s", "x the barest", "x a genai-prices loop"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    asked = parser(__doc__ or "", rounds=5)
    asked.add_argument("--rows", type=int, default=ROWS, help="rows of the log (default: %(default)s)")
    found = asked.parse_args(arguments)
    with environments(found.environments) as places:
        print_table(HEADER, results(places, rows=found.rows, rounds=found.rounds))


if __name__ == "__main__":
    main()
