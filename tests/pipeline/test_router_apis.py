"""The reader of the routers' lists: made-up lines with answers worked by hand, then the real snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.observations import JSON, Observation
from pipeline.sources import router_apis

Row = tuple[str, str, str, JSON]


def observe(tmp_path: Path, router: str, record: dict[str, Any], last: str = "2026-05-05") -> list[Observation]:
    """What is said in a list that has this record and, one day later than most, another."""
    folder = tmp_path / "provider-apis"
    folder.mkdir()
    other = record | {"id": "other/one"}
    other.pop("alias_target", None)
    lines = [
        {"id": r["id"], "record": r, "first_seen": "2026-01-01", "last_seen": seen}
        for r, seen in ((record, last), (other, "2026-05-05"))
    ]
    for name in ("openrouter", "zenmux"):
        text = "".join(json.dumps(line) + "\n" for line in lines) if name == router else ""
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return [o for o in router_apis.read(tmp_path) if o.model != "other/one"]


def facts(seen: list[Observation]) -> dict[str, JSON]:
    return {o.field: o.value for o in seen if o.field not in {"price", "parameter_range"}}


def rows(seen: list[Observation]) -> list[Row]:
    """(component, amount, unit, condition) of every price."""
    found: list[Row] = []
    for o in seen:
        if o.field == "price":
            assert isinstance(o.value, dict)
            assert (o.value["currency"], o.value["tier"]) == ("USD", "standard")
            component, amount, unit = o.value["component"], o.value["amount"], o.value["unit"]
            found.append((str(component), str(amount), str(unit), o.value.get("condition")))
    return found


def tokens(component: str, amount: str, above: int | None = None) -> Row:
    return (component, amount, "1M tokens", {"above_input_tokens": above} if above else None)


# OpenRouter -------------------------------------------------------------------------------------------


def openrouter(
    *,
    inputs: tuple[str, ...] = ("text",),
    outputs: tuple[str, ...] = ("text",),
    max_output: int | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """The least that every record of OpenRouter has."""
    least: dict[str, Any] = {
        "id": "acme/one",
        "name": "Acme: One",
        "created": 1,
        "canonical_slug": "acme/one",
        "context_length": 1000,
        "architecture": {"input_modalities": list(inputs), "output_modalities": list(outputs)},
        "top_provider": {"context_length": 900, "max_completion_tokens": max_output},
        "pricing": {"prompt": "0.000001", "completion": "0.000002"},
        "supported_parameters": [],
        "default_parameters": {},
        "expiration_date": None,
        "knowledge_cutoff": None,
        "hugging_face_id": None,
    }
    return least | changes


def test_openrouter_least_record(tmp_path: Path) -> None:
    seen = observe(tmp_path, "openrouter", openrouter())
    assert {(o.provider, o.model, o.source, o.locator, o.date) for o in seen} == {
        ("openrouter", "acme/one", "openrouter-api", "provider-apis/openrouter.jsonl#acme/one", "2026-05-05")
    }
    assert facts(seen) == {
        "lifecycle.first_listed": "2026-01-01",
        "name": "Acme: One",
        "limits.context_window": 1000,
        "modalities.input": ["text"],
        "modalities.output": ["text"],
    }
    assert rows(seen) == [tokens("input", "1"), tokens("output", "2")]


def test_openrouter_all_facts(tmp_path: Path) -> None:
    record = openrouter(
        inputs=("text", "file", "image"),
        max_output=50,
        canonical_slug="acme/one-20260101",
        expiration_date="2026-12-31",
        knowledge_cutoff="2024-06-30",
        hugging_face_id="acme-hf/One",
        supported_parameters=["tools", "response_format", "reasoning", "max_tokens"],
        default_parameters={"temperature": 0.6, "top_p": None, "top_k": 40},
        reasoning={
            "mandatory": False,
            "default_enabled": True,
            "default_effort": "high",
            "supported_efforts": ["max", "high", "low"],
        },
    )
    seen = observe(tmp_path, "openrouter", record, last="2026-05-01")
    assert facts(seen) == {
        "lifecycle.first_listed": "2026-01-01",
        "lifecycle.last_listed": "2026-05-01",
        "name": "Acme: One",
        "limits.context_window": 1000,
        "limits.max_output_tokens": 50,
        "modalities.input": ["image", "pdf", "text"],
        "modalities.output": ["text"],
        "lifecycle.retires_on": "2026-12-31",
        "knowledge_cutoff": "2024-06",
        "links.weights": "https://huggingface.co/acme-hf/One",
        "default_snapshot": "acme/one-20260101",
        "supported_parameters": ["max_tokens", "reasoning", "response_format", "tools"],
        "capabilities.tool_calling": True,
        "capabilities.json_mode": True,
        "capabilities.reasoning": True,
        "reasoning.efforts": ["low", "high", "max"],
        "reasoning.default_effort": "high",
        "reasoning.default_on": True,
        "reasoning.can_disable": True,
    }
    assert [o.value for o in seen if o.field == "parameter_range"] == [
        {"parameter": "temperature", "default": "0.6"},
        {"parameter": "top_k", "default": 40},
    ]


def test_openrouter_dates(tmp_path: Path) -> None:
    record = openrouter(knowledge_cutoff="2025-01-01", expiration_date="2098-12-31")
    seen = facts(observe(tmp_path, "openrouter", record))
    assert seen["knowledge_cutoff"] == "2025-01-01"
    assert "lifecycle.retires_on" not in seen  # 2098 stands for "never"


def test_openrouter_reasoning_that_cannot_be_turned_off(tmp_path: Path) -> None:
    record = openrouter(supported_parameters=["reasoning"], reasoning={"mandatory": True})
    assert facts(observe(tmp_path, "openrouter", record))["reasoning.can_disable"] is False


def test_openrouter_reasoning_of_a_model_that_does_not_reason(tmp_path: Path) -> None:
    record = openrouter(reasoning={"mandatory": False})
    assert "reasoning.can_disable" not in facts(observe(tmp_path, "openrouter", record))


def test_openrouter_parameters_of_models_that_write_no_text(tmp_path: Path) -> None:
    record = openrouter(outputs=("rerank",), supported_parameters=["structured_outputs", "temperature"])
    seen = facts(observe(tmp_path, "openrouter", record))
    assert seen["modalities.output"] == ["score"]
    assert not {field for field in seen if field.startswith(("capabilities.", "supported_"))}


@pytest.mark.parametrize("slug", ["acme/one", "acme/one:batch"])
def test_openrouter_a_variant_is_not_a_snapshot(tmp_path: Path, slug: str) -> None:
    record = openrouter(id="acme/one:batch", canonical_slug=slug)
    assert "default_snapshot" not in facts(observe(tmp_path, "openrouter", record))


def test_openrouter_a_moving_alias_is_said_of_its_target(tmp_path: Path) -> None:
    record = openrouter(id="~acme/latest", canonical_slug="~acme/latest", alias_target={"slug": "acme/two"})
    seen = observe(tmp_path, "openrouter", record)
    assert {o.model for o in seen} == {"~acme/latest", "acme/two"}
    assert [(o.field, o.value) for o in seen if o.model == "acme/two"] == [("aliases", ["~acme/latest"])]


def test_openrouter_adds_the_storage_of_five_minutes_to_the_input_price_of_gemini(tmp_path: Path) -> None:
    """openrouter.ai/docs/features/prompt-caching: input + storage x 5 / 60 minutes, here 0.30 + 1.00 / 12."""
    pricing = {"prompt": "0.0000003", "completion": "0.0000025", "input_cache_write": "0.00000008333333333333334"}
    seen = rows(observe(tmp_path, "openrouter", openrouter(id="google/gemini-2.5-flash", pricing=pricing)))
    assert seen[2] == tokens("cache_write", "0.383333333333333")


def test_openrouter_every_price(tmp_path: Path) -> None:
    pricing = {
        "prompt": "0.0000003",
        "completion": "0.0000025",
        "input_cache_read": "0.00000003",
        "input_cache_write": "0.00000008333333333333334",
        "input_cache_write_1h": "0.0000006",
        "internal_reasoning": "0.0000035",
        "audio": "0.000001",
        "input_audio_cache": "0.0000001",
        "audio_output": "0.000064",
        "image": "0.0000003",
        "image_output": "0.00003",
        "image_token": "0.00003",
        "web_search": "0.014",
        "request": "0.005",
        "overrides": [{"min_prompt_tokens": 200000, "prompt": "0.0000006", "completion": "0.000005"}],
    }
    assert rows(observe(tmp_path, "openrouter", openrouter(pricing=pricing))) == [
        tokens("input", "0.3"),
        tokens("output", "2.5"),
        tokens("cached_input", "0.03"),
        tokens("cache_write", "0.0833333333333333"),
        tokens("cache_write_1h", "0.6"),
        tokens("reasoning", "3.5"),
        tokens("input_audio", "1"),
        tokens("cached_input_audio", "0.1"),
        tokens("output_audio", "64"),
        tokens("input_image", "0.3"),
        tokens("output_image", "30"),
        ("web_searches", "0.014", "search", None),
        ("requests", "0.005", "request", None),
        tokens("input", "0.6", above=200000),
        tokens("output", "5", above=200000),
    ]


@pytest.mark.parametrize(
    ("model", "outputs", "pricing", "expected"),
    [
        ("a/b:free", ("text",), {"prompt": "0", "completion": "0"}, [("input", "0"), ("output", "0")]),
        ("a/free", ("text",), {"prompt": "0", "completion": "0"}, [("input", "0"), ("output", "0")]),
        ("a/video", ("video",), {"prompt": "0", "completion": "0"}, []),
        ("a/song", ("text", "audio"), {"prompt": "0", "completion": "0"}, []),
        ("a/embed", ("embeddings",), {"prompt": "0.0000001", "completion": "0"}, [("input", "0.1")]),
        (
            "a/image",
            ("image",),
            {"prompt": "0", "completion": "0", "image_output": "0.00001"},
            [("output_image", "10")],
        ),
        ("a/auto", ("text",), {"prompt": "-1", "completion": "-1"}, []),
        ("a/hears", ("transcription",), {"prompt": "0.006", "completion": "0"}, []),
        (
            "a/hears-tokens",
            ("transcription",),
            {"prompt": "0.000001", "completion": "0.00001"},
            [("input", "1"), ("output", "10")],
        ),
        ("a/speaks", ("speech",), {"prompt": "0.000015", "completion": "0"}, [("characters", "15")]),
        (
            "a/speaks-tokens",
            ("speech",),
            {"prompt": "0.000001", "completion": "0.00002"},
            [("input", "1"), ("output", "20")],
        ),
    ],
)
def test_openrouter_what_zero_and_other_units_mean(
    tmp_path: Path,
    model: str,
    outputs: tuple[str, ...],
    pricing: dict[str, str],
    expected: list[tuple[str, str]],
) -> None:
    record = openrouter(id=model, outputs=outputs, pricing=pricing)
    assert [row[:2] for row in rows(observe(tmp_path, "openrouter", record))] == expected


def test_openrouter_units_that_are_not_tokens(tmp_path: Path) -> None:
    speech = openrouter(outputs=("speech",), pricing={"prompt": "0.000015", "completion": "0"})
    assert rows(observe(tmp_path, "openrouter", speech)) == [("characters", "15", "1M characters", None)]


def test_openrouter_price_of_a_whole_image(tmp_path: Path) -> None:
    record = openrouter(pricing={"prompt": "0", "completion": "0", "image": "0.01"})
    assert rows(observe(tmp_path, "openrouter", record)) == [("input_image", "0.01", "image", None)]


# ZenMux -----------------------------------------------------------------------------------------------


def zenmux(**changes: Any) -> dict[str, Any]:
    """The least that every record of ZenMux has."""
    least: dict[str, Any] = {
        "id": "acme/one",
        "display_name": "Acme: One",
        "created": 1,
        "context_length": 1000,
        "capabilities": {},
        "input_modalities": ["text"],
        "output_modalities": ["text"],
    }
    return least | changes


def entry(value: float, unit: str = "perMTokens", **conditions: dict[str, float]) -> dict[str, Any]:
    ranges = {f"{name}_tokens": {**bounds, "unit": "kTokens"} for name, bounds in conditions.items()}
    return {"currency": "USD", "unit": unit, "value": value} | ({"conditions": ranges} if ranges else {})


def zenmux_rows(tmp_path: Path, model: str = "acme/one", **pricings: list[dict[str, Any]]) -> list[Row]:
    return rows(observe(tmp_path, "zenmux", zenmux(id=model, pricings=pricings)))


def test_zenmux_facts(tmp_path: Path) -> None:
    record = zenmux(
        publish_time="2025-06-17",
        capabilities={"reasoning": False},
        input_modalities=["text", "file"],
        output_modalities=["embeddings"],
    )
    seen = observe(tmp_path, "zenmux", record)
    assert {(o.provider, o.source) for o in seen} == {("zenmux", "zenmux-api")}
    assert facts(seen) == {
        "lifecycle.first_listed": "2026-01-01",
        "name": "Acme: One",
        "lifecycle.released": "2025-06-17",
        "limits.context_window": 1000,
        "modalities.input": ["pdf", "text"],
        "modalities.output": ["embedding"],
        "capabilities.reasoning": False,
    }


def test_zenmux_flat_prices(tmp_path: Path) -> None:
    seen = zenmux_rows(
        tmp_path,
        prompt=[entry(0.4308)],
        completion=[entry(6)],
        input_cache_read=[entry(0.08)],
        input_cache_write=[entry(0.5)],
        web_search=[entry(0.01, "perCount")],
        audio_input=[entry(3.5e-05, "perSecond")],
        audio=[entry(8.8)],
    )
    assert seen == [
        tokens("input", "0.4308"),
        tokens("output", "6"),
        tokens("cached_input", "0.08"),
        tokens("cache_write", "0.5"),
        ("web_searches", "0.01", "search", None),
        ("input_seconds", "0.000035", "second", None),
    ]


def test_zenmux_thresholds(tmp_path: Path) -> None:
    prompt = [
        entry(3, prompt={"gt": 128}),
        entry(1, prompt={"gte": 0, "lte": 32}),
        entry(2, prompt={"gte": 32, "lt": 128}),
    ]
    assert zenmux_rows(tmp_path, prompt=prompt) == [
        tokens("input", "1"),
        tokens("input", "2", above=32000),
        tokens("input", "3", above=128000),
    ]


def test_zenmux_prices_of_short_answers_are_a_variant(tmp_path: Path) -> None:
    completion = [
        entry(1, prompt={"gte": 0, "lt": 32}, completion={"gte": 0, "lt": 0.2}),
        entry(2, prompt={"gte": 0, "lt": 32}, completion={"gte": 0.2}),
        entry(3, prompt={"gte": 32}, completion={"gte": 0}),
    ]
    assert zenmux_rows(tmp_path, completion=completion) == [
        tokens("output", "2"),
        ("output", "1", "1M tokens", {"variant": "output under 200 tokens"}),
        tokens("output", "3", above=32000),
    ]


def test_zenmux_two_prices_of_one_level_are_not_published(tmp_path: Path) -> None:
    cached = [entry(0.02, prompt={"gt": 0, "lte": 32}), entry(0.04, prompt={"gte": 0, "lt": 32})]
    assert zenmux_rows(tmp_path, prompt=[entry(0.2)], input_cache_read=cached) == [tokens("input", "0.2")]


@pytest.mark.parametrize(
    ("model", "component", "unit"),
    [("anthropic/one", "cache_write_1h", "1M tokens"), ("google/one", "cache_storage", "1M token-hours")],
)
def test_zenmux_what_an_hour_of_cache_means(tmp_path: Path, model: str, component: str, unit: str) -> None:
    assert zenmux_rows(tmp_path, model, input_cache_write_1_h=[entry(4.5)]) == [(component, "4.5", unit, None)]


def test_zenmux_zero(tmp_path: Path) -> None:
    free = {"prompt": [entry(0)], "completion": [entry(0)], "web_search": [entry(0, "perCount")]}
    assert [row[:2] for row in zenmux_rows(tmp_path, "acme/one-free", **free)] == [
        ("input", "0"),
        ("output", "0"),
        ("web_searches", "0"),
    ]


def test_zenmux_zero_beside_a_price(tmp_path: Path) -> None:
    assert zenmux_rows(tmp_path, prompt=[entry(1)], completion=[entry(0)]) == [tokens("input", "1")]


# The real snapshot ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(sources: Path) -> list[Observation]:
    return list(router_apis.read(sources))


def test_real_counts(real: list[Observation]) -> None:
    listed = [o.provider for o in real if o.field == "lifecycle.first_listed"]
    assert (listed.count("openrouter"), listed.count("zenmux")) == (544, 210)


def test_real_values_hold_no_floats(real: list[Observation]) -> None:
    assert json.loads(json.dumps([o.value for o in real]), parse_float=pytest.fail)


def test_real_rows_do_not_contradict_each_other(real: list[Observation]) -> None:
    seen = [
        (o.source, o.model, json.dumps({k: v for k, v in o.value.items() if k != "amount"}))
        for o in real
        if o.field == "price" and isinstance(o.value, dict)
    ]
    assert len(seen) == len(set(seen))


def test_real_prices(real: list[Observation]) -> None:
    opus = [o for o in real if (o.provider, o.model) == ("zenmux", "anthropic/claude-opus-4.5")]
    assert rows(opus)[:2] == [tokens("output", "25"), tokens("cached_input", "0.5")]
    mini = [o for o in real if (o.provider, o.model) == ("openrouter", "openai/gpt-4.1-mini")]
    assert {row[:2] for row in rows(mini)} >= {("input", "0.4"), ("output", "1.6"), ("cached_input", "0.1")}


def test_real_image_tokens_repeat_the_output_price(sources: Path) -> None:
    text = (sources / "provider-apis" / "openrouter.jsonl").read_text(encoding="utf-8")
    for pricing in (json.loads(line)["record"]["pricing"] for line in text.splitlines()):
        assert pricing.get("image_token") in {None, pricing.get("image_output")}
