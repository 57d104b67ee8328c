"""What genai-prices' price keys mean, and which of the names it prices are ids of the provider."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pipeline.sources.facts import MILLION_TOKENS

PER_THOUSAND = Decimal("0.001")


class Meaning(NamedTuple):
    """The component and unit that a key prices, and the factor from its figure to US dollars per unit."""

    component: str
    unit: str = MILLION_TOKENS
    scale: Decimal = Decimal(1)
    condition: tuple[tuple[str, str | int | bool], ...] = ()


MEANINGS: dict[str, Meaning] = {
    "input_mtok": Meaning("input"),
    "cache_read_mtok": Meaning("cached_input"),
    "cache_write_mtok": Meaning("cache_write"),
    "cache_write_1h_mtok": Meaning("cache_write_1h"),
    "output_mtok": Meaning("output"),
    "output_reasoning_mtok": Meaning("reasoning"),
    "output_citation_mtok": Meaning("citation"),
    "input_audio_mtok": Meaning("input_audio"),
    "cache_audio_read_mtok": Meaning("cached_input_audio"),
    "output_audio_mtok": Meaning("output_audio"),
    "input_image_mtok": Meaning("input_image"),
    "cache_image_read_mtok": Meaning("cached_input_image"),
    "output_image_mtok": Meaning("output_image"),
    "input_video_mtok": Meaning("input_video"),
    "output_video_mtok": Meaning("output_video"),
    "requests_kcount": Meaning("requests", "request", PER_THOUSAND),
    "web_searches_kcount": Meaning("web_searches", "search", PER_THOUSAND),
}

HIGHEST_REQUEST_FEE = Meaning("requests", "request", PER_THOUSAND, (("context_size", "high"),))
EXCEPTIONS: dict[tuple[str, str], Meaning] = {("perplexity", "requests_kcount"): HIGHEST_REQUEST_FEE}
"""Perplexity's fee depends on the search context; its comment here says that the highest is shown."""

IGNORED: dict[str, str] = {
    "description": "a sentence",
    "price_comments": "sentences; what they say of the source of a price is in BORROWED",
}

IGNORED_OF_PROVIDERS: dict[str, str] = {
    "name": "models.dev names the providers",
    "api_pattern": "tells a provider by its URL",
    "pricing_urls": "where the maintainers read",
    "price_comments": "sentences",
    "model_match": "tells a provider by a model's name",
    "provider_match": "tells a provider by other spellings",
    "extractors": "where usage stands in a response",
    "fallback_model_providers": "whose prices to take where these have none: a guess",
}

BORROWED = r"open ?router"
"""Such a comment on another provider's rule says that the price is OpenRouter's: it is not theirs."""

CONVERTED = (("zhipuai", r".*"), ("minimax", r"MiniMax-M2(\.1.*)?"))
"""Rules whose prices, as the comments say, are converted from CNY at a rate of the day: nobody asks them."""

SLIPS = {("mistral", "mistral-embed", "output_mtok"): "an embedding has no output tokens"}
"""Figures not believed."""

HUGGINGFACE = "huggingface_"
"""Providers ``huggingface_<route>``: one provider, and on the wire a model id followed by ``:<route>``."""

LOWER_CASE = frozenset({"zai", "zhipuai"})
"""Providers whose ids are in lower case, though the rules write them as names."""


class Dropped(NamedTuple):
    providers: str
    ids: str
    reason: str


DROPPED = (
    Dropped("openrouter", r"[^/]+", "OpenRouter's ids name the maker"),
    Dropped(r"(?!openrouter|aws|huggingface).*", r"(?!ft:).+:.+", "a variant of OpenRouter's"),
    Dropped("x-ai", r"x-ai/.+", "OpenRouter's spelling"),
    Dropped("google", r"gemini-flash-1\.5.*|gemini-pro-1\.5", "OpenRouter's spelling"),
    Dropped("google", r"claude-4-.+", "no id of Vertex"),
    Dropped("azure", r"phi-.+|wizardlm-.+|mai-ds-.+", "OpenRouter's models and prices"),
    Dropped("azure", r"ada|babbage|curie|davinci|text-(embedding-ada|curie|davinci)", "a family, not a model"),
    Dropped("openai", r"gpt-35-.+", "Azure's spelling"),
    Dropped("openai", r"gpt-5-[1-6](-.+)?", "dots written as dashes"),
    Dropped(
        "openai",
        r"gpt-3\.5-0301|computer-use|moderation|text-embedding-ada|o\d-mini-high|gpt-5-image.*",
        "no id of OpenAI's API",
    ),
    Dropped(
        "mistral",
        r"mistral-(7b|large|saba|medium-3|small-(24b|3\.\d).*)|mixtral-.+|ministral-[38]b|magistral-medium|devstral-small",
        "a family or OpenRouter's spelling",
    ),
    Dropped("moonshotai", r"kimi-k2", "OpenRouter's name and price"),
    Dropped("openai", r"gpt-4o-2024-05-13", "priced here as its successors, at half its price"),
    Dropped("groq", r"openai/gpt-oss-safeguard-20b", "priced here as gpt-oss-120b"),
    Dropped("groq", r"gemma2-9b", "a short form of gemma2-9b-it"),
)


class Respelled(NamedTuple):
    """Ids of ``providers`` like ``ids`` are ``spelling`` on the wire; ``provider`` if that is another."""

    providers: str
    ids: str
    spelling: str
    provider: str | None = None
    fine_tuned: bool = False


RESPELLED = (
    Respelled("openai", r"ft:(.+?)-?", r"\1", fine_tuned=True),
    Respelled("openai", r"(.+)\.ft-", r"\1", fine_tuned=True),
    Respelled("google", r"(claude-.+)", r"\1", provider="google-vertex"),
    Respelled("aws", r"regional\.(.*)", r"\1"),
    Respelled("aws", r"(.*anthropic\.claude-(?:fable-5|opus-4-[78]|sonnet-5|sonnet-4-6))-v1:0", r"\1"),
    Respelled("aws", r"(.*anthropic\.claude-opus-4-6-v1):0", r"\1"),
    Respelled("aws", r"(.*anthropic\.claude-opus-4-5)-v1:0", r"\1-20251101-v1:0"),
    Respelled("aws", r"(qwen\.qwen3-vl-235b-a22b)-v1:0", r"\1"),
    Respelled("aws", r"(nvidia\..+):0", r"\1"),
)
"""Applied one after the other. "regional" is no geography of Bedrock's: the rule is for the bare id."""

OWN_NAME_NOT_AN_ID = frozenset({"fireworks"})
"""Providers whose rules are called by short names; only what they list by ``equals`` is on the wire."""
