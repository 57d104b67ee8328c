"""Portkey: which model an id means, and that no row of the tables has lost what it is for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.sources.portkey_ids import DROPPED, RESPELLED, Place, place
from pipeline.sources.portkey_tables import CUSTOM_SLIPS, EXCEPTIONS, IGNORED, MEANINGS, SLIPS


def above(model: str, tokens: int) -> Place:
    return Place(model, None, (("above_input_tokens", tokens),), 2)


def tuned(model: str) -> Place:
    return Place(model, None, (("fine_tuned", True),), 2)


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        (
            "google",
            "gemini-1.5-pro-gt-128k",
            above("gemini-1.5-pro", 128000),
        ),
        (
            "google",
            "gemini-2.5-pro-gt-128k",
            above("gemini-2.5-pro", 200000),
        ),
        ("google", "gemini-2.5-pro-lte-128k", Place("gemini-2.5-pro", None, (), 0)),
        ("openrouter", "openai/gpt-5:batch", Place("openai/gpt-5", "batch", (), 2)),
        ("openrouter", "openai/gpt-oss-20b:free", Place("openai/gpt-oss-20b:free")),
        ("openai", "ft:gpt-4.1-mini", tuned("gpt-4.1-mini")),
        ("azure-openai", "gpt-4o.ft", tuned("gpt-4o")),
        (
            "bedrock",
            "stability.stable-diffusion-xl-v1::premium",
            Place("stability.stable-diffusion-xl-v1", None, (("quality", "premium"),), 2),
        ),
        ("fireworks-ai", "16b", None),
        ("predibase", "7b", None),
        ("bedrock", "claude", None),
        ("bedrock", "claude-3-opus-20240229", None),
        ("bedrock", "anthropic.claude-opus-4-8-v1", None),
        ("bedrock", "anthropic.claude-opus-4-6-v1", Place("anthropic.claude-opus-4-6-v1")),
        ("fireworks-ai", "kimi-k2p6", Place("accounts/fireworks/models/kimi-k2p6")),
        ("fireworks-ai", "fireworks-ai/kimi-k2p6-fast", Place("accounts/fireworks/routers/kimi-k2p6-fast")),
        ("fireworks-ai", "nomic-ai/nomic-embed-text-v1.5", Place("nomic-ai/nomic-embed-text-v1.5")),
        ("vertex-ai", "claude-sonnet-4-5-20250929", Place("claude-sonnet-4-5@20250929")),
        ("vertex-ai", "anthropic.claude-opus-5", Place("claude-opus-5")),
        ("vertex-ai", "gpt-oss-120b-maas", Place("openai/gpt-oss-120b-maas")),
    ],
)
def test_what_an_id_means(source: str, name: str, expected: Place | None) -> None:
    assert place(source, name) == expected


def test_tables_have_no_dead_rows(sources: Path) -> None:
    folder = sources / "portkey"
    if not folder.is_dir():
        pytest.skip("the sources have no portkey")
    ids, keys = set(), set()
    for path in sorted(folder.glob("*/*.json")):
        for name, value in json.loads(path.read_text(encoding="utf-8")).items():
            ids |= {(path.stem, name), (path.stem, re.sub(r"-(lte|gt)-\d+k$", "", name))}
            keys |= set(re.findall(r'"(\w+)": \{"(?:price|default|high)"', json.dumps(value)))
    patterns = [(row.sources, row.ids) for table in (DROPPED, RESPELLED) for row in table]
    patterns += [(row.sources, row.models) for row in EXCEPTIONS]
    patterns += [(row.sources, row.models) for row in (*SLIPS, *CUSTOM_SLIPS)]
    for source_pattern, pattern in patterns:
        assert any(
            re.fullmatch(source_pattern, source) and re.fullmatch(pattern, name, re.IGNORECASE) for source, name in ids
        ), (source_pattern, pattern)
    assert {*MEANINGS, *IGNORED} <= keys
