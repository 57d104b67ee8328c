"""Portkey: units, tiers, regions and thresholds of its prices, what its ids mean, and what its lists tell."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.observations import Observation
from pipeline.sources.portkey import read
from pipeline.sources.portkey_prices import more_exact

Row = dict[str, Any]


def tokens(**cents: float) -> dict[str, Any]:
    return {name: {"price": price} for name, price in cents.items()}


def record(listing: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    config = {"pay_as_you_go": listing or {}, **more}
    return {"pricing_config": config}


def observe(root: Path, source: str, folder: str = "pricing", /, **records: Any) -> list[Observation]:
    path = root / "portkey" / folder
    path.mkdir(parents=True, exist_ok=True)
    placeholder = record(tokens(request_token=7, response_token=0))
    data = {"default": placeholder} | {name.replace("__", "."): value for name, value in records.items()}
    (path / f"{source}.json").write_text(json.dumps(data), encoding="utf-8")
    return list(read(root))


def observe_one(root: Path, source: str, model: str, value: Any) -> list[Observation]:
    return observe(root, source, **{model: value})


def rows(observations: list[Observation], model: str, provider: str | None = None) -> list[Row]:
    return [
        o.value
        for o in observations
        if o.field == "price" and o.model == model and provider in {None, o.provider} and isinstance(o.value, dict)
    ]


def amounts(found: list[Row], tier: str = "standard", **condition: Any) -> dict[str, str]:
    return {
        row["component"]: row["amount"]
        for row in found
        if row["tier"] == tier and row.get("condition", {}) == condition
    }


def test_cents_per_token_are_dollars_per_million(tmp_path: Path) -> None:
    listing = tokens(request_token=0.00004, response_token=0.00016, cache_read_input_token=0.00001)
    found = observe_one(tmp_path, "openai", "gpt-4.1-mini", record(listing))
    assert rows(found, "gpt-4.1-mini") == [
        {"component": component, "unit": "1M tokens", "amount": amount, "currency": "USD", "tier": "standard"}
        for component, amount in [("cached_input", "0.1"), ("input", "0.4"), ("output", "1.6")]
    ]
    assert {(o.provider, o.source, o.locator, o.date) for o in found} == {
        ("openai", "portkey", "portkey/pricing/openai.json#gpt-4.1-mini", "2026-08-21")
    }


def test_zeros_and_the_default_are_placeholders(tmp_path: Path) -> None:
    zero = record(tokens(request_token=0, response_token=0, cache_write_input_token=0))
    found = observe(tmp_path, "openrouter", **{"a/m": zero, "a/m:free": zero})
    assert rows(found, "a/m") == []
    assert amounts(rows(found, "a/m:free")) == {"input": "0", "output": "0"}
    assert {o.model for o in found} == {"a/m:free"}


def test_noise_of_floats_is_not_a_price(tmp_path: Path) -> None:
    listing = tokens(request_audio_token=0.00006999999999999999, request_token=0.00008000000000000001)
    found = rows(observe_one(tmp_path, "openrouter", "a/m", record(listing)), "a/m")
    assert amounts(found) == {"input_audio": "0.7", "input": "0.8"}


class UnitCase(NamedTuple):
    """``cents`` for a ``key`` in a record of ``source``, and the row that it means."""

    source: str
    model: str
    key: str
    cents: str
    component: str
    unit: str
    amount: str
    condition: str = ""


UNITS = (
    UnitCase("openai", "gpt-5", "web_search", "1", "web_searches", "search", "0.01"),
    UnitCase("openai", "gpt-5", "file_search", "0.25", "file_searches", "search", "0.0025"),
    UnitCase("x-ai", "grok-4", "attachment_search", "1", "file_searches", "search", "0.01", "variant=attachment"),
    UnitCase("x-ai", "grok-4", "code_execution", "0.5", "code_sessions", "session", "0.005"),
    UnitCase("google", "gemini-2.5-pro", "web_search", "3.5", "grounded_prompts", "request", "0.035"),
    UnitCase("google", "gemini-3-pro", "search", "1.4", "web_searches", "search", "0.014"),
    UnitCase("vertex-ai", "gemini-3-pro", "maps", "1.4", "map_searches", "search", "0.014"),
    UnitCase(
        "perplexity-ai",
        "sonar",
        "web_search_low_context",
        "0.5",
        "requests",
        "request",
        "0.005",
        "context_size=low",
    ),
    UnitCase("anthropic", "claude", "cache_write_1h", "0.001", "cache_write_1h", "1M tokens", "10"),
    UnitCase("openai", "whisper-1", "request_token", "0.6", "input_seconds", "minute", "0.006"),
    UnitCase("deepgram", "nova-3", "request_audio_token", "0.43", "input_seconds", "minute", "0.0043"),
    UnitCase("openai", "tts-1-hd", "request_token", "0.003", "characters", "1M characters", "30"),
    UnitCase("vertex-ai", "text-embedding-005", "request_token", "2.5e-06", "characters", "1M characters", "0.025"),
    UnitCase("cohere", "rerank-v3.5", "request_token", "0.2", "rerank_searches", "search", "0.002"),
    UnitCase("jina", "jina-reranker-v3", "request_token", "5e-06", "input", "1M tokens", "0.05"),
    UnitCase("mistral-ai", "mistral-ocr-latest", "request_token", "0.4", "pages", "page", "0.004"),
    UnitCase(
        "openai",
        "sora-2",
        "video_duration_seconds_720_1280",
        "10",
        "output_seconds",
        "second",
        "0.1",
        "size=720x1280",
    ),
    UnitCase("vertex-ai", "veo-3.0", "video_seconds", "40", "output_seconds", "second", "0.4"),
    UnitCase("together-ai", "kling", "video_seconds", "0.064", "output_seconds", "second", "0.064"),
    UnitCase("together-ai", "flux", "megapixels", "0.05", "megapixels", "megapixel", "0.05"),
    UnitCase("byteplus", "seedream-4-5", "generated_images", "4", "images", "image", "0.04"),
    UnitCase(
        "byteplus",
        "seed-1-8",
        "cache_write_input_token",
        "8.3e-07",
        "cache_storage",
        "1M token-hours",
        "0.0083",
    ),
    UnitCase("byteplus", "skylark", "embedding_image_token", "3.25e-07", "input_image", "1M tokens", "0.325"),
    UnitCase("vertex-ai", "gemini-2.5-flash-image", "image_token", "0.003", "output_image", "1M tokens", "30"),
)


@pytest.mark.parametrize("case", UNITS, ids=lambda case: f"{case.source} {case.model} {case.key}")
@pytest.mark.parametrize("nested", [False, True])
def test_other_units(tmp_path: Path, case: UnitCase, nested: bool) -> None:
    listing: Row = {case.key: {"price": float(case.cents)}}
    if nested:
        listing = {"additional_units": listing}
    found = rows(observe_one(tmp_path, case.source, case.model, record(listing)), case.model)
    if nested and case.key == "request_audio_token":  # an estimate per minute of what the tokens cost
        assert found == []
        return
    (row,) = found
    assert (row["component"], row["unit"], row["amount"]) == (case.component, case.unit, case.amount)
    assert [f"{name}={value}" for name, value in row.get("condition", {}).items()] == case.condition.split()


def test_images_by_quality_and_size(tmp_path: Path) -> None:
    sizes = {"default": {"price": 4}, "1024x1024": {"price": 4}, "1024x1792": {"price": 8}}
    image = {"default": sizes, "standard": sizes, "hd": {"default": {"price": 8}, "1024x1024": {"price": 8}}}
    found = rows(observe_one(tmp_path, "openai", "dall-e-3", record({"image": image})), "dall-e-3")
    assert [(row["condition"], row["amount"]) for row in found] == [
        ({"quality": "hd", "size": "1024x1024"}, "0.08"),
        ({"quality": "standard", "size": "1024x1024"}, "0.04"),
        ({"quality": "standard", "size": "1024x1792"}, "0.08"),
    ]
    single = record({"image": {"default": {"default": {"price": 0.3}}}})
    (row,) = rows(observe_one(tmp_path, "fal-ai", "flux", single), "flux")
    assert (row["component"], row["amount"], "condition" in row) == ("images", "0.003", False)


def test_batch_training_and_fees(tmp_path: Path) -> None:
    value = record(
        tokens(request_token=0.0002),
        batch_config=tokens(request_token=0.0001),
        finetune_config={"pay_per_token": {"price": 0.0025}},
        fixed_cost={"request": {"price": 0.5}, "response": {"price": 0}},
    )
    found = rows(observe_one(tmp_path, "openai", "m", value), "m")
    assert amounts(found) == {"input": "2", "training": "25", "requests": "0.005"}
    assert amounts(found, "batch") == {"input": "1"}
    hourly = record({}, finetune_config={"pay_per_hour": {"price": 10000}})
    (row,) = rows(observe_one(tmp_path, "openai", "o4-mini", hourly), "o4-mini")
    assert (row["component"], row["unit"], row["amount"]) == ("training", "hour", "100")


def tiered(low: Row, high: Row) -> Row:
    return {
        "context_tiers": {
            "lte-272k": {"pricing_config": {"pay_as_you_go": low}},
            "gt-272k": {"pricing_config": {"pay_as_you_go": high}},
        }
    }


def mode(listing: Row) -> Row:
    return {"pricing_config": {"pay_as_you_go": listing}}


def custom(**regions: Row) -> Row:
    return {
        "custom_pricing": {
            "regions": {name: {"execution_modes": modes} for name, modes in regions.items()},
            "context_tier_map": {"0": "lte-272k", "272000": "gt-272k"},
        }
    }


def test_modes_and_thresholds(tmp_path: Path) -> None:
    value = record(tokens(request_token=0.00025, response_token=0.0015)) | custom(
        default={
            "standard": tiered(
                tokens(request_token=0.00025, response_token=0.0015),
                tokens(request_token=0.0005, response_token=0.00225),
            ),
            "priority": mode(tokens(request_token=0.0005) | {"additional_units": tokens(web_search=1)}),
        }
    )
    found = rows(observe_one(tmp_path, "openai", "gpt-5.4", value), "gpt-5.4")
    assert amounts(found) == {"input": "2.5", "output": "15"}
    assert amounts(found, above_input_tokens=272000) == {"input": "5", "output": "22.5"}
    assert amounts(found, "priority") == {"input": "5"}


def test_regions_state_only_what_differs(tmp_path: Path) -> None:
    value = record(tokens(request_token=0.00008, response_token=0.00032)) | custom(
        **{
            "default": {"standard": mode(tokens(request_token=0.00008, response_token=0.00032))},
            "eu-west-1,us-west-2": {"standard": mode(tokens(request_token=0.000096, response_token=0.00032))},
        }
    )
    found = rows(observe_one(tmp_path, "bedrock", "amazon.nova-pro-v1:0", value), "amazon.nova-pro-v1:0")
    assert amounts(found) == {"input": "0.8", "output": "3.2"}
    assert amounts(found, region="eu-west-1") == {"input": "0.96"}
    assert amounts(found, region="us-west-2") == {"input": "0.96"}


def test_beside_a_global_region_the_default_is_the_others(tmp_path: Path) -> None:
    value = record(tokens(request_token=0.00015)) | custom(
        **{
            "default": {"standard": mode(tokens(request_token=0.000165))},
            "global": {"standard": mode(tokens(request_token=0.00015))},
        }
    )
    found = rows(observe_one(tmp_path, "vertex-ai", "gemini-3.5-flash", value), "gemini-3.5-flash")
    assert amounts(found) == {"input": "1.5"}
    assert amounts(found, region="regional") == {"input": "1.65"}


def test_detailed_prices_are_believed_but_a_rounding_is_not(tmp_path: Path) -> None:
    flat = tokens(request_token=0.0003, cache_read_input_token=0.0000125, cache_write_input_token=0.00004)
    value = record(flat) | custom(
        default={"standard": mode(tokens(request_token=0.00011, cache_read_input_token=0.000013))}
    )
    found = rows(observe_one(tmp_path, "openai", "m", value), "m")
    assert amounts(found) == {"input": "1.1", "cached_input": "0.125"}


@pytest.mark.parametrize(
    ("amount", "other", "expected"),
    [
        ("0.13", "0.125", "0.125"),
        ("0.03", "0.025", "0.03"),
        ("0.1", "0.14", "0.1"),
        ("2", "2.2", "2"),
        ("0.025", "0.03", "0.025"),
    ],
)
def test_more_exact(amount: str, other: str, expected: str) -> None:
    assert more_exact(Decimal(amount), Decimal(other)) == Decimal(expected)


def test_brackets_are_folded_into_their_model(tmp_path: Path) -> None:
    found = observe(
        tmp_path,
        "byteplus",
        **{
            "seed-1-8-gt-128k": record(tokens(request_token=0.00005, response_token=0.0002)),
            "seed-1-8": record(tokens(request_token=0.000025)),
            "seed-1-8-lte-128k": record(tokens(request_token=0.000025, response_token=0.0002)),
        },
    )
    assert {o.model for o in found} == {"seed-1-8"}
    assert {o.locator for o in found} == {"portkey/pricing/byteplus.json#seed-1-8"}
    assert amounts(rows(found, "seed-1-8")) == {"input": "0.25", "output": "2"}
    assert amounts(rows(found, "seed-1-8"), above_input_tokens=128000) == {"input": "0.5"}


def test_two_spellings_of_one_model_are_one_price_list(tmp_path: Path) -> None:
    found = observe(
        tmp_path,
        "vertex-ai",
        **{
            "claude-opus-5": record(tokens(request_token=0.0005)),
            "anthropic.claude-opus-5": record(tokens(request_token=0.0005, response_token=0.0025)),
        },
    )
    assert [(o.provider, o.model) for o in found] == [("google-vertex", "claude-opus-5")] * 2


@pytest.mark.parametrize(
    "bad",
    [
        record(tokens(request_smell=1)),
        record({"additional_units": tokens(haptics=1)}),
        record({}, currency="EUR"),
        record({}, mood_config={}),
        record({}) | {"more": {}},
        record({"request_token": {"price": 1, "currency": "USD"}}),
        record({}) | custom(default={"turbo": mode({})}),
        record({}) | {"custom_pricing": {"continents": {}}},
    ],
)
def test_nothing_unknown_is_dropped_in_silence(tmp_path: Path, bad: Row) -> None:
    with pytest.raises(ValueError, match="portkey"):
        observe_one(tmp_path, "openai", "m", bad)


def test_a_slip_is_not_a_price(tmp_path: Path) -> None:
    value = record(tokens(request_token=0.0000003, response_token=0.0000012))
    assert observe_one(tmp_path, "minimax", "MiniMax-M2.7", value) == []


def facts(root: Path, source: str, model: str, value: Row) -> dict[str, Any]:
    return {o.field: o.value for o in observe(root, source, "general", **{model: value})}


def test_lists_of_models(tmp_path: Path) -> None:
    value = {
        "name": "Claude",
        "params": [{"key": "max_tokens", "maxValue": 4096}],
        "type": {"primary": "chat", "supported": ["tools", "image", "pdf"]},
    }
    assert facts(tmp_path, "anthropic", "claude-x", value) == {
        "name": "Claude",
        "modalities.output": ["text"],
        "capabilities.attachments": True,
        "capabilities.tool_calling": True,
    }


@pytest.mark.parametrize(
    ("source", "model", "kind", "expected"),
    [
        ("openai", "text-embedding-3-small", {"primary": "embedding"}, {"modalities.output": ["embedding"]}),
        ("openai", "whisper-1", {"primary": "audio"}, {"modalities.output": ["text"]}),
        ("openai", "tts-1", {"primary": "audio"}, {"modalities.output": ["audio"]}),
        (
            "openai",
            "dall-e-3",
            {"primary": "image", "supported": ["image_generation", "image"]},
            {"modalities.output": ["image"]},
        ),
        ("google", "gemini-2.5-flash-image", {"primary": "chat"}, {}),
        ("cohere", "rerank-v3.5", {"primary": "rerank"}, {"modalities.output": ["score"]}),
        ("deepbricks", "GPT-4o", "chat", {"modalities.output": ["text"]}),
        (
            "openai",
            "gpt-5-pro",
            {"primary": "responses", "unsupported": ["chat", "messages"]},
            {"modalities.output": ["text"], "endpoints.responses": True, "endpoints.chat_completions": False},
        ),
        (
            "azure-ai",
            "gpt-5-pro",
            {"primary": "responses", "unsupported": ["chat"]},
            {"modalities.output": ["text"]},
        ),
    ],
)
def test_kinds(tmp_path: Path, source: str, model: str, kind: Any, expected: Row) -> None:
    assert facts(tmp_path, source, model, {"type": kind}) == expected


@pytest.mark.parametrize(
    "bad",
    [
        {"type": {"primary": "smell"}},
        {"type": {"primary": "chat", "supported": ["smell"]}},
        {"type": {"primary": "chat", "unsupported": ["smell"]}},
        {"type": {"primary": "chat", "maybe": []}},
        {"smell": True},
    ],
)
def test_nothing_unknown_in_a_list_is_dropped_in_silence(tmp_path: Path, bad: Row) -> None:
    with pytest.raises(ValueError, match="portkey"):
        facts(tmp_path, "openai", "m", bad)


# The real snapshot


@pytest.fixture(scope="module")
def real(sources: Path) -> list[Observation]:
    for folder in ("pricing", "general"):
        if not (sources / "portkey" / folder).is_dir():
            pytest.skip(f"the sources have no portkey/{folder}")
    return list(read(sources))


def test_real_gpt_4_1_mini(real: list[Observation]) -> None:
    found = rows(real, "gpt-4.1-mini", "openai")
    standard = amounts(found)
    assert {name: standard[name] for name in ("input", "output", "cached_input")} == {
        "input": "0.4",
        "output": "1.6",
        "cached_input": "0.1",
    }
    assert amounts(found, "batch") == {"input": "0.2", "output": "0.8"}
    assert amounts(found, "priority") == {"input": "0.7", "output": "2.8", "cached_input": "0.175"}


def test_real_thresholds(real: list[Observation]) -> None:
    long = amounts(rows(real, "gpt-5.4", "openai"), above_input_tokens=272000)
    assert (long["input"], long["output"]) == ("5", "22.5")
    pro = rows(real, "gemini-2.5-pro", "google")
    assert (amounts(pro)["input"], amounts(pro, above_input_tokens=200000)["input"]) == ("1.25", "2.5")


def test_real_cache_writes(real: list[Observation]) -> None:
    found = amounts(rows(real, "claude-opus-4-5", "anthropic"))
    assert {found[name] for name in ("cache_write", "cache_write_1h", "cached_input")} == {
        "6.25",
        "10",
        "0.5",
    }
    fast = amounts(rows(real, "claude-opus-4-6", "anthropic"), "fast")
    assert (fast["input"], fast["output"]) == ("30", "150")


def test_real_regions(real: list[Observation]) -> None:
    found = rows(real, "amazon.nova-pro-v1:0", "amazon-bedrock")
    assert (amounts(found)["input"], amounts(found, region="eu-west-2")["input"]) == ("0.8", "1.13")
    assert amounts(rows(real, "gpt-5.4", "openai"), region="regional")["input"] == "2.75"


def test_real_ids_are_models(real: list[Observation]) -> None:
    bracket = re.compile(r"-(?:lte|gt)-\d+k$|^\d+b$|::|^ft:|\.ft$|:batch$|^claude$|^default$")
    assert not [o.model for o in real if bracket.search(o.model)]


def test_real_cached_tokens_do_not_cost_more_than_new_ones(real: list[Observation]) -> None:
    lists: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for o in real:
        if o.field == "price" and isinstance(o.value, dict):
            lists[o.provider, o.model].append(o.value)
    costly = set()
    for (provider, model), listed in lists.items():
        found = amounts(listed)
        if "cached_input" in found and "input" in found and Decimal(found["cached_input"]) > Decimal(found["input"]):
            costly.add((provider, model))
    assert costly == {("openrouter", "nvidia/nemotron-3-super-120b-a12b")}


def test_real_amounts_are_plain_positive_decimals(real: list[Observation]) -> None:
    priced = [(o.model, o.value) for o in real if o.field == "price" and isinstance(o.value, dict)]
    assert len(priced) > 12000
    for model, row in priced:
        amount = str(row["amount"])
        assert "e" not in amount.lower()
        assert "." not in amount or not amount.endswith("0")
        assert amount != "0" or model.endswith((":free", "/free"))


def test_reading_twice_gives_the_same(real: list[Observation], sources: Path) -> None:
    assert list(read(sources)) == real
