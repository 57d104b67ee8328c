"""What an id tells by its spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.names import (
    AUTHOR_PREFIXES,
    OWN_PROVIDERS,
    author_of,
    bare_name,
    is_bucket,
    meeting_form,
    stem,
)

ids = st.from_regex(r"(?:[a-z0-9.@~-]{1,12}[/:.]){0,3}[A-Za-z0-9][A-Za-z0-9._:-]{0,30}", fullmatch=True)


@pytest.mark.parametrize(
    ("model_id", "author"),
    [
        ("gpt-4.1-mini", "openai"),
        ("o3-mini", "openai"),
        ("o4-mini-2025-04-16", "openai"),
        ("gpt-oss-120b", "openai"),
        ("whisper-1", "openai"),
        ("text-embedding-3-small", "openai"),
        ("gpt-neox-20b", None),
        ("gpt-j-6b", None),
        ("o30-something", None),
        ("claude-sonnet-4-5", "anthropic"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic"),
        ("anthropic/claude-sonnet-4.5:free", "anthropic"),
        ("databricks-claude-sonnet-4", "anthropic"),
        ("gemini-2.5-pro", "google"),
        ("models/gemini-2.5-pro", "google"),
        ("google/gemma-3-27b-it", "google"),
        ("grok-4-0709", "xai"),
        ("x-ai/grok-4", "xai"),
        ("mistral-large-2411", "mistral"),
        ("mistral.pixtral-large-2502-v1:0", "mistral"),
        ("codestral-2501", "mistral"),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo", "meta"),
        ("meta.llama3-3-70b-instruct-v1:0", "meta"),
        ("llama-3.3-70b-versatile", "meta"),
        ("@cf/meta/llama-3.1-8b-instruct", "meta"),
        ("accounts/fireworks/models/deepseek-v3p1", "deepseek"),
        ("deepseek-chat", "deepseek"),
        ("Qwen/Qwen3-235B-A22B", "alibaba"),
        ("amazon.nova-pro-v1:0", "amazon"),
        ("command-a-03-2025", "cohere"),
        ("sonar-pro", "perplexity"),
        ("kimi-k2-0905", "moonshotai"),
        ("zai-org/GLM-4.6", "zhipuai"),
        ("minimax/minimax-m2", "minimax"),
        ("something-else", None),
        ("", None),
    ],
)
def test_author(model_id: str, author: str | None) -> None:
    assert author_of(model_id) == author


def test_letter_case_does_not_change_the_author() -> None:
    for model_id in ("GPT-4.1-Mini", "Claude-Sonnet-4-5", "META-LLAMA/Llama-3", "US.Anthropic.Claude-Opus-4-V1:0"):
        assert author_of(model_id) == author_of(model_id.lower()) is not None


def test_tables_name_authors_as_one_does() -> None:
    assert set(AUTHOR_PREFIXES.values()) >= {"openai", "anthropic", "google", "meta", "alibaba", "zhipuai"}
    assert all(prefix == prefix.lower() for prefix in AUTHOR_PREFIXES)
    for author, providers in OWN_PROVIDERS.items():
        assert author == author.lower()
        assert len(set(providers)) == len(providers)
    everyone = [provider for providers in OWN_PROVIDERS.values() for provider in providers]
    assert len(everyone) == len(set(everyone)), "a provider is one author's own"


@pytest.mark.parametrize(
    ("model_id", "undated", "form"),
    [
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini", "dashed day"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "day"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5", "day"),
        ("gpt-4-0613", "gpt-4", "month and day"),
        ("gpt-3.5-turbo-1106", "gpt-3.5-turbo", "month and day"),
        ("kimi-k2-0905", "kimi-k2", "month and day"),
        ("mistral-large-2411", "mistral-large", "year and month"),
        ("codestral-2508", "codestral", "year and month"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro", "preview month and day"),
        ("gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash", "preview month and year"),
        ("command-a-03-2025", "command-a", "month and year"),
        ("gemini-1.5-pro-002", "gemini-1.5-pro", "number"),
        ("imagen-4.0-generate-001", "imagen-4.0-generate", "number"),
        ("GPT-4.1-2025-04-14", "GPT-4.1", "dashed day"),
    ],
)
def test_stem(model_id: str, undated: str, form: str) -> None:
    assert stem(model_id) == (undated, form)


@pytest.mark.parametrize(
    "model_id",
    [
        "gpt-4.1-mini", "o3", "text-embedding-004", "embedding-001", "llama-3.1-8b", "gpt-4-32k", "qwen3-235b-a22b",
        "mistral-7b", "claude-2.1", "grok-4", "jamba-1.5-large", "nova-lite-v1:0", "deepseek-r1", "wan-2300", "",
    ],
)  # fmt: skip
def test_what_is_no_date(model_id: str) -> None:
    assert stem(model_id) is None


@given(ids)
def test_a_stem_is_the_beginning_of_the_id(model_id: str) -> None:
    found = stem(model_id)
    if found is not None:
        assert model_id.startswith(found[0])
        assert len(found[0]) < len(model_id)


@pytest.mark.parametrize(
    ("model_id", "name"),
    [
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku"),
        ("anthropic/claude-sonnet-4.5:free", "claude-sonnet-4.5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("claude-opus-4-6@default", "claude-opus-4-6"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet"),
        ("meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct"),
        ("databricks-claude-sonnet-4", "claude-sonnet-4"),
        ("amazon.nova-pro-v1:0", "nova-pro"),
        ("accounts/fireworks/models/glm-5p2", "glm-5p2"),
        ("@cf/meta/llama-3.1-8b-instruct", "llama-3.1-8b-instruct"),
        ("gpt-4-0613", "gpt-4-0613"),
        ("mistral-large-2411", "mistral-large-2411"),
        ("mistral-large-latest", "mistral-large-latest"),
    ],
)
def test_bare_name(model_id: str, name: str) -> None:
    assert bare_name(model_id) == name


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "claude-sonnet-4-5", "anthropic/claude-sonnet-4.5", "claude-sonnet-4-5@20250929",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "Claude Sonnet 4.5", "anthropic/claude-sonnet-4.5:beta",
        ),
        ("glm-5.2", "accounts/fireworks/models/glm-5p2", "zai-org/GLM-5.2", "z-ai/glm-5.2:free"),
        ("llama-3.3-70b-instruct", "meta-llama/Llama-3.3-70B-Instruct", "meta-llama/llama-3.3-70b-instruct:free"),
        ("gpt-4.1-mini", "openai/gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", "openai/gpt-4.1-mini-20250414"),
    ],
)  # fmt: skip
def test_spellings_of_one_model_meet(spellings: tuple[str, ...]) -> None:
    assert len({meeting_form(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-4.1", "gpt-4.1-mini"),
        ("claude-sonnet-4", "claude-sonnet-4-5"),
        ("gpt-4-0613", "gpt-4"),
        ("mistral-large-2411", "mistral-large-2407"),
        ("gemini-2.5-pro", "gemini-2.5-pro-preview-05-06"),
        ("llama-3.1-8b-instruct", "llama-3.1-70b-instruct"),
        ("deepseek-r1", "deepseek-r1-0528"),
    ],
)
def test_other_models_do_not_meet(one: str, other: str) -> None:
    assert meeting_form(one) != meeting_form(other)


@given(ids)
def test_names_are_stable(model_id: str) -> None:
    assert bare_name(model_id) == bare_name(model_id.upper())
    assert meeting_form(model_id) == meeting_form(model_id.lower())
    assert "." not in meeting_form(model_id)
    assert "/" not in bare_name(model_id)


@pytest.mark.parametrize(
    ("model_id", "bucket"),
    [
        ("gemini-1.5-pro-lte-128k", True),
        ("gemini-1.5-pro-gt-128k", True),
        ("7b", True),
        ("3b-8b", True),
        ("1.5b", True),
        ("default", True),
        ("gpt-4-32k", False),
        ("llama-3.1-8b", False),
        ("default-model", False),
    ],
)
def test_price_brackets_are_no_models(model_id: str, bucket: bool) -> None:
    assert is_bucket(model_id) is bucket
