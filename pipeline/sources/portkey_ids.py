"""Which model a Portkey id means.

Ids that only carry a price bracket are folded into their model's price list, Portkey's own spellings become
the provider's, and what no provider knows is dropped.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.sources.portkey_tables import Condition

ABOVE = "above_input_tokens"


class Place(NamedTuple):
    """Where the prices of an id belong: the model, the tier it stands for, and what they depend on."""

    model: str
    tier: str | None = None
    condition: Condition = ()
    order: int = 1
    """Of two ids that price one thing of a model, the one with the lower order is believed."""


class Fold(NamedTuple):
    """Ids of ``sources`` like ``ids`` price ``base`` (a group of the pattern) under a condition or a tier."""

    sources: str
    ids: str
    tier: str | None = None
    condition: Condition = ()
    order: int = 2


FOLDS = (
    Fold(".*", r"(?P<base>.+)-lte-\d+k", order=0),
    Fold(".*", r"(?P<base>.+)-gt-(?P<thousands>\d+)k"),
    Fold("openrouter", r"(?P<base>.+):batch", tier="batch"),
    Fold("azure-(openai|ai)", r"(?P<base>.+)\.ft", condition=(("fine_tuned", True),)),
    Fold("openai", r"ft:(?P<base>.+)", condition=(("fine_tuned", True),)),
    Fold("bedrock", r"(?P<base>.+)::premium", condition=(("quality", "premium"),)),
)

THRESHOLDS = (("google", r"(?!gemini-1\.)(gemini|deep-research)-.*", 200_000),)
"""Brackets named ``128k`` whose real border is another: from Gemini 2.5 on it is 200,000, as Portkey's own
tables for the same models on Vertex say."""


class Dropped(NamedTuple):
    """Ids of ``sources`` like ``ids`` that are no models, or not under that name."""

    sources: str
    ids: str
    reason: str


DROPPED = (
    Dropped("fireworks-ai|predibase", r"\d+b", "a size bracket of the price page"),
    Dropped("bedrock", r"claude(-.*)?|rerank-.*", "Bedrock's ids start with the maker"),
    Dropped(
        r"bedrock",
        r"(\w[\w-]*\.)?anthropic\.claude-(opus-(4-[78]|5)|sonnet-(4-6|5)|fable-5)-v1(:0)?",
        "Bedrock's id has no version",
    ),
    Dropped("bedrock", r"(\w[\w-]*\.)?anthropic\.claude-opus-4-6-v1:0", "Bedrock's id ends in -v1"),
    Dropped(
        "bedrock",
        r"stability\.(stable-image-(core|ultra)|sd3-5-large)-v1|amazon\.titan-embed-text-v2",
        "Bedrock's id ends in :0",
    ),
    Dropped(
        "vertex-ai",
        r"gemini-1\.5-pro-002-batchx|gemini-1\.5-vision|text-embedding|gemma-7b-it|llama3-\d+b-8192",
        "no id of Vertex",
    ),
    Dropped("openai|open-ai", r"ada-v2|gpt-3\.5-0301|gpt-4o-latest", "a name from bills, not an id"),
    Dropped("azure-(openai|ai)", r"gpt-4-1-mini|poseidon|o4", "a deployment's name, not a model"),
    Dropped("anthropic", r"claude-4-(opus|sonnet)-\d+", "another catalogue's spelling"),
    Dropped("deepinfra", r"Qwen/Qwen/.*", "listed again under its id"),
    Dropped(
        "together-ai",
        r"moonshot-ai/.*|arcee_ai/.*|(zai-org|cartesia|openai|alibaba-nlp|mixedbread-ai|arcee-ai|nvidia)-.*",
        "a page's address, not an id",
    ),
    Dropped("perplexity-ai", r"(anthropic|openai|google|xai)-.*", "other makers' models, in a spelling of no API"),
    Dropped("google", r"gemini-2\.5-flash-image-preview-(lte|gt)-128k", "its two brackets contradict each other"),
    Dropped("z-ai|zhipu", r"chat", "no model"),
    Dropped("github|modal|nscale|sambanova|segmind", r".*", "ids in Portkey's own spelling; the provider's differ"),
    Dropped("oracle", r"(?!xai\.|openai\.|google\.).*", "Oracle's ids start with the maker"),
    Dropped("stability-ai", r"stabilityai/.*", "repositories of weights, not ids of the API"),
    Dropped(
        "nomic-ai",
        r"(?!nomic-embed-(text|vision)-v1(\.5)?$).*",
        "repositories of weights, not ids of the API",
    ),
)


class Respelled(NamedTuple):
    """Ids of ``sources`` like ``ids`` are ``spelling`` on the wire."""

    sources: str
    ids: str
    spelling: str


RESPELLED = (
    Respelled("fireworks-ai", r"(?:fireworks-ai/)?([^/]+-fast)", r"accounts/fireworks/routers/\1"),
    Respelled("fireworks-ai", r"(?:fireworks-ai/)?([^/]+)", r"accounts/fireworks/models/\1"),
    Respelled("fireworks(-ai)?", r"accounts/fireworks/models/(.+-fast)", r"accounts/fireworks/routers/\1"),
    Respelled("palm", r"models/(.+)", r"\1"),
    Respelled("bedrock", r"us\.amazon\.nova-pro-v1", "us.amazon.nova-pro-v1:0"),
    Respelled("vertex-ai", r"(?:anthropic\.)?(claude-.+)-(20\d{6})", r"\1@\2"),
    Respelled("vertex-ai", r"anthropic\.(.+)", r"\1"),
    Respelled("vertex-ai", r"meta\.(.+-maas)", r"meta/\1"),
    Respelled("vertex-ai", r"(gpt-oss-.+-maas)", r"openai/\1"),
    Respelled("vertex-ai", r"(llama-.+-maas)", r"meta/\1"),
    Respelled("vertex-ai", r"(deepseek-.+-maas)", r"deepseek-ai/\1"),
    Respelled("vertex-ai", r"(qwen.+-maas)", r"qwen/\1"),
    Respelled("vertex-ai", r"(minimax-.+-maas)", r"minimaxai/\1"),
    Respelled("vertex-ai", r"(kimi-.+-maas)", r"moonshotai/\1"),
    Respelled("vertex-ai", r"(glm-.+-maas)", r"zai-org/\1"),
    Respelled("vertex-ai", r"(gemma-.+-maas)", r"google/\1"),
)


def place(source: str, model_id: str) -> Place | None:
    """Where an id of the file ``source`` belongs, or ``None`` if it is no model."""
    if any(re.fullmatch(row.sources, source) and re.fullmatch(row.ids, model_id) for row in DROPPED):
        return None
    for fold in FOLDS:
        match = re.fullmatch(fold.sources, source) and re.fullmatch(fold.ids, model_id)
        if match:
            base = place(source, match["base"])
            if base is None:
                return None
            return base._replace(
                tier=fold.tier or base.tier,
                condition=(*base.condition, *fold.condition, *_threshold(source, match)),
                order=fold.order,
            )
    for row in RESPELLED:
        if re.fullmatch(row.sources, source) and re.fullmatch(row.ids, model_id):
            return Place(re.sub(f"^{row.ids}$", row.spelling, model_id))
    return Place(model_id)


def _threshold(source: str, match: re.Match[str]) -> Condition:
    thousands = match.groupdict().get("thousands")
    if thousands is None:
        return ()
    for other, ids, tokens in THRESHOLDS:
        if other == source and re.fullmatch(ids, match["base"]):
            return ((ABOVE, tokens),)
    return ((ABOVE, int(thousands) * 1000),)
