"""Facts -> ``data/``: byte for byte the same for the same input, sorted, and readable in a diff."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelmeta import Model, _columns
from modelmeta._record import from_json
from modelmeta.storage import MANIFEST, SCHEMA_VERSION, checksum, entry_key

from .assemble import Object, add_snapshots, model_object
from .names import OWN_PROVIDERS
from .observations import JSON
from .parameters import RuleFiles
from .provenance import authority_rows
from .reconcile import ModelFacts
from .references import build_index
from .sources.histories import Change

Models = dict[tuple[str, str], ModelFacts]


def sorted_file(name: str, section: str, entries: Mapping[str, Object | list[Any]]) -> bytes:
    """The file ``name``: its entries sorted, each with its checksum last."""
    body = ",\n".join(_entry(name, key, entries[key]) for key in sorted(entries, key=entry_key))
    head = json.dumps({"schema_version": SCHEMA_VERSION})[:-1]
    lines = f"{body}\n" if body else ""
    return f'{head}, "{section}": {{\n{lines}}}}}\n'.encode("ascii")


def _entry(file: str, key: str, value: Object | list[Any]) -> str:
    """A list on one line; an object with one field a line, and one line for each item of a list of objects."""
    start = f'"{entry_key(key)}": '
    if isinstance(value, list):
        items = "".join(f"{json.dumps(item)}, " for item in value)
        return sealed(file, f"{start}[{items}", "]")
    fields = "".join(f'"{field}": {_value(value[field])},\n ' for field in value)
    return sealed(file, f'{start}{{\n {fields}"checksum": ', "\n}")


def sealed(file: str, text: str, closing: str) -> str:
    """A part of ``file`` with its checksum between ``text``, which it is of, and ``closing``."""
    return f'{text}"{checksum(file, text.encode("ascii"))}"{closing}'


def sealed_file(name: str, tables: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A file that is always read whole: tables, a row a line, with its checksum last."""
    parts = [json.dumps({"schema_version": SCHEMA_VERSION})[:-1]]
    for table, rows in tables.items():
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rows.items())
        parts.append(f'"{table}": {{\n{lines}\n}}')
    return sealed(name, ", ".join(parts) + ',\n"checksum": ', "}\n").encode("ascii")


def rule_files(rules: RuleFiles) -> dict[str, bytes]:
    """The files of parameter rules, by name."""
    files = {f"parameters/{provider}.json": entries for provider, entries in rules.providers.items()}
    made = {name: sorted_file(name, "endpoints", entries) for name, entries in files.items()}
    return {**made, "parameters/index.json": sealed_file("parameters/index.json", rules.index)}


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(json.dumps(item) for item in value) + "\n ]"
    return json.dumps(value)


def data_files(
    models: Models,
    provider_facts: dict[str, Object],
    statements: dict[str, dict[str, Object]],
    changes: list[Change],
) -> dict[str, bytes]:
    """Every file but the manifest, by name."""
    objects = _objects(models)
    sections: dict[str, tuple[str, Mapping[str, Object | list[Any]]]] = {
        "index.json": ("refs", {key: [target] for key, target in build_index(models.values()).items()}),
        "offers.json": ("offers", _offers(models)),
        "providers.json": ("providers", _providers(objects, provider_facts)),
        "authors.json": ("authors", _authors(objects)),
        "authority.json": (
            "authority",
            {f"{place:02} {row['field']}": row for place, row in enumerate(authority_rows())},
        ),
    }
    by_provider = {"models": objects, "provenance": statements, "history": _history(models, changes)}
    for section, files in by_provider.items():
        sections |= {f"{section}/{provider}.json": (section, entries) for provider, entries in files.items()}
    made = {name: sorted_file(name, section, entries) for name, (section, entries) in sections.items()}
    return made | column_files(objects)


def _history(models: Models, changes: list[Change]) -> dict[str, dict[str, Object]]:
    """A file for every provider, so that a missing one is a fault and not an answer."""
    entries: dict[str, dict[str, Object]] = {provider: {} for provider, _ in models}
    for c in sorted(changes, key=lambda c: (c.date, c.field, c.source, str(c.new))):
        model = models.get((c.provider, c.model.lower()))
        if model is not None:
            row = [c.date, c.field, c.old, c.new, c.kind, c.reason, c.source, c.locator]
            entries[c.provider].setdefault(model.subject.id, {"changes": []})["changes"].append(row)
    return entries


def _objects(models: Models) -> dict[str, dict[str, Object]]:
    objects: dict[str, dict[str, Object]] = defaultdict(dict)
    for key in sorted(models):
        model = models[key]
        record = model_object(model)
        pinned = [(name, models[key[0], name.lower()]) for name in model.subject.snapshots]
        add_snapshots(record, pinned)
        objects[key[0]][model.subject.id] = record
    return objects


def _offers(models: Models) -> dict[str, list[Any]]:
    offers: dict[str, list[Any]] = defaultdict(list)
    for key in sorted(models):
        subject = models[key].subject
        if subject.base is not None:
            offers[subject.base.lower()].append(f"{subject.provider}/{subject.id}")
    return offers


def column_files(objects: Mapping[str, Mapping[str, Object]]) -> dict[str, bytes]:
    """For each column its distinct values, and for every model, in the order of lists, which of them is its own."""
    ids = {name: sorted(objects[name], key=entry_key) for name in sorted(objects, key=entry_key)}
    models: list[Model] = [
        from_json(Model, {**objects[provider][model_id], "id": model_id, "provider": provider})
        for provider, listed in ids.items()
        for model_id in listed
    ]
    columns: dict[str, Object] = {_columns.IDS: {"rows": [], "values": [model.id for model in models]}}
    for name, value_of in _columns.COLUMNS.items():
        texts = [json.dumps(value_of(model)) for model in models]
        numbers = {text: number for number, text in enumerate(sorted(set(texts)))}
        size = max(1, ((len(numbers) - 1).bit_length() + 7) // 8)
        planes = zip(*(numbers[text].to_bytes(size, "little") for text in texts), strict=True)
        columns[name] = {
            "rows": [bytes(plane).hex() for plane in planes],
            "values": [json.loads(text) for text in numbers],
        }
    names = {name: _columns.file_name(name) for name in columns}
    return {names[name]: sorted_file(names[name], "column", {name: column}) for name, column in columns.items()}


def _providers(objects: dict[str, dict[str, Object]], facts: dict[str, Object]) -> dict[str, Object]:
    return {provider: {**facts.get(provider, {}), "models": len(entries)} for provider, entries in objects.items()}


def _authors(objects: dict[str, dict[str, Object]]) -> dict[str, Object]:
    counts: dict[str, int] = defaultdict(int)
    for entries in objects.values():
        for record in entries.values():
            if isinstance(record.get("author"), str):
                counts[str(record["author"])] += 1
    return {
        author: {
            "providers": [provider for provider in OWN_PROVIDERS.get(author, ()) if provider in objects],
            "models": count,
        }
        for author, count in counts.items()
    }


def counts(models: Models, files: dict[str, bytes]) -> Object:
    """How much there is, for the manifest."""
    return {
        "providers": len({provider for provider, _ in models}),
        "models": len(models),
        "snapshots": sum(model.subject.snapshot_of is not None for model in models.values()),
        "base_models": len({model.subject.base for model in models.values() if model.subject.base}),
        "authors": files["authors.json"].count(b'\n"'),
        "references": files["index.json"].count(b'\n"'),
        "rates": sum(len(model.prices) for model in models.values()),
    }


def manifest_file(
    files: dict[str, bytes], *, version: str, built_on: str, sources: list[JSON], totals: Object
) -> bytes:
    """The manifest: versions, sources and their checksum, then every file with its size and SHA-256."""
    head = json.dumps({"schema_version": SCHEMA_VERSION, "version": version, "built_on": built_on})[:-1]
    listed_sources = ",\n  ".join(json.dumps(source) for source in sources)
    listed = {
        name: json.dumps({"bytes": len(data), "sha256": sha256(data).hexdigest()}) for name, data in files.items()
    }
    body = ",\n".join(f'"{entry_key(name)}": {listed[name]}' for name in sorted(listed))
    said = f'{head},\n "counts": {json.dumps(totals)},\n "sources": [\n  {listed_sources}\n ],\n "checksum": '
    return sealed(MANIFEST, said, f',\n "files": {{\n{body}\n}}}}\n').encode("ascii")


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the files, and remove data files that are no longer made."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
    for path in sorted(folder.rglob("*.json")):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()


__all__ = ["MANIFEST", "column_files", "counts", "data_files", "manifest_file", "write"]
