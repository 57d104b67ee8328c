"""The pins file: which upstream files the dataset was built from, at which commit, with sizes and digests."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

SCHEMA_VERSION = 1
PINS = Path(__file__).resolve().parent.parent / "pins.json"

_STRANGE = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
"""Characters that mean something else, or nothing, on some file system."""


class FetchError(Exception):
    """Something could not be fetched; the message says what and why."""


def relative_path(text: str) -> str:
    """The text, if it is a plain relative path that stays where it is put on every file system."""
    parts = text.split("/")
    if not text or _STRANGE.search(text) or any(part in {"", ".", ".."} or part != part.strip() for part in parts):
        raise ValueError(f"{text!r} is not a plain relative path")
    return text


def inside(folder: Path, path: str) -> Path:
    """Where a relative path lies in a folder; links that lead out of the folder are refused."""
    try:
        place = folder.joinpath(*PurePosixPath(relative_path(path)).parts)
    except ValueError as error:
        raise FetchError(str(error)) from None
    if not place.resolve().is_relative_to(folder.resolve()):
        raise FetchError(f"{place} leads out of {folder}")
    return place


PlainPath = Annotated[str, AfterValidator(relative_path)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
Size = Annotated[int, Field(ge=0)]
Kind = Literal["files", "lists", "archive", "moving"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Version(_Strict):
    """One archived answer of a list that changes: the commit that holds it, and its day."""

    commit: Commit
    date: str
    bytes: Size
    sha256: Digest


class PinnedFile(_Strict):
    """A file of the sources folder. ``origin`` is its path upstream, or what it is made from.

    Of a list's records, ``without`` names keys that are left out; a file with ``compare`` holds the changes of these
    keys instead of the records.
    """

    path: PlainPath
    bytes: Size
    sha256: Digest
    origin: str = ""
    without: list[str] = []
    compare: list[str] = []


class Source(_Strict):
    """Where the files of one source come from.

    - ``files`` are copies of upstream files; ``select`` maps upstream patterns to folders here;
    - ``lists`` are made from ``versions``, the archived answers of lists that change, oldest first;
    - ``archive`` is made from the files of a repository at a commit;
    - ``moving`` has one address and no history: what it answers changes, so its digest only tells whether it has.
    """

    kind: Kind
    about: str
    licence: str
    date: str
    url: str
    repository: str = ""
    commit: str = ""
    derived: bool = False
    select: dict[str, PlainPath] = {}
    files: list[PinnedFile]
    versions: dict[str, list[Version]] = {}

    def address(self, origin: str, commit: str) -> str:
        """The address of an upstream file at a commit."""
        return self.url.format(commit=commit, origin=quote(origin))


class Pins(_Strict):
    """All sources, and the files that nobody can fetch, with the reason."""

    schema_version: Literal[1]
    sources: dict[str, Source]
    elsewhere: dict[str, str] = {}


def load(path: Path = PINS) -> Pins:
    """Read and check a pins file."""
    try:
        return Pins.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FetchError(f"{path}: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise FetchError(f"{path}: {where or 'not a pins file'}: {first['msg']}") from None


def text(pins: Pins) -> str:
    """A pins file with one upstream file a line, so that a change of pins reads well as a diff."""
    sources = ",\n".join(f"  {json.dumps(name)}: {_source(source)}" for name, source in pins.sources.items())
    elsewhere = ",\n".join(f"  {json.dumps(name)}: {json.dumps(why)}" for name, why in pins.elsewhere.items())
    head = f'{{\n "schema_version": {pins.schema_version},\n "sources": {{\n'
    return f'{head}{sources}\n }},\n "elsewhere": {{\n{elsewhere}\n }}\n}}\n'


def save(pins: Pins, path: Path) -> None:
    """Write a pins file as a whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text(pins), encoding="ascii", newline="\n")
    part.replace(path)


def _source(source: Source) -> str:
    head = source.model_dump(exclude_defaults=True, exclude={"files", "versions"})
    lines = [f"   {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append(f'   "files": {_list(source.files, "   ")}')
    if source.versions:
        lists = ",\n".join(f"    {json.dumps(name)}: {_list(some, '    ')}" for name, some in source.versions.items())
        lines.append(f'   "versions": {{\n{lists}\n   }}')
    return "{\n" + ",\n".join(lines) + "\n  }"


def _list(items: Sequence[BaseModel], indent: str) -> str:
    lines = ",\n".join(f"{indent} {json.dumps(item.model_dump(exclude_defaults=True))}" for item in items)
    return f"[\n{lines}\n{indent}]"
