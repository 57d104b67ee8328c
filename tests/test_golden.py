"""Real models against what their vendors' own pages state. Each expectation names the page it was read on.

A page is checked for what it says and no more, so that facts added later break nothing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from modelmeta import Model, get_model, list_snapshots, resolve

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "gpt-4.1-mini": (
        "https://platform.openai.com/docs/models/gpt-4.1-mini",
        {
            "name": "GPT-4.1 mini",
            "author": "openai",
            "limits.context_window": 1_047_576,
            "limits.max_output_tokens": 32_768,
            "knowledge_cutoff": "2024-06-01",
            "modalities.input": ("text", "image"),
            "modalities.output": ("text",),
            "capabilities.streaming": True,
            "capabilities.tool_calling": True,
            "capabilities.structured_output": True,
            "capabilities.fine_tuning": True,
            "capabilities.distillation": False,
            "capabilities.predicted_outputs": True,
            "default_snapshot": "gpt-4.1-mini-2025-04-14",
            "price input": "0.40",
            "price cached_input": "0.10",
            "price output": "1.60",
        },
    ),
    "claude-sonnet-4-5": (
        "https://platform.claude.com/docs/zh-CN/models/sonnet-4-5/overview.md",
        {
            "name": "Claude Sonnet 4.5",
            "author": "anthropic",
            "lifecycle.released": "2025-09-29",
            "lifecycle.retires_on": "2026-11-30",
            "lifecycle.replacement": "claude-sonnet-5-5",
            "limits.context_window": 200_000,
            "limits.max_output_tokens": 64_000,
            "knowledge_cutoff": "2025-01",
            "training_cutoff": "2025-07",
            "default_snapshot": "claude-sonnet-4-5-20250929",
            "price input": "3",
            "price cached_input": "0.3",
            "price cache_write": "3.75",
            "price cache_write_1h": "6",
            "price output": "15",
        },
    ),
    "claude-opus-5-5": (
        "https://platform.claude.com/docs/zh-CN/models/opus-5-5/overview",
        {
            "name": "Claude Opus 5.5",
            "author": "anthropic",
            "lifecycle.released": "2026-09-22",
            "limits.context_window": 1_000_000,
            "limits.max_output_tokens": 128_000,
            "knowledge_cutoff": "2026-06",
            "reasoning.default_effort": "medium",
            "reasoning.can_disable": False,
            "price input": "4",
            "price cached_input": "0.2",
            "price cache_write": "5",
            "price cache_write_1h": "8",
            "price output": "20",
            "batch price input": "2",
            "batch price output": "10",
        },
    ),
    "gemini-2.5-pro": (
        "https://ai.google.dev/gemini-api/docs/pricing and the model list of the Gemini API",
        {
            "author": "google",
            "lifecycle.released": "2025-06-17",
            "limits.max_input_tokens": 1_048_576,
            "limits.max_output_tokens": 65_536,
            "price input": "1.25",
            "price cached_input": "0.125",
            "price output": "10",
            "long price input": "2.5",
            "long price cached_input": "0.25",
            "long price output": "15",
            "batch price input": "0.625",
            "batch price output": "5",
        },
    ),
    "gemini-3.6-flash": (
        "https://ai.google.dev/gemini-api/docs/whats-new-gemini-3.6",
        {
            "name": "Gemini 3.6 Flash",
            "author": "google",
            "lifecycle.released": "2026-07-21",
            "reasoning.default_effort": "medium",
        },
    ),
    "grok-4.7": (
        "https://docs.x.ai/developers/grok-4-7",
        {
            "name": "Grok 4.7",
            "author": "xai",
            "limits.context_window": 500_000,
            "limits.max_output_tokens": None,
            "knowledge_cutoff": "2026-05",
            "modalities.input": ("text", "image"),
            "modalities.output": ("text",),
            "reasoning.efforts": ("low", "medium", "high", "xhigh"),
            "reasoning.default_effort": "high",
            "price input": "2",
            "price output": "6",
        },
    ),
    "grok-4-0709": (
        "https://docs.x.ai/developers/models/grok-4.md",
        {
            "name": "Grok 4",
            "author": "xai",
            "limits.context_window": 256_000,
            "modalities.input": ("text", "image"),
            "modalities.output": ("text",),
            "capabilities.tool_calling": True,
            "capabilities.structured_output": True,
            "capabilities.reasoning": True,
            "lifecycle.retires_on": "2026-05-15",
            "lifecycle.replacement": "grok-4.3",
            "price input": "3",
            "price cached_input": "0.75",
            "price output": "15",
        },
    ),
    "mistral-large-2512": (
        "mistralai/platform-docs-public: mistral-large-3-25-12.ts",
        {
            "name": "Mistral Large 3",
            "author": "mistral",
            "open_weights": True,
            "lifecycle.released": "2025-12-02",
            "limits.context_window": 256_000,
            "modalities.input": ("text", "image"),
            "modalities.output": ("text",),
            "capabilities.tool_calling": True,
            "capabilities.structured_output": True,
            "price input": "0.5",
            "price output": "1.5",
        },
    ),
    "mistral-large-2411": (
        "mistralai/platform-docs-public: mistral-large-2-1-24-11.ts",
        {
            "name": "Mistral Large 2.1",
            "lifecycle.released": "2024-11-18",
            "lifecycle.deprecated_on": "2026-02-27",
            "lifecycle.retires_on": "2026-05-31",
            "lifecycle.replacement": "mistral-medium-3-5",
            "limits.context_window": 128_000,
            "modalities.input": ("text",),
            "open_weights": True,
            "price input": "2",
            "price output": "6",
        },
    ),
    "codestral-2508": (
        "mistralai/platform-docs-public: codestral-25-08.ts",
        {
            "name": "Codestral",
            "lifecycle.released": "2025-07-30",
            "limits.context_window": 128_000,
            "open_weights": False,
            "price input": "0.3",
            "price output": "0.9",
        },
    ),
    "deepseek-v4-flash": (
        "https://api-docs.deepseek.com/quick_start/pricing",
        {
            "author": "deepseek",
            "lifecycle.replacement": "deepseek-flash",
            "limits.context_window": 1_000_000,
            "limits.max_output_tokens": 384_000,
        },
    ),
    "command-a-03-2025": (
        "cohere-ai/cohere-developer-experience: fern/pages/models/models.mdx",
        {
            "name": "Command A",
            "author": "cohere",
            "lifecycle.released": "2025-03-11",
            "limits.context_window": 256_000,
            "limits.max_output_tokens": 8_000,
            "modalities.input": ("text",),
            "modalities.output": ("text",),
            "price input": "2.5",
            "price output": "10",
        },
    ),
    "sonar-pro": (
        "https://docs.perplexity.ai/getting-started/pricing",
        {"author": "perplexity", "price input": "3", "price output": "15"},
    ),
    "kimi-k3": (
        "moonshotai: en-US/kimi-api/model-selection.md",
        {
            "author": "moonshotai",
            "limits.context_window": 1_048_576,
            "reasoning.efforts": ("low", "high", "max"),
            "reasoning.can_disable": False,
            "modalities.input": ("text", "image"),
        },
    ),
    "zai/glm-4.6": (
        "https://docs.z.ai/guides/overview/pricing.md",
        {
            "open_weights": True,
            "limits.context_window": 200_000,
            "price input": "0.6",
            "price cached_input": "0.11",
            "price output": "2.2",
        },
    ),
}


def stated(model: Model, what: str) -> object:
    """A field by its path, or a price: ``[long|batch] price <component>``, today, per 1M tokens in US dollars."""
    if "price" not in what:
        value: object = model
        for name in what.split("."):
            value = getattr(value, name)
        return value
    kind, component = what.replace("price ", "").rpartition(" ")[::2]
    tier = "batch" if kind == "batch" else "standard"
    rate = model.price(component, tier=tier, input_tokens=300_000 if kind == "long" else 1_000)
    assert rate is not None, f"{model.qualified_id} has no {what}"
    assert (rate.unit, rate.currency) == ("1M tokens", "USD")
    assert rate.source
    return rate.amount


@pytest.mark.parametrize(
    ("reference", "what"), [(reference, what) for reference, (_, facts) in PAGES.items() for what in facts]
)
def test_what_the_vendors_page_states(reference: str, what: str) -> None:
    page, facts = PAGES[reference]
    expected = facts[what]
    found = stated(get_model(reference), what)
    if "price" in what:
        assert found == Decimal(expected), page
    elif isinstance(expected, str):
        assert str(found) == expected, page
    else:
        assert found == expected, page


# gpt-4.1-mini, to the last line of its page ---------------------------------------------------------------


def test_snapshots_and_lifecycle_of_gpt_4_1_mini() -> None:
    model = get_model("gpt-4.1-mini")
    assert [snapshot.id for snapshot in list_snapshots("gpt-4.1-mini")] == ["gpt-4.1-mini-2025-04-14"]
    assert str(model.lifecycle.deprecated_on) == "2026-10-14"
    assert str(model.lifecycle.retires_on) == "2027-01-14"
    assert model.lifecycle.replacement is not None
    assert resolve(model.lifecycle.replacement).canonical_id == "openai/gpt-6-luna"
    assert [
        model.status_on(day) for day in (date(2026, 10, 13), date(2026, 10, 14), date(2027, 1, 13), date(2027, 1, 14))
    ] == [
        "active",
        "deprecated",
        "deprecated",
        "retired",
    ]


def test_endpoints_of_gpt_4_1_mini() -> None:
    endpoints = {endpoint.name: endpoint for endpoint in get_model("gpt-4.1-mini").endpoints}
    for name in ("chat_completions", "responses", "assistants", "batch", "fine_tuning"):
        assert endpoints[name].supported is True, name
    for name in (
        "realtime", "embeddings", "images", "image_edits", "speech", "transcriptions", "translations", "moderations",
        "completions",
    ):  # fmt: skip
        assert endpoints[name].supported is False, name
    paths = {name: endpoints[name].path for name in ("chat_completions", "responses", "images", "speech")}
    assert paths == {
        "chat_completions": "v1/chat/completions",
        "responses": "v1/responses",
        "images": "v1/images/generations",
        "speech": "v1/audio/speech",
    }


def test_rate_limits_of_gpt_4_1_mini() -> None:
    rows = [
        (limit.tier, limit.rpm, limit.rpd, limit.tpm, limit.batch_queue_limit)
        for limit in get_model("gpt-4.1-mini").rate_limits
        if limit.context is None
    ]
    assert rows == [
        ("Free", 3, 200, 40_000, None),
        ("Tier 1", 500, 10_000, 200_000, 2_000_000),
        ("Tier 2", 5_000, None, 2_000_000, 20_000_000),
        ("Tier 3", 5_000, None, 4_000_000, 40_000_000),
        ("Tier 4", 10_000, None, 10_000_000, 1_000_000_000),
        ("Tier 5", 30_000, None, 150_000_000, 15_000_000_000),
    ]


def test_audio_is_not_among_the_modalities_of_gpt_4_1_mini() -> None:
    model = get_model("gpt-4.1-mini")
    assert "audio" not in model.modalities.input + model.modalities.output
    assert model.access == "closed"


def test_the_priority_price_is_not_taken_for_the_standard_one() -> None:
    """0.70, 0.175 and 2.80 are what the priority tier costs, which one page shows as the standard price."""
    model = get_model("gpt-4.1-mini")
    assert model.price("input") is not None
    for component, amount in (("input", "0.70"), ("cached_input", "0.175"), ("output", "2.80")):
        rate = model.price(component, tier="priority")
        assert rate is not None
        assert rate.amount == Decimal(amount)


# Others, where a day matters ------------------------------------------------------------------------------


def test_an_undated_id_shares_the_fate_of_the_version_it_points_at() -> None:
    """The page calls Claude Sonnet 4.5 deprecated; it prints the pinned id and the alias for one model."""
    for reference in ("claude-sonnet-4-5", "claude-sonnet-4-5-20250929"):
        model = get_model(reference)
        assert model.status_on(date(2026, 11, 20)) == "deprecated"
        assert model.status_on(date(2026, 11, 30)) == "retired"


def test_grok_4_is_retired_and_its_aliases_lead_to_it() -> None:
    """https://docs.x.ai/docs/migration/may-15-retirement"""
    assert get_model("grok-4-0709").status_on(date(2026, 5, 14)) != "retired"
    assert get_model("grok-4-0709").status_on(date(2026, 5, 15)) == "retired"
    for alias in ("grok-4", "grok-4-latest"):
        assert get_model(alias).provider == "xai"
        assert get_model(alias).status_on(date(2026, 5, 15)) == "retired", alias


def test_the_introductory_price_of_gemini_4_argon_ends() -> None:
    """https://ai.google.dev/gemini-api/docs/generate-content/latest-model"""
    model = get_model("gemini-4-argon")
    for day, price, output in ((date(2026, 11, 30), 2, 10), (date(2026, 12, 1), 4, 20)):
        rates = model.price("input", at=day), model.price("output", at=day)
        assert [rate.amount for rate in rates if rate] == [price, output]


def test_the_list_price_of_gemini_3_6_flash_comes_back_when_the_offer_ends() -> None:
    """https://ai.google.dev/gemini-api/docs/whats-new-gemini-3.6; half of it until the end of 2026."""
    model = get_model("gemini-3.6-flash")
    rates = model.price("input", at=date(2027, 1, 1)), model.price("output", at=date(2027, 1, 1))
    assert [rate.amount for rate in rates if rate] == [Decimal("1.5"), Decimal("7.5")]


def test_the_price_of_deepseek_v4_flash_changed_in_august() -> None:
    """https://api-docs.deepseek.com/quick_start/pricing: flat until 2026-08-16, by the hour since."""
    model = get_model("deepseek-v4-flash")
    for day, amounts in (
        (date(2026, 8, 10), ["0.0028", "0.14", "0.28"]),
        (date(2026, 9, 1), ["0.007", "0.22", "0.66"]),
    ):
        rates = [model.price(component, at=day) for component in ("cached_input", "input", "output")]
        assert [str(rate.amount) for rate in rates if rate] == amounts


def test_the_aliases_of_mistral_lead_to_the_version_that_its_page_names() -> None:
    for alias, model in (
        ("mistral-large-latest", "mistral-large-2512"),
        ("codestral-latest", "codestral-2508"),
        ("mistral-small-latest", "mistral-small-2603"),
    ):
        assert resolve(alias).canonical_id == f"mistral/{model}"


def test_prices_of_tiers() -> None:
    """https://openai.com/api-fast-mode/"""
    model = get_model("gpt-5.4-mini")
    for component, amount in (("input", "1.5"), ("cached_input", "0.15"), ("output", "9")):
        rate = model.price(component, tier="fast")
        assert rate is not None
        assert rate.amount == Decimal(amount)
    standard = model.price("input")
    assert standard is not None
    assert standard.amount == Decimal("0.75")
