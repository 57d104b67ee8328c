"""The reader of the vendors' lists: made-up lines with answers worked by hand, then the real snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.observations import JSON, Observation
from pipeline.sources import vendor_apis

VENDORS = ("anthropic", "google", "openai", "xai")


def line(model: str, record: dict[str, Any], first: str = "2026-01-01", last: str = "2026-05-05") -> str:
    return json.dumps({"id": model, "record": record, "first_seen": first, "last_seen": last})


def observe(tmp_path: Path, vendor: str, *lines: str) -> list[Observation]:
    folder = tmp_path / "provider-apis"
    folder.mkdir()
    for name in VENDORS:
        text = "".join(f"{line}\n" for line in lines) if name == vendor else ""
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return list(vendor_apis.read(tmp_path))


def facts(seen: list[Observation]) -> dict[str, JSON]:
    return {o.field: o.value for o in seen if o.field not in {"price", "parameter_range"}}


def values(seen: list[Observation], field: str) -> list[JSON]:
    return [o.value for o in seen if o.field == field]


def test_presence_on_the_list(tmp_path: Path) -> None:
    gone = line("m-1", {"created": 1}, first="2025-11-18", last="2026-01-19")
    here = line("m-2", {"created": 1}, first="2026-01-02", last="2026-05-05")
    assert observe(tmp_path, "openai", gone, here) == [
        _openai("m-1", "lifecycle.first_listed", "2025-11-18", "2026-01-19"),
        _openai("m-1", "lifecycle.last_listed", "2026-01-19", "2026-01-19"),
        _openai("m-2", "lifecycle.first_listed", "2026-01-02", "2026-05-05"),
    ]


def _openai(model: str, field: str, value: str, date: str) -> Observation:
    locator = f"provider-apis/openai.jsonl#{model}"
    return Observation("openai", model, field, value, "vendor-apis", locator, date)


def supported(**branches: bool) -> dict[str, dict[str, bool]]:
    return {name: {"supported": value} for name, value in branches.items()}


def anthropic_record(**changes: Any) -> dict[str, Any]:
    return {"display_name": "Poet 1", "created_at": "2026-02-03T00:00:00Z"} | changes


def test_anthropic_without_a_tree(tmp_path: Path) -> None:
    assert facts(observe(tmp_path, "anthropic", line("poet-1", anthropic_record()))) == {
        "lifecycle.first_listed": "2026-01-01",
        "name": "Poet 1",
        "lifecycle.released": "2026-02-03",
    }


def test_anthropic_capabilities(tmp_path: Path) -> None:
    tree = {
        **supported(batch=True, citations=False, code_execution=True, image_input=True, pdf_input=False),
        "context_management": {"supported": True, **supported(compact=False)},
        "structured_outputs": {"supported": False},
        "effort": {"supported": True, **supported(high=True, low=True, xhigh=False, max=True)},
        "thinking": {"supported": True, "types": supported(enabled=False, adaptive=True)},
    }
    record = anthropic_record(capabilities=tree, max_input_tokens=1000, max_tokens=50)
    assert facts(observe(tmp_path, "anthropic", line("poet-1", record))) == {
        "lifecycle.first_listed": "2026-01-01",
        "name": "Poet 1",
        "lifecycle.released": "2026-02-03",
        "limits.max_input_tokens": 1000,
        "limits.max_output_tokens": 50,
        "capabilities.batch": True,
        "capabilities.citations": False,
        "tools.code_execution": True,
        "capabilities.context_management": True,
        "capabilities.structured_output": False,
        "capabilities.reasoning": True,
        "modalities.input": ["image", "text"],
        "reasoning.efforts": ["low", "high", "max"],
        "reasoning.modes": ["adaptive"],
    }


def test_anthropic_says_that_there_are_no_efforts(tmp_path: Path) -> None:
    tree = {"effort": {"supported": False, **supported(high=False)}, "thinking": {"supported": False}}
    seen = facts(observe(tmp_path, "anthropic", line("poet-1", anthropic_record(capabilities=tree))))
    assert seen["reasoning.efforts"] == []
    assert seen["capabilities.reasoning"] is False
    assert "reasoning.modes" not in seen
    assert "modalities.input" not in seen


def google_record(*methods: str, **changes: Any) -> dict[str, Any]:
    least = {"displayName": "Star", "inputTokenLimit": 1000, "outputTokenLimit": 10}
    return least | {"supportedGenerationMethods": list(methods)} | changes


def test_google_methods_and_parameters(tmp_path: Path) -> None:
    methods = ("generateContent", "countTokens", "createCachedContent", "batchGenerateContent")
    record = google_record(*methods, thinking=True, temperature=1, maxTemperature=2.0, topP=0.95, topK=64, version="1")
    seen = observe(tmp_path, "google", line("models/star-1", record))
    assert {(o.provider, o.model) for o in seen} == {("google", "star-1")}
    assert facts(seen) == {
        "lifecycle.first_listed": "2026-01-01",
        "name": "Star",
        "limits.max_input_tokens": 1000,
        "limits.max_output_tokens": 10,
        "capabilities.reasoning": True,
        "capabilities.batch": True,
        "capabilities.prompt_caching": True,
        "endpoints.batch": True,
        "endpoints.count_tokens": True,
        "endpoints.generate_content": True,
    }
    assert values(seen, "parameter_range") == [
        {"parameter": "generationConfig.temperature", "default": 1, "maximum": 2},
        {"parameter": "generationConfig.topP", "default": "0.95"},
        {"parameter": "generationConfig.topK", "default": 64},
    ]


@pytest.mark.parametrize(
    ("model", "method", "field"),
    [
        ("models/embed-1", "embedContent", "endpoints.embeddings"),
        ("models/imagen-9", "predict", "endpoints.images"),
        ("models/veo-9", "predictLongRunning", "endpoints.videos"),
    ],
)
def test_google_models_that_write_no_text_have_no_output_limit(
    tmp_path: Path, model: str, method: str, field: str
) -> None:
    seen = facts(observe(tmp_path, "google", line(model, google_record(method))))
    assert seen[field] is True
    assert "limits.max_output_tokens" not in seen


def test_google_live(tmp_path: Path) -> None:
    seen = facts(observe(tmp_path, "google", line("models/star-live", google_record("bidiGenerateContent"))))
    assert seen["endpoints.live"] is True
    assert seen["capabilities.live"] is True
    assert "endpoints.generate_content" not in seen  # a method that is not listed is not denied


def test_xai_prices_are_in_tenths_of_a_billionth(tmp_path: Path) -> None:
    record = {
        "created": 1,
        "aliases": ["joke-latest", "joke"],
        "context_length": 500000,
        "long_context_threshold": 200000,
        "prompt_text_token_price": 12500,  # 12,500 x 1e-10 x 1,000,000 = 1.25
        "cached_prompt_text_token_price": 2000,
        "completion_text_token_price": 25000,
        "prompt_image_token_price": 12500,
        "prompt_text_token_price_long_context": 25000,
        "cached_prompt_text_token_price_long_context": 4000,
        "completion_text_token_price_long_context": 50000,
    }
    seen = observe(tmp_path, "xai", line("joke-1", record))
    assert facts(seen) == {
        "lifecycle.first_listed": "2026-01-01",
        "aliases": ["joke", "joke-latest"],
        "limits.context_window": 500000,
    }
    rows = values(seen, "price")
    assert rows[0] == {
        "component": "input",
        "unit": "1M tokens",
        "amount": "1.25",
        "currency": "USD",
        "tier": "standard",
    }
    assert [_short(row) for row in rows] == [
        ("input", "1.25", None),
        ("cached_input", "0.2", None),
        ("output", "2.5", None),
        ("input_image", "1.25", None),
        ("input", "2.5", {"above_input_tokens": 200000}),
        ("cached_input", "0.4", {"above_input_tokens": 200000}),
        ("output", "5", {"above_input_tokens": 200000}),
    ]


def _short(row: JSON) -> tuple[JSON, JSON, JSON]:
    assert isinstance(row, dict)
    return row["component"], row["amount"], row.get("condition")


def test_xai_price_of_an_image(tmp_path: Path) -> None:
    seen = observe(tmp_path, "xai", line("paint-1", {"aliases": [], "image_price": 200000000}))
    assert "aliases" not in facts(seen)
    assert values(seen, "price") == [
        {"component": "images", "unit": "image", "amount": "0.02", "currency": "USD", "tier": "standard"}
    ]


# The real snapshot ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(sources: Path) -> list[Observation]:
    return list(vendor_apis.read(sources))


def test_real_counts(real: list[Observation]) -> None:
    listed = [o.provider for o in real if o.field == "lifecycle.first_listed"]
    assert {vendor: listed.count(vendor) for vendor in VENDORS} == {
        "anthropic": 17,
        "google": 96,
        "openai": 153,
        "xai": 23,
    }


def test_real_values_hold_no_floats(real: list[Observation]) -> None:
    assert json.loads(json.dumps([o.value for o in real]), parse_float=pytest.fail)


def test_real_models(real: list[Observation]) -> None:
    grok = [o for o in real if o.model == "grok-4.20-0309-reasoning"]
    assert "grok-4.20" in facts(grok)["aliases"]  # type: ignore[operator]
    assert _short(values(grok, "price")[0]) == ("input", "1.25", None)
    opus = facts([o for o in real if o.model == "claude-opus-4-5-20251101"])
    assert opus["reasoning.efforts"] == ["low", "medium", "high"]
    assert opus["lifecycle.released"] == "2025-11-24"
    flash = facts([o for o in real if o.model == "gemini-2.5-flash"])
    assert flash["limits.max_input_tokens"] == 1048576
    removed = facts([o for o in real if o.model == "dall-e-3"])
    assert removed["lifecycle.last_listed"] == "2026-01-19"
