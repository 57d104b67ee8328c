"""Counts of what was used: exact, addable, and never in contradiction."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelmeta import UsageError
from modelmeta._record import field_names
from modelmeta.components import BUCKETS, CONTINUOUS, COUNTS, PARTS, TIERLESS, TOKENS, UNITS, count_of
from modelmeta.pricing import OPTIONS
from modelmeta.usage import ResponseInfo, Usage


def test_the_tables_and_the_fields_name_the_same_counts() -> None:
    fields = field_names(Usage)
    assert set(fields) == {*COUNTS, *OPTIONS, "calls", "response"}
    assert set(PARTS) | {part for parts in PARTS.values() for part in parts} <= set(COUNTS)
    assert set(COUNTS) >= CONTINUOUS
    assert set(COUNTS) >= TIERLESS
    assert set(COUNTS) >= TOKENS
    assert set(BUCKETS) == set(PARTS)
    assert {counted for _, counted in COUNTS.values()} <= {kind for holds in UNITS.values() for kind in holds}


def test_the_typed_dictionaries_name_the_same_counts() -> None:
    """They exist for type checkers alone, so they are read out of the source."""
    import ast
    from pathlib import Path

    import modelmeta._usage_counts

    tree = ast.parse(Path(modelmeta._usage_counts.__file__).read_text(encoding="utf-8"))
    typed = {
        node.name: [
            item.target.id
            for item in node.body
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        ]
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in {"OtherCounts", "UsageCounts", "UsageOptions"}
    }
    usual = ["input_tokens", "cached_input_tokens", "output_tokens"]
    assert typed["UsageCounts"] == usual
    assert [*typed["OtherCounts"], *typed["UsageOptions"]] == [
        name for name in field_names(Usage) if name not in {*usual, "response"}
    ]


@pytest.mark.parametrize(
    ("component", "unit", "expected"),
    [
        ("input", "1M tokens", ("input_tokens", 1_000_000)),
        ("input", "1M characters", ("characters", 1_000_000)),
        ("input_audio", "minute", ("input_seconds", 60)),
        ("output_audio", "hour", ("output_seconds", 3_600)),
        ("input_image", "image", ("input_images", 1)),
        ("images", "image", ("images", 1)),
        ("images", "megapixel", ("megapixels", 1)),
        ("training", "1M tokens", ("training_tokens", 1_000_000)),
        ("training", "hour", ("training_hours", 1)),
        ("code_hours", "hour", ("code_hours", 1)),
        ("seconds", "hour", ("seconds", 3_600)),
        ("map_searches", "request", ("map_searches", 1)),
        ("instance_hours", "instance-month", ("instance_months", 1)),
        ("web_searches", "furlong", None),
        ("citation", "GB-day", None),
    ],
)
def test_which_count_a_price_pays(component: str, unit: str, expected: Any) -> None:
    assert count_of(component, unit) == count_of(component, unit) == expected


def test_what_is_not_said_is_zero() -> None:
    usage = Usage(input_tokens=5)
    assert (usage.input_tokens, usage.output_tokens, usage.seconds, usage.calls) == (5, 0, 0, 1)
    assert (usage.size, usage.fine_tuned, usage.thinking, usage.response) == (None, False, None, None)
    assert usage == Usage(input_tokens=5, output_tokens=0, size=None, fine_tuned=False)
    assert dict(usage.stated()) == {"input_tokens": 5}
    with pytest.raises(TypeError):
        usage.stated()["input_tokens"] = 6  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"input_tokens": -1}, "input_tokens cannot be negative, but is -1"),
        ({"input_tokens": True}, "input_tokens must be a number, not True"),
        ({"input_tokens": None}, "input_tokens must be a whole number, not None"),
        ({"input_tokens": 1.5}, r"must be a whole number, not 1\.5 \(float\), and cannot be a fraction"),
        ({"input_tokens": 2.0}, r"write int\(input_tokens\)"),
        ({"input_tokens": Decimal("1.5")}, "must be a whole number"),
        ({"input_tokens": float("nan")}, "must be a whole number, not nan"),
        ({"input_tokens": float("inf")}, "must be a whole number, not inf"),
        ({"seconds": float("nan")}, "seconds must be a finite number, not nan"),
        ({"seconds": Decimal("Infinity")}, "must be a finite number"),
        ({"seconds": -0.5}, "cannot be negative"),
        ({"seconds": "5"}, "must be a finite number, not '5'"),
        ({"code_hours": False}, "must be a number"),
        ({"calls": 0}, "calls must be a whole number of at least 1"),
        ({"calls": True}, "calls must be a whole number"),
        ({"size": 1024}, "size must be a string, not 1024"),
        ({"fine_tuned": "yes"}, "fine_tuned must be True or False"),
        ({"tokens": 5}, "no usage count 'tokens'"),
        ({"completion_tokens": 5}, "did you mean output_tokens"),
        ({"web_search": 1}, "did you mean web_searches"),
        (
            {"input_tokens": 10, "cached_input_tokens": 11},
            r"cached_input_tokens \(11\) is more than input_tokens \(10\)",
        ),
        (
            {"input_tokens": 10, "cached_input_tokens": 5, "cache_write_1h_tokens": 6},
            r"cached_input_tokens \(5\) \+ cache_write_1h_tokens \(6\) are more than input_tokens \(10\)",
        ),
        ({"reasoning_tokens": 3}, r"reasoning_tokens \(3\) is more than output_tokens \(0\)"),
        (
            {"input_tokens": 9, "cached_input_tokens": 2, "cached_input_audio_tokens": 3, "input_audio_tokens": 3},
            r"cached_input_audio_tokens \(3\) is more than cached_input_tokens \(2\)",
        ),
        (
            {"input_tokens": 9, "cached_input_tokens": 3, "cached_input_audio_tokens": 3, "input_audio_tokens": 2},
            r"cached_input_audio_tokens \(3\) is more than input_audio_tokens \(2\)",
        ),
        ({"response": {"usage": {}}}, r"read a response with Usage\.from_response"),
    ],
)
def test_what_cannot_be(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Usage(**values)


def test_measures_are_exact() -> None:
    assert Usage(seconds=0.1).seconds == Decimal("0.1")
    assert Usage(seconds=12.0).seconds == 12
    assert Usage(seconds=12.0) == Usage(seconds=12) == Usage(seconds=Decimal("12.00"))
    assert Usage(megapixels=1.05).megapixels == Decimal("1.05")


def test_adding() -> None:
    one = Usage(input_tokens=100, cached_input_tokens=50, seconds=0.1)
    two = Usage(input_tokens=10, output_tokens=5, seconds=0.2)
    both = one + two
    assert both == two + one
    assert both == Usage(input_tokens=110, cached_input_tokens=50, output_tokens=5, seconds=Decimal("0.3"), calls=2)
    assert sum([one, two]) == both
    assert one + Usage() == Usage() + one == one
    assert (both + one).calls == 3
    with pytest.raises(TypeError):
        one + 1
    with pytest.raises(TypeError):
        one + "x"  # type: ignore[operator]


def test_adding_does_not_lose_how_it_was_used() -> None:
    small, large = Usage(images=1, size="1024x1024"), Usage(images=1, size="2048x2048")
    assert (small + small).size == "1024x1024"
    with pytest.raises(UsageError, match="size='1024x1024' and size='2048x2048'"):
        small + large
    info = ResponseInfo(shape="response", model="m")
    answered = Usage(input_tokens=1, response=info)
    assert (answered + answered).response == info
    assert (answered + Usage(input_tokens=1)).response is None


def test_usage_is_a_frozen_value() -> None:
    usage = Usage(input_tokens=5, size="x", response=ResponseInfo(shape="response", model="m"))
    assert pickle.loads(pickle.dumps(usage)) == copy.copy(usage) == copy.deepcopy(usage) == usage
    assert hash(pickle.loads(pickle.dumps(usage))) == hash(usage)
    assert dataclasses.replace(usage, output_tokens=3).stated() == {"input_tokens": 5, "size": "x", "output_tokens": 3}
    assert repr(Usage(input_tokens=5, size="x")) == "Usage(input_tokens=5, size='x')"
    assert usage != Usage(input_tokens=5, size="x")
    assert usage != 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        usage.input_tokens = 6  # type: ignore[misc]


@given(st.lists(st.dictionaries(st.sampled_from([*COUNTS]), st.integers(0, 10**12), max_size=4), max_size=5))
def test_sums_are_sums(many: list[dict[str, Any]]) -> None:
    usages = []
    for counts in many:
        for total, parts in PARTS.items():
            counts[total] = counts.get(total, 0) + sum(counts.get(part, 0) for part in parts)
        for side in ("audio", "image", "video"):
            both = counts.get(f"cached_input_{side}_tokens", 0)
            counts[f"input_{side}_tokens"] = counts.get(f"input_{side}_tokens", 0) + both
            counts["input_tokens"] += 2 * both + counts["cached_input_tokens"]
        usages.append(Usage(**counts))
    together = sum(usages, Usage())
    for count in COUNTS:
        assert getattr(together, count) == sum(counts.get(count, 0) for counts in many)
