"""What a reference to a model may look like, and the index keys it can stand for.

A reference is read in the spellings that vendors, clouds, routers and SDKs use. Each reading is an exact key of
the index; a reading is never a guess at a misspelt name.
"""

from __future__ import annotations

from .errors import InvalidReferenceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PROVIDER_ALIASES", "Reading", "is_tuned", "normalise", "readings"]

MAX_LENGTH = 512
"""Longer references are refused; the longest id in use is under 200 characters."""

PROVIDER_ALIASES = {
    "anthropic-vertex": "google-vertex-anthropic",
    "aws": "amazon-bedrock",
    "aws-bedrock": "amazon-bedrock",
    "azure-openai": "azure",
    "azure_ai": "azure",
    "bedrock": "amazon-bedrock",
    "bedrock_converse": "amazon-bedrock",
    "cloudflare": "cloudflare-workers-ai",
    "cohere_chat": "cohere",
    "copilot": "github-copilot",
    "dashscope": "alibaba",
    "fireworks": "fireworks-ai",
    "fireworks_ai": "fireworks-ai",
    "gemini": "google",
    "github": "github-models",
    "github_copilot": "github-copilot",
    "google-ai-studio": "google",
    "google-gla": "google",
    "google-vertex-ai": "google-vertex",
    "google_genai": "google",
    "google_vertexai": "google-vertex",
    "grok": "xai",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "novita": "novita-ai",
    "nvidia_nim": "nvidia",
    "qwen": "alibaba",
    "together": "togetherai",
    "together-ai": "togetherai",
    "together_ai": "togetherai",
    "vertex": "google-vertex",
    "vertex-ai": "google-vertex",
    "vertex_ai": "google-vertex",
    "vertexai": "google-vertex",
    "voyage": "voyageai",
    "workers-ai": "cloudflare-workers-ai",
    "x-ai": "xai",
    "z-ai": "zai",
    "z.ai": "zai",
    "zhipu": "zhipuai",
}
"""Other names by which routers and SDKs call a provider."""

GEOGRAPHIES = frozenset({"us", "eu", "apac", "global", "jp", "au", "ca", "in", "us-gov", "sa", "il", "me", "af", "uk"})
"""What Bedrock puts before a model's id to name a cross-region inference profile."""

ROUTING_VARIANTS = frozenset({"nitro", "floor", "online", "exacto"})
"""OpenRouter suffixes that choose a route for the same model; ``:free`` and others are models of their own."""


class Reading:
    """One way to read a reference: the id, the provider it names if any, and how it was read."""

    __slots__ = ("id", "kind", "provider")

    def __init__(self, id: str, provider: str | None = None, kind: str = "") -> None:
        self.id = id
        self.provider = provider
        self.kind = kind

    @property
    def key(self) -> str:
        """The index key."""
        return self.id if self.provider is None else f"{self.provider}/{self.id}"


def normalise(reference: object, what: str = "a model reference") -> str:
    """``reference`` in lower case without surrounding blanks; ``InvalidReferenceError`` if it can name nothing."""
    if not isinstance(reference, str):
        raise InvalidReferenceError(f"{what} is a string such as 'gpt-4.1-mini', not {type(reference).__name__}")
    if len(reference) > MAX_LENGTH:
        raise InvalidReferenceError(
            f"{what} has {len(reference):,} characters ({reference[:40]!r}…); at most {MAX_LENGTH} can be one"
        )
    text = reference.strip(" \t\r\n")
    if not text:
        raise InvalidReferenceError(f"{what} is empty; give an id such as 'gpt-4.1-mini'")
    if not (text.isascii() and text.isprintable()):
        raise InvalidReferenceError(f"{what} {_shortened(text)} {_odd_character(text)}")
    return text.lower()


def _shortened(text: str) -> str:
    return ascii(text if len(text) <= 60 else f"{text[:57]}...")


def _odd_character(text: str) -> str:
    import unicodedata

    character = next(c for c in text if not (c.isascii() and c.isprintable()))
    name = unicodedata.name(character, "a control character")
    plain = unicodedata.normalize("NFKC", text)
    advice = f"; did you mean {plain!r}?" if plain.isascii() and plain.isprintable() else ""
    return f"contains U+{ord(character):04X} ({name}), which no model id has{advice}"


def provider_name(provider: object) -> str:
    """A provider's id from any name routers and SDKs use for it."""
    name = normalise(provider, "a provider")
    return PROVIDER_ALIASES.get(name, name)


def readings(
    reference: object, provider: object = None, serves: Callable[[str], bool] = lambda _: False
) -> Iterator[Reading]:
    """Every way to read ``reference``, the plainest first; with ``provider``, only as that provider's.

    ``serves`` tells which names are providers: ``litellm_proxy/openai/gpt-4o`` is OpenAI's model behind a router,
    ``groq/openai/gpt-4o`` can only be Groq's.
    """
    text = normalise(reference)
    only = None if provider is None else provider_name(provider)
    for reading in _unwrapped(text, serves):
        if only is None:
            yield from _spellings(reading)
        elif reading.provider in {None, only}:
            yield from _spellings(Reading(reading.id, only, reading.kind))


def _unwrapped(text: str, serves: Callable[[str], bool]) -> Iterator[Reading]:
    """The reference as it stands, and without what platforms, routers and SDKs wrap around an id."""
    yield Reading(text)
    if text.startswith("arn:"):
        _, _, tail = text.rpartition("/")
        yield Reading(tail, "amazon-bedrock", "platform_id")
        return
    if text.startswith("ft:"):
        yield from _fine_tuned(text)
        return
    yield from _fine_tuned(text)
    if "publishers/" in text and "/models/" in text:
        publisher, _, model = text.rpartition("publishers/")[2].partition("/models/")
        for host in ("google-vertex", "google-vertex-anthropic") if publisher == "anthropic" else ("google-vertex",):
            yield Reading(model, host, "platform_id")
            yield Reading(f"{publisher}/{model}", host, "platform_id")
        return
    if text.startswith(("models/", "tunedmodels/")):
        yield Reading(text.partition("/")[2], "google", "platform_id")
    head, mark, tail = text.partition(":")
    if mark and tail and "/" not in head:
        host = PROVIDER_ALIASES.get(head, head)
        yield Reading(tail, host)
        yield Reading(tail.removeprefix("models/"), host)
        yield from (reading for reading in _fine_tuned(tail) if reading.provider == host)
    head, mark, tail = text.partition("/")
    if mark and tail:
        host = PROVIDER_ALIASES.get(head, head)
        yield Reading(tail, host)
        yield from (reading for reading in _fine_tuned(tail) if reading.provider == host)
        inner, mark, rest = tail.partition("/")
        if mark and rest:
            yield Reading(rest, host)
            if not serves(host):
                yield Reading(rest, PROVIDER_ALIASES.get(inner, inner))
    head, mark, tail = text.rpartition("@")
    if mark and head:
        yield Reading(head, PROVIDER_ALIASES.get(tail, tail))


def _fine_tuned(text: str) -> Iterator[Reading]:
    """The model under a fine-tune, as OpenAI and as Azure name one."""
    if text.startswith("ft:"):
        yield Reading(text.split(":")[1], "openai", "fine_tune")
    elif ".ft-" in text:
        yield Reading(text.partition(".ft-")[0], "azure", "fine_tune")


def is_tuned(text: str) -> bool:
    """Whether a reference may name a fine-tune as OpenAI names one, in whatever case."""
    return "ft:" in text.lower()


def _spellings(reading: Reading) -> Iterator[Reading]:
    """The id as written, in the other form of its date, and without a route, a geography or ``@default``."""
    yield reading
    for other in _dates(reading.id):
        yield Reading(other, reading.provider, reading.kind)
    head, mark, tail = reading.id.rpartition(":")
    if mark and tail in ROUTING_VARIANTS:
        yield Reading(head, reading.provider, "variant")
    head, mark, tail = reading.id.rpartition("@")
    if mark and tail == "default":
        yield Reading(head, reading.provider or "google-vertex", "platform_id")
    head, mark, tail = reading.id.partition(".")
    if mark and head in GEOGRAPHIES and reading.provider in {None, "amazon-bedrock"}:
        yield Reading(tail, "amazon-bedrock", "platform_id")


def _dates(text: str) -> Iterator[str]:
    """``…-20250414`` for ``…-2025-04-14`` and the reverse, after ``-`` or ``@``."""
    head, tail = text[:-8], text[-8:]
    if len(head) > 1 and head[-1] in "-@" and tail.isdigit() and tail[:2] in {"19", "20"}:
        dashed = f"{tail[:4]}-{tail[4:6]}-{tail[6:]}"
        yield from (f"{head[:-1]}-{tail}", f"{head[:-1]}-{dashed}", f"{head[:-1]}@{tail}")
    head, tail = text[:-10], text[-10:]
    if len(head) > 1 and head[-1] in "-@" and tail[4] == tail[7] == "-" and tail.replace("-", "").isdigit():
        plain = tail.replace("-", "")
        yield from (f"{head[:-1]}-{tail}", f"{head[:-1]}-{plain}", f"{head[:-1]}@{plain}")
