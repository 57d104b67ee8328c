"""The datasets that ``refresh`` keeps in the cache folder, and which of them is in use.

::

    <cache>/modelmeta/dataset-v1/
        current            names the dataset in use and the one before it; replaced in one step
        state.json         what the server said last, for conditional requests
        lock               held while one process refreshes
        2026.12.01-5f3c…/  a dataset: unpacked, checked, and never changed afterwards

A catalog holds a shared lock on its dataset's manifest as long as it lives, so that no refresh clears it away.
"""

from __future__ import annotations

import os

from .catalog import Catalog
from .errors import DatasetError
from .storage import CURRENT, MANIFEST, Folder, open_storage, read_manifest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._packed import Packed

__all__ = [
    "Pointer",
    "hold",
    "manifest_version",
    "open_newer",
    "read_pointer",
    "release",
    "replace_file",
    "sync_folder",
    "version_key",
    "warn_once",
    "write_pointer",
]

_LONGEST_POINTER = 1000


class Pointer:
    """Which dataset is in use, which was before it, and the digest of one that was rolled back."""

    __slots__ = ("current", "held", "previous")

    def __init__(self, current: str = "", previous: str = "", held: str = "") -> None:
        self.current = current
        self.previous = previous
        self.held = held


def read_pointer(folder: str) -> Pointer:
    """What ``current`` says; nothing in use if it is missing or damaged."""
    try:
        with open(os.path.join(folder, CURRENT), "rb") as file:
            text = file.read(_LONGEST_POINTER).decode("ascii")
    except (OSError, ValueError):
        return Pointer()
    found = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    names = [found.get(name, "") for name in Pointer.__slots__]
    if not text.endswith("\n") or any(name and not _is_name(name) for name in names):
        return Pointer()
    return Pointer(**dict(zip(Pointer.__slots__, names, strict=True)))


def write_pointer(folder: str, pointer: Pointer) -> None:
    """Replace ``current`` in one step: a reader sees the old content or the new, also after a power loss."""
    path = os.path.join(folder, CURRENT)
    text = "".join(f"{name}: {getattr(pointer, name)}\n" for name in Pointer.__slots__)
    replace_file(path, text.encode("ascii"))


def replace_file(path: str, data: bytes) -> None:
    """Write a file in one step, flushed to disk before it takes its name."""
    draft = f"{path}.{os.getpid()}.tmp"
    try:
        with open(draft, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        if os.path.exists(draft):
            os.unlink(draft)
        raise
    sync_folder(os.path.dirname(path))


def sync_folder(path: str) -> None:
    """Flush a folder's entries to disk, where the platform can."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_name(name: str) -> bool:
    return name.isascii() and name.replace(".", "").replace("-", "").isalnum() and name[0] not in ".-"


def version_key(version: str) -> tuple[int, ...]:
    """A dataset's version as numbers that can be compared; raises ``DatasetError`` if it is none."""
    parts = version.split(".")
    if not (2 <= len(parts) <= 6 and all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts)):
        raise DatasetError(f"{version[:80]!r} is no version of a dataset, such as 2026.12.01")
    return tuple([int(part) for part in parts])


def manifest_version(storage: Folder | Packed) -> str:
    """The version that a dataset's manifest states."""
    version = read_manifest(storage).get("version")
    if not isinstance(version, str):
        raise DatasetError(f"{storage}/{MANIFEST}: it states no version")
    return version


def hold(path: str) -> int:
    """Keep the dataset at ``path`` from being cleared away until what is returned is closed; -1 if it is not there."""
    try:
        handle = os.open(os.path.join(path, MANIFEST), os.O_RDONLY)
    except OSError:
        return -1
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (ImportError, OSError):
        pass  # Windows does not delete open files; a network file system without locks has to do without
    return handle


def release(handle: int) -> None:
    """Let go of a dataset."""
    if handle >= 0:
        os.close(handle)


_warned: set[str] = set()


def warn_once(message: str) -> None:
    """Say it once in the life of a process."""
    if message not in _warned:
        _warned.add(message)
        from warnings import warn

        warn(message, RuntimeWarning, stacklevel=4)


def open_newer(folder: str) -> Catalog | None:
    """The dataset in use, or ``None`` when the bundled one is as new or the installed one cannot be read."""
    name = ""
    while True:
        pointer = read_pointer(folder)
        if not pointer.current:
            return None
        path = os.path.join(folder, pointer.current)
        handle = hold(path)
        try:
            storage = Folder(path)
            if version_key(manifest_version(storage)) <= version_key(manifest_version(open_storage())):
                release(handle)
                return None
            catalog = Catalog(storage)
        except DatasetError as error:
            release(handle)
            if pointer.current != name:
                name = pointer.current  # it may have been replaced between the two looks
                continue
            warn_once(f"modelmeta uses its bundled dataset, since the installed one cannot be read: {error}")
            return None
        from weakref import finalize

        finalize(catalog, release, handle)
        return catalog
