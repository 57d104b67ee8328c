"""genai-prices: dates, windows and thresholds of prices, and which ids a rule is for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.observations import Observation
from pipeline.sources.genai_prices import read


def rule(rule_id: str, prices: Any, match: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": rule_id, "match": match or {"equals": rule_id}, "prices": prices, **more}


def observe(root: Path, provider: str, *rules: dict[str, Any]) -> list[Observation]:
    folder = root / "genai-prices"
    folder.mkdir(exist_ok=True)
    data = [{"id": provider, "name": provider, "api_pattern": "", "models": list(rules)}]
    (folder / "data-v2.json").write_text(json.dumps(data), encoding="utf-8")
    return list(read(root))


def prices(observations: list[Observation], model: str, provider: str | None = None) -> list[dict[str, Any]]:
    return [
        o.value
        for o in observations
        if o.field == "price" and o.model == model and provider in {None, o.provider} and isinstance(o.value, dict)
    ]


def amounts(observations: list[Observation], model: str, **dates: str) -> dict[str, str]:
    """Component -> amount, of the rows without a condition that have exactly these dates."""
    return {
        row["component"]: row["amount"]
        for row in prices(observations, model)
        if "condition" not in row
        and {name: row[name] for name in ("effective_from", "effective_until") if name in row} == dates
    }


def test_units(tmp_path: Path) -> None:
    found = observe(
        tmp_path,
        "openai",
        rule("m", {"input_mtok": 0.4, "output_mtok": 1.60, "cache_read_mtok": 0.1, "web_searches_kcount": 10}),
    )
    assert prices(found, "m") == [
        {"component": c, "unit": unit, "amount": amount, "currency": "USD", "tier": "standard"}
        for c, unit, amount in [
            ("input", "1M tokens", "0.4"),
            ("output", "1M tokens", "1.6"),
            ("cached_input", "1M tokens", "0.1"),
            ("web_searches", "search", "0.01"),
        ]
    ]
    assert {(o.provider, o.source, o.date) for o in found} == {("openai", "genai-prices", "2026-08-21")}


def test_a_number_stays_exact(tmp_path: Path) -> None:
    found = observe(tmp_path, "openai", rule("m", {"input_mtok": 0.00000001, "output_mtok": 100}))
    assert amounts(found, "m") == {"input": "0.00000001", "output": "100"}


def test_a_threshold_reprices_the_whole_request_and_an_equal_price_is_no_tier(tmp_path: Path) -> None:
    tiered = {"base": 2.5, "tiers": [{"start": 272000, "price": 5}]}
    flat = {"base": 15, "tiers": [{"start": 272000, "price": 15}]}
    found = prices(observe(tmp_path, "openai", rule("m", {"input_mtok": tiered, "output_mtok": flat})), "m")
    assert [(row["component"], row["amount"], row.get("condition")) for row in found] == [
        ("input", "2.5", None),
        ("input", "5", {"above_input_tokens": 272000}),
        ("output", "15", None),
    ]


def test_dated_prices_are_a_history(tmp_path: Path) -> None:
    entries = [
        {"prices": {"input_mtok": 10, "output_mtok": 40, "cache_read_mtok": 0.5}},
        {
            "constraint": {"start_date": "2025-06-10"},
            "prices": {"input_mtok": 2, "output_mtok": 8, "cache_read_mtok": 0.5},
        },
        {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 1, "output_mtok": 8}},
    ]
    found = observe(tmp_path, "openai", rule("o3", entries))
    assert amounts(found, "o3", effective_until="2025-06-10") == {"input": "10", "output": "40"}
    assert amounts(found, "o3", effective_from="2025-06-10", effective_until="2026-01-01") == {"input": "2"}
    assert amounts(found, "o3", effective_from="2026-01-01") == {"input": "1"}
    assert amounts(found, "o3", effective_from="2025-06-10") == {"output": "8"}
    assert amounts(found, "o3", effective_until="2026-01-01") == {"cached_input": "0.5"}


def test_the_longer_part_of_the_day_is_the_price(tmp_path: Path) -> None:
    entries: list[dict[str, Any]] = [
        {"prices": {"input_mtok": 0.135}},
        {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 0.27}},
    ]
    found = prices(observe(tmp_path, "deepseek", rule("deepseek-chat", entries)), "deepseek-chat")
    assert [(row["amount"], row.get("condition")) for row in found] == [
        ("0.27", None),
        ("0.135", {"utc_window": "16:30-00:30"}),
    ]
    entries[1]["constraint"] = {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}
    found = prices(observe(tmp_path, "deepseek", rule("deepseek-chat", entries)), "deepseek-chat")
    assert [(row["amount"], row.get("condition")) for row in found] == [
        ("0.135", None),
        ("0.27", {"utc_window": "01:00-04:00"}),
    ]


@pytest.mark.parametrize(
    "entries",
    [
        [{"constraint": {"start_date": "2025-01-01"}, "prices": {}}, {"prices": {}}],
        [
            {"prices": {}},
            {"constraint": {"start_date": "2026-01-01"}, "prices": {}},
            {"constraint": {"start_date": "2025-01-01"}, "prices": {}},
        ],
        [
            {"prices": {}},
            {
                "constraint": {"start_time": "00:30:00Z", "end_time": "01:00:00Z", "start_date": "x"},
                "prices": {},
            },
        ],
        [{"prices": {}}, {"constraint": {"start_time": "00:30:10Z", "end_time": "01:00:00Z"}, "prices": {}}],
        [{"prices": {}}, {"constraint": {"weekday": 1}, "prices": {}}],
    ],
)
def test_a_history_that_is_not_understood_is_refused(tmp_path: Path, entries: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="genai-prices"):
        observe(tmp_path, "openai", rule("m", entries))


@pytest.mark.parametrize(
    "bad",
    [
        {"prices": {"input_gtok": 1}},
        {"prices": {"input_mtok": {"base": 1, "tiers": [], "currency": "EUR"}}},
        {"match": {"sounds_like": "m"}},
        {"variants": []},
    ],
)
def test_nothing_unknown_is_dropped_in_silence(tmp_path: Path, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="genai-prices"):
        observe(tmp_path, "openai", {**rule("m", {}), **bad})


def test_only_ids_that_a_rule_names_are_read(tmp_path: Path) -> None:
    match = {
        "or": [
            {"starts_with": "claude-opus-5"},
            {"equals": "claude-opus-latest"},
            {"equals": "CLAUDE-opus-5"},
        ]
    }
    found = observe(tmp_path, "anthropic", rule("claude-opus-5", {"input_mtok": 5}, match, context_window=1000000))
    assert [(o.model, o.field, o.note) for o in found] == [
        ("claude-opus-5", "limits.context_window", ""),
        ("claude-opus-5", "price", ""),
        ("claude-opus-latest", "price", "priced by the rule of claude-opus-5"),
    ]


def test_the_first_rule_that_covers_an_id_prices_it(tmp_path: Path) -> None:
    first = rule("gpt-4o", {"input_mtok": 2.5}, {"starts_with": "gpt-4o"})
    found = observe(tmp_path, "openai", first, rule("gpt-4o-mini", {"input_mtok": 0.15}))
    assert {o.model for o in found} == {"gpt-4o"}


def test_a_rule_that_does_not_cover_its_own_name_is_read_for_what_it_lists(tmp_path: Path) -> None:
    found = observe(tmp_path, "mistral", rule("codestral", {"input_mtok": 0.3}, {"equals": "codestral-latest"}))
    assert {o.model for o in found} == {"codestral-latest"}


def test_routes_of_hugging_face_are_suffixes(tmp_path: Path) -> None:
    match = {"or": [{"equals": "qwen/qwen3-32b"}, {"equals": "qwen/qwen3-32b-fast"}]}
    found = observe(tmp_path, "huggingface_nebius", rule("Qwen/Qwen3-32B", {"input_mtok": 0.1}, match))
    assert [(o.provider, o.model) for o in found] == [("huggingface", "Qwen/Qwen3-32B:nebius")]


@pytest.mark.parametrize(
    ("provider", "name", "expected"),
    [
        ("google", "claude-opus-5", ("google-vertex", "claude-opus-5")),
        ("google", "gemini-flash-1.5", None),
        ("openrouter", "deepseek-r1:free", None),
        ("openrouter", "openai/gpt-4o", ("openrouter", "openai/gpt-4o")),
        ("azure", "mai-ds-r1:free", None),
        ("openai", "gpt-5-4-mini", None),
        ("openai", "gpt-5-mini", ("openai", "gpt-5-mini")),
        ("zai", "GLM-5.2", ("zai", "glm-5.2")),
        ("aws", "regional.anthropic.claude-opus-4-8-v1:0", ("amazon-bedrock", "anthropic.claude-opus-4-8")),
        (
            "aws",
            "global.anthropic.claude-opus-4-5-v1:0",
            ("amazon-bedrock", "global.anthropic.claude-opus-4-5-20251101-v1:0"),
        ),
        ("together", "Qwen/Qwen2-72B", ("togetherai", "Qwen/Qwen2-72B")),
    ],
)
def test_ids_are_as_on_the_wire(tmp_path: Path, provider: str, name: str, expected: tuple[str, str] | None) -> None:
    found = observe(tmp_path, provider, rule(name, {"input_mtok": 1}))
    assert {(o.provider, o.model) for o in found} == ({expected} if expected else set())


def test_fine_tunes_are_a_condition_of_their_base(tmp_path: Path) -> None:
    base = rule("gpt-4o", {"input_mtok": 2.5})
    tuned = rule("ft:gpt-4o", {"input_mtok": 3.75}, {"starts_with": "ft:gpt-4o-"}, name="tuned")
    found = observe(tmp_path, "openai", tuned, base)
    assert [(o.field, row["amount"], row.get("condition")) for o in found if isinstance(row := o.value, dict)] == [
        ("price", "3.75", {"fine_tuned": True}),
        ("price", "2.5", None),
    ]
    assert {o.locator for o in found} == {"genai-prices/data-v2.json#openai/gpt-4o"}


def test_free_is_what_says_so(tmp_path: Path) -> None:
    assert amounts(observe(tmp_path, "openrouter", rule("z-ai/glm:free", {})), "z-ai/glm:free") == {
        "input": "0",
        "output": "0",
    }
    assert observe(tmp_path, "openrouter", rule("z-ai/glm", {})) == []
    assert observe(tmp_path, "openrouter", rule("z-ai/glm", {"input_mtok": 0})) == []


def test_a_price_that_is_another_sellers_or_a_conversion_is_not_read(tmp_path: Path) -> None:
    borrowed = rule("kimi", {"input_mtok": 1}, price_comments="Imported from OpenRouter pricing; verify.")
    assert observe(tmp_path, "moonshotai", borrowed) == []
    assert [o.field for o in observe(tmp_path, "openrouter", rule("a/kimi", {"input_mtok": 1}))] == ["price"]
    converted = observe(tmp_path, "zhipuai", rule("GLM-5", {"input_mtok": 0.552}, context_window=200000))
    assert [(o.model, o.field) for o in converted] == [("glm-5", "limits.context_window")]


def test_the_fee_of_perplexity_is_its_highest(tmp_path: Path) -> None:
    (row,) = prices(observe(tmp_path, "perplexity", rule("sonar", {"requests_kcount": 12})), "sonar")
    assert (row["component"], row["unit"], row["amount"]) == ("requests", "request", "0.012")
    assert row["condition"] == {"context_size": "high"}


def test_deprecation(tmp_path: Path) -> None:
    found = observe(tmp_path, "voyageai", rule("voyage-01", {}, deprecated=True, name="Voyage 01"))
    assert [(o.field, o.value) for o in found] == [("name", "Voyage 01"), ("lifecycle.stated", "deprecated")]


# The real snapshot


@pytest.fixture(scope="module")
def real(sources: Path) -> list[Observation]:
    if not (sources / "genai-prices" / "data-v2.json").is_file():
        pytest.skip("the sources have no genai-prices/data-v2.json")
    return list(read(sources))


def test_real_openai(real: list[Observation]) -> None:
    mini = amounts(real, "gpt-4.1-mini")
    assert mini == {"input": "0.4", "output": "1.6", "cached_input": "0.1"}
    found = {
        row["component"]: row["amount"]
        for row in prices(real, "gpt-5.6-sol")
        if row.get("condition") == {"above_input_tokens": 272000}
    }
    assert found == {"input": "10", "output": "45", "cached_input": "1", "cache_write": "12.5"}


def test_real_history(real: list[Observation]) -> None:
    assert amounts(real, "o3", effective_until="2025-06-10") == {"input": "10", "output": "40"}
    assert amounts(real, "o3", effective_from="2025-06-10") == {"input": "2", "output": "8"}
    luna = prices(real, "gpt-5.6-luna", "openai")
    assert [
        (row["amount"], row.get("effective_from"), row.get("effective_until"))
        for row in luna
        if row["component"] == "input" and "condition" not in row
    ] == [("1", None, "2026-07-30"), ("0.2", "2026-07-30", None)]


def test_real_deepseek(real: list[Observation]) -> None:
    found = prices(real, "deepseek-chat", "deepseek")
    assert {row["component"]: row["amount"] for row in found if "condition" not in row} == {
        "input": "0.27",
        "output": "1.1",
        "cached_input": "0.07",
    }
    assert {row["component"]: row["amount"] for row in found if "condition" in row} == {
        "input": "0.135",
        "output": "0.55",
        "cached_input": "0.035",
    }
    assert {row["condition"]["utc_window"] for row in found if "condition" in row} == {"16:30-00:30"}


def test_real_amounts_are_plain_positive_decimals(real: list[Observation]) -> None:
    rows = [(o.model, o.value) for o in real if o.field == "price" and isinstance(o.value, dict)]
    assert len(rows) > 3500
    for model, row in rows:
        amount = str(row["amount"])
        assert "e" not in amount.lower()
        assert "." not in amount or not amount.endswith("0")
        assert amount != "0" or model.endswith(":free")


def test_reading_twice_gives_the_same(real: list[Observation], sources: Path) -> None:
    assert list(read(sources)) == real
