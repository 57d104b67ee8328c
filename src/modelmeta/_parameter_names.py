"""How requests are spelled: endpoints, and the names by which rules know a model.

A rule is written for a family (``claude-opus-4-7*``, ``gpt-5.1*``). Hosts spell the same model in their own ways
(``us.anthropic.claude-opus-4-7-v1:0``, ``claude-opus-4-7@20260416``, ``anthropic/claude-opus-4.7``), so a model is
matched under each of its plain names.
"""

from __future__ import annotations

from .errors import ParameterError
from .references import GEOGRAPHIES, ROUTING_VARIANTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import Model

__all__ = ["ENDPOINTS", "Closeness", "endpoint_name", "endpoint_name_or_none", "glob_matches", "model_names"]

ENDPOINTS = frozenset(
    "chat_completions responses messages generate_content converse invoke_model completions embeddings images "
    "image_edits videos speech transcriptions translations moderations realtime rerank ocr fim agents conversations "
    "classifications count_tokens interactions batch chat chat_v1 generation music live".split()
)
"""The API surfaces a rule can be about."""

_ENDPOINT_ALIASES = {
    "agents_completions": "agents",
    "audio_speech": "speech",
    "audio_transcriptions": "transcriptions",
    "audio_translations": "translations",
    "beta_chat_completions": "chat_completions",
    "chat_completion": "chat_completions",
    "chat_v2": "chat",
    "completion": "completions",
    "converse_stream": "converse",
    "conversestream": "converse",
    "embed": "embeddings",
    "embed_content": "embeddings",
    "embedcontent": "embeddings",
    "embedding": "embeddings",
    "fim_completions": "fim",
    "generatecontent": "generate_content",
    "image_generation": "images",
    "images_edit": "image_edits",
    "images_edits": "image_edits",
    "images_generate": "images",
    "images_generations": "images",
    "invoke": "invoke_model",
    "invoke_model_with_response_stream": "invoke_model",
    "invokemodel": "invoke_model",
    "invokemodelwithresponsestream": "invoke_model",
    "message": "messages",
    "predict": "images",
    "response": "responses",
    "stream_generate_content": "generate_content",
    "streamgeneratecontent": "generate_content",
    "text_generation": "generation",
    "transcription": "transcriptions",
    "v1_chat": "chat_v1",
    "v1_rerank": "rerank",
    "v2_chat": "chat",
    "v2_embed": "embeddings",
    "v2_rerank": "rerank",
    "video": "videos",
}

_VENDORS = frozenset(
    "ai21 amazon anthropic cohere deepseek google luma meta minimax mistral moonshot moonshotai nvidia openai qwen "
    "stability twelvelabs writer xai zai".split()
)
"""What Bedrock puts between the geography and the model."""


def endpoint_name(endpoint: object) -> str:
    """The plain name of an API surface from its path or any SDK's spelling of it.

    >>> endpoint_name("/v1/chat/completions"), endpoint_name("images.generations"), endpoint_name("generateContent")
    ('chat_completions', 'images', 'generate_content')
    """
    if not isinstance(endpoint, str):
        raise ParameterError(f"an endpoint is a string such as 'chat_completions', not {type(endpoint).__name__}")
    name = endpoint_name_or_none(endpoint)
    if name is not None:
        return name
    from .suggestions import closest

    near = closest(_as_written(endpoint)[:80], ENDPOINTS)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else f"; known: {', '.join(sorted(ENDPOINTS))}"
    raise ParameterError(f"no endpoint {endpoint[:80]!r}{hint}")


def endpoint_name_or_none(endpoint: str) -> str | None:
    """The endpoint's plain name, or ``None`` for a surface that no rule can be about."""
    text = _as_written(endpoint)
    for spelled in (text, text.removeprefix("v1_"), text.removeprefix("v1beta_")):
        name = _ENDPOINT_ALIASES.get(spelled, spelled)
        if name in ENDPOINTS:
            return name
    return None


def _as_written(endpoint: str) -> str:
    return endpoint.strip().strip("/").lower().replace("/", "_").replace(".", "_").replace("-", "_").replace(":", "_")


def glob_matches(pattern: str, name: str) -> bool:
    """Whether ``name`` fits a shell-style pattern in which ``*`` stands for any text: a scan, never a backtrack.

    >>> glob_matches("gpt-5.1*", "gpt-5.1-codex-max"), glob_matches("*-mini", "o3"), glob_matches("o3", "o3")
    (True, False, True)
    """
    if "*" not in pattern:
        return pattern == name
    first, *middle, last = pattern.split("*")
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    at, end = len(first), len(name) - len(last)
    for part in middle:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


class Closeness(dict[str, int]):
    """How closely a pattern describes a model of these names: 0 not at all, more for a narrower pattern.

    Rules share their patterns, so each is tried once.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names

    def __missing__(self, pattern: str) -> int:
        if "*" not in pattern:
            score = 1000 + len(pattern) if pattern in self.names else 0
        elif any(glob_matches(pattern, name) for name in self.names):
            score = 1 + len(pattern) - pattern.count("*")
        else:
            score = 0
        self[pattern] = score
        return score

    def of(self, patterns: Iterable[str]) -> int:
        """How closely the one that describes it best does."""
        return max(map(self.__getitem__, patterns), default=0)


def model_names(model: Model) -> tuple[str, ...]:
    """Every plain name of a model: its id, its base and the model it is a snapshot of, without a host's trimmings."""
    others = [_plain(other) for other in (model.base, model.snapshot_of) if other]
    return tuple(dict.fromkeys([model.id.lower(), _plain(model.id), *others]))


def _plain(model_id: str) -> str:
    text = model_id.lower()
    if text.startswith("ft:"):
        text = text[3:].split(":", 1)[0]
    text = text.rsplit("/", 1)[-1].replace("@", "-")
    text, _, variant = text.partition(":")
    if variant and not variant.isdigit() and variant not in ROUTING_VARIANTS and variant not in {"free", "batch"}:
        text = f"{text}:{variant}"
    text = _without_vendor(text)
    for version in ("-v1", "-v2"):
        if variant.isdigit():
            text = text.removesuffix(version)
    if text.startswith("claude"):
        return _claude(text.replace(".", "-"))
    if text.startswith("gpt-35"):
        return "gpt-3.5" + text[6:]
    return _dotted(text)


def _without_vendor(text: str) -> str:
    parts = text.split(".")
    if len(parts) > 1 and parts[0] in GEOGRAPHIES:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in _VENDORS:
        parts = parts[1:]
    return ".".join(parts)


def _claude(text: str) -> str:
    """``claude-4-5-sonnet`` (a router's order) as ``claude-sonnet-4-5``; Claude 3 has its number first everywhere."""
    parts = text.split("-")
    if len(parts) > 2 and parts[1].isdigit() and int(parts[1]) >= 4:
        numbers = [part for part in parts[1:3] if part.isdigit() and len(part) < 3]
        rest = parts[1 + len(numbers) :]
        if rest:
            return "-".join(["claude", rest[0], *numbers, *rest[1:]])
    return text


def _dotted(text: str) -> str:
    """``kimi-k2p6`` (Fireworks writes a point as ``p``) as ``kimi-k2.6``."""
    for at in range(1, len(text) - 1):
        if text[at] == "p" and text[at - 1].isdigit() and text[at + 1].isdigit():
            text = f"{text[:at]}.{text[at + 1 :]}"
    return text
