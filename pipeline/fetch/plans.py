"""What has to be downloaded for a source, and what is done with it then: one plan for each kind of source."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import derive, upstream
from .download import Downloader, Target, sha256_of
from .pins import FetchError, PinnedFile, Source, Version, inside

INPUTS = ".downloads"
"""Folder, in the sources folder, of files that others are made from."""


@dataclass(frozen=True, slots=True)
class Result:
    """A source as it now lies in the folder, and what there is to say of it."""

    source: Source
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """Downloads, then what to do when all have arrived."""

    targets: list[Target]
    finish: Callable[[], Result]


def make_plan(source: Source, folder: Path, http: Downloader, *, latest: bool) -> Plan:
    """How to have a source in a folder: as pinned, or as it is upstream today."""
    if source.kind == "moving":
        return _moving(source, folder, latest=latest)
    if source.kind == "lists":
        return _lists(source, folder, http, latest=latest)
    if latest:
        commit, date = upstream.commit_of(source, http)
        if commit != source.commit:
            newer = source.model_copy(update={"commit": commit, "date": date})
            return _newer_archive(newer, folder) if source.kind == "archive" else _newer_files(newer, folder, http)
    return _archive(source, folder) if source.kind == "archive" else _files(source, folder)


def _target(file: PinnedFile, folder: Path, url: str = "") -> Target:
    return Target(url, inside(folder, file.path), file.bytes, file.sha256)


# files: copies of upstream files -----------------------------------------------------------------------


def _files(source: Source, folder: Path) -> Plan:
    targets = [_target(file, folder, source.address(file.origin, source.commit)) for file in source.files]
    return Plan(targets, lambda: Result(source, _without_strangers(source, folder)))


def _newer_files(source: Source, folder: Path, http: Downloader) -> Plan:
    found = upstream.files_at(source, http, source.commit)
    targets = [
        Target(source.address(file.origin, source.commit), inside(folder, file.path), file.bytes, git_id=file.git_id)
        for file in found
    ]

    def finish() -> Result:
        files = [
            PinnedFile(path=file.path, origin=file.origin, bytes=file.bytes, sha256=sha256_of(target.path))
            for file, target in zip(found, targets, strict=True)
        ]
        newer = source.model_copy(update={"files": files})
        return Result(newer, _without_strangers(newer, folder))

    return Plan(targets, finish)


def _without_strangers(source: Source, folder: Path) -> list[str]:
    """Remove what readers would take for part of the source: files that it no longer has."""
    ours = {inside(folder, file.path) for file in source.files}
    removed = 0
    for pattern, place in source.select.items():
        if "*" in pattern:
            below = pattern[len(pattern.partition("*")[0]) :]
            for path in sorted(inside(folder, place).glob(below)):
                if path not in ours and path.is_file():
                    path.unlink()
                    removed += 1
    return [f"removed, since upstream no longer has them: {removed}"] if removed else []


# lists: made from the archived versions of a list ------------------------------------------------------


class _List:
    """One list of a source: its versions, and the files that are made from them."""

    def __init__(self, source: Source, origin: str, folder: Path) -> None:
        self._source = source
        self._origin = origin
        self._folder = folder
        self._newer: tuple[str, str] | None = None
        self.versions = source.versions[origin]
        self.files = [file for file in source.files if file.origin == origin]

    def look_for_newer(self, http: Downloader) -> None:
        commit, date = upstream.commit_of(self._source, http, self._origin)
        if commit != self.versions[-1].commit:
            self._newer = commit, date

    def targets(self) -> list[Target]:
        if self._newer is None and all(_target(file, self._folder).is_there() for file in self.files):
            return []
        targets = [self._input(version.commit, version.bytes, version.sha256) for version in self.versions]
        return [*targets, self._input(self._newer[0])] if self._newer is not None else targets

    def _input(self, commit: str, size: int | None = None, sha256: str | None = None) -> Target:
        path = _input(self._folder, commit, self._origin)
        return Target(self._source.address(self._origin, commit), path, size, sha256)

    def finish(self, targets: list[Target]) -> None:
        if not targets:
            return
        answers = [target.path.read_bytes() for target in targets]
        if self._newer is not None:
            commit, date = self._newer
            digest = sha256_of(targets[-1].path)
            version = Version(commit=commit, date=date, bytes=len(answers[-1]), sha256=digest)
            self.versions = [*self.versions, version]
        dated = [(version.date, answer) for version, answer in zip(self.versions, answers, strict=True)]
        made = [
            derive.changes(dated, file.compare) if file.compare else derive.listing(dated, file.without)
            for file in self.files
        ]
        pinned = self._newer is None
        self.files = [
            _put(file, data, self._folder, pinned=pinned) for file, data in zip(self.files, made, strict=True)
        ]
        if self._newer is not None:
            matter = set[str]().union(*(derive.days_that_matter(data) for data in made))
            self.versions = [version for version in self.versions if version.date in matter]


def _lists(source: Source, folder: Path, http: Downloader, *, latest: bool) -> Plan:
    lists = {origin: _List(source, origin, folder) for origin in source.versions}
    if latest:
        for one in lists.values():
            one.look_for_newer(http)
    targets = {origin: one.targets() for origin, one in lists.items()}

    def finish() -> Result:
        for origin, one in lists.items():
            one.finish(targets[origin])
        files = {file.path: file for one in lists.values() for file in one.files}
        update = {
            "files": [files[file.path] for file in source.files],
            "versions": {origin: one.versions for origin, one in lists.items()},
            "date": max(version.date for one in lists.values() for version in one.versions),
        }
        return Result(source.model_copy(update=update))

    return Plan([target for some in targets.values() for target in some], finish)


def _input(folder: Path, commit: str, origin: str) -> Path:
    return inside(folder, f"{INPUTS}/{commit[:12]}-{origin.rpartition('/')[2]}")


# archive: made from a repository at a commit -----------------------------------------------------------


def _archive(source: Source, folder: Path) -> Plan:
    if all(_target(file, folder).is_there() for file in source.files):
        return Plan([], lambda: Result(source))
    return _archive_plan(source, folder, newer=False)


def _newer_archive(source: Source, folder: Path) -> Plan:
    return _archive_plan(source, folder, newer=True)


def _archive_plan(source: Source, folder: Path, *, newer: bool) -> Plan:
    """The archive has no digest, since it is packed anew on demand; what is made of it has one."""
    archive = _input(folder, source.commit, "repository.tar.gz")

    def finish() -> Result:
        files = []
        for file in source.files:
            made = derive.from_archive(archive, file.origin)
            files.append(_put(file, made, folder, pinned=not newer))
        archive.unlink()
        return Result(source.model_copy(update={"files": files}))

    return Plan([Target(source.address("", source.commit), archive)], finish)


def _put(file: PinnedFile, made: bytes, folder: Path, *, pinned: bool) -> PinnedFile:
    """Put a made file in its place: it must be the pinned one, unless it was made from something newer."""
    place = inside(folder, file.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    part.write_bytes(made)
    if not pinned:
        file = file.model_copy(update={"bytes": len(made), "sha256": sha256_of(part)})
    elif problem := _target(file, folder).wrong(part):
        part.unlink()
        raise FetchError(f"{file.path}: refused as it was made, since {problem}")
    part.replace(place)
    return file


# moving: one address whose answer changes --------------------------------------------------------------


def _moving(source: Source, folder: Path, *, latest: bool) -> Plan:
    (file,) = source.files
    place = inside(folder, file.path)
    arriving = place if not place.exists() else inside(folder, f"{INPUTS}/{place.name}")
    targets = [Target(source.url, arriving)] if latest or not place.exists() else []

    def finish() -> Result:
        if targets:
            size = _check_object(arriving)
            arriving.replace(place)
        else:
            size = place.stat().st_size
        found = sha256_of(place)
        if found == file.sha256:
            return Result(source)
        if latest:
            newer = file.model_copy(update={"bytes": size, "sha256": found})
            return Result(source.model_copy(update={"files": [newer], "date": _today()}))
        return Result(source, [f"not the answer of {source.date} that the dataset was built from"])

    return Plan(targets, finish)


def _check_object(path: Path) -> int:
    data = path.read_bytes()
    try:
        useful = bool(json.loads(data)) and data.lstrip().startswith(b"{")
    except ValueError:
        useful = False
    if not useful:
        path.unlink()
        raise FetchError(f"{path.name}: the answer is not a JSON object with anything in it")
    return len(data)


def _today() -> str:
    from datetime import datetime, timezone

    return datetime.now(timezone.utc).date().isoformat()
