"""A log of ten thousand requests to all models, and what ``compute_cost`` says of each: worked out once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from modelmeta import list_models
from modelmeta.pricing import TIERS
from tests.frames.engines import NAMES, Columns, Engine, engine, stop_spark
from tests.frames.expected import Answer, answer

ROWS = 10_000
START = datetime(2024, 6, 1, tzinfo=timezone.utc)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give all that wants Spark to one worker: each would start a Java machine of its own."""
    for item in items:
        if "pyspark" in item.name:
            item.add_marker(pytest.mark.xdist_group("pyspark"))


@pytest.fixture(scope="session", autouse=True)
def no_spark_left_behind() -> Iterator[None]:
    yield
    stop_spark()


@pytest.fixture(scope="session", params=NAMES)
def an_engine(request: pytest.FixtureRequest) -> Engine:
    return engine(request.param)


@pytest.fixture(params=[name for name in NAMES if name not in {"dask", "pyspark"}])
def quick_engine(request: pytest.FixtureRequest) -> Engine:
    """An engine that takes no second to start a query: for what cannot differ where the rest does not."""
    return engine(request.param)


def _request(draw: random.Random, number: int, reference: str) -> dict[str, Any]:
    size = draw.choice((50, 900, 5_000, 40_000, 150_000, 230_000, 300_000, 900_000))
    sent = draw.randrange(size)
    cached = draw.choice((None, 0, 0, draw.randrange(sent // 2 + 1)))
    written = draw.choice((None, 0, 0, 0, draw.randrange(sent // 3 + 1)))
    written_1h = draw.choice((None, 0, 0, 0, 0, 0, draw.randrange(sent // 10 + 1)))
    got = draw.randrange(20_000)
    return {
        "row": number,
        "model": reference,
        "tier": draw.choice((*TIERS, "standard", "standard", None)),
        "at": START + timedelta(seconds=draw.randrange(86_400 * 900)),
        "input_tokens": draw.choice((sent,) * 19 + (None,)),
        "cached_input_tokens": cached,
        "cache_write_tokens": written,
        "cache_write_1h_tokens": written_1h,
        "output_tokens": draw.choice((got,) * 29 + (None,)),
        "reasoning_tokens": draw.choice((None, 0, draw.randrange(got + 1))),
    }


def _references(draw: random.Random) -> Iterator[str]:
    """Every model by its qualified id, then the ways in which logs write some of them."""
    models = list_models()
    yield from (model.qualified_id for model in models)
    ways = (
        "gpt-4.1-mini", "GPT-4.1-Mini", " openai/gpt-4.1-mini ", "openai:gpt-4.1-mini", "gpt-4.1-mini@openai",
        "gpt-4.1-mini-2025-04-14", "gpt-4.1-mini-20250414", "ft:gpt-4.1-mini-2025-04-14:org::id", "claude-sonnet-4-5",
        "claude-sonnet-4-5@20250929", "models/gemini-2.5-pro", "gemini-2.5-pro", "gemini-flash-latest",
        "projects/p/locations/l/publishers/google/models/gemini-2.5-pro", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "openrouter/openai/gpt-4.1-mini:nitro", "gpt-4.1-mni", "deepseek-r1-distill-llama-70b", "", "gpt 4", "azure/gpt-4o",
    )  # fmt: skip
    while True:
        yield draw.choice(ways)


@pytest.fixture(scope="session")
def log() -> list[dict[str, Any]]:
    """The requests, every model among them."""
    draw = random.Random(20_261_121)
    references = _references(draw)
    rows = [_request(draw, number, next(references)) for number in range(ROWS)]
    draw.shuffle(rows)
    return rows


@pytest.fixture(scope="session")
def answers(log: list[dict[str, Any]]) -> dict[int, Answer]:
    """What each of them costs, by the number of its row."""
    return {row["row"]: answer(row) for row in log}


def columns_of(rows: list[dict[str, Any]]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]}
