"""A small dataset made by hand, through the same pipeline as the real one, for tests that damage or outgrow it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelmeta import Catalog, active
from pipeline import emit
from pipeline.history import stated_changes
from pipeline.identity import identify
from pipeline.observations import Observation
from pipeline.provenance import provenance
from pipeline.reconcile import reconcile
from tests.small_dataset import Memory

# What the person who runs the tests has chosen for themselves changes no answer here, also in processes started.
os.environ["MODELMETA_DATASET"] = "bundled"
for name in ("MODELMETA_CACHE", "MODELMETA_URL", "MODELMETA_WARN_DEPRECATED"):
    os.environ.pop(name, None)

DAY = "2026-11-01"


def price(component: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "component": component, "unit": "1M tokens", "amount": amount, "currency": "USD", "tier": "standard", **more,
    }  # fmt: skip


LONG_LIMITS = [{"tier": f"Tier {number}", "rpm": number, "region": "somewhere-far-away"} for number in range(400)]
"""One field whose entry alone is longer than two blocks of a file."""

MADE_UP: dict[str, dict[str, dict[str, Any]]] = {
    "openai": {
        "gpt-9": {
            "name": "GPT-9",
            "lifecycle.released": "2026-05-01",
            "lifecycle.retires_on": "2027-05",
            "limits.context_window": 400_000,
            "limits.max_output_tokens": 128_000,
            "modalities.input": ["image", "text"],
            "modalities.output": ["text"],
            "capabilities.tool_calling": True,
            "capabilities.distillation": False,
            "aliases": ["gpt-9-latest"],
            "snapshots": ["gpt-9-2026-05-01"],
            "default_snapshot": "gpt-9-2026-05-01",
            "prices": [price("input", "1.25"), price("output", "10")],
        },
        "gpt-9-2026-05-01": {"lifecycle.released": "2026-05-01"},
        "gpt-9-mini": {"name": "GPT-9 mini", "limits.context_window": 200_000, "prices": [price("input", "0.2")]},
        "whisper-9": {"modalities.input": ["audio"], "modalities.output": ["text"]},
    },
    "anthropic": {
        "claude-nine-20260401": {
            "name": "Claude Nine",
            "aliases": ["claude-nine"],
            "limits.context_window": 1_000_000,
            "capabilities.tool_calling": True,
            "platform_ids": {"amazon-bedrock": "anthropic.claude-nine-20260401-v1:0"},
            "rate_limits": LONG_LIMITS,
            "prices": [price("input", "5"), price("input", "10", condition={"above_input_tokens": 200_000})],
        },
    },
    "amazon-bedrock": {
        "anthropic.claude-nine-20260401-v1:0": {"limits.context_window": 1_000_000},
        "openmodel.open-1-v1:0": {"name": "Open 1", "open_weights": True},
    },
    "azure": {"gpt-9": {"prices": [price("input", "1.25")]}, "open-1": {"open_weights": True}},
    "openrouter": {
        "openai/gpt-9": {"prices": [price("input", "1.3")]},
        "openmodel/open-1": {"open_weights": True, "prices": [price("input", "0.1")]},
        "openmodel/open-1:free": {"prices": [price("input", "0"), price("output", "0")]},
    },
    "odd": {
        'say-"hi"': {"name": 'a "quoted" name'},
        "back\\slash": {"name": "C:\\"},
        "two words": {"name": "blanks"},
        "snow-☃": {"name": "snow ☃ man"},
        "UPPER/Case-1.5": {"limits.context_window": 1},
        "x" * 180: {"name": "long"},
    },
}


def statements(facts: dict[str, dict[str, dict[str, Any]]]) -> list[Observation]:
    """One observation for each fact of a table like ``MADE_UP``."""
    found = []
    for provider, models in facts.items():
        for model, fields in models.items():
            for name, value in fields.items():
                rows = [("price", row) for row in value] if name == "prices" else [(name, value)]
                found += [Observation(provider, model, *row, "vendor-pages", "page", DAY) for row in rows]
    return found


def build_files(observations: list[Observation], **manifest: Any) -> dict[str, bytes]:
    """The data files of a dataset that says what the observations say."""
    identities = identify(observations)
    models = reconcile(identities)
    files = emit.data_files(models, {}, provenance(models, identities), stated_changes(models))
    sources = [{"id": "vendor-pages", "name": "pages", "licence": "facts", "seen_on": "2026-11"}]
    stated = {"version": "1", "built_on": DAY, "sources": sources, "totals": emit.counts(models, files), **manifest}
    return Files({**files, emit.MANIFEST: emit.manifest_file(files, **stated)})


class Files(dict[str, bytes]):
    """Files by name, with a short repr for reports of failures."""

    def __repr__(self) -> str:
        return f"<{len(self)} files>"


@pytest.fixture(scope="session")
def make_files() -> Callable[..., dict[str, bytes]]:
    """From a table like ``MADE_UP`` to the files of its dataset."""
    return lambda facts, **manifest: build_files(statements(facts), **manifest)


@pytest.fixture(scope="session")
def observed_files() -> Callable[[list[Observation]], dict[str, bytes]]:
    """From observations to the files of their dataset."""
    return build_files


@pytest.fixture(scope="session")
def small_files() -> dict[str, bytes]:
    """The files of the made-up dataset."""
    return build_files(statements(MADE_UP))


@pytest.fixture(scope="session")
def small_folder(small_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up dataset in a folder; not to be written to."""
    folder = tmp_path_factory.mktemp("small")
    emit.write(small_files, folder)
    return folder


@pytest.fixture(scope="session")
def in_memory() -> Callable[[dict[str, bytes]], Catalog]:
    """A catalog over files in memory."""
    return lambda files: Catalog(Memory(files))


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process as it starts: nothing chosen, nothing opened, nothing looked up; afterwards all is as before."""
    for name in ("_process", "_chosen", "_default"):
        monkeypatch.setattr(active, name, None)
    monkeypatch.setattr(active, "_scopes", False)
    monkeypatch.setattr(active, "_recalled", threading.local())
    monkeypatch.delenv("MODELMETA_DATASET", raising=False)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The bundled dataset."""
    return Catalog.bundled()


@pytest.fixture(scope="session")
def loaded_catalog(catalog: Catalog, in_memory: Callable[[dict[str, bytes]], Catalog]) -> Catalog:
    """The bundled dataset with every file in memory, for tests that look up all there is."""
    folder = Path(str(catalog.storage))
    return in_memory({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")})
