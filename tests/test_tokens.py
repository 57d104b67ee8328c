"""Tokens are counted where the tokenizer is published, and nowhere else."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from modelmeta import ModelMetaError
from modelmeta.tokens import TokenizerNotPublishedError, count_tokens, encoding_name
from tests.price_lists import CLAUDE_SONNET_4_5, GPT_4_1_MINI, model


@pytest.fixture
def tiktoken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stand-in for tiktoken, which downloads vocabularies: its tokens are words."""
    known = {"gpt-4.1-mini": "o200k_base"}
    encoding = SimpleNamespace(encode=lambda text, disallowed_special: [*text.split(), *disallowed_special])

    def encoding_name_for_model(name: str) -> str:
        return known[name]

    stand_in = SimpleNamespace(
        __version__="0.12", encoding_name_for_model=encoding_name_for_model, get_encoding=lambda _name: encoding
    )
    monkeypatch.setitem(sys.modules, "tiktoken", stand_in)
    return stand_in


@pytest.mark.usefixtures("tiktoken")
def test_openai_s_tokenizer_is_published() -> None:
    assert encoding_name(GPT_4_1_MINI) == "o200k_base"
    assert count_tokens(GPT_4_1_MINI, "three little words") == 3
    assert count_tokens("gpt-4.1-mini", "<|endoftext|>") == 1
    snapshot = model(id="gpt-4.1-mini-2025-04-14", provider="azure", author="openai", snapshot_of="gpt-4.1-mini")
    assert encoding_name(snapshot) == "o200k_base"
    hosted = model(id="deployment", provider="azure", author="openai", base="openai/gpt-4.1-mini")
    assert encoding_name(hosted) == "o200k_base"
    routed = model(id="openai/gpt-4.1-mini", provider="openrouter", author="openai")
    assert encoding_name(routed) == "o200k_base"


@pytest.mark.usefixtures("tiktoken")
def test_where_it_is_not_it_says_so() -> None:
    with pytest.raises(TokenizerNotPublishedError, match="tokenizer of anthropic/claude-sonnet-4-5 is not published"):
        count_tokens(CLAUDE_SONNET_4_5, "words")
    with pytest.raises(TokenizerNotPublishedError, match=r"tiktoken 0\.12 does not say"):
        count_tokens(model(id="gpt-99", provider="openai", author="openai"), "words")
    with pytest.raises(TypeError, match="text is a string, not a list"):
        count_tokens(GPT_4_1_MINI, ["words"])  # type: ignore[arg-type]


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(ModelMetaError, match=r"pip install .modelmeta\[tokens\]"):
        count_tokens(GPT_4_1_MINI, "words")
