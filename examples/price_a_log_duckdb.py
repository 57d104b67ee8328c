"""A log of 100 million requests, made up and priced by DuckDB.

    python examples/price_a_log_duckdb.py --rows 100_000_000 --memory 6GB

Needs ``pip install 'modelmeta[frames]' duckdb pyarrow``. The log is written to Parquet and priced from there, so that
it need never be in memory; what is kept is a table of what each model cost in each month.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from modelmeta.frames import with_cost

MODELS = (
    "gpt-4.1", "gpt-4.1-mini", "openai/gpt-4.1-nano", "gpt-5", "gpt-5-mini", "o3", "o4-mini-2025-04-16",
    "claude-sonnet-4-5", "claude-haiku-4-5", "anthropic/claude-opus-4-1", "gemini-2.5-pro", "models/gemini-2.5-flash",
    "gemini-2.5-flash-lite", "mistral/mistral-large-latest", "deepseek/deepseek-chat", "our-own-fine-model",
)  # fmt: skip
"""What the log names, among it a model that nobody can price."""

CHUNK = 10_000_000
"""Rows in one file."""


def make_log(connection: duckdb.DuckDBPyConnection, folder: Path, rows: int) -> None:
    """Files of requests at random: most of them short, some with most of the input cached, spread over a year."""
    for number, start in enumerate(range(0, rows, CHUNK)):
        until = min(start + CHUNK, rows)
        connection.execute(
            f"""
            COPY (
                SELECT
                    list_element($1::VARCHAR[], 1 + CAST(hash(i) % {len(MODELS)} AS INTEGER)) AS model,
                    TIMESTAMP '2025-11-01' + to_seconds(CAST(hash(i + 1) % 31_536_000 AS BIGINT)) AS sent,
                    CAST(100 + hash(i + 2) % 20_000 AS BIGINT) AS input_tokens,
                    CAST((100 + hash(i + 2) % 20_000) * (hash(i + 3) % 4) / 4 AS BIGINT) AS cached_input_tokens,
                    CAST(hash(i + 4) % 2_000 AS BIGINT) AS output_tokens
                FROM range({start}, {until}) AS numbers(i)
            ) TO '{folder / f"log-{number:03}.parquet"}' (FORMAT parquet)
            """,  # noqa: S608  (numbers and a path of our own)
            [list(MODELS)],
        )
        print(f"  written {until:>13,} of {rows:,} rows", flush=True)


def bill(connection: duckdb.DuckDBPyConnection, folder: Path) -> duckdb.DuckDBPyRelation:
    """What each model cost in each month, and how many requests have no cost, and why."""
    log = connection.read_parquet(str(folder / "*.parquet"))
    priced = with_cost(log, at="sent", components=False)
    return priced.aggregate(
        "strftime(sent, '%Y-%m') AS month, model, count(*) AS requests, sum(cost) AS cost, cost_currency, cost_reason"
    )


def main() -> None:
    """Make the log, price it, and say how long that took and how much memory."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=100_000_000)
    arguments.add_argument("--memory", default="6GB", help="what DuckDB may use (default: %(default)s)")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="modelmeta-log-") as made, duckdb.connect() as connection:
        folder = Path(made)
        connection.execute(f"SET memory_limit = '{asked.memory}'")
        connection.execute(f"SET enable_progress_bar = {sys.stderr.isatty()}")
        started = time.perf_counter()
        print(f"making a log of {asked.rows:,} requests")
        make_log(connection, folder, asked.rows)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"made {size / 1e9:.2f} GB in {time.perf_counter() - started:.1f} s; pricing it")
        started = time.perf_counter()
        months = bill(connection, folder).fetchall()
        seconds = time.perf_counter() - started
    totals: dict[str, float] = {}
    for _, model, requests, cost, currency, reason in months:
        if reason is None:
            totals[f"{model} ({currency})"] = totals.get(f"{model} ({currency})", 0) + cost
        else:
            totals[f"{model}: {reason}, requests"] = totals.get(f"{model}: {reason}, requests", 0) + requests
    for name, total in sorted(totals.items()):
        print(f"  {name:60} {total:>18,.2f}")
    unit = 1 if sys.platform == "darwin" else 1024  # of the peak: bytes on macOS, kilobytes on Linux
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(f"priced {asked.rows:,} rows in {seconds:.1f} s: {asked.rows / seconds / 1e6:.1f} million a second")
    print(f"most memory: {peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
