"""A log of 10 million requests, made up and priced by Spark with two workers on this machine.

    python examples/price_a_log_spark.py --rows 10_000_000

Needs ``pip install 'modelmeta[frames]' pyspark pyarrow`` and a Java runtime. On a cluster the same call of
``with_cost`` runs on its workers: the prices are sent to each of them, and no row leaves its own.
"""

from __future__ import annotations

import argparse
import time

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from modelmeta.frames import with_cost

MODELS = (
    "gpt-4.1", "gpt-4.1-mini", "openai/gpt-4.1-nano", "gpt-5", "gpt-5-mini", "o3", "claude-sonnet-4-5",
    "claude-haiku-4-5", "gemini-2.5-pro", "models/gemini-2.5-flash", "deepseek/deepseek-chat", "our-own-fine-model",
)  # fmt: skip
"""What the log names, among it a model that nobody can price."""


def make_log(spark: SparkSession, rows: int) -> DataFrame:
    """Requests at random, spread over a year."""
    models = f.array(*(f.lit(model) for model in MODELS))
    sent = 100 + f.pmod(f.xxhash64("id", f.lit(2)), f.lit(20_000))
    return spark.range(0, rows, numPartitions=20).select(
        f.element_at(models, (1 + f.pmod(f.xxhash64("id"), f.lit(len(MODELS)))).cast("int")).alias("model"),
        f.timestamp_seconds(1_761_955_200 + f.pmod(f.xxhash64("id", f.lit(1)), f.lit(31_536_000))).alias("sent"),
        sent.alias("input_tokens"),
        f.floor(sent * f.pmod(f.xxhash64("id", f.lit(3)), f.lit(4)) / 4).alias("cached_input_tokens"),
        f.pmod(f.xxhash64("id", f.lit(4)), f.lit(2_000)).alias("output_tokens"),
    )


def main() -> None:
    """Make the log, price it part by part, and say how long that took."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=10_000_000)
    asked = arguments.parse_args()
    builder = SparkSession.builder.master("local[2]").appName("price a log").config("spark.driver.memory", "3g")
    spark = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    started = time.perf_counter()
    priced = with_cost(make_log(spark, asked.rows), at="sent", components=False)
    print(f"the query stands after {time.perf_counter() - started:.1f} s; Spark shows how far it is", flush=True)
    groups = priced.groupBy("model", "cost_currency", "cost_reason").agg(f.sum("cost"), f.count("*")).collect()
    seconds = time.perf_counter() - started
    spark.stop()
    for model, currency, reason, cost, requests in sorted(groups, key=str):
        name, total = (f"{model} ({currency})", cost) if reason is None else (f"{model}: {reason}, requests", requests)
        print(f"  {name:60} {total:>18,.2f}")
    print(f"priced {asked.rows:,} rows in {seconds:.1f} s: {asked.rows / seconds / 1e6:.2f} million a second")


if __name__ == "__main__":
    main()
