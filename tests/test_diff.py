"""What a new dataset adds, removes and changes, as data, text and Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelmeta import Catalog, DatasetError, FieldChange, ReferenceChange, diff_datasets, use_catalog
from tests.small_dataset import MODELS, Models, dataset_files, pack, rate, write_dataset

ROAD = MODELS["acme"]["road-1"]

CHANGED = {
    **ROAD,
    "name": "Road One",
    "limits": {"context_window": 2000},
    "capabilities": {"tool_calling": True, "json_mode": True},
    "endpoints": [{"name": "responses", "supported": False}, {"name": "batch", "path": "v1|batch", "supported": True}],
    "rate_limits": [{"tier": "Tier 1", "rpm": 20, "tpm": 100}],
    "prices": [
        rate("input", "1"),
        rate("input", "4", condition={"above_input_tokens": 600}),
        rate("input", "1", tier="batch"),
        rate("output", "8", effective_from="2099-01-01"),
        rate("input", "0.01", unit="minute"),
    ],
    "seen_on": "2099-01-02",
}

NEW_MODELS: Models = {
    "acme": {
        **{name: entry for name, entry in MODELS["acme"].items() if name != "road-3"},
        "road-1": CHANGED,
        "road-4": {"name": "Road 4"},
    },
    "house": {"private": {"name": "Private"}},
}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    refs: Any = {"road-latest": "acme/road-4"}
    return write_dataset(tmp_path / "new", dataset_files("2099.02.01", NEW_MODELS, **refs))


def test_the_difference_as_data(old: Path, new: Path) -> None:
    diff = diff_datasets(old, new)
    assert diff
    assert (diff.old_version, diff.new_version) == ("2099.01.01", "2099.02.01")
    assert diff.added == ("acme/road-4", "house/private")
    assert diff.removed == ("acme/road-3", "cloud/acme.road-1")
    assert (diff.added_providers, diff.removed_providers) == (("house",), ("cloud",))
    assert diff.moved == (ReferenceChange(reference="road-latest", old=("acme/road-2",), new=("acme/road-4",)),)
    assert {change.model for change in diff.changed} == {"acme/road-1"}
    assert [(change.field, change.old, change.new) for change in diff.changed] == [
        ("capabilities.json_mode", False, True),
        ("endpoint_paths.batch", None, "v1|batch"),
        ("endpoint_paths.responses", "v1/responses", None),
        ("endpoints.batch", None, True),
        ("endpoints.responses", True, False),
        ("limits.context_window", 1000, 2000),
        ("limits.max_output_tokens", 100, None),
        ("name", "Road 1", "Road One"),
        ("pricing.standard.input", "2 USD per 1M tokens", "1 USD per 1M tokens"),
        ("pricing.standard.input[above_input_tokens=500]", "4 USD per 1M tokens", None),
        ("pricing.standard.input[above_input_tokens=600]", None, "4 USD per 1M tokens"),
        ("pricing.standard.input[per minute]", None, "0.01 USD per minute"),
        ("pricing.standard.output", "8 USD per 1M tokens", None),
        ("pricing.standard.output[from 2099-01-01]", None, "8 USD per 1M tokens"),
        ("rate_limits.Tier 1.rpm", 10, 20),
        ("seen_on", "2026-06-01", "2099-01-02"),
    ]


def test_the_difference_as_text(old: Path, new: Path) -> None:
    lines = str(diff_datasets(old, new)).splitlines()
    assert lines[:4] == ["Dataset 2099.01.01 -> 2099.02.01", "", "Providers added (1)", "  house"]
    assert "  road-latest: acme/road-2 -> acme/road-4" in lines
    assert "  acme/road-1: limits.context_window: 1,000 -> 2,000" in lines
    assert "  acme/road-1: capabilities.json_mode: no -> yes" in lines
    assert "  acme/road-1: limits.max_output_tokens: 100 -> not stated" in lines


def test_the_difference_as_markdown(old: Path, new: Path) -> None:
    text = diff_datasets(old, new).to_markdown()
    assert text.startswith("# Dataset 2099.01.01 to 2099.02.01\n\n## Providers added (1)\n\n- `house`\n")
    assert "| `acme/road-1` | `pricing.standard.input` | `2 USD per 1M tokens` | `1 USD per 1M tokens` |" in text
    assert "| `acme/road-1` | `endpoint_paths.batch` | `not stated` | `v1\\|batch` |" in text
    short = diff_datasets(old, new).to_markdown(limit=1)
    assert "## Fields changed (16)" in short
    assert "… and 15 more" in short


def test_no_difference(old: Path, tmp_path: Path) -> None:
    pack(tmp_path / "old.zip", dataset_files())
    diff = diff_datasets(old, tmp_path / "old.zip")
    assert not diff
    assert "No difference" in str(diff)
    assert "No difference." in diff.to_markdown()
    with use_catalog(Catalog.load(old)):
        assert not diff_datasets(old)


def test_files_that_did_not_change_are_not_read(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other: Models = {**MODELS, "cloud": {}}
    before, after = Catalog.load(old), Catalog.load(write_dataset(tmp_path / "b", dataset_files("2099.01.02", other)))
    read: list[str] = []
    real = type(before.storage).read

    def spy(self: Any, name: str, *rest: int) -> bytes:
        read.append(name)
        return real(self, name, *rest)

    monkeypatch.setattr(type(before.storage), "read", spy)
    assert diff_datasets(before, after).removed == ("cloud/acme.road-1",)
    assert "models/cloud.json" in read
    assert "models/acme.json" not in read


def test_against_an_overlay(old: Path) -> None:
    base = Catalog.load(old)
    mine = base.with_overlay({"changes": {"road-1": {"name": None, "modalities": {"input": ["text"]}}}})
    assert diff_datasets(base, mine).changed == (
        FieldChange(model="acme/road-1", field="modalities.input", old=("text", "image"), new=("text",)),
        FieldChange(model="acme/road-1", field="name", old="Road 1", new=None),
    )
    assert str(diff_datasets(base, mine).changed[0]).endswith("modalities.input: text, image -> text")


def test_what_cannot_be_read_is_an_error(old: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        diff_datasets(old, tmp_path / "nothing")
    (old / "models" / "acme.json").write_text("{")
    with pytest.raises(DatasetError, match=r"acme\.json"):
        diff_datasets(old, old)
