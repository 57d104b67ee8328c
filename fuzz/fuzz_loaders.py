"""Coverage-guided fuzzing of everything that reads what the build did not write; see README.md in this folder.

The first byte of an input chooses what the rest is. Whatever it is, the library may answer or raise a
``ModelMetaError``; anything else is a finding.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zipfile
from contextlib import suppress
from hashlib import sha256
from json import loads
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1])]

with atheris.instrument_imports(include=["modelmeta", "tomllib", "yaml"]):
    from modelmeta import Catalog, ModelMetaError, _overlay_files, _unpack, diff_datasets
    from modelmeta._offer import checked_offer
    from modelmeta._parameter_repairs import corrected
    from modelmeta._parameter_reports import to_issues
    from modelmeta._parameter_rules import RuleBook, compile_plan
    from modelmeta._parameter_shortcuts import check
    from modelmeta._signature import PublicKey
    from modelmeta.installed import read_pointer
    from modelmeta.overlay import Overlay
    from modelmeta.specs import specs
    from modelmeta.storage import MANIFEST, Folder
    from modelmeta.validation import validate_dataset
    from pipeline.emit import sealed, sealed_file, sorted_file
    from tests.small_dataset import Memory, dataset_files

ENTRIES = loads((Path(__file__).parent / "rules.json").read_text(encoding="ascii"))
RULES = {
    "index": {"providers": {"acme": "acme"}, "endpoints": {name: [*ENTRIES] for name in ("acme", "generic")}},
    **dict.fromkeys(("acme", "generic"), ENTRIES),
}
FILES = dataset_files(rules=RULES)
NAMES = sorted(FILES)
WORK = Path(tempfile.mkdtemp(prefix="modelmeta-fuzz-"))
KEY = PublicKey("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")


BASE = Catalog(Memory(FILES))


def fuzz_dataset(data: bytes) -> None:
    """One file of a dataset is something else.

    Either it was damaged, and is read as the bundled one is: file by file. Or somebody made it so, with the right
    digest in the manifest or also the right checksums: then it is validated first, as everything is that the build
    did not write.
    """
    if not data:
        return
    how, place = divmod(data[0], len(NAMES))
    name = NAMES[place]
    files = {**FILES, name: data[1:] if how % 3 else _sealed(name, data[1:])}
    storage = Memory(files)
    looks = [_rules] if name.startswith("parameters/") else [_all, _one, _said, _past, _info]
    if how % 3 < 2 and name != MANIFEST:
        old, new = (sha256(content).hexdigest().encode() for content in (FILES[name], files[name]))
        files[MANIFEST] = files[MANIFEST].replace(old, new)
        with suppress(ModelMetaError):
            _validate(storage)
            for look in looks:
                look(storage)
        return
    for look in looks:
        with suppress(ModelMetaError):
            look(storage)


def _sealed(name: str, data: bytes) -> bytes:
    """A file in order and with right checksums, as far as ``data`` is JSON that can be made one."""
    try:
        raw = loads(data)
        if name == MANIFEST:
            head, _, tail = data.decode("ascii").partition('"files": {\n')
            return sealed(name, head + '"checksum": ', ',\n"files": {\n' + tail).encode("ascii")
        if name == "parameters/index.json":
            return sealed_file(name, {key: value for key, value in raw.items() if isinstance(value, dict)})
        ((section, entries),) = [item for item in raw.items() if isinstance(item[1], dict)]
        plain = {key: value[:-1] if isinstance(value, list) else _unsealed(value) for key, value in entries.items()}
        return sorted_file(name, section, plain)
    except (ValueError, AttributeError, RecursionError):
        return data


def _unsealed(entry: dict[str, object]) -> dict[str, object]:
    return {name: item for name, item in entry.items() if name != "checksum"}


def _validate(storage: Memory) -> None:
    validate_dataset(storage)
    catalog = Catalog(storage)
    for model in catalog.list_models():
        repr(model)
        hash(model)
    str(diff_datasets(BASE, catalog))


def _all(storage: Memory) -> None:
    catalog = Catalog(storage)
    catalog.list_models()
    catalog.list_authors()
    catalog.references()


def _one(storage: Memory) -> None:
    catalog = Catalog(storage)
    catalog.resolve("road-1")
    catalog.list_offers("acme/road-1")
    catalog.get_model("road-0")


def _said(storage: Memory) -> None:
    catalog = Catalog(storage)
    catalog.list_observations("road-1")
    catalog.list_conflicts()


def _past(storage: Memory) -> None:
    catalog = Catalog(storage)
    catalog.list_changes("road-1")
    catalog.price_history("road-1")


def _info(storage: Memory) -> None:
    repr(Catalog(storage).dataset_info())


REQUEST = {"temperature": 1.5, "max_tokens": 10**6, "stream": True, "tools": [{}], "stop": "x", "colour": ["red"]}


def _rules(storage: Memory) -> None:
    plan = compile_plan(RuleBook(storage), BASE.get_model("acme/road-1"), "chat_completions")
    fixed = corrected(plan, REQUEST, strict=False)
    to_issues(check(plan, fixed, strict=True))
    to_issues(check(plan, REQUEST, strict=False))
    repr(specs(plan))


SUFFIXES = (".json", ".toml", ".yaml")


def fuzz_overlay(data: bytes) -> None:
    """An overlay file in one of the three formats."""
    if not data:
        return
    path = WORK / f"overlay{SUFFIXES[data[0] % 3]}"
    path.write_bytes(data[1:])
    with suppress(ModelMetaError):
        text = _overlay_files.read_file(str(path))
        _ = text.positions
        catalog = Overlay(text.value, where=str(path), name="fuzz", text=text).over(BASE)
        for model in catalog.list_models():
            repr(model)
            hash(model)
        catalog.list_observations("acme/road-1")
        catalog.list_conflicts("acme/road-1")
        catalog.dataset_info()
        str(diff_datasets(BASE, catalog))


def fuzz_download(data: bytes) -> None:
    """``latest.json``, a signature, the pointer in the cache, an archive, or one file in a good archive."""
    if not data:
        return
    kind, data = data[0] % 5, data[1:]
    with suppress(ModelMetaError):
        if kind == 0:
            checked_offer(data, "https://example.org/latest.json", "latest.json")
        elif kind == 1:
            (WORK / "file").write_bytes(b"x")
            KEY.check(str(WORK / "file"), data.decode("utf-8", "replace"))
        elif kind == 2:
            (WORK / "current").write_bytes(data)
            read_pointer(str(WORK))
        else:
            _archive(data if kind == 3 else _packed(data))


def _packed(data: bytes) -> bytes:
    buffer = io.BytesIO()
    name, _, content = data.partition(b"\0")
    with zipfile.ZipFile(buffer, "w") as packed:
        for file, good in FILES.items():
            packed.writestr(file, good)
        packed.writestr(name.decode("utf-8", "replace") or "x", content)
    return buffer.getvalue()


def _archive(data: bytes) -> None:
    target = WORK / "dataset"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    (WORK / "dataset.zip").write_bytes(data)
    _unpack.unpack(str(WORK / "dataset.zip"), str(target))
    _unpack.check_dataset(str(target))
    Catalog(Folder(str(target))).list_models()


TARGETS = {"dataset": fuzz_dataset, "overlay": fuzz_overlay, "download": fuzz_download}


def main() -> None:
    """``python fuzz/fuzz_loaders.py TARGET [libFuzzer's arguments]``."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: {sys.argv[0]} {{{','.join(TARGETS)}}} [libFuzzer's arguments]")
    target = TARGETS[sys.argv.pop(1)]
    # The limits that the library states: nothing it reads takes long or much memory.
    limits = ["-timeout=20", "-rss_limit_mb=1500", "-max_len=65536"]
    try:
        atheris.Setup([sys.argv[0], *limits, *sys.argv[1:]], target)
        atheris.Fuzz()
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
