"""Datasets many times as large as the bundled one, for measuring what grows: ``generate(folder, times)``.

The bundled models are the first copy. In every further copy the letters of all ids are exchanged, each time in another
way, so that no two copies have names alike; everything else about a model stays as it is. Who said what, and
the history, are left out: no measurement here reads them.
"""

from __future__ import annotations

import json
import random
import string
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from modelmeta._columns import COLUMNS, IDS, file_name
from modelmeta.storage import SortedFile, entry_key, only_entry, open_storage, parse
from pipeline.emit import manifest_file, sorted_file, write


class Copy:
    """How the names of one copy are made from those of the bundled dataset."""

    def __init__(self, number: int) -> None:
        letters = string.ascii_lowercase
        mixed = "".join(random.Random(number).sample(letters, len(letters)))  # noqa: S311  (no secret)
        self.letters = str.maketrans(letters + letters.upper(), mixed + mixed.upper()) if number else {}
        self.ending = f"-{number}" if number else ""

    def name(self, name: str) -> str:
        """The name of a provider, a model or a base model."""
        return name.translate(self.letters) + self.ending

    def qualified(self, qualified: str) -> str:
        """A ``provider/id``."""
        provider, _, model_id = qualified.partition("/")
        return f"{self.name(provider)}/{self.name(model_id)}"

    def reference(self, key: str, provider: str | None) -> str:
        """A key of the index; ``provider`` is that of the model it means, where it means one."""
        return self.qualified(key) if provider is not None and key.startswith(f"{provider}/") else self.name(key)


def generate(folder: Path, times: int, providers: Collection[str] = ()) -> Path:
    """Write a dataset ``times`` as large as the bundled one, or as what it has of some providers; the folder."""
    chosen = providers or [provider for provider, _ in _section("providers.json")]
    files = _files([Copy(number) for number in range(times)], frozenset(chosen))
    totals: Any = {"providers": times * len(chosen)}
    manifest = manifest_file(files, version="2000.01.01", built_on="2000-01-01", sources=[], totals=totals)
    write({**files, "manifest.json": manifest}, folder)
    return folder


def _bundled_column(name: str) -> dict[str, Any]:
    column: dict[str, Any] = only_entry(open_storage(), file_name(name), "column")
    return column


def _section(name: str) -> Iterator[tuple[str, Any]]:
    """The key and the value of every entry of a bundled file, without its checksum."""
    for entry in SortedFile(open_storage(), name).entries():
        key, value = next(iter(json.loads(b"{" + entry + b"}").items()))
        value.pop(-1 if isinstance(value, list) else "checksum")
        yield key, value


def _files(copies: list[Copy], chosen: frozenset[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    places: dict[str, list[tuple[str, int]]] = {}
    providers: dict[str, dict[str, Any]] = {}
    place = 0
    for provider, value in _section("providers.json"):
        if provider not in chosen:
            place += value["models"]
            continue
        entries = [*_section(f"models/{provider}.json")]
        for copy in copies:
            name = copy.name(provider)
            file = f"models/{name}.json"
            files[file] = sorted_file(file, "models", {copy.name(key): model for key, model in entries})
            ids = [(copy.name(key), place + number) for number, (key, _) in enumerate(entries)]
            places[name] = sorted(ids, key=lambda pair: entry_key(pair[0]))
            providers[name] = {"models": value["models"]}
        place += len(entries)
    files["providers.json"] = sorted_file("providers.json", "providers", providers)
    files |= _columns(places)
    refs: dict[str, list[Any]] = {}
    offers: dict[str, list[Any]] = {}
    for key, (target,) in _section("index.json"):
        one = target.partition("/")[0] if isinstance(target, str) else None
        meant = [each for each in ([target] if one else target) if each.partition("/")[0] in chosen]
        for copy in copies if meant else ():
            targets = [copy.qualified(each) for each in meant]
            refs[copy.reference(key, one)] = targets if len(targets) == 1 else [targets]
    for base, serving in _section("offers.json"):
        served = [target for target in serving if target.partition("/")[0] in chosen]
        for copy in copies if served else ():
            offers[copy.name(base)] = [copy.qualified(target) for target in served]
    files["index.json"] = sorted_file("index.json", "refs", refs)
    files["offers.json"] = sorted_file("offers.json", "offers", offers)
    storage = open_storage()
    listed = parse(storage.read("manifest.json").decode("ascii"), "manifest.json")["files"]
    kept = [name for name in listed if name.startswith("parameters/") or name in {"authors.json", "authority.json"}]
    return {**files, **{name: storage.read(name) for name in kept}}


def _columns(places: dict[str, list[tuple[str, int]]]) -> dict[str, bytes]:
    """The columns over all copies, from where each model stands in those of the bundled dataset."""
    order = sorted(places, key=entry_key)
    origin = [place for provider in order for _, place in places[provider]]
    columns: dict[str, dict[str, Any]] = {
        IDS: {"rows": [], "values": [model_id for provider in order for model_id, _ in places[provider]]},
    }
    numbers = [number for number, provider in enumerate(order) for _ in places[provider]]
    planes: dict[int, bytearray] = defaultdict(bytearray)
    for number in numbers:
        for byte in range(max(1, ((len(order) - 1).bit_length() + 7) // 8)):
            planes[byte].append(number >> 8 * byte & 255)
    columns["provider"] = {"rows": [planes[byte].hex() for byte in sorted(planes)], "values": order}
    for name in COLUMNS.keys() - {"provider"}:
        found = _bundled_column(name)
        rows = [bytes(map(bytes.fromhex(plane).__getitem__, origin)).hex() for plane in found["rows"]]
        columns[name] = {"rows": rows, "values": found["values"]}
    names = {name: file_name(name) for name in columns}
    return {names[name]: sorted_file(names[name], "column", {name: column}) for name, column in columns.items()}
