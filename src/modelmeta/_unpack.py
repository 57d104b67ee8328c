"""Unpack a dataset from a zip file that may be hostile, and make sure that it is a dataset."""

from __future__ import annotations

import os
import stat
import zipfile
from contextlib import contextmanager

from ._columns import COLUMNS, IDS, file_name
from .errors import DatasetError
from .storage import MANIFEST, Folder, SortedFile, parse
from .validation import is_validated, validate_dataset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

__all__ = ["MAX_FILES", "MAX_FILE_BYTES", "MAX_UNPACKED_BYTES", "check_dataset", "unpack"]

MAX_FILES = 5_000
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Limits on what an archive holds: files, bytes of one file, bytes together."""

_BLOCK = 256 * 1024


def unpack(archive: str, target: str) -> None:
    """Unpack ``archive`` into the new folder ``target``, each file flushed to disk.

    Raises ``DatasetError`` at a name that leads out of the folder, a link, a method or a size that no dataset has.
    """
    with _damage(), zipfile.ZipFile(archive) as packed:
        entries = [*_entries(packed)]
    left = MAX_UNPACKED_BYTES
    folders = {target}
    with zipfile.ZipFile(archive) as packed:
        for entry in entries:
            path = os.path.join(target, *entry.filename.split("/"))
            folder = os.path.dirname(path)
            if folder not in folders:
                os.makedirs(folder, mode=0o755)
                folders.add(folder)
            left -= _copy(packed, entry, path, min(left, MAX_FILE_BYTES))


@contextmanager
def _damage() -> Generator[None, None, None]:
    """Around what reads the archive: ``zipfile`` meets damage with whatever error that leads to."""
    try:
        yield
    except DatasetError:
        raise
    except Exception as error:  # noqa: BLE001  (struct.error, OSError at a wild offset, ValueError, KeyError …)
        raise DatasetError(f"the archive is damaged: {error}") from None


def _entries(packed: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    entries = packed.infolist()
    if len(entries) > MAX_FILES:
        raise DatasetError(f"the archive holds {len(entries):,} files; {MAX_FILES:,} are allowed")
    names: set[str] = set()
    for entry in entries:
        name = entry.filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not _is_safe(name):
            raise DatasetError(f"the archive holds {name[:120]!r}, which is no file name inside a dataset")
        if kind not in {0, stat.S_IFREG}:
            raise DatasetError(f"the archive holds {name[:120]!r}, which is a link or another special file")
        if name.lower() in names:
            raise DatasetError(f"the archive holds {name[:120]!r} twice")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or entry.flag_bits & 1:
            raise DatasetError(f"the archive holds {name[:120]!r} packed in a way that no dataset is")
        names.add(name.lower())
        yield entry


_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def _is_safe(name: str) -> bool:
    """Whether ``name`` is a plain path inside a folder on every platform, and ends as dataset files do."""
    parts = name.split("/")
    return (
        name.endswith(".json")
        and len(parts) <= 4
        and all(part and len(part) <= 100 and _ALLOWED.issuperset(part) for part in parts)
        and all(part[0] != "." and part[-1] != "." and part.partition(".")[0].lower() not in _DEVICES for part in parts)
    )


_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""File names that Windows keeps for devices."""


def _copy(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, most: int) -> int:
    """Unpack one file; its length is counted as it comes, whatever the archive says of it."""
    length = 0
    with _damage():
        source = packed.open(entry)
    with source, open(path, "xb") as file:
        while True:
            with _damage():
                block = source.read(_BLOCK)
            if not block:
                break
            length += len(block)
            if length > most:
                raise DatasetError(f"the archive unpacks to more than is allowed, at {entry.filename!r}")
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return length


def check_dataset(path: str) -> None:
    """Every check there is: schema, manifest, digests, types, and that nothing is missing or too much.

    Files of a kind that this release does not know, as a later one may add, are removed: nothing reads what was not
    validated.

    Raises ``DatasetError`` naming the file and what is wrong.
    """
    storage = Folder(path)
    validate_dataset(storage)
    listed = set(parse(storage.read(MANIFEST).decode("ascii", "replace"), f"{path}/{MANIFEST}")["files"])
    present = {
        os.path.relpath(os.path.join(folder, name), path).replace(os.sep, "/")
        for folder, _, names in os.walk(path)
        for name in names
    } - {MANIFEST}
    for name in sorted(listed ^ present):
        raise DatasetError(
            f"{path}/{name}: " + ("missing" if name in listed else "the manifest does not know this file")
        )
    for name in sorted(listed):
        if not is_validated(name):
            os.unlink(os.path.join(path, *name.split("/")))
    columns = map(file_name, (IDS, *COLUMNS))
    for name in ("index.json", "offers.json", "providers.json", "authors.json", *columns):
        if name not in listed:
            raise DatasetError(f"{path}/{name}: missing")
        SortedFile(storage, name)
