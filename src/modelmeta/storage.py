"""Read a dataset from the package or a path: only the part that is wanted, and never without a check.

A dataset is a folder (or a zip file) of JSON files. A large file is one object: a short header that ends
in ``"<section>": {``, and then one entry after another in the order of their keys, each key at the
start of a line. So one entry is found by bisection over the bytes and nothing else is read or parsed; the cost of
a lookup does not grow with the dataset. Every entry ends in a checksum of itself and of the file's name, as do the
head of the manifest and each file that is always read whole. The manifest has a SHA-256 of each file, which is checked
wherever a file of entries is read whole and before anything is said to be missing.
"""

from __future__ import annotations

import os
import sys
import zlib

from .errors import DatasetError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ._packed import Packed

__all__ = [
    "ADVICE",
    "CACHE_VARIABLE",
    "CURRENT",
    "MANIFEST",
    "MAX_FILE_BYTES",
    "SCHEMA_VERSION",
    "Folder",
    "SortedFile",
    "cache_folder",
    "checksum",
    "entry_key",
    "only_entry",
    "open_storage",
    "parse",
    "read_manifest",
    "read_sealed",
    "verify",
]

SCHEMA_VERSION = 1
"""The version of the file formats that this release reads and writes."""

MANIFEST = "manifest.json"

_BLOCK = 8192
_LONGEST_HEADER = 64 * _BLOCK

MAX_FILE_BYTES = 512 * 1024 * 1024
"""A larger file is refused, and so is a zip file that unpacks to more: no dataset of this project comes near."""


def _scanner() -> Any:
    """The C scanner of ``json`` without the package around it, whose import costs more than a whole lookup."""

    class Context:
        strict = True
        object_hook = None
        object_pairs_hook = None
        parse_float = staticmethod(_finite)
        parse_int = int
        parse_constant = staticmethod(_finite)

    try:
        from _json import make_scanner

        return make_scanner(Context())  # type: ignore[arg-type]
    except (ImportError, AttributeError, TypeError):
        from json import JSONDecoder

        return JSONDecoder(parse_float=_finite, parse_constant=_finite).scan_once  # type: ignore[attr-defined]


def _finite(text: str) -> float:
    """A number; ``NaN``, ``Infinity`` and what is too large to be another number are none."""
    number = float(text)
    if number - number != 0:
        raise ValueError(f"{text[:40]} is no number of JSON")
    return number


_scan_once = _scanner()


def parse(text: str, where: str) -> Any:
    """The value of one JSON text; raises ``DatasetError`` naming ``where`` if it is anything else."""
    try:
        value, end = _scan_once(text, 0)
    except (ValueError, StopIteration, RecursionError, SystemError):
        raise DatasetError(f"{where}: not valid JSON; {ADVICE}") from None
    if text[end:].strip():
        raise DatasetError(f"{where}: there is something after the end of the JSON; {ADVICE}")
    return value


ADVICE = "the file was cut off or edited: reinstall modelmeta or fetch the dataset anew"


def checksum(name: str, data: bytes | memoryview) -> str:
    """The check of a part of the file ``name``: CRC-32 in hexadecimal, of the name and the part.

    It finds accidents, careless edits and one file in the place of another, not forgery.
    """
    return f"{zlib.crc32(data, zlib.crc32(name.encode())):08x}"


def _is_sealed(name: str, data: bytes, start: int = 0) -> bool:
    """Whether the last text in ``data`` is the checksum of all that stands before it from ``start``."""
    end = data.rfind(b'"')
    return data.isascii() and data[end - 8 : end] == checksum(name, memoryview(data)[start : end - 9]).encode()


def entry_key(key: str) -> str:
    """How a key stands in a file: JSON's ASCII escapes, without the quotes. Files are sorted by this form."""
    if key.isascii() and key.isprintable() and '"' not in key and "\\" not in key:
        return key
    from json.encoder import encode_basestring_ascii

    return encode_basestring_ascii(key)[1:-1]


CACHE_VARIABLE = "MODELMETA_CACHE"
"""The environment variable that names the folder in which ``refresh`` keeps datasets."""

CURRENT = "current"
"""The file in the cache that names the installed dataset; while it is not there, there is none."""


def cache_folder() -> str | None:
    """The folder in which ``refresh`` keeps datasets of this schema, or ``None`` where there is no place for one.

    It is the platform's cache folder, worked out here since the libraries that know it cost more than a lookup.
    """
    look = os.environ.get
    root: str | None = look(CACHE_VARIABLE)
    if not root:
        if sys.platform == "win32":
            root = look("LOCALAPPDATA")
        else:
            home = look("HOME")
            root = look("XDG_CACHE_HOME") if sys.platform != "darwin" else None
            if not (root and root.startswith("/")):
                root = home and f"{home}/{'Library/Caches' if sys.platform == 'darwin' else '.cache'}"
        root = root and os.path.join(root, "modelmeta")
    return os.path.join(root, f"dataset-v{SCHEMA_VERSION}") if root and os.path.isabs(root) else None


class Folder:
    """A dataset in a folder on disk."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __str__(self) -> str:
        return self.path

    def size(self, name: str) -> int:
        """The length of a file in bytes."""
        try:
            return os.stat(os.path.join(self.path, name)).st_size
        except OSError as error:
            raise self._unreadable(name, error) from None

    def read(self, name: str, start: int = 0, length: int = -1) -> bytes:
        """``length`` bytes of a file from ``start``, or all of it."""
        try:
            with open(os.path.join(self.path, name), "rb", buffering=0) as file:
                if start:
                    file.seek(start)
                if length >= 0:
                    return file.read(length)
                data = file.read(min(os.fstat(file.fileno()).st_size, MAX_FILE_BYTES) + 1)
        except OSError as error:
            raise self._unreadable(name, error) from None
        if len(data) > MAX_FILE_BYTES:
            raise DatasetError(f"{self}/{name}: larger than {MAX_FILE_BYTES:,} bytes, which no dataset is")
        return data

    def _unreadable(self, name: str, error: OSError) -> DatasetError:
        reason = error.strerror or type(error).__name__
        return DatasetError(f"{os.path.join(self.path, name)}: {reason}; {ADVICE}")


def open_storage(path: str | None = None) -> Folder | Packed:
    """The bundled dataset, or the one at ``path`` (a folder, or a zip file of one)."""
    if path is None:
        bundled = os.path.join(os.path.dirname(__file__), "data")
        if os.path.isdir(bundled):
            return Folder(bundled)
        from importlib_resources import files

        from ._packed import Packed

        return Packed(files(__package__).joinpath("data"))
    if os.path.isdir(path):
        return Folder(path)
    if os.path.isfile(path):
        from ._packed import opened_zip

        return opened_zip(path)
    raise DatasetError(f"{path}: there is no such folder or file")


class SortedFile:
    """One file of sorted entries; finds an entry without reading the others."""

    def __init__(self, storage: Folder | Packed, name: str) -> None:
        self.storage = storage
        self.name = name
        self.size = storage.size(name)
        head = storage.read(name, 0, _BLOCK)
        while b"{\n" not in head and len(head) < min(self.size, _LONGEST_HEADER):
            more = storage.read(name, len(head), _BLOCK)
            if not more:
                break
            head += more
        self.start = head.find(b"{\n") + 1
        self.header = head[: self.start]
        if not self.start or not self.header.startswith(b"{"):
            changed = "its line endings were changed to those of Windows"
            raise self._broken(changed if b"{\r\n" in head else "its first line is not that of a dataset file")

    def __str__(self) -> str:
        return f"{self.storage}/{self.name}"

    def _broken(self, what: str) -> DatasetError:
        return DatasetError(f"{self}: {what}; {ADVICE}")

    def get(self, key: str) -> bytes | None:
        """The bytes of the entry ``key`` with its key and without the comma, or ``None``."""
        wanted = entry_key(key).encode("ascii")
        low, high = self.start, self.size
        while high - low > _BLOCK:
            middle = (low + high) // 2
            found = self._entry_after(middle, high)
            if found is None:
                high = middle
            elif found[1] <= wanted:
                low = found[0]
            else:
                high = middle
        return self._entry_in(low, high, wanted)

    def _entry_after(self, position: int, limit: int) -> tuple[int, bytes] | None:
        """Where the first entry at or after ``position`` starts (its line break) and its key."""
        data, seen = b"", 0
        while position + len(data) < limit + _BLOCK:
            more = self.storage.read(self.name, position + len(data), max(_BLOCK, len(data)))
            if not more:
                return None
            data += more
            start = data.find(b'\n"', seen)
            if start >= 0 and (end := data.find(b'":', start + 2)) >= 0:
                return (position + start, data[start + 2 : end]) if position + start < limit else None
            seen = len(data) - 1 if start < 0 else start
        return None

    def _entry_in(self, low: int, high: int, wanted: bytes) -> bytes | None:
        data = self.storage.read(self.name, low, high - low + _BLOCK)
        start = data.find(b'\n"' + wanted + b'":')
        if start < 0:
            return None
        start += 1
        seen = start
        while True:
            end = min((at for at in (data.find(b'\n"', seen), data.find(b"\n}}", seen)) if at >= 0), default=-1)
            if end >= 0:
                return data[start:end].removesuffix(b",")
            more = self.storage.read(self.name, low + len(data), max(4 * _BLOCK, len(data)))
            if not more:
                raise self._broken(f"it ends inside the entry {wanted.decode()!r}")
            seen = max(len(data) - 2, start)
            data += more

    def checked(self, entry: bytes) -> str:
        """The text of an entry whose own checksum (its last value) is right; raises ``DatasetError`` if not."""
        if not _is_sealed(self.name, entry):
            name = entry[1:80].partition(b'"')[0].decode("ascii", "replace")
            raise self._broken(f"the entry {name!r} does not match its checksum")
        return entry.decode("ascii")

    def item(self, entry: bytes, kind: type) -> tuple[str, Any]:
        """The key and the value of an entry; raises ``DatasetError`` if it is damaged or not of that type."""
        items: list[tuple[str, Any]] = [*parse("{" + self.checked(entry) + "}", str(self)).items()]
        if len(items) != 1 or items[0][1].__class__ is not kind:
            raise self._broken(f"an entry is not a {kind.__name__}")
        return items[0]

    def whole(self) -> bytes:
        """The whole file, checked against the manifest."""
        data = self.storage.read(self.name)
        verify(self.storage, self.name, data)
        return data

    def entries(self) -> Iterator[bytes]:
        """Every entry in order, with its key and without the comma."""
        data = self.whole()
        end = data.rfind(b"\n}}")
        if end < 0 or data[end:].strip() != b"}}":
            raise self._broken("it does not end as a dataset file does")
        for entry in data[self.start + 1 : end].split(b'\n"'):
            if entry:
                yield (entry if entry.startswith(b'"') else b'"' + entry).removesuffix(b",")


def only_entry(storage: Folder | Packed, name: str, section: str) -> dict[str, Any]:
    """The object in a file of one; its own checksum is what is checked. Raises ``DatasetError`` if it is damaged."""
    data = storage.read(name)
    where = f"{storage}/{name}"
    try:
        (entry,) = parse(data.decode("ascii"), where)[section].values()
        if _is_sealed(name, data, data.index(b"{\n") + 2):
            found: dict[str, Any] = entry
            return found
    except (ValueError, TypeError, AttributeError, KeyError):
        pass
    raise DatasetError(f"{where}: its content does not match its checksum; {ADVICE}")


def verify(storage: Folder | Packed, name: str, data: bytes | None = None) -> None:
    """Check a whole file against the SHA-256 in the manifest; raises ``DatasetError`` if they differ."""
    from hashlib import sha256

    manifest = SortedFile(storage, MANIFEST)
    entry = manifest.get(name)
    if entry is None:
        raise DatasetError(f"{storage}/{name}: the manifest does not know this file; {ADVICE}")
    stated = parse("{" + entry.decode("ascii", "replace") + "}", str(manifest))[name]
    found = sha256(storage.read(name) if data is None else data).hexdigest()
    if stated.get("sha256") != found:
        raise DatasetError(f"{storage}/{name}: its content does not match the manifest's SHA-256; {ADVICE}")


def read_manifest(storage: Folder | Packed) -> dict[str, Any]:
    """What the manifest says besides its list of files.

    Raises ``DatasetError`` unless it is undamaged and has the schema version that this release reads.
    """
    manifest = SortedFile(storage, MANIFEST)
    stated: dict[str, Any] = parse(manifest.header.decode("ascii", "replace") + "}}", str(manifest))
    version = stated.get("schema_version")
    if version != SCHEMA_VERSION:
        newer = isinstance(version, int) and version > SCHEMA_VERSION
        advice = "upgrade modelmeta" if newer else "fetch a dataset made for it"
        raise DatasetError(
            f"{manifest}: schema version {version!r}, but this modelmeta reads version {SCHEMA_VERSION}: {advice}"
        )
    if not _is_sealed(MANIFEST, manifest.header.rpartition(b",")[0]):
        raise DatasetError(f"{manifest}: its head does not match its checksum; {ADVICE}")
    return stated


def read_sealed(storage: Folder | Packed, name: str) -> Any:
    """The value of a file that is always read whole and ends in its own checksum."""
    data = storage.read(name)
    if not _is_sealed(name, data):
        raise DatasetError(f"{storage}/{name}: its content does not match its checksum; {ADVICE}")
    return parse(data.decode("ascii"), f"{storage}/{name}")
