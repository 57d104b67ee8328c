"""Every way in which vendors, clouds, routers and SDKs write a model's id, on real ids."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelmeta import (
    AmbiguousModelError,
    Catalog,
    InvalidReferenceError,
    ModelMetaError,
    UnknownModelError,
    UnknownProviderError,
)
from modelmeta._offers import dated
from modelmeta.references import PROVIDER_ALIASES, normalise, readings

# A provider and an id that it serves: what the plain forms are tried on.
QUALIFIED = (
    ("openai", "gpt-4.1-mini"),
    ("openai", "gpt-4o-2024-08-06"),
    ("openai", "o3-mini"),
    ("openai", "text-embedding-3-small"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-opus-4-1-20250805"),
    ("google", "gemini-2.5-pro"),
    ("google", "gemini-embedding-001"),
    ("xai", "grok-4-0709"),
    ("mistral", "mistral-large-2411"),
    ("deepseek", "deepseek-chat"),
    ("cohere", "command-a-03-2025"),
    ("perplexity", "sonar-pro"),
    ("groq", "llama-3.3-70b-versatile"),
    ("azure", "gpt-4.1-mini"),
    ("openrouter", "anthropic/claude-sonnet-4.5"),
    ("openrouter", "meta-llama/llama-3.3-70b-instruct:free"),
    ("togetherai", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    ("amazon-bedrock", "anthropic.claude-3-haiku-20240307-v1:0"),
    ("google-vertex", "claude-sonnet-4-5@20250929"),
    ("cloudflare-workers-ai", "@cf/meta/llama-4-scout-17b-16e-instruct"),
    ("fireworks-ai", "accounts/fireworks/models/gpt-oss-120b"),
)

# A reference by itself, and the model that it means.
BARE = {
    "gpt-4.1-mini": "openai/gpt-4.1-mini",
    "gpt-4o": "openai/gpt-4o",
    "gpt-3.5-turbo": "openai/gpt-3.5-turbo",
    "o3-mini": "openai/o3-mini",
    "text-embedding-3-large": "openai/text-embedding-3-large",
    "claude-sonnet-4-5": "anthropic/claude-sonnet-4-5",
    "claude-3-opus-20240229": "anthropic/claude-3-opus-20240229",
    "gemini-2.5-pro": "google/gemini-2.5-pro",
    "gemini-1.5-flash-002": "google/gemini-1.5-flash-002",
    "grok-4-0709": "xai/grok-4-0709",
    "mistral-large-2411": "mistral/mistral-large-2411",
    "codestral-2501": "mistral/codestral-2501",
    "deepseek-chat": "deepseek/deepseek-chat",
    "deepseek-reasoner": "deepseek/deepseek-reasoner",
    "command-a-03-2025": "cohere/command-a-03-2025",
    "sonar-pro": "perplexity/sonar-pro",
}

# How routers and catalogues write an author's model: by its author, with dots, without the date.
AUTHOR_QUALIFIED = {
    "anthropic/claude-sonnet-4.5": "anthropic/claude-sonnet-4-5",
    "anthropic/claude-haiku-4.5": "anthropic/claude-haiku-4-5",
    "anthropic/claude-opus-4.1": "anthropic/claude-opus-4-1",
    "anthropic/claude-opus-4.5": "anthropic/claude-opus-4-5",
    "anthropic/claude-opus-4": "anthropic/claude-opus-4-20250514",
    "anthropic/claude-3-opus": "anthropic/claude-3-opus-20240229",
    "openai/gpt-4o-mini": "openai/gpt-4o-mini",
    "google/gemini-2.5-flash": "google/gemini-2.5-flash",
    "x-ai/grok-4.3": "xai/grok-4.3",
    "mistralai/codestral-2501": "mistral/codestral-2501",
    "deepseek/deepseek-chat": "deepseek/deepseek-chat",
    "cohere/command-a-03-2025": "cohere/command-a-03-2025",
    "perplexity/sonar-reasoning-pro": "perplexity/sonar-reasoning-pro",
}

DATED = {
    "gpt-4.1-mini-20250414": "openai/gpt-4.1-mini-2025-04-14",
    "gpt-4.1-20250414": "openai/gpt-4.1-2025-04-14",
    "gpt-4o-20240513": "openai/gpt-4o-2024-05-13",
    "gpt-4o-20240806": "openai/gpt-4o-2024-08-06",
    "openai/gpt-4o-mini-20240718": "openai/gpt-4o-mini-2024-07-18",
    "openai:o1-20241217": "openai/o1-2024-12-17",
    "o3-mini-20250131@openai": "openai/o3-mini-2025-01-31",
    "gpt-4-turbo-20240409": "openai/gpt-4-turbo-2024-04-09",
    "gpt-5-20250807": "openai/gpt-5-2025-08-07",
    "gpt-5-mini-20250807": "openai/gpt-5-mini-2025-08-07",
    "claude-sonnet-4-5-2025-09-29": "anthropic/claude-sonnet-4-5-20250929",
    "claude-3-opus-2024-02-29": "anthropic/claude-3-opus-20240229",
    "claude-3-haiku-2024-03-07": "anthropic/claude-3-haiku-20240307",
    "claude-3-5-sonnet-2024-10-22": "anthropic/claude-3-5-sonnet-20241022",
    "anthropic/claude-3-7-sonnet-2025-02-19": "anthropic/claude-3-7-sonnet-20250219",
    "anthropic:claude-opus-4-2025-05-14": "anthropic/claude-opus-4-20250514",
    "claude-opus-4-1-2025-08-05": "anthropic/claude-opus-4-1-20250805",
    "claude-haiku-4-5-2025-10-01@anthropic": "anthropic/claude-haiku-4-5-20251001",
    "claude-sonnet-4-2025-05-14": "anthropic/claude-sonnet-4-20250514",
    "claude-3-5-haiku-2024-10-22": "anthropic/claude-3-5-haiku-20241022",
    "google-vertex/claude-opus-4-1-20250805": "google-vertex/claude-opus-4-1@20250805",
}

FINE_TUNED = {
    "ft:gpt-4.1-mini-2025-04-14:org::id": "openai/gpt-4.1-mini-2025-04-14",
    "ft:gpt-4.1-2025-04-14:my-org:custom-suffix:7p4lURel": "openai/gpt-4.1-2025-04-14",
    "ft:gpt-4.1-nano-2025-04-14:org::BTz4": "openai/gpt-4.1-nano-2025-04-14",
    "ft:gpt-4o-2024-08-06:org::id": "openai/gpt-4o-2024-08-06",
    "ft:gpt-4o-mini-2024-07-18:acme:suffix:9abc:ckpt-step-100": "openai/gpt-4o-mini-2024-07-18",
    "ft:gpt-3.5-turbo:org::id": "openai/gpt-3.5-turbo",
    "ft:gpt-3.5-turbo-0125:org::id": "openai/gpt-3.5-turbo-0125",
    "ft:gpt-3.5-turbo-1106:org::id": "openai/gpt-3.5-turbo-1106",
    "ft:gpt-3.5-turbo-0613:my-org::7qTVM5AR": "openai/gpt-3.5-turbo-0613",
    "ft:gpt-4-0613:org::id": "openai/gpt-4-0613",
    "ft:davinci-002:org::id": "openai/davinci-002",
    "ft:babbage-002:org::id": "openai/babbage-002",
    "openai/ft:gpt-4.1-mini-2025-04-14:org::id": "openai/gpt-4.1-mini-2025-04-14",
    "openai:ft:gpt-4o-mini-2024-07-18:org::id": "openai/gpt-4o-mini-2024-07-18",
    "FT:GPT-4.1-MINI-2025-04-14:Org::ID": "openai/gpt-4.1-mini-2025-04-14",
    "gpt-4.1-mini-2025-04-14.ft-0e208cf33a6a466994aff31a08aba678": "azure/gpt-4.1-mini-2025-04-14",
    "azure/gpt-4o-mini-2024-07-18.ft-abc": "azure/gpt-4o-mini-2024-07-18",
}

GEMINI_PATHS = {
    f"models/{name}": f"google/{name}"
    for name in (
        "gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.0-flash", "gemini-2.0-flash-001",
        "gemini-2.0-flash-lite", "gemini-1.5-pro-002", "gemini-1.5-flash-8b", "gemini-embedding-001",
        "text-embedding-004", "imagen-4.0-generate-001", "veo-3.0-generate-001", "gemma-3-27b-it",
        "gemini-2.5-flash-image",
    )
} | {
    "gemini/models/gemini-2.5-pro": "google/gemini-2.5-pro",
    "google:models/gemini-2.5-flash": "google/gemini-2.5-flash",
}  # fmt: skip

_PROJECT = "projects/my-project/locations/us-central1"
VERTEX_PATHS = {
    f"{head}publishers/google/models/{name}": f"google-vertex/{name}"
    for head in ("", f"{_PROJECT}/", f"vertex_ai/{_PROJECT}/", "//aiplatform.googleapis.com/")
    for name in ("gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.0-flash-001", "gemini-2.5-flash-lite")
}
VERTEX_CLAUDES = (
    "claude-sonnet-4-5@20250929", "claude-opus-4-1@20250805", "claude-opus-4@20250514", "claude-sonnet-4@20250514",
    "claude-haiku-4-5@20251001", "claude-opus-4-5@20251101", "claude-3-7-sonnet@20250219", "claude-3-haiku@20240307",
    "claude-3-5-haiku@20241022", "claude-3-opus@20240229",
)  # fmt: skip

BEDROCK = (
    "anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-opus-4-1-20250805-v1:0", "anthropic.claude-v2:1",
    "amazon.nova-pro-v1:0", "amazon.nova-lite-v1:0", "amazon.titan-embed-text-v2:0", "amazon.titan-text-express-v1",
    "meta.llama3-3-70b-instruct-v1:0", "meta.llama4-scout-17b-instruct-v1:0", "mistral.pixtral-large-2502-v1:0",
    "mistral.mistral-large-2402-v1:0", "cohere.embed-english-v3", "cohere.command-r-plus-v1:0", "deepseek.r1-v1:0",
    "ai21.jamba-1-5-large-v1:0", "openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0", "stability.sd3-5-large-v1:0",
)  # fmt: skip

BEDROCK_PROFILES = (
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "jp.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "au.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-opus-4-1-20250805-v1:0",
    "apac.anthropic.claude-3-5-sonnet-20241022-v2:0", "us-gov.anthropic.claude-3-haiku-20240307-v1:0",
    "us.amazon.nova-pro-v1:0", "apac.amazon.nova-lite-v1:0", "eu.amazon.nova-micro-v1:0", "us.deepseek.r1-v1:0",
    "us.meta.llama3-3-70b-instruct-v1:0", "us.meta.llama4-maverick-17b-instruct-v1:0",
    "eu.mistral.pixtral-large-2502-v1:0", "us.writer.palmyra-x5-v1:0",
)  # fmt: skip

ARNS = (
    "arn:aws:bedrock:us-east-1::foundation-model/{}",
    "arn:aws:bedrock:eu-west-1::foundation-model/{}",
    "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{}",
    "arn:aws-cn:bedrock:cn-north-1::foundation-model/{}",
)

OPENROUTER_VARIANTS = {
    "meta-llama/llama-3.3-70b-instruct:free": "openrouter/meta-llama/llama-3.3-70b-instruct:free",
    "openrouter/meta-llama/llama-3.3-70b-instruct:free": "openrouter/meta-llama/llama-3.3-70b-instruct:free",
    "openrouter/openai/gpt-oss-20b:free": "openrouter/openai/gpt-oss-20b:free",
    "openrouter:qwen/qwen3-coder:free": "openrouter/qwen/qwen3-coder:free",
    "openrouter/z-ai/glm-4.5-air:free": "openrouter/z-ai/glm-4.5-air:free",
    "openrouter/openai/gpt-4o:extended": "openrouter/openai/gpt-4o:extended",
    "openrouter/moonshotai/kimi-k2-0905:exacto": "openrouter/moonshotai/kimi-k2-0905:exacto",
    "openrouter/z-ai/glm-4.6:exacto": "openrouter/z-ai/glm-4.6:exacto",
    "openrouter/anthropic/claude-sonnet-4.5:nitro": "openrouter/anthropic/claude-sonnet-4.5",
    "openrouter/anthropic/claude-sonnet-4.5:floor": "openrouter/anthropic/claude-sonnet-4.5",
    "openrouter/openai/gpt-4o:online": "openrouter/openai/gpt-4o",
    "openrouter/google/gemini-2.5-pro:nitro": "openrouter/google/gemini-2.5-pro",
    "openrouter/deepseek/deepseek-chat-v3.1:nitro": "openrouter/deepseek/deepseek-chat-v3.1",
    "openrouter:mistralai/mistral-large-2411:floor": "openrouter/mistralai/mistral-large-2411",
}

ROUTER_PREFIXES = {
    "openrouter/openai/gpt-4.1-mini": "openrouter/openai/gpt-4.1-mini",
    "openrouter/anthropic/claude-sonnet-4.5": "openrouter/anthropic/claude-sonnet-4.5",
    "azure/gpt-4.1-mini": "azure/gpt-4.1-mini",
    "azure_ai/gpt-4.1": "azure/gpt-4.1",
    "azure-openai:gpt-4o": "azure/gpt-4o",
    "gemini/gemini-2.5-pro": "google/gemini-2.5-pro",
    "google-gla:gemini-2.5-flash": "google/gemini-2.5-flash",
    "google_genai:gemini-2.0-flash": "google/gemini-2.0-flash",
    "vertex_ai/gemini-2.5-pro": "google-vertex/gemini-2.5-pro",
    "google-vertex:gemini-2.5-flash": "google-vertex/gemini-2.5-flash",
    "google_vertexai:gemini-2.0-flash-001": "google-vertex/gemini-2.0-flash-001",
    "bedrock/anthropic.claude-3-haiku-20240307-v1:0": "amazon-bedrock/anthropic.claude-3-haiku-20240307-v1:0",
    "bedrock/us.anthropic.claude-opus-4-1-20250805-v1:0": "amazon-bedrock/us.anthropic.claude-opus-4-1-20250805-v1:0",
    "bedrock/converse/amazon.nova-pro-v1:0": "amazon-bedrock/amazon.nova-pro-v1:0",
    "bedrock/us-east-1/anthropic.claude-v2:1": "amazon-bedrock/anthropic.claude-v2:1",
    "bedrock_converse:meta.llama3-3-70b-instruct-v1:0": "amazon-bedrock/meta.llama3-3-70b-instruct-v1:0",
    "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo": "togetherai/meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "together:meta-llama/Llama-3.3-70B-Instruct-Turbo": "togetherai/meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "fireworks_ai/accounts/fireworks/models/gpt-oss-120b": "fireworks-ai/accounts/fireworks/models/gpt-oss-120b",
    "groq/llama-3.3-70b-versatile": "groq/llama-3.3-70b-versatile",
    "mistral/mistral-large-2411": "mistral/mistral-large-2411",
    "mistralai:codestral-2501": "mistral/codestral-2501",
    "cohere_chat/command-a-03-2025": "cohere/command-a-03-2025",
    "xai/grok-4-0709": "xai/grok-4-0709",
    "x-ai/grok-4-0709": "xai/grok-4-0709",
    "mistralai/mistral-large-2512": "mistral/mistral-large-2512",
    "grok:grok-4-0709": "xai/grok-4-0709",
    "deepseek/deepseek-reasoner": "deepseek/deepseek-reasoner",
    "perplexity/sonar-pro": "perplexity/sonar-pro",
    "dashscope/qwen-max": "alibaba/qwen-max",
    "moonshot/kimi-k2-thinking": "moonshotai/kimi-k2-thinking",
    "github/openai/gpt-4.1-mini": "github-models/openai/gpt-4.1-mini",
    "cloudflare/@cf/meta/llama-4-scout-17b-16e-instruct": "cloudflare-workers-ai/@cf/meta/llama-4-scout-17b-16e-instruct",
}


def cases(table: dict[str, str]) -> pytest.MarkDecorator:
    assert len(table) >= 10
    return pytest.mark.parametrize(("reference", "means"), list(table.items()))


def means(catalog: Catalog, reference: str, qualified: str) -> None:
    assert catalog.get_model(reference).qualified_id == qualified
    found = catalog.resolve(reference)
    assert found.canonical_id == qualified == found.model.qualified_id
    assert found.requested == reference


# The forms -----------------------------------------------------------------------------------------------


@cases(BARE)
def test_a_bare_id_means_its_authors_own(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


@pytest.mark.parametrize(("provider", "model"), QUALIFIED)
def test_qualified_by_provider(catalog: Catalog, provider: str, model: str) -> None:
    qualified = f"{provider}/{model}"
    for reference in (qualified, f"{provider}:{model}", f"{model}@{provider}"):
        means(catalog, reference, qualified)
    assert catalog.get_model(model, provider=provider).qualified_id == qualified
    assert catalog.get_model(qualified, provider=provider).qualified_id == qualified


@cases(AUTHOR_QUALIFIED)
def test_a_model_by_its_author(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


@pytest.mark.parametrize(
    "name", ["claude-sonnet-4", "claude-opus-4", "claude-3-opus", "claude-3-7-sonnet", "claude-3-5-haiku"]
)
def test_a_bare_name_without_its_date_means_the_authors_own(catalog: Catalog, name: str) -> None:
    model = catalog.get_model(name)
    assert model.provider == "anthropic"
    assert model.id.startswith(name)


@cases(DATED)
def test_either_form_of_a_date(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


@cases(FINE_TUNED)
def test_a_fine_tune_means_the_model_it_was_made_from(catalog: Catalog, reference: str, means: str) -> None:
    found = catalog.resolve(reference)
    assert (found.canonical_id, found.kind) == (means, "fine_tune")


@cases(GEMINI_PATHS)
def test_gemini_paths(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


@cases(VERTEX_PATHS)
def test_vertex_paths(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


@pytest.mark.parametrize("name", VERTEX_CLAUDES)
def test_every_vertex_spelling_of_a_claude_means_one_model(catalog: Catalog, name: str) -> None:
    """models.dev lists some of them under a provider of their own; a caller must not get two answers."""
    spellings = (
        name,
        f"vertex_ai/{name}",
        f"google-vertex/{name}",
        f"{name}@vertex_ai",
        f"publishers/anthropic/models/{name}",
        f"{_PROJECT}/publishers/anthropic/models/{name}",
    )
    found = {catalog.get_model(spelling).qualified_id for spelling in spellings}
    assert len(found) == 1, found
    assert found.pop().startswith("google-vertex")


@pytest.mark.parametrize("name", BEDROCK)
def test_bedrock_ids_and_arns(catalog: Catalog, name: str) -> None:
    qualified = f"amazon-bedrock/{name}"
    for reference in (name, f"bedrock/{name}", f"bedrock:{name}", *(arn.format(name) for arn in ARNS)):
        means(catalog, reference, qualified)


@pytest.mark.parametrize("name", BEDROCK_PROFILES)
def test_bedrock_profiles(catalog: Catalog, name: str) -> None:
    """A profile is listed as itself or, where it is not, means the model that it routes to."""
    model = catalog.get_model(name)
    assert model.provider == "amazon-bedrock"
    assert model.id in {name, name.partition(".")[2]}
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{name}"
    for reference in (f"bedrock/{name}", arn, f"bedrock/{arn}", f"{name}@aws"):
        means(catalog, reference, model.qualified_id)


def test_an_unlisted_geography_means_the_model_that_it_routes_to(catalog: Catalog) -> None:
    found = catalog.resolve("sa.anthropic.claude-3-haiku-20240307-v1:0")
    assert found.canonical_id == "amazon-bedrock/anthropic.claude-3-haiku-20240307-v1:0"
    assert found.kind == "platform_id"


@cases(OPENROUTER_VARIANTS)
def test_openrouter_variants(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


def test_a_variant_that_is_not_served_is_not_the_model_without_it(catalog: Catalog) -> None:
    with pytest.raises(UnknownModelError):
        catalog.get_model("openrouter/anthropic/claude-sonnet-4.5:free")


@cases(ROUTER_PREFIXES)
def test_prefixes_of_routers_and_sdks(catalog: Catalog, reference: str, means: str) -> None:
    assert catalog.get_model(reference).qualified_id == means


@pytest.mark.parametrize(("name", "provider"), sorted(PROVIDER_ALIASES.items()))
def test_every_other_name_of_a_provider_names_one_that_exists(catalog: Catalog, name: str, provider: str) -> None:
    assert catalog.get_provider(provider).id == provider
    assert catalog.get_provider(name).id in {name, provider}


@pytest.mark.parametrize(
    "reference",
    [*BARE, *DATED, *FINE_TUNED, *GEMINI_PATHS, *OPENROUTER_VARIANTS, *ROUTER_PREFIXES, *BEDROCK, *VERTEX_PATHS],
)
def test_letter_case_and_surrounding_blanks_do_not_matter(catalog: Catalog, reference: str) -> None:
    model = catalog.get_model(reference)
    spellings = (
        reference.upper(),
        reference.title(),
        f"  {reference}",
        f"{reference}\n",
        f"\t{reference.swapcase()} \r\n",
    )
    for spelling in spellings:
        assert catalog.get_model(spelling) is model


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("gpt-4.1-mini", "model"),
        ("openai/gpt-4.1-mini", "model"),
        ("gpt-4.1-mini-2025-04-14", "snapshot"),
        ("gpt-4.1-mini-20250414", "snapshot"),
        ("anthropic/claude-sonnet-4-5-20250929", "snapshot"),
        ("mistral-large-latest", "alias"),
        ("mistral/mistral-large-latest", "alias"),
        ("mistral:mistral-large-latest", "alias"),
        ("ft:gpt-4.1-mini-2025-04-14:org::id", "fine_tune"),
        ("models/gemini-2.5-pro", "platform_id"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "platform_id"),
        ("openrouter/openai/gpt-4o:online", "variant"),
    ],
)
def test_how_a_reference_was_read(catalog: Catalog, reference: str, kind: str) -> None:
    assert catalog.resolve(reference).kind == kind


# The whole dataset ---------------------------------------------------------------------------------------


def test_every_model_is_found_under_every_spelling_of_its_own_id(loaded_catalog: Catalog) -> None:
    wrong = []
    for model in loaded_catalog.list_models():
        qualified = model.qualified_id
        for reference, provider in (
            (qualified, None),
            (f"{model.provider}:{model.id}", None),
            (f"{model.id}@{model.provider}", None),
            (model.id, model.provider),
        ):
            try:
                found = loaded_catalog.get_model(reference, provider=provider)
            except ModelMetaError as error:
                wrong.append((reference, provider, str(error)))
                continue
            if found is not model:
                wrong.append((reference, provider, found.qualified_id))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"


def test_every_alias_snapshot_and_platform_id_leads_to_its_model(loaded_catalog: Catalog) -> None:
    wrong = []
    catalog = loaded_catalog

    def expect(reference: str, provider: str, *allowed: str) -> None:
        try:
            found = catalog.get_model(reference, provider=provider).qualified_id
        except ModelMetaError as error:
            found = str(error)
        if found not in allowed:
            wrong.append((reference, provider, allowed, found))

    for model in catalog.list_models():
        for alias in model.aliases:
            expect(alias, model.provider, model.qualified_id)
        for snapshot in model.snapshots:
            expect(snapshot.id, model.provider, f"{model.provider}/{snapshot.id}")
        if model.snapshot_of is not None:
            expect(model.snapshot_of, model.provider, f"{model.provider}/{model.snapshot_of}")
        if model.default_snapshot is not None:
            target = catalog.get_model(model.default_snapshot, provider=model.provider)
            expect(model.default_snapshot, model.provider, target.qualified_id)
        for platform in model.platform_ids:
            provider = platform.platform.partition(":")[0]
            plain = platform.id.partition(".")[2] if provider == "amazon-bedrock" else platform.id
            expect(platform.id, provider, f"{provider}/{platform.id}", f"{provider}/{plain}")
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"


def test_a_snapshot_is_in_the_list_of_its_model_and_shares_its_base(loaded_catalog: Catalog) -> None:
    catalog = loaded_catalog
    for model in catalog.list_models():
        if model.snapshot_of is not None:
            head = catalog.get_model(model.snapshot_of, provider=model.provider)
            assert head.snapshot_of is None, f"{model.qualified_id} is a version of a version"
            assert model.id in {snapshot.id for snapshot in head.snapshots}, model.qualified_id
            later = dated(head.base or "") or ""  # a base may be named after one version, and an earlier has its own
            assert model.base == head.base or "" < (dated(model.id) or "") < later, model.qualified_id
        assert all(
            catalog.get_model(snapshot.id, provider=model.provider).snapshot_of == model.id
            for snapshot in model.snapshots
        )


# What can name nothing --------------------------------------------------------------------------------------


def clear(error: BaseException) -> None:
    """An error that shows no inner traceback and no more of the input than helps."""
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert 10 < len(str(error)) < 1000
    assert str(error).isprintable()


@pytest.mark.parametrize("value", [None, b"gpt-4.1-mini", 4, 4.1, True, ["gpt-4.1-mini"], {"id": "x"}, object(), set()])
def test_wrong_types(catalog: Catalog, value: Any) -> None:
    calls: tuple[Callable[[Any], object], ...] = (
        catalog.get_model, catalog.resolve, catalog.list_offers, catalog.list_aliases, catalog.list_snapshots,
        catalog.get_author, catalog.get_provider,
    )  # fmt: skip
    for call in calls:
        with pytest.raises(InvalidReferenceError) as caught:
            call(value)
        clear(caught.value)
        assert type(value).__name__ in str(caught.value)
    if value is not None:
        with pytest.raises(InvalidReferenceError, match="a provider is a string") as caught:
            catalog.get_model("gpt-4.1-mini", provider=value)
        clear(caught.value)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "   \r\n"])
def test_empty(catalog: Catalog, text: str) -> None:
    with pytest.raises(InvalidReferenceError, match="a model reference is empty"):
        catalog.get_model(text)
    with pytest.raises(InvalidReferenceError, match="a provider is empty"):
        catalog.get_model("gpt-4.1-mini", provider=text)


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "gpt-4.1-mini " * 80_000, "\x00" * 1_000_000, "/" * 1_000_000, "é" * 999]
)
def test_far_too_long(catalog: Catalog, text: str) -> None:
    for provider in (None, text, "openai"):
        with pytest.raises(InvalidReferenceError) as caught:
            catalog.get_model(text, provider=provider)
        clear(caught.value)


@pytest.mark.parametrize("code", [0, 1, 7, 8, 9, 10, 13, 27, 31, 127, 0x80, 0x9F, 0xA0, 0xAD, 0x200B, 0x2028, 0xFEFF])
def test_control_and_invisible_characters(catalog: Catalog, code: int) -> None:
    with pytest.raises(InvalidReferenceError) as caught:
        catalog.get_model(f"gpt-4.1{chr(code)}-mini")
    clear(caught.value)
    assert f"U+{code:04X}" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "gpt-4.1-min\u0456",  # Cyrillic i
        "g\u0440t-4.1-mini",  # Cyrillic er
        "\uff47\uff50\uff54-4.1-mini",  # full width
        "gpt\u20114.1\u2011mini",  # non-breaking hyphens
        "gpt\u20134.1-mini",  # en dash
        "gpt-4\u22c51-mini",  # dot operator
        "gpt-4.1-mini\u0301",  # combining accent
        "gpt-4.\u0661-mini",  # Arabic digit
        "claude-sonnet\u2014" + "4-5",
        "\U0001d420pt-4.1-mini",  # mathematical letter
        "\ud800gpt-4.1-mini",  # half of a surrogate pair
        "\u202egpt-4.1-mini",  # right to left
    ],
)
def test_look_alikes_never_pass(catalog: Catalog, text: str) -> None:
    with pytest.raises(InvalidReferenceError) as caught:
        catalog.get_model(text)
    clear(caught.value)
    odd = next(character for character in text if not character.isascii())
    assert f"U+{ord(odd):04X}" in str(caught.value)
    if unicodedata.normalize("NFKC", text) == "gpt-4.1-mini":
        assert "did you mean 'gpt-4.1-mini'?" in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gpt4.1-mini", "gpt-4.1-mini"),
        ("gpt-4.1mini", "gpt-4.1-mini"),
        ("gpt-4.1-mimi", "gpt-4.1-mini"),
        ("claude-sonet-4-5", "claude-sonnet-4-5"),
        ("gemini-25-pro", "gemini-2.5-pro"),
        ("gemini-2.5-prro", "gemini-2.5-pro"),
        ("mistral-lage-2411", "mistral-large-2411"),
        ("grok-4-0708", "grok-4-0709"),
        ("comand-a-03-2025", "command-a-03-2025"),
        ("openai/gpt-4.1-minni", "openai/gpt-4.1-mini"),
    ],
)
def test_a_slip_raises_with_what_was_meant(catalog: Catalog, typed: str, meant: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog.get_model(typed)
    clear(caught.value)
    assert isinstance(caught.value, LookupError)
    assert caught.value.reference == typed
    assert typed in str(caught.value)
    assert meant in caught.value.suggestions
    assert repr(meant) in str(caught.value)


def test_each_suggestion_can_be_asked_for(catalog: Catalog) -> None:
    for typed in ("gpt-4.1-mimi", "claude-sonet-4-5", "gemini-2.5-prro", "llama-3.3-70b", "openai/o3-minni"):
        with pytest.raises((UnknownModelError, AmbiguousModelError)) as caught:
            catalog.get_model(typed)
        for suggestion in getattr(caught.value, "suggestions", ()):
            with suppress(AmbiguousModelError):
                assert catalog.get_model(suggestion).id


def test_a_close_name_is_never_an_answer(catalog: Catalog) -> None:
    for near in ("gpt-4.1-min", "gpt-4.1-mini-2025", "gpt-4.1-mini-2025-04-15", "claude-sonnet-4-55", "gemini-2.5"):
        with pytest.raises(UnknownModelError):
            catalog.get_model(near)


def test_nothing_alike(catalog: Catalog) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog.get_model("%%%%%%%%")
    assert caught.value.suggestions == ()
    clear(caught.value)


# Any text at all --------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        "openai", "gpt-9", "anthropic", "claude-nine", "openrouter", "openmodel", "open-1", "odd", "ft", "arn", "models",
        "publishers", "projects", "us", "eu", "bedrock", "azure", "vertex_ai", "2026-05-01", "20260401", "latest", "free",
        "nitro", "v1", "0", "", "é", "\x00", "☃", " ", "GPT-9", 'say-"hi"', "back\\slash", ".ft-",
    ]
)  # fmt: skip
_MARKS = st.sampled_from(["/", ":", "@", "-", ".", "::", "//", "", " ", "."])
_BUILT = st.lists(st.tuples(_PIECES, _MARKS), max_size=8).map(lambda pairs: "".join(a + b for a, b in pairs))


@given(text=st.text(max_size=40) | _BUILT | st.characters().map(lambda c: f"gpt-9{c}"))
@example(text="ft:")
@example(text="ft")
@example(text="arn:")
@example(text="arn:/")
@example(text="models/")
@example(text="publishers//models/")
@example(text="/")
@example(text=":")
@example(text="@")
@example(text="us.")
@example(text=".ft-")
@example(text="gpt-9:nitro:nitro")
@example(text='odd/say-"hi"')
@example(text="odd/back\\slash")
@example(text="-20260501")
@example(text="@20260501")
@example(text="x" * 512)
@settings(deadline=None, max_examples=250)
def test_any_text_resolves_or_raises_an_error_of_ours(
    text: str, small_files: dict[str, bytes], in_memory: Callable[[dict[str, bytes]], Catalog]
) -> None:
    catalog = in_memory(small_files)
    for provider in (None, "openai", text):
        try:
            found = catalog.resolve(text, provider=provider)
        except ModelMetaError as error:
            clear(error)
            continue
        assert catalog.resolve(found.canonical_id).canonical_id == found.canonical_id
        assert catalog.resolve(found.canonical_id).model is found.model
    for call in (
        catalog.list_offers,
        catalog.list_snapshots,
        catalog.list_aliases,
        catalog.get_provider,
        catalog.get_author,
    ):
        try:
            call(text)
        except ModelMetaError as error:
            clear(error)


@given(st.text(max_size=40) | _BUILT)
@settings(max_examples=200)
def test_readings_are_few_and_plain(text: str) -> None:
    try:
        found = list(readings(text))
    except InvalidReferenceError:
        return
    assert len(found) <= 60
    assert found[0].key == normalise(text)
    assert all(reading.key == reading.key.lower() for reading in found)


def test_a_provider_before_another_is_asked_and_not_passed_over(catalog: Catalog) -> None:
    assert catalog.get_model("litellm_proxy/openai/gpt-4o").provider == "openai"
    assert catalog.get_model("groq/openai/gpt-oss-120b").provider == "groq"
    with pytest.raises(UnknownModelError, match=r"no model 'groq/openai/gpt-4o'; 'openai' serves it, as"):
        catalog.get_model("groq/openai/gpt-4o")


def test_the_default_version_on_vertex_is_the_undated_id(catalog: Catalog) -> None:
    assert catalog.get_model("gemini-2.5-pro@default").qualified_id == "google-vertex/gemini-2.5-pro"
    assert catalog.get_model("vertex_ai/gemini-2.5-pro@default").qualified_id == "google-vertex/gemini-2.5-pro"


@pytest.mark.parametrize("text", ["/".join("ab" * 128), "-" * 512, "a" * 512], ids=["parts", "dashes", "letters"])
def test_the_longest_references_are_answered(catalog: Catalog, text: str) -> None:
    """It looks for the closest of tens of thousands of ids; a gateway must survive a caller that misspells."""
    with pytest.raises(UnknownModelError):
        catalog.get_model(text)


# Small parts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("gpt-4.1-mini-2025-04-14", "20250414"),
        ("claude-sonnet-4-5@20250929", "20250929"),
        ("anthropic.claude-opus-4-1-20250805-v1:0", "20250805"),
        ("gpt-4-0613", None),
        ("o3", None),
        ("", None),
        ("command-a-03-2025", None),
    ],
)
def test_dated(text: str, date: str | None) -> None:
    assert dated(text) == date


def test_a_provider_that_is_named_is_the_only_one_asked(catalog: Catalog) -> None:
    def keys(reference: str, provider: str) -> Iterator[str]:
        return (reading.key for reading in readings(reference, provider))

    assert all(key.startswith("azure/") for key in keys("openai/gpt-4.1-mini", "azure"))
    with pytest.raises(UnknownProviderError) as caught:
        catalog.get_model("gpt-4.1-mini", provider="opnai")
    assert "openai" in caught.value.suggestions
    clear(caught.value)
