"""The prices kept by hand: in the vocabulary, exact, consistent with each other, and what the pages print."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from pipeline.sources import curation

ROOT = Path(__file__).resolve().parents[2] / "curation"
FILES = sorted(ROOT.glob("*/prices.jsonl"))
CURRENCIES = {"USD", "EUR", "CNY"}
ORDER = "component unit amount currency tier condition effective_from effective_until".split()

CONDITIONS: dict[str, str] = {
    "above_input_tokens": r"[1-9]\d*",
    "region": r"[a-z0-9]+(-[a-z0-9]+)*",
    "utc_window": r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d",
    "weekdays": r"True",
    "size": r"\d+x\d+",
    "quality": r"low|medium|high",
    "resolution": r"0\.5K|1K|2K|4K|720p|1024p|1080p",
    "context_size": r"low|medium|high",
    "fine_tuned": r"True",
    "variant": r"[a-z0-9]+(-[a-z0-9]+)*|\d+GB",
    "thinking": r"True|False",
}
"""The conditions that prices kept by hand have, and what their values look like."""

UNITS_OF = {
    "1M tokens": "(cached_)?(in|out)put(_(audio|image|video))?|cache_write(_1h)?|reasoning|citation|training",
    "1M token-hours": "cache_storage",
    "1M characters": "characters|input|output",
    "image": "images|input_image",
    "frame": "input_video",
    "second": "(input_|output_)?seconds",
    "minute": "(input_)?seconds",
    "hour": "input_seconds|training|code_hours",
    "page": "(annotated_)?pages",
    "request": "requests|grounded_prompts|map_searches",
    "search": "(web|x|file|map|rerank)_?searches",
    "session": "code_sessions",
    "GB-day": "storage_gb_days",
    "song": "songs",
    "instance-hour": "instance_hours",
    "instance-month": "instance_hours",
}
"""Which components are counted in which unit."""

UNCACHED = {
    "cached_input": "input",
    "cached_input_audio": "input_audio",
    "cached_input_image": "input_image",
    "cache_write": None,
}

WRITES_BELOW_INPUT = {
    # the page prints the cache prices of M2.5 and M2.7 for their highspeed variants too, whose input is twice
    ("minimax-cn", "MiniMax-M2.5-highspeed"),
    ("minimax-cn", "MiniMax-M2.7-highspeed"),
}

CONTRADICTIONS = {
    # two pages, two amounts, and neither tells since when: the newer page is believed
    ("alibaba", "qwen-max"),
    ("alibaba", "qwen-plus"),
    ("alibaba", "qwen-turbo"),
    ("google", "gemini-3.6-flash"),
    ("moonshotai", "*"),
    ("xai", "grok-4.20-0309-reasoning"),
}


class Row(NamedTuple):
    """One line of a price file, its amount as a number."""

    provider: str
    model: str
    value: dict[str, Any]
    amount: Decimal
    page: str
    date: str | None
    note: str

    @property
    def thing(self) -> str:
        """What the row prices: everything but the amount and the days."""
        return key(self.provider, self.model, self.value)

    @property
    def days(self) -> tuple[str, str]:
        return self.value.get("effective_from", ""), self.value.get("effective_until", "9")

    def overlaps(self, other: Row) -> bool:
        return self.days[0] < other.days[1] and other.days[0] < self.days[1]


def key(provider: str, model: str, value: dict[str, Any], **changes: Any) -> str:
    days = ("amount", "effective_from", "effective_until")
    merged = {name: part for name, part in {**value, **changes}.items() if name not in days and part}
    return json.dumps([provider, model, merged], sort_keys=True)


@cache
def rows() -> tuple[Row, ...]:
    found: list[Row] = []
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            found.append(
                Row(
                    path.parent.name,
                    row["model"],
                    row["value"],
                    Decimal(row["value"]["amount"]),
                    row["page"],
                    row["date"],
                    row.get("note", ""),
                )
            )
    return tuple(found)


@cache
def by_thing() -> dict[str, list[Row]]:
    things: dict[str, list[Row]] = defaultdict(list)
    for row in rows():
        things[row.thing].append(row)
    return things


def same(row: Row, **changes: Any) -> list[Row]:
    """The rows that price the same thing but for ``changes``, on some of the same days."""
    thing = key(row.provider, row.model, row.value, **changes)
    return [other for other in by_thing().get(thing, ()) if row.overlaps(other)]


def without(row: Row, name: str) -> dict[str, Any]:
    return {n: value for n, value in row.value["condition"].items() if n != name}


class Case(NamedTuple):
    """A price, and a day on which it holds."""

    provider: str
    model: str
    component: str
    amount: str = ""
    tier: str = "standard"
    condition: Mapping[str, Any] = MappingProxyType({})
    day: str = "2026-11-15"
    currency: str = "USD"

    def stated(self) -> set[str]:
        """The amounts that the pages state: one, if they agree."""
        return {
            row.value["amount"]
            for row in rows()
            if (row.provider, row.model, row.value["component"]) == self[:3]
            and (row.value["tier"], row.value["currency"]) == (self.tier, self.currency)
            and row.value.get("condition", {}) == self.condition
            and row.days[0] <= self.day < row.days[1]
        }

    def __str__(self) -> str:
        name = f"{self.provider}/{self.model}"
        return " ".join((name, self.component, self.tier, *map(str, self.condition.values()), self.day))


@pytest.mark.parametrize("path", FILES, ids=[path.parent.name for path in FILES])
def test_every_file_is_read_without_complaint(path: Path) -> None:
    assert all(observation.field == "price" for observation in curation.read_file(path))


def test_amounts_are_exact_decimal_strings() -> None:
    wrong = [row for row in rows() if not re.fullmatch(r"0|[1-9]\d*|(?:0|[1-9]\d*)\.\d*[1-9]", row.value["amount"])]
    assert not wrong


def test_the_vocabulary_holds() -> None:
    for row in rows():
        value = row.value
        assert list(value) == [name for name in ORDER if name in value]
        assert value["tier"] in curation.TIERS
        assert value["currency"] in CURRENCIES
        assert re.fullmatch(UNITS_OF[value["unit"]], value["component"]), value
        for name, part in value.get("condition", {}).items():
            assert re.fullmatch(CONDITIONS[name], str(part)), value
        assert value.get("condition") != {}


def test_days_are_days_and_in_order() -> None:
    for row in rows():
        for name in ("effective_from", "effective_until"):
            assert re.fullmatch(r"20\d\d-\d\d-\d\d", row.value.get(name, "2026-01-01"))
        assert row.days[0] < row.days[1], row


def test_a_zero_says_that_it_is_free() -> None:
    free = {(row.provider, row.model, row.value["component"]) for row in rows() if not row.amount}
    assert {model for _, model, component in free if component in ("input", "output")} == {
        "glm-4.5-flash",
        "glm-4.7-flash",
        "labs-leanstral-1-5",
        "labs-leanstral-2603",
        "mistral-moderation-2603",
        "omni-moderation-latest",
    }
    assert {component for _, _, component in free} == {
        "cache_storage",
        "cached_input",
        "input",
        "output",
        "requests",
    }


def test_a_thing_has_one_price_a_day() -> None:
    contradicted = {(row.provider, row.model) for row in rows() for other in same(row) if row.amount != other.amount}
    assert contradicted == CONTRADICTIONS
    for row in rows():
        for other in same(row):
            if row.amount != other.amount:
                assert (row.page, row.date) != (other.page, other.date)


def test_a_threshold_has_a_price_below_it() -> None:
    for row in rows():
        if "above_input_tokens" in row.value.get("condition", {}):
            below = same(row, condition=without(row, "above_input_tokens"))
            assert below, row
            assert row.amount >= min(other.amount for other in below)


def test_no_region_is_cheaper_than_the_default() -> None:
    for row in rows():
        if "region" in row.value.get("condition", {}):
            for other in same(row, condition=without(row, "region")):
                assert row.amount >= other.amount, (row, other)


def test_cached_is_not_above_uncached() -> None:
    for row in rows():
        uncached = UNCACHED.get(row.value["component"])
        for other in same(row, component=uncached) if uncached else ():
            assert row.amount <= other.amount, (row, other)


def test_a_cache_write_is_not_below_input() -> None:
    below = {
        (row.provider, row.model)
        for row in rows()
        if row.value["component"] in ("cache_write", "cache_write_1h")
        for other in same(row, component="input")
        if row.amount < other.amount
    }
    assert below == WRITES_BELOW_INPUT


def test_batch_and_flex_are_not_above_standard_nor_priority_and_fast_below() -> None:
    for row in rows():
        for other in same(row, tier="standard"):
            if row.value["tier"] in ("batch", "flex"):
                assert row.amount <= other.amount, (row, other)
            if row.value["tier"] in ("priority", "fast"):
                assert row.amount >= other.amount, (row, other)


def test_fast_is_priority_under_its_later_name() -> None:
    checked = 0
    for row in rows():
        if row.provider == "openai" and row.value["tier"] == "fast":
            for other in same(row, tier="priority"):
                if row.model != "gpt-5.6-sol" and not other.value.get("effective_until"):
                    assert row.amount == other.amount
                    checked += 1
    assert checked > 40


def test_what_is_resolved_names_its_multiplier() -> None:
    resolved = [row for row in rows() if "resolved from" in row.note]
    assert len(resolved) > 800
    said = re.compile(r"resolved from (the \d+(\.\d+)? multiplier|its own ratio to input, 0\.\d+)")
    assert all(said.search(row.note) for row in resolved)


BEDROCK, VERTEX, ANTHROPIC = "amazon-bedrock", "google-vertex", "anthropic"
SONNET = "claude-sonnet-4-5-20250929"
LONG: dict[str, Any] = {"above_input_tokens": 272000}
OVER_200K: dict[str, Any] = {"above_input_tokens": 200000}
FINE_TUNED: dict[str, Any] = {"fine_tuned": True}

GOLDEN = (
    # as the vendors' pages print them, rescaled to the unit
    Case("openai", "gpt-4.1-mini", "input", "0.4"),
    Case("openai", "gpt-4.1-mini", "cached_input", "0.1"),
    Case("openai", "gpt-4.1-mini", "output", "1.6"),
    Case("openai", "gpt-4.1-mini", "input", "0.7", "priority"),
    Case("openai", "gpt-4.1-mini", "cached_input", "0.175", "priority"),
    Case("openai", "gpt-4.1-mini", "output", "2.8", "priority"),
    Case("openai", "gpt-4.1-mini", "input", "0.2", "batch"),
    Case("openai", "gpt-4.1-mini", "output", "0.8", "batch"),
    Case("openai", "gpt-4.1-mini-2025-04-14", "output", "3.2", condition=FINE_TUNED),
    Case("openai", "gpt-5.5", "input", "5"),
    Case("openai", "gpt-5.5", "input", "10", condition=LONG),
    Case("openai", "gpt-5.5", "output", "45", condition=LONG),
    Case("openai", "gpt-5.6-luna", "input", "1", day="2026-07-29"),
    Case("openai", "gpt-5.6-luna", "input", "0.2", day="2026-07-30"),
    Case("openai", "gpt-5.6-sol", "output", "30", day="2026-08-20"),
    Case("openai", "gpt-5.6-sol", "output", "20", day="2026-08-21"),
    Case("openai", "gpt-6-sol", "cached_input", "0.1", "batch"),
    Case("openai", "gpt-6-sol", "output", "15", condition=LONG),
    Case("openai", "gpt-6-sol", "input", "4", "fast"),
    Case("openai", "gpt-6-sol", "input", "2.2", condition={"region": "regional"}),
    Case("openai", "whisper-1", "input_seconds", "0.006"),
    Case("openai", "gpt-image-1", "images", "0.167", condition={"size": "1024x1024", "quality": "high"}),
    Case("openai", "sora-2-pro", "output_seconds", "0.7", condition={"resolution": "1080p"}),
    Case("openai", "*", "web_searches", "0.01"),
    Case("openai", "*", "code_sessions", "0.12", condition={"variant": "4GB"}),
    Case(ANTHROPIC, SONNET, "cache_write", "3.75"),
    Case(ANTHROPIC, SONNET, "cache_write_1h", "6"),
    Case(ANTHROPIC, SONNET, "cached_input", "0.3"),
    Case(ANTHROPIC, SONNET, "input", "6", condition=OVER_200K, day="2026-04-30"),
    Case(ANTHROPIC, "claude-opus-5-5", "input", "4"),
    Case(ANTHROPIC, "claude-opus-5-5", "output", "10", "batch"),
    Case(ANTHROPIC, "claude-opus-5-5", "input", "4.4", condition={"region": "us"}),
    Case(ANTHROPIC, "claude-haiku-5-5", "output", "2.5", condition={"above_input_tokens": 100000}),
    Case(ANTHROPIC, "claude-sonnet-5-5", "cached_input", "0.2", day="2026-10-06"),
    Case(ANTHROPIC, "claude-sonnet-5-5", "cached_input", "0.1", day="2026-10-07"),
    Case(ANTHROPIC, "*", "web_searches", "0.01"),
    Case("google", "gemini-2.5-pro", "input", "1.25"),
    Case("google", "gemini-2.5-pro", "input", "2.5", condition=OVER_200K),
    Case("google", "gemini-2.5-pro", "output", "15", condition=OVER_200K),
    Case("google", "gemini-2.5-flash", "input_audio", "1"),
    Case("google", "gemini-4-argon", "input", "2", day="2026-11-30"),
    Case("google", "gemini-4-argon", "input", "4", day="2026-12-01"),
    Case("google", "veo-3.1-generate-preview", "output_seconds", "0.6", condition={"resolution": "4K"}),
    Case(VERTEX, "claude-haiku-4-5@20251001", "input", "1.1", condition={"region": "us-east5"}),
    Case("deepseek", "deepseek-v4-pro", "input", "0.435", day="2026-08-16"),
    Case("deepseek", "deepseek-v4-pro", "input", "0.66", day="2026-08-17"),
    Case("deepseek", "deepseek-v4-pro", "input", "1.32", condition={"utc_window": "01:00-04:00"}, day="2026-08-22"),
    Case("deepseek", "deepseek-v4-pro", "input", "1.32", condition={"utc_window": "06:00-10:00", "weekdays": True}),
    Case(BEDROCK, "anthropic.claude-sonnet-4-6", "input", "3"),
    Case(BEDROCK, "anthropic.claude-sonnet-4-6", "input", "3.3", condition={"region": "regional"}),
    Case("azure", "gpt-4.1", "input", "2"),
    Case("azure", "gpt-4.1", "input", "2.2", condition={"region": "data-zone"}),
    Case("azure", "gpt-4.1", "input", "2.42", condition={"region": "swedencentral"}),
    Case("azure", "gpt-4o-2024-08-06", "output", "10"),
    Case("xai", "grok-4.20-0309", "output", "5", condition={"above_input_tokens": 199999}),
    Case("mistral", "mistral-ocr-4-0", "pages", "0.004"),
    Case("mistral", "mistral-large-2512", "input", "0.44", currency="EUR"),
    Case("cohere", "rerank-v4.0-fast", "rerank_searches", "0.002"),
    Case("groq", "whisper-large-v3", "input_seconds", "0.111"),
    Case("perplexity", "sonar", "requests", "0.012", condition={"context_size": "high"}),
    Case("zai", "glm-4.7-flash", "output", "0"),
)


@pytest.mark.parametrize("case", GOLDEN, ids=str)
def test_what_the_pages_print(case: Case) -> None:
    assert case.stated() == {case.amount}


@pytest.mark.parametrize(
    ("case", "ended"),
    [
        (Case(ANTHROPIC, "claude-opus-4-6", "input", condition=OVER_200K, day="2026-03-13"), "2026-03-14"),
        (Case(ANTHROPIC, "claude-opus-4-6", "input", tier="fast", day="2026-06-28"), "2026-06-29"),
        (Case(ANTHROPIC, "claude-opus-4-7", "input", tier="fast", day="2026-07-23"), "2026-07-24"),
    ],
    ids=str,
)
def test_a_price_ends_with_what_it_was_for(case: Case, ended: str) -> None:
    assert len(case.stated()) == 1
    assert not case._replace(day=ended).stated()
