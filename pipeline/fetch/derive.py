"""Files of the sources folder that are made from upstream files rather than copied: exactly, byte for byte."""

from __future__ import annotations

import importlib
import json
import posixpath
import sys
import tarfile
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from .pins import FetchError

Table = dict[str, Any]


# Lists ------------------------------------------------------------------------------------------------


def listing(versions: Iterable[tuple[str, bytes]], without: Collection[str]) -> bytes:
    """From the (day, answer) versions of a model list, oldest first, to one line a model, sorted by id.

    A line holds the days on which the model was first and last listed, and its record as last listed.
    """
    rows: dict[str, Table] = {}
    for day, answer in versions:
        for name, record in _records(answer):
            row = rows.setdefault(name, {"first_seen": day, "id": name})
            row["last_seen"] = day
            row["record"] = {key: value for key, value in record.items() if key not in without}
    return "".join(f"{_compact(rows[name], ascii_only=False)}\n" for name in sorted(rows)).encode()


def changes(versions: Iterable[tuple[str, bytes]], compare: Collection[str]) -> bytes:
    """From the same versions to one line a change: what some keys of a model said before, and from that day on."""
    known: dict[str, Table] = {}
    lines: list[str] = []
    for day, answer in versions:
        for name, record in _records(answer):
            before = known.get(name, record)
            known[name] = record
            changed = {key: [before.get(key), record.get(key)] for key in compare if before.get(key) != record.get(key)}
            if changed:
                lines.append(_compact({"changed": changed, "id": name, "seen_on": day}, ascii_only=False))
    return "".join(f"{line}\n" for line in lines).encode()


def _records(answer: bytes) -> list[tuple[str, Table]]:
    try:
        top = json.loads(answer)
        records = top["data"] if "data" in top else top["models"]
        named = [(record["id"] if "id" in record else record["name"], record) for record in records]
        if all(isinstance(name, str) for name, _ in named):
            return named
    except (ValueError, TypeError, KeyError):
        pass
    raise FetchError("not a list of models")


def days_that_matter(lines: bytes) -> set[str]:
    """The days on which a model came, changed or was last there: the other versions add nothing."""
    rows = [json.loads(line) for line in lines.splitlines()]
    return {row[key] for row in rows for key in ("first_seen", "last_seen", "seen_on") if key in row}


# models.dev -------------------------------------------------------------------------------------------


def base_models(files: Mapping[str, bytes]) -> Table:
    """Provider -> model id -> base model, from the providers' TOML files."""
    links: Table = {}
    for name, data in files.items():
        folder, _, rest = name.partition("/")
        provider, _, model = rest.partition("/models/")
        if folder == "providers" and model:
            base = _toml(name, data).get("base_model")
            if base is not None:
                links.setdefault(provider, {})[model.removesuffix(".toml")] = base
    return links


def neutral_models(files: Mapping[str, bytes]) -> Table:
    """``author/name`` -> the model's own TOML file."""
    start = "models/"
    return {
        name.removeprefix(start).removesuffix(".toml"): _toml(name, data)
        for name, data in files.items()
        if name.startswith(start)
    }


FROM_ARCHIVE: dict[str, Callable[[Mapping[str, bytes]], Table]] = {
    "providers": base_models,
    "models": neutral_models,
}
"""What is made from a folder of a repository, by the folder's name."""


def from_archive(archive: Path, folder: str) -> bytes:
    """Make the file that a folder of an archived repository stands for."""
    try:
        with tarfile.open(archive) as tar:
            files = _toml_files(tar)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise FetchError(f"{archive.name}: not a readable archive: {error}") from error
    made = FROM_ARCHIVE[folder](files)
    if not made:
        raise FetchError(f"{archive.name}: nothing in {folder}/")
    return _compact(made, ascii_only=True).encode()


def _toml_files(tar: tarfile.TarFile) -> dict[str, bytes]:
    """The TOML files of an archive by their path in the repository; nothing is unpacked to disk."""
    members = {member.name.partition("/")[2]: member for member in tar}
    files: dict[str, bytes] = {}
    for name, member in members.items():
        real = _followed(name, member, members)
        if name.endswith(".toml") and real is not None and (content := tar.extractfile(real)) is not None:
            with content:
                files[name] = content.read()
    return files


def _followed(name: str, member: tarfile.TarInfo, members: Mapping[str, tarfile.TarInfo]) -> tarfile.TarInfo | None:
    """The regular file behind a name, through links inside the archive; links to nowhere are nothing."""
    found: tarfile.TarInfo | None = member
    for _ in range(8):
        if found is None or found.isreg():
            return found
        if not found.issym():
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(name), found.linkname))
        found = members.get(name)
    return None


def _toml(name: str, data: bytes) -> Table:
    library = "tomllib" if sys.version_info >= (3, 11) else "tomli"
    try:
        toml = importlib.import_module(library)
    except ImportError:
        raise FetchError("reading TOML needs Python 3.11 or newer, or the package tomli") from None
    try:
        return dict(toml.loads(data.decode("utf-8")))
    except ValueError as error:
        raise FetchError(f"{name}: {error}") from error


def _compact(value: Any, *, ascii_only: bool) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only, default=str)
