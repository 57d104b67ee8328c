"""What an id tells by its spelling: its author, its date, and the form under which spellings of one model meet."""

from __future__ import annotations

import re
from functools import cache

AUTHOR_PREFIXES = {
    "ai21": "ai21", "ai21labs": "ai21", "alibaba": "alibaba", "allenai": "allenai", "amazon": "amazon",
    "anthropic": "anthropic", "arcee-ai": "arcee-ai", "baai": "baai", "baidu": "baidu", "bytedance": "bytedance",
    "bytedance-seed": "bytedance", "black-forest-labs": "black-forest-labs", "cohere": "cohere",
    "coherelabs": "cohere", "cohereforai": "cohere", "deepcogito": "deepcogito", "deepseek": "deepseek",
    "deepseek-ai": "deepseek", "essentialai": "essentialai", "google": "google", "ibm": "ibm",
    "ibm-granite": "ibm", "inception": "inception", "inclusionai": "inclusionai", "kwaipilot": "kwaipilot",
    "liquid": "liquid", "liquidai": "liquid", "luma": "luma", "meituan": "meituan", "meituan-longcat": "meituan",
    "meta": "meta",
    "meta-llama": "meta", "microsoft": "microsoft", "minimax": "minimax", "minimaxai": "minimax",
    "mistral": "mistral", "mistralai": "mistral", "moonshot": "moonshotai", "moonshotai": "moonshotai",
    "nousresearch": "nousresearch", "nvidia": "nvidia", "openai": "openai", "openbmb": "openbmb",
    "perplexity": "perplexity", "poolside": "poolside", "primeintellect": "prime-intellect",
    "prime-intellect": "prime-intellect", "qwen": "alibaba", "rekaai": "reka", "sakana": "sakana",
    "sao10k": "sao10k", "sarvamai": "sarvam", "stability": "stability-ai", "stabilityai": "stability-ai",
    "stepfun": "stepfun", "stepfun-ai": "stepfun", "tencent": "tencent", "thedrummer": "thedrummer",
    "thinkingmachines": "thinkingmachines", "thudm": "zhipuai", "tiiuae": "tii", "tngtech": "tngtech",
    "twelvelabs": "twelvelabs",
    "upstage": "upstage", "voyage": "voyageai", "voyageai": "voyageai", "writer": "writer", "x-ai": "xai",
    "xai": "xai", "xiaomi": "xiaomi", "xiaomimimo": "xiaomi", "z-ai": "zhipuai", "zai": "zhipuai",
    "zai-org": "zhipuai", "zhipuai": "zhipuai", "zyphra": "zyphra",
}  # fmt: skip
"""What stands before a slash (or, on Bedrock and Oracle, a dot) in an id, and the author it means."""

OWN_PROVIDERS = {
    "ai21": ("ai21",), "alibaba": ("alibaba", "alibaba-cn"), "amazon": ("amazon-bedrock", "nova"),
    "anthropic": ("anthropic",), "arcee-ai": (), "black-forest-labs": (), "bytedance": ("byteplus",),
    "cohere": ("cohere",), "deepseek": ("deepseek",), "google": ("google", "google-vertex"),
    "inception": ("inception",), "inclusionai": ("bailing",), "meituan": ("longcat",), "meta": ("llama", "meta"),
    "minimax": ("minimax", "minimax-cn"), "mistral": ("mistral",), "moonshotai": ("moonshotai", "moonshotai-cn"),
    "morph": ("morph",), "nvidia": ("nvidia",), "openai": ("openai",), "perplexity": ("perplexity",),
    "poolside": ("poolside",), "reka": ("reka-ai",), "sakana": ("sakana",), "sarvam": ("sarvam",),
    "stability-ai": ("stability-ai",), "stepfun": ("stepfun-ai", "stepfun"), "tencent": ("tencent-tokenhub",),
    "thinkingmachines": ("thinkingmachines",), "upstage": ("upstage",), "voyageai": ("voyageai",),
    "xai": ("xai",), "xiaomi": ("xiaomi",), "zhipuai": ("zai", "zhipuai"), "deepgram": ("deepgram",),
    "jina": ("jina",), "nomic": ("nomic-ai",), "v0": ("v0",),
}  # fmt: skip
"""The providers that are an author's own, the one that a bare id means first."""

_AUTHOR_OF_NAME = (
    ("openai", r"gpt-(?!neo|j)|chatgpt-|o[1345](?:-|$)|text-embedding-(?:3|ada)|davinci|babbage|ada$|curie|whisper"),
    ("openai", r"dall-e|tts-1|omni-moderation|text-moderation|codex-|computer-use-preview|sora-"),
    ("anthropic", r"claude-"),
    ("google", r"gemini-|gemma-|gemma\d|imagen-|veo-|text-bison|chat-bison|palm-|learnlm|medgemma|lyria"),
    ("deepseek", r"deepseek-"),
    ("meta", r"llama-?v?\d|codellama|llama-guard|muse-"),
    ("mistral", r"mistral-|mixtral-|ministral-|magistral-|codestral|devstral|pixtral|voxtral|open-mi"),
    ("xai", r"grok-"),
    ("alibaba", r"qwen|qwq|qvq|wan-?\d|wan2"),
    ("moonshotai", r"kimi-|moonshot-"),
    ("zhipuai", r"glm-|cogview|cogvideo"),
    ("minimax", r"minimax-|abab"),
    ("cohere", r"command-|embed-(?:english|multilingual|v4)|rerank-|c4ai-|aya-"),
    ("amazon", r"nova-(?:2-)?(?:micro|lite|pro|premier|sonic|canvas|reel|act|multimodal)|titan-"),
    ("nvidia", r"nemotron"),
    ("microsoft", r"phi-|mai-ds|wizardlm"),
    ("perplexity", r"sonar|pplx-"),
    ("xiaomi", r"mimo-"),
    ("stepfun", r"step-\d"),
    ("bytedance", r"doubao|seed-|seedream|seedance"),
    ("tencent", r"hunyuan|hy\d"),
    ("baidu", r"ernie"),
    ("ibm", r"granite"),
    ("ai21", r"jamba"),
    ("nousresearch", r"hermes-"),
    ("liquid", r"lfm"),
    ("upstage", r"solar-"),
    ("inclusionai", r"ling-|ring-"),
    ("meituan", r"longcat"),
    ("allenai", r"olmo|molmo"),
    ("voyageai", r"voyage-"),
    ("jina", r"jina-"),
    ("black-forest-labs", r"flux"),
    ("stability-ai", r"stable-|sd3"),
    ("reka", r"reka-"),
    ("poolside", r"laguna"),
    ("inception", r"mercury"),
    ("baai", r"bge-"),
)  # fmt: skip
_AUTHOR_PATTERNS = tuple((author, re.compile(pattern)) for author, pattern in _AUTHOR_OF_NAME)

_PLATFORM_PREFIXES = ("accounts/fireworks/models/", "accounts/fireworks/routers/", "@cf/", "@hf/", "models/", "~")
_GEOGRAPHY = re.compile(r"^(?:us|eu|apac|global|jp|au|ca|in|us-gov|sa)\.(?=[a-z0-9]+\.)")
_BEDROCK_VERSION = re.compile(r"-v\d+(?::\d+)?(?::\d+k|:mm)?$|:\d+$")
_VARIANT = re.compile(r":[a-z-]+$")

DATES = (
    ("dashed day", re.compile(r"[-@](20\d\d)-(\d\d)-(\d\d)$")),
    ("day", re.compile(r"[-@](20\d\d)(\d\d)(\d\d)$")),
    ("preview month and day", re.compile(r"-preview-(\d\d)-(\d\d)$")),
    ("preview month and year", re.compile(r"-preview-(\d\d)-(20\d\d)$")),
    ("month and year", re.compile(r"-(\d\d)-(20\d\d)$")),
    ("month and day", re.compile(r"-(0[1-9]|1[0-2])([0-2]\d|3[01])$")),
    ("year and month", re.compile(r"-(2[3-9])(0[1-9]|1[0-2])$")),
    ("number", re.compile(r"-(00\d)$")),
)
"""How a pinned version is written at the end of an id, the plainest form first."""


@cache
def author_of(model_id: str) -> str | None:
    """The author that an id's prefix or its name tells, or ``None``."""
    text = _GEOGRAPHY.sub("", model_id.lower())
    for prefix in _PLATFORM_PREFIXES:
        text = text.removeprefix(prefix)
    *heads, name = text.split("/")
    for head in reversed(heads):
        if head in AUTHOR_PREFIXES:
            return AUTHOR_PREFIXES[head]
    head, dot, _ = name.partition(".")
    if dot and head in AUTHOR_PREFIXES:
        return AUTHOR_PREFIXES[head]
    return (
        _author_of_name(name)
        or _author_of_name(_after_maker(name))
        or _author_of_name(_after_maker(_after_maker(name)))
    )


def _author_of_name(name: str) -> str | None:
    return next((author for author, pattern in _AUTHOR_PATTERNS if pattern.match(name)), None)


def _after_maker(name: str) -> str:
    """What follows a maker or a platform written before the model's name with a dash (``anthropic-claude-…``)."""
    head, dash, tail = name.partition("-")
    return tail if dash and head in {*AUTHOR_PREFIXES, "databricks"} else name


def stem(model_id: str) -> tuple[str, str] | None:
    """The undated id of which ``model_id`` is a version, and the form of its date; ``None`` if it has no date."""
    for form, pattern in DATES:
        match = pattern.search(model_id.lower())
        if match and (form != "number" or model_id.startswith(("gemini", "imagen", "veo"))):
            return model_id[: match.start()], form
    return None


def is_bucket(model_id: str) -> bool:
    """Whether an id is no model but a price bracket that a source writes as one (``…-lte-128k``, ``7b``)."""
    return bool(re.search(r"-(?:lte|gt|lt|gte)-\d+k$|^\d+(?:\.\d+)?b(?:-\d+b)?$|^default$", model_id.lower()))


@cache
def bare_name(model_id: str) -> str:
    """An id without what its platform, its routing and its full date add to the model's name.

    >>> bare_name("us.anthropic.claude-sonnet-4-5-20250929-v1:0"), bare_name("anthropic/claude-sonnet-4.5:free")
    ('claude-sonnet-4-5', 'claude-sonnet-4.5')
    """
    text = _GEOGRAPHY.sub("", model_id.lower())
    for prefix in _PLATFORM_PREFIXES:
        text = text.removeprefix(prefix)
    text = text.rpartition("/")[2]
    head, dot, tail = text.partition(".")
    if dot and head in AUTHOR_PREFIXES:
        text = tail
    plain = _BEDROCK_VERSION.sub("", text)
    if re.search(r"\d|^(?:nova|command|jamba)-", plain):
        text = plain
    text = _VARIANT.sub("", text)
    text = text.removesuffix("@default").removesuffix("-maas")
    text = re.sub(r"[-@]20\d\d-?\d\d-?\d\d$", "", text)
    text = re.sub(r"^(?:meta-|databricks-|anthropic-|openai-|zai-)(?=llama|claude|gpt|glm)", "", text)
    return text.removesuffix("-latest") if text.startswith("claude-") else text


@cache
def meeting_form(model_id: str) -> str:
    """The spelling under which the ids of one model at several providers meet: its bare name without dots.

    >>> meeting_form("anthropic/claude-sonnet-4.5"), meeting_form("accounts/fireworks/models/glm-5p2")
    ('claude-sonnet-4-5', 'glm-5-2')
    """
    text = re.sub(r"(?<=\d)p(?=\d)", "-", bare_name(model_id)) if "fireworks" in model_id else bare_name(model_id)
    return re.sub(r"^llama-?v?(?=\d)", "llama-", re.sub(r"[._\s]+", "-", text))
