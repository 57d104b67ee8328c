"""What Portkey's price keys mean, which of its ids are no models, and which of its figures are slips.

Its unit is US cents: per token for tokens, per call, image, second or page for the rest. Where a record uses
a key for something else, or states a figure that another of its own records or the vendor's page shows to be
a slip, that is a row here, with the reason; nothing is corrected by arithmetic elsewhere.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.sources.facts import MILLION_TOKENS

CENTS_PER_TOKEN = Decimal(10_000)
"""US cents per token, times this, is US dollars per 1M tokens."""
CENTS = Decimal("0.01")
DOLLARS = Decimal(1)
DOLLARS_PER_TOKEN = Decimal(1_000_000)

Condition = tuple[tuple[str, str | int | bool], ...]


class Meaning(NamedTuple):
    """The component and unit that a key prices, and the factor from its figure to US dollars per unit."""

    component: str
    unit: str = MILLION_TOKENS
    scale: Decimal = CENTS_PER_TOKEN
    condition: Condition = ()


MEANINGS: dict[str, Meaning] = {
    "request_token": Meaning("input"),
    "request_text_token": Meaning("input"),
    "embedding_text_token": Meaning("input", scale=DOLLARS_PER_TOKEN),
    "request_audio_token": Meaning("input_audio"),
    "request_image_token": Meaning("input_image"),
    "embedding_image_token": Meaning("input_image", scale=DOLLARS_PER_TOKEN),
    "cache_read_input_token": Meaning("cached_input"),
    "cache_read_text_input_token": Meaning("cached_input"),
    "cached_text_input_token": Meaning("cached_input"),
    "cache_read_audio_input_token": Meaning("cached_input_audio"),
    "cache_read_image_input_token": Meaning("cached_input_image"),
    "cached_image_input_token": Meaning("cached_input_image"),
    "cache_write_input_token": Meaning("cache_write"),
    "cache_write_1h": Meaning("cache_write_1h"),
    "response_token": Meaning("output"),
    "response_text_token": Meaning("output"),
    "response_audio_token": Meaning("output_audio"),
    "response_image_token": Meaning("output_image"),
    "image_token": Meaning("output_image"),
    "output_video_token": Meaning("output_video"),
    "reasoning_token": Meaning("reasoning"),
    "image": Meaning("images", "image", CENTS),
    "generated_images": Meaning("images", "image", CENTS),
    "megapixels": Meaning("megapixels", "megapixel", DOLLARS),
    "video_seconds": Meaning("output_seconds", "second", CENTS),
    "input_video_essential": Meaning("input_seconds", "second", CENTS, (("variant", "essential"),)),
    "input_video_standard": Meaning("input_seconds", "second", CENTS, (("variant", "standard"),)),
    "input_video_plus": Meaning("input_seconds", "second", CENTS, (("variant", "plus"),)),
    "web_search": Meaning("web_searches", "search", CENTS),
    "search": Meaning("web_searches", "search", CENTS),
    "enterprise_web_search": Meaning("web_searches", "search", CENTS, (("variant", "enterprise"),)),
    "web_search_low_context": Meaning("requests", "request", CENTS, (("context_size", "low"),)),
    "web_search_medium_context": Meaning("requests", "request", CENTS, (("context_size", "medium"),)),
    "web_search_high_context": Meaning("requests", "request", CENTS, (("context_size", "high"),)),
    "x_search": Meaning("x_searches", "search", CENTS),
    "maps": Meaning("map_searches", "search", CENTS),
    "file_search": Meaning("file_searches", "search", CENTS),
    "attachment_search": Meaning("file_searches", "search", CENTS, (("variant", "attachment"),)),
    "code_execution": Meaning("code_sessions", "session", CENTS),
}

VIDEO_SIZE = re.compile(r"^video_duration_seconds_(?P<width>\d+)_(?P<height>\d+)$")

TRAINING: dict[str, Meaning] = {
    "pay_per_token": Meaning("training"),
    "pay_per_hour": Meaning("training", "hour", CENTS),
}

IGNORED: dict[str, str] = {
    "image_1k": "what the tokens of an image of that size cost, said a second time",
    "routing_units": "what Azure's model router adds, whichever model it picks; the model does not charge it",
    "default_duration_seconds": "a setting of Portkey's own estimate, not a price",
    "default_sample_count": "a setting of Portkey's own estimate, not a price",
    "default_steps": "a setting of Portkey's own estimate, not a price",
}

IGNORED_CONFIG: dict[str, str] = {
    "calculate": "Portkey's formula: which counts it multiplies with which rates",
    "currency": "checked to be US dollars",
}

PER_REQUEST = Meaning("requests", "request", CENTS)
PER_SEARCH = Meaning("rerank_searches", "search", CENTS)
PER_PAGE = Meaning("pages", "page", CENTS)
PER_MINUTE = Meaning("input_seconds", "minute", CENTS)
PER_PROMPT = Meaning("grounded_prompts", "request", CENTS)
CHARACTERS = Meaning("characters", "1M characters")


class Exceptional(NamedTuple):
    """In the records of ``sources`` and ``models`` (patterns of the whole name), what ``keys`` mean."""

    sources: str
    models: str
    keys: str
    meaning: Meaning | None
    reason: str


EXCEPTIONS = (
    Exceptional(
        "cohere|azure-ai|bedrock|vertex-ai",
        r".*rerank.*|semantic-ranker.*",
        "request_token",
        PER_SEARCH,
        "per search",
    ),
    Exceptional("mistral-ai|azure-ai", r"mistral-(ocr|document-ai).*", "request_token", PER_PAGE, "per page"),
    Exceptional("openai", "whisper-1", "request_(audio_)?token", PER_MINUTE, "per minute of speech"),
    Exceptional("deepgram", "nova-.*", "request_audio_token", PER_MINUTE, "per minute of speech"),
    Exceptional("openai|azure.*", r"tts(-1|-hd)*(-1106)?", "request_token", CHARACTERS, "per character spoken"),
    Exceptional("deepgram", "aura-.*", "request_token", CHARACTERS, "per character spoken"),
    Exceptional("vertex-ai", "chirp-.*", "request_token", CHARACTERS, "per character spoken"),
    Exceptional(
        "vertex-ai",
        r"text-?(multilingual-)?embedding.*|multimodalembedding.*",
        "request_token",
        CHARACTERS,
        "per character",
    ),
    Exceptional("google", "embedding-001", "request_token", CHARACTERS, "Vertex's price, which is per character"),
    Exceptional(
        "vertex-ai",
        "multimodalembedding@001",
        "response_token",
        CHARACTERS,
        "the text that goes in, under the wrong key",
    ),
    Exceptional(
        "openai|azure.*",
        "gpt-4o-(mini-)?transcribe",
        "request_audio_token",
        None,
        "an estimate per minute of what the tokens cost",
    ),
    Exceptional("deepinfra", "Qwen/Qwen3-TTS.*", "request_token", None, "the unit is not told: tokens or characters"),
    Exceptional(
        "vertex-ai",
        "gemini-[12].*",
        "web_search|search",
        PER_PROMPT,
        "up to Gemini 2.5 a grounded prompt is billed, not its searches",
    ),
    Exceptional(
        "google",
        "gemini-[12].*",
        "web_search|search",
        PER_PROMPT,
        "up to Gemini 2.5 a grounded prompt is billed, not its searches",
    ),
    Exceptional(
        "vertex-ai",
        "gemini-[12].*",
        "enterprise_web_search",
        PER_PROMPT._replace(condition=(("variant", "enterprise"),)),
        "the same",
    ),
    Exceptional("azure-ai|openrouter", ".*mai-image.*", "input_image", Meaning("input_image"), "per token of an image"),
    Exceptional(
        "vertex-ai",
        "multimodalembedding.*",
        "input_image",
        Meaning("images", "image", CENTS, (("modality", "input"),)),
        "per image embedded",
    ),
    Exceptional(
        "google",
        "gemini-.*",
        "input_image",
        None,
        "dollars per image: what its tokens cost, said a second time",
    ),
    Exceptional(
        "together-ai",
        ".*",
        "image",
        Meaning("images", "image", DOLLARS),
        "in dollars: FLUX.1 [pro] 0.05, Imagen 4 0.04",
    ),
    Exceptional(
        "together-ai",
        ".*",
        "video_seconds",
        Meaning("output_seconds", "second", DOLLARS),
        "in dollars: Seedance 1.0 Pro 0.57 for 5 s",
    ),
    Exceptional(
        "byteplus",
        ".*",
        "cache_write_input_token",
        Meaning("cache_storage", "1M token-hours"),
        "per hour kept",
    ),
    Exceptional("openrouter", ".*", "image", Meaning("input_image"), "per token of an image that goes in"),
)

ADDITIONAL_AUDIO = "request_audio_token|response_audio_token"
"""Among ``additional_units`` these repeat the flat entry or estimate what its tokens cost: not read."""


class Slip(NamedTuple):
    """Figures not believed: of ``keys`` in these records, all of them or only this ``amount`` as printed."""

    sources: str
    models: str
    keys: str
    reason: str
    amount: str | None = None


SLIPS = (
    Slip(
        "google|vertex-ai",
        "gemini-3.*",
        "cache_read_input_token",
        "the hourly storage price in the place of the read price",
        "0.00045",
    ),
    Slip(
        "google|vertex-ai",
        "gemini-.*",
        "cache_write_input_token",
        "Gemini bills storage, not writes: the figure repeats the read or the input price",
    ),
    Slip(
        "google",
        "gemini-2.5-flash-image-preview-lte-128k",
        "response_token",
        "the price of one image in dollars",
    ),
    Slip(
        "bedrock",
        r"(.*\.)?amazon\.nova-.*",
        "cache_.*",
        "half the input price; AWS reads at a quarter and does not charge writes",
    ),
    Slip("bedrock", r"amazon\.titan-embed-image-v1", ".*", "the prices of Claude Opus"),
    Slip(
        "openai|azure.*",
        "gpt-realtime(-1.5|-2025-08-28)?",
        "cache_(read|write).*",
        "the columns are shifted: a cached token would cost more than a new one",
        "0.0016",
    ),
    Slip(
        "openai|azure.*",
        "gpt-realtime(-1.5|-2025-08-28)?",
        "cache_(read|write).*",
        "the columns are shifted",
        "0.0064",
    ),
    Slip(
        "openai|azure.*",
        "gpt-realtime(-1.5|-2025-08-28)?",
        "cache_write.*",
        "the columns are shifted",
        "0.00005",
    ),
    Slip(
        "azure.*",
        "gpt-5-pro.*",
        "cache_read_input_token",
        "a three-thousandth of the input price of a model whose vendor prints no cached price",
    ),
    Slip(
        "openai|azure.*",
        "gpt-4o-mini-realtime-preview.*",
        ".*",
        "text cached above new, audio at ten times the price",
    ),
    Slip(
        "azure.*",
        "gpt-4o-mini-audio-preview.*",
        ".*",
        "text at a hundred times the price, audio in and out swapped",
    ),
    Slip(
        "openai",
        "gpt-4o-mini-audio-preview.*",
        ".*audio.*",
        "audio at a tenth, swapped in one of two records",
    ),
    Slip("openai|azure.*", "gpt-audio-mini", ".*audio.*", "a tenth of the dated record's"),
    Slip("azure-ai", "Mistral-Large-2411|deepseek-r1|DeepSeek-R1", "re.*_token", "in and out swapped"),
    Slip("azure-ai", "o4-mini-deep-research-2025-06-26", ".*token", "o3-deep-research's prices"),
    Slip("azure-openai", "o4-mini-deep-research-2025-06-26", ".*token", "o3-deep-research's prices"),
    Slip(
        "deepinfra",
        "meta-llama/Meta-Llama-3.3-70B-Instruct(-Turbo)?",
        "response_token",
        "a tenth of the price",
    ),
    Slip("minimax", r"MiniMax-M2\.7.*", ".*", "a hundredth of the price: in dollars, not cents"),
    Slip("together-ai", r"MiniMaxAI/MiniMax-M2\.5", ".*", "a thousand times the price"),
    Slip("together-ai", r"Qwen/Qwen3\.5-397B-A17B", ".*", "ten times the price"),
    Slip("fireworks-ai", "kimi-k3", ".*", "ten times the price"),
    Slip("azure-ai", "Kimi-K3", ".*", "ten times the price"),
    Slip(
        "azure-ai",
        r"accounts/fireworks/models/(deepseek-v3\.2|gpt-oss-120b|kimi-k2p5|minimax-m2p5)",
        ".*",
        "ten times the price",
    ),
    Slip("workers-ai", "@cf/moonshotai/kimi-k3", ".*", "ten times the price"),
    Slip("deepinfra", "moonshotai/Kimi-K2-Instruct", ".*", "ten times the price"),
    Slip("azure.*", "codex-mini-latest", "cache_.*", "the columns are shifted"),
    Slip("bedrock", r"anthropic\.claude-3-7-sonnet-.*", "cache_.*", "reads and writes swapped"),
    Slip("oracle", r"google\.gemini-2\.5-flash(-lite)?", "response_token", "the two models swapped"),
    Slip("mistral-ai", "mistral-large-2407|mistral-large-2411", ".*", "mistral-large-2512's prices"),
    Slip("together-ai", "google/flash-image-2.5", "image", "a tenth of the price"),
    Slip("vertex-ai", "gemini-1.5-flash-.*", "response_token", "a tenth of the price"),
    Slip("vertex-ai", "multimodalembedding", "request_token", "another model's price"),
    Slip("deepbricks", "GPT-5.1|GPT-5-Chat|gpt-5.1|gpt-5-chat", "response_token", "ten times the price"),
    Slip("openrouter", "openai/gpt-5.3-chat", "web_search", "ten times the price", "10.0"),
)

CUSTOM_SLIPS = (
    Slip("openai", "gpt-3.5-turbo-16k", ".*", "gpt-3.5-turbo's prices"),
    Slip("openai", "gpt-4o-latest", ".*", "no such model"),
)
"""The same within ``custom_pricing`` only."""

REGION_GROUPS = {"us,eu,au,ca,jp,in,sg,kr,gb,ae": "regional"}
"""OpenAI's data residency regions cost the same: one row says so."""
