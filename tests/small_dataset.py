"""A made-up vendor and a host, in the real format, for tests that lay overlays on a dataset, install or compare it."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelmeta import DatasetError
from modelmeta.storage import Folder
from pipeline.emit import column_files, manifest_file, sealed_file, sorted_file

Models = dict[str, dict[str, dict[str, Any]]]


class Memory(Folder):
    """A dataset that is nowhere on disk: quick to damage."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__("memory")
        self.files = files

    def size(self, name: str) -> int:
        """The length of a file in bytes."""
        return len(self.read(name))

    def read(self, name: str, start: int = 0, length: int = -1) -> bytes:
        """``length`` bytes of a file from ``start``, or all of it."""
        if name not in self.files:
            raise DatasetError(f"memory/{name}: no such file")
        data = self.files[name]
        return data[start : start + length] if length >= 0 else data[start:]


def rate(component: str, amount: str, **more: Any) -> dict[str, Any]:
    """A row of a price list, in USD per 1M tokens."""
    return {
        "component": component, "unit": "1M tokens", "amount": amount, "currency": "USD", "tier": "standard",
        "source": "pages", **more,
    }  # fmt: skip


LIST = [
    rate("input", "2"),
    rate("input", "4", condition={"above_input_tokens": 500}),
    rate("input", "1", tier="batch"),
    rate("output", "8"),
]

MODELS: Models = {
    "acme": {
        "road-1": {
            "name": "Road 1",
            "author": "acme",
            "base": "acme/road-1",
            "lifecycle": {"released": "2025-01-01", "retires_on": "2027-01-01", "replacement": "road-2"},
            "limits": {"context_window": 1000, "max_output_tokens": 100},
            "modalities": {"input": ["text", "image"], "output": ["text"]},
            "capabilities": {"tool_calling": True, "json_mode": False},
            "endpoints": [{"name": "responses", "path": "v1/responses", "supported": True}],
            "rate_limits": [{"tier": "Tier 1", "rpm": 10, "tpm": 100}],
            "prices": LIST,
            "snapshots": [{"id": "road-1-2025-01-01"}, {"id": "road-1-2026-01-01"}],
            "default_snapshot": "road-1-2026-01-01",
            "inherited": ["limits.context_window", "limits.max_output_tokens"],
            "seen_on": "2026-06-01",
        },
        "road-1-2025-01-01": {"base": "acme/road-1", "prices": [rate("input", "3")], "snapshot_of": "road-1"},
        "road-1-2026-01-01": {"base": "acme/road-1", "prices": LIST, "snapshot_of": "road-1"},
        "road-2": {
            "name": "Road 2",
            "author": "acme",
            "lifecycle": {"replacement": "road-3"},
            "aliases": ["road-latest"],
        },
        "road-3": {"name": "Road 3", "author": "acme", "lifecycle": {"replacement": "road-2"}},
    },
    "cloud": {"acme.road-1": {"author": "acme", "base": "acme/road-1", "limits": {"context_window": 900}}},
}

SAID = {
    "limits.context_window": [[1, 1000, "pages", "2026-06-01", "https://acme.example/road-1"]],
    "limits.max_output_tokens": [[1, 100, "pages", "2026-06-01", "https://acme.example/road-1"]],
    "pricing.standard.input": [[1, {"amount": "2", "currency": "USD", "unit": "1M tokens"}, "pages", None, "p"]],
    "pricing.standard.output": [[1, {"amount": "8", "currency": "USD", "unit": "1M tokens"}, "pages", None, "p"]],
}
"""What the provenance of ``acme/road-1`` holds."""


PAST = {
    "changes": [
        ["2026-01-01", "pricing.standard.input", "3", "2", "change", "", "pages", "p"],
        ["2026-02", "limits.context_window", 900, 1000, "correction", "reverted", "pages", "p"],
    ]
}
"""What the history of ``acme/road-1`` holds."""


def dataset_files(
    version: str = "2099.01.01", models: Models = MODELS, rules: dict[str, Any] | None = None, **more_refs: str
) -> dict[str, bytes]:
    """Every file of a dataset with these models and files of parameter rules, the manifest included."""
    refs = {"road-latest": "acme/road-2", "acme/road-latest": "acme/road-2", **more_refs}
    offers: dict[str, list[Any]] = {}
    sections: dict[str, tuple[str, dict[str, Any]]] = {}
    for provider, entries in models.items():
        for model_id, entry in entries.items():
            refs[f"{provider}/{model_id}"] = refs[model_id] = f"{provider}/{model_id}"
            if "base" in entry:
                offers.setdefault(entry["base"], []).append(f"{provider}/{model_id}")
        sections[f"models/{provider}.json"] = "models", entries
        sections[f"history/{provider}.json"] = "history", {"road-1": PAST} if provider == "acme" else {}
        sections[f"provenance/{provider}.json"] = "provenance", {"road-1": SAID} if provider == "acme" else {}
    authority = {"1": {"field": "*", "groups": [["pages"]], "reason": "the vendor says so"}}
    sections |= {
        "authority.json": ("authority", authority),
        "index.json": ("refs", {key: [target] for key, target in refs.items()}),
        "offers.json": ("offers", offers),
        "providers.json": ("providers", {key: {"models": len(entries)} for key, entries in models.items()}),
        "authors.json": ("authors", {"acme": {"providers": ["acme"], "models": 5}}),
    }
    files = {name: sorted_file(name, section, entries) for name, (section, entries) in sections.items()}
    files |= column_files(models)
    for name, content in (rules or {}).items():
        path = f"parameters/{name}.json"
        files[path] = sealed_file(path, content) if name == "index" else sorted_file(path, "endpoints", content)
    totals: dict[str, Any] = {"providers": len(models), "models": sum(map(len, models.values()))}
    sources: list[Any] = [{"id": "pages", "name": "Acme's pages"}]
    manifest = manifest_file(files, version=version, built_on="2099-01-01", sources=sources, totals=totals)
    return {**files, "manifest.json": manifest}


def write_dataset(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    """Write a dataset into a folder; the folder."""
    for name, data in (dataset_files() if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def pack(path: Path, files: dict[str, bytes]) -> bytes:
    """The files as a zip file at ``path``; its bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path.read_bytes()


def with_file(files: dict[str, bytes], name: str, data: bytes) -> dict[str, bytes]:
    """The dataset with another content of one file, of which the manifest has the right digest."""
    old, new = (sha256(content).hexdigest().encode() for content in (files[name], data))
    return {**files, name: data, "manifest.json": files["manifest.json"].replace(old, new)}
