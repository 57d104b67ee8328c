"""What Portkey's list of models tells besides that a model exists: its kind, and what a chat model takes.

The rest of that list is how Portkey's own playground is set: the largest ``max_tokens`` there is the
provider's output limit for two models in three, and a round number of Portkey's for the others, so it is not
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.observations import JSON
from pipeline.sources.facts import Fact

Record = Mapping[str, Any]

IGNORED_KEYS: dict[str, str] = {
    "disablePlayground": "Portkey's playground",
    "isDefault": "Portkey's playground",
    "messages": "the roles that Portkey's playground offers",
    "params": "the playground's sliders; a maximum there is no limit of the model's",
    "removeParams": "which of the playground's settings are hidden; silence about a parameter is no refusal",
    "features": "says of six models what `type` says of all",
}

OUTPUTS: dict[str, tuple[str, ...]] = {
    "chat": ("text",),
    "text": ("text",),
    "responses": ("text",),
    "ocr": ("text",),
    "embedding": ("embedding",),
    "image": ("image",),
    "image_generation": ("image",),
    "video": ("video",),
    "rerank": ("score",),
    "moderation": ("score",),
}
"""What a model of a kind returns. ``audio`` is both ways: only the name tells which."""

AUDIO_OUTPUTS = (
    (re.compile(r"transcri|whisper|asr", re.IGNORECASE), ("text",)),
    (re.compile(r"tts|speech|sonic|chirp|orpheus|chatterbox|higgsaudio", re.IGNORECASE), ("audio",)),
    (re.compile(r"audio", re.IGNORECASE), ("audio", "text")),
)

MIXED = re.compile(r"image|audio|omni|realtime|live|tts|guard|embed", re.IGNORECASE)
"""Names of models that return more than text, or something else, though they are listed as chat."""

NOT_IMAGES = re.compile(r"inference-net/cliptagger|gemma-3-27b-instruct|image-to-video", re.IGNORECASE)
"""Listed as image models for what they take."""

SUPPORTED: dict[str, str] = {
    "tools": "capabilities.tool_calling",
    "pdf": "capabilities.attachments",
    "doc": "capabilities.attachments",
}

SUPPORTED_IGNORED: dict[str, str] = {
    "code": "what a model is good at",
    "text": "the kind says it",
    "image_generation": "the kind says it",
    "chat": "the kind says it",
    "audio": "no capability of ours; a list of inputs would not be complete",
    "image": "no capability of ours; a list of inputs would not be complete",
    "vision": "no capability of ours; a list of inputs would not be complete",
    "video": "no capability of ours; a list of inputs would not be complete",
}

UNSUPPORTED: dict[str, str] = {"chat": "endpoints.chat_completions", "responses": "endpoints.responses"}
UNSUPPORTED_IGNORED: dict[str, str] = {"messages": "the endpoint in question is Portkey's"}

OPENAI_ENDPOINTS = frozenset({"openai", "open-ai", "azure-openai"})
"""The files whose kinds and refusals speak of the provider's own endpoints."""


def facts(source: str, model_id: str, record: Record) -> Iterator[Fact]:
    """What the list of ``source`` says of one model."""
    unknown = set(record).difference({"type", "name", *IGNORED_KEYS})
    if unknown:
        raise ValueError(f"portkey: {source}/{model_id}: unknown keys {sorted(unknown)}")
    if record.get("name") and record["name"] != model_id.rpartition("/")[2] and record["name"] != model_id:
        yield Fact("name", record["name"])
    given = record.get("type", {})
    kind = {"primary": given} if isinstance(given, str) else given
    unknown = set(kind).difference({"primary", "supported", "unsupported"})
    if unknown:
        raise ValueError(f"portkey: {source}/{model_id}: unknown keys of a type {sorted(unknown)}")
    yield from _outputs(source, model_id, kind.get("primary"))
    yield from _capabilities(model_id, kind)
    if source in OPENAI_ENDPOINTS:
        yield from _endpoints(kind)


def _outputs(source: str, model_id: str, primary: str | None) -> Iterator[Fact]:
    if primary is None:
        return
    outputs: tuple[str, ...] = ()
    if primary == "audio":
        outputs = next((found for pattern, found in AUDIO_OUTPUTS if pattern.search(model_id)), ())
    elif primary not in OUTPUTS:
        raise ValueError(f"portkey: {source}/{model_id}: unknown kind {primary!r}")
    elif not (
        (OUTPUTS[primary] == ("text",) and MIXED.search(model_id))
        or (OUTPUTS[primary] == ("image",) and NOT_IMAGES.search(model_id))
    ):
        outputs = OUTPUTS[primary]
    if outputs:
        value: list[JSON] = [*outputs]
        yield Fact("modalities.output", value)


def _capabilities(model_id: str, kind: Record) -> Iterator[Fact]:
    stated: set[str] = set()
    for word in kind.get("supported", ()):
        if word in SUPPORTED_IGNORED:
            continue
        if word not in SUPPORTED:
            raise ValueError(f"portkey: {model_id}: unknown support {word!r}")
        stated.add(SUPPORTED[word])
    for field in sorted(stated):
        yield Fact(field, True)


def _endpoints(kind: Record) -> Iterator[Fact]:
    if kind.get("primary") == "responses":
        yield Fact("endpoints.responses", True)
    for word in kind.get("unsupported", ()):
        if word in UNSUPPORTED:
            yield Fact(UNSUPPORTED[word], False)
        elif word not in UNSUPPORTED_IGNORED:
            raise ValueError(f"portkey: unknown refusal {word!r}")
