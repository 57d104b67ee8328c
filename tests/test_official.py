"""Every model that a vendor's own pages speak of can be looked up under the name that they use."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from modelmeta import AmbiguousModelError, UnknownModelError, resolve
from modelmeta.catalog import RELATED_PROVIDERS
from modelmeta.errors import UnknownProviderError
from pipeline.observations import ANY_MODEL
from pipeline.providers import provider_id

REPOSITORY = Path(__file__).resolve().parents[1]

SERIES = "a word for several models, each with an id of its own"
METER = "a billing meter of two ids: with and without reasoning"
SEVERAL = "a benchmark's name; the host serves several versions that it could mean"
GONE = "a benchmark's name; no source shows the id that the host had for it"
NO_ID = "a display name; no source shows the id of it"
NO_MODEL = "no model"

NOT_MODELS = {
    ("amazon-bedrock", "Nova Reel"): "the name of two ids, v1:0 and v1:1",
    ("azure", "fw-kimi-k2.7-code"): NO_ID,
    ("azure", "gpt-35-trb16k"): "a billing meter that does not say which version",
    ("azure", "grok-4.2"): METER,
    ("deepinfra", "mistral-7b"): SEVERAL,
    ("deepinfra", "mixtral-8x22b"): GONE,
    ("fireworks-ai", "deepseek-v3-family"): SERIES,
    ("fireworks-ai", "mixtral-8x22b"): SEVERAL,
    ("fireworks-ai", "qwen3"): SERIES,
    ("google", "gemini-2.5-*"): SERIES,
    ("google", "omni-1-2-flash"): NO_ID,
    ("google-vertex", "gemini-2.0-flash-live"): NO_ID,
    ("moonshotai", "kimi-k2"): SERIES,
    ("moonshotai", "moonshot-v1"): SERIES,
    ("openrouter", "llama-3.3-nemotron"): SEVERAL,
    ("openrouter", "mistral-7b"): SEVERAL,
    ("openrouter", "qwen-2.5-coder"): SEVERAL,
    ("openrouter", "qwen-2.5-vl"): SEVERAL,
    ("openrouter", "qwen-3-235b"): SEVERAL,
    ("openrouter", "qwen-3-30b"): SEVERAL,
    ("perplexity", "pplx-embed-context-v1"): SERIES,
    ("perplexity", "search-api"): NO_MODEL,
    ("perplexity", "sonar,sonar-pro,sonar-reasoning-pro"): SERIES,
    ("togetherai", "gemma-2-27b"): GONE,
    ("togetherai", "llama-3.3-70b"): SEVERAL,
    ("togetherai", "mistral-7b"): SEVERAL,
}
"""Names in the facts under which no one model can be found, and why."""

MARKERS = {"endpoint:": "an endpoint", "family:": SERIES, "unidentified:": "a price whose model the page does not name"}
"""How the facts mark a subject that is no model."""


@pytest.fixture(scope="module")
def named() -> set[tuple[str, str]]:
    """Every provider and model that the first-party facts are about."""
    folder = Path(os.environ.get("MODELMETA_SOURCES") or REPOSITORY.parent / "shared" / "sources") / "official"
    if not folder.is_dir():
        pytest.skip(f"no first-party facts at {folder}: set MODELMETA_SOURCES to the folder of the source snapshots")
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return {(fact["provider"], fact["model"]) for fact in map(json.loads, lines)}


def is_model(name: str) -> bool:
    return name != ANY_MODEL and not name.startswith(tuple(MARKERS))


def found_at(provider: str, name: str) -> bool:
    """Whether the name is found at the provider, or else means one model wherever it is."""
    try:
        model = resolve(name, provider=provider).model
    except (UnknownModelError, UnknownProviderError, AmbiguousModelError):
        pass
    else:
        if model.provider in {provider, *RELATED_PROVIDERS.get(provider, ())}:
            return True
    try:
        return bool(resolve(name).model.id)
    except (UnknownModelError, AmbiguousModelError):
        return False


def test_every_model_of_the_vendors_pages_is_found(named: set[tuple[str, str]]) -> None:
    models = {(provider, name) for provider, name in named if is_model(name)}
    assert len(models) > 1500
    missing = {(provider, name) for provider, name in models if not found_at(provider_id(provider), name)}
    assert missing - NOT_MODELS.keys() == set()


def test_what_is_said_to_be_no_model_is_named_by_a_page(named: set[tuple[str, str]]) -> None:
    assert NOT_MODELS.keys() - named == set()


def test_every_marker_is_in_use(named: set[tuple[str, str]]) -> None:
    assert {marker for marker in MARKERS if any(name.startswith(marker) for _, name in named)} == MARKERS.keys()


@pytest.mark.parametrize(
    ("provider", "name", "canonical_id"),
    [
        ("anthropic", "claude-4-sonnet", "anthropic/claude-sonnet-4-20250514"),
        ("amazon-bedrock", "Claude 3.5 Sonnet v2", "amazon-bedrock/anthropic.claude-3-5-sonnet-20241022-v2:0"),
        ("amazon-bedrock", "Claude 3.5 Sonnet", "amazon-bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0"),
        ("amazon-bedrock", "Llama 3.1 Instruct (70B)", "amazon-bedrock/meta.llama3-1-70b-instruct-v1:0"),
        ("amazon-bedrock", "Amazon Titan Text Embeddings V2", "amazon-bedrock/amazon.titan-embed-text-v2:0"),
        ("azure", "gpt-4o-0513", "azure/gpt-4o-2024-05-13"),
        ("azure", "gpt4omini-rt-aud1217", "azure/gpt-4o-mini-realtime-preview-2024-12-17"),
        ("azure", "img-1.5-txt", "azure/gpt-image-1.5"),
        ("azure", "rt-aud-0828", "azure/gpt-realtime-2025-08-28"),
        ("fireworks-ai", "llama-3.1-8b", "fireworks-ai/accounts/fireworks/models/llama-v3p1-8b-instruct"),
        ("google", "embedding-2-preview", "google/gemini-embedding-2-preview"),
        ("groq", "llama-3.1-8b", "groq/llama-3.1-8b-instant"),
        ("meta", "llama-2-70b", "meta/llama-2-70b"),
        ("togetherai", "deepseek/deepseek-v4-pro-20260813", "togetherai/deepseek-ai/DeepSeek-V4-Pro-0813"),
    ],
)
def test_names_on_pages_mean_the_id_at_that_provider(provider: str, name: str, canonical_id: str) -> None:
    assert resolve(name, provider=provider).canonical_id == canonical_id


def test_the_name_at_a_host_does_not_take_the_authors_place() -> None:
    assert resolve("Claude Sonnet 4").canonical_id == "anthropic/claude-sonnet-4-20250514"
    assert resolve("codestral").model.provider == "mistral"
    assert resolve("gpt-4o").canonical_id == "openai/gpt-4o"
