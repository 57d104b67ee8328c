"""Models with price lists made by hand, for tests: short to write, each figure from the page named beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from modelmeta import Condition, Lifecycle, Modalities, Model, PartialDate, Rate

MILLION = "1M tokens"


def rate(component: str, amount: str, unit: str = MILLION, **more: Any) -> Rate:
    """A rate; what is not a field of it is its condition. Dates are ISO strings."""
    fields: dict[str, Any] = {name: more.pop(name) for name in ("tier", "currency", "source") if name in more}
    for name in ("effective_from", "effective_until"):
        if name in more:
            fields[name] = PartialDate.parse(more.pop(name))
    condition = Condition(**more) if more else None
    return Rate(component=component, unit=unit, amount=Decimal(amount), condition=condition, **fields)


def rates(tier: str = "standard", **amounts: str) -> list[Rate]:
    """Token rates of one tier, by component."""
    return [rate(component, amount, tier=tier) for component, amount in amounts.items()]


def model(*prices: Rate, id: str = "m", provider: str = "p", **fields: Any) -> Model:
    """A model with that price list."""
    released = fields.pop("released", None)
    if released is not None:
        fields["lifecycle"] = Lifecycle(released=PartialDate.parse(released))
    inputs, outputs = fields.pop("input", ("text",)), fields.pop("output", ("text",))
    modalities = Modalities(input=tuple(inputs), output=tuple(outputs))
    return Model(id=id, provider=provider, prices=prices, modalities=modalities, **fields)


# developers.openai.com/api/docs/models/gpt-4.1-mini and …/pricing (the priority and batch tables)
GPT_4_1_MINI = model(
    *rates(input="0.4", cached_input="0.1", output="1.6"),
    *rates("batch", input="0.2", output="0.8"),
    *rates("priority", input="0.7", cached_input="0.175", output="2.8"),
    rate("input", "0.8", fine_tuned=True),
    rate("cached_input", "0.2", fine_tuned=True),
    rate("output", "3.2", fine_tuned=True),
    rate("web_searches", "0.01", "search"),
    id="gpt-4.1-mini",
    provider="openai",
    author="openai",
    released="2025-04-14",
    input=("text", "image"),
)

# ai.google.dev/gemini-api/docs/pricing: up to 200,000 input tokens, and above
GEMINI_2_5_PRO = model(
    *rates(input="1.25", cached_input="0.125", output="10"),
    rate("input", "2.5", above_input_tokens=200_000),
    rate("cached_input", "0.25", above_input_tokens=200_000),
    rate("output", "15", above_input_tokens=200_000),
    rate("cache_storage", "4.5", "1M token-hours"),
    rate("grounded_prompts", "0.035", "request"),
    id="gemini-2.5-pro",
    provider="google",
    author="google",
    input=("text", "image", "audio", "video", "pdf"),
)

# platform.claude.com/docs/en/about-claude/pricing
CLAUDE_SONNET_4_5 = model(
    *rates(input="3", cached_input="0.3", cache_write="3.75", cache_write_1h="6", output="15"),
    *rates("batch", input="1.5", output="7.5"),
    rate("web_searches", "0.01", "search"),
    id="claude-sonnet-4-5",
    provider="anthropic",
    author="anthropic",
    input=("text", "image", "pdf"),
)

# developers.openai.com/api/docs/models/gpt-6.1-sol: above 272,000 input tokens 2 x for what goes in, 1.5 x for what
# comes out, of the whole request; 1.1 x with regional processing
GPT_6_1_SOL = model(
    *rates(input="2", cached_input="0.1", cache_write="2.5", output="10"),
    rate("input", "4", above_input_tokens=272_000),
    rate("cached_input", "0.2", above_input_tokens=272_000),
    rate("cache_write", "5", above_input_tokens=272_000),
    rate("output", "15", above_input_tokens=272_000),
    rate("input", "2.2", region="regional"),
    rate("cached_input", "0.11", region="regional"),
    rate("output", "11", region="regional"),
    rate("input", "4.4", region="regional", above_input_tokens=272_000),
    rate("output", "16.5", region="regional", above_input_tokens=272_000),
    *rates("fast", input="4", cached_input="0.2", output="20"),
    rate("web_searches", "0.01", "search"),
    id="gpt-6.1-sol",
    provider="openai",
    author="openai",
    input=("text", "image"),
)

# api-docs.deepseek.com/quick_start/pricing: flat until 2026-08-16 16:00 UTC; since then peak hours cost twice,
# from 2026-08-23 on from Monday to Friday only
_PEAK_DAYS: tuple[dict[str, Any], ...] = (
    {"effective_from": "2026-08-17", "effective_until": "2026-08-23"},
    {"effective_from": "2026-08-23", "weekdays": True},
)
DEEPSEEK_V4_FLASH = model(
    rate("input", "0.14", effective_until="2026-08-17"),
    rate("cached_input", "0.0028", effective_until="2026-08-17"),
    rate("output", "0.28", effective_until="2026-08-17"),
    rate("input", "0.22", effective_from="2026-08-17"),
    rate("cached_input", "0.007", effective_from="2026-08-17"),
    rate("output", "0.66", effective_from="2026-08-17"),
    *(
        rate(component, amount, utc_window=hours, **days)
        for component, amount in (("input", "0.44"), ("cached_input", "0.014"), ("output", "1.32"))
        for hours in ("01:00-04:00", "06:00-10:00")
        for days in _PEAK_DAYS
    ),
    id="deepseek-v4-flash",
    provider="deepseek",
    author="deepseek",
    released="2026-04-24",
)

# developers.openai.com/api/docs/models/whisper-1
WHISPER = model(rate("input_seconds", "0.006", "minute"), id="whisper-1", provider="openai", input=("audio",))

# developers.openai.com/api/docs/models/gpt-image-1
GPT_IMAGE_1 = model(
    *rates(input="5", cached_input="1.25", input_image="10", cached_input_image="2.5", output_image="40"),
    rate("images", "0.011", "image", size="1024x1024", quality="low"),
    rate("images", "0.016", "image", size="1024x1536", quality="low"),
    rate("images", "0.167", "image", size="1024x1024", quality="high"),
    id="gpt-image-1",
    provider="openai",
    author="openai",
    input=("text", "image"),
    output=("image",),
)

# aws.amazon.com/bedrock/pricing: on demand, US East, and Europe (Frankfurt)
NOVA_PRO = model(
    *rates(input="0.8", cached_input="0.2", output="3.2"),
    rate("input", "1.05", region="eu-central-1"),
    rate("output", "4.2", region="eu-central-1"),
    id="amazon.nova-pro-v1:0",
    provider="amazon-bedrock",
    author="amazon",
    input=("text", "image", "video"),
)

# developers.openai.com/api/docs/models/gpt-realtime
GPT_REALTIME = model(
    *rates(input="4", cached_input="0.4", output="16", input_audio="32", cached_input_audio="0.4", output_audio="64"),
    *rates(input_image="5", cached_input_image="0.5"),
    id="gpt-realtime",
    provider="openai",
    author="openai",
    input=("text", "audio", "image"),
    output=("text", "audio"),
)

# docs.perplexity.ai/guides/pricing
SONAR_DEEP_RESEARCH = model(
    *rates(input="2", output="8", reasoning="3", citation="2"),
    rate("web_searches", "0.005", "search"),
    id="sonar-deep-research",
    provider="perplexity",
)
SONAR = model(
    *rates(input="1", output="1"),
    rate("requests", "0.005", "request", context_size="low"),
    rate("requests", "0.008", "request", context_size="medium"),
    rate("requests", "0.012", "request", context_size="high"),
    id="sonar",
    provider="perplexity",
)

ALL = (
    GPT_4_1_MINI,
    GEMINI_2_5_PRO,
    CLAUDE_SONNET_4_5,
    GPT_6_1_SOL,
    DEEPSEEK_V4_FLASH,
    WHISPER,
    GPT_IMAGE_1,
    NOVA_PRO,
    GPT_REALTIME,
    SONAR_DEEP_RESEARCH,
    SONAR,
)
