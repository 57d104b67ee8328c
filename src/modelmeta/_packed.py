"""A dataset that is no plain folder: in a package that was imported from a zip file, or in a zip file of its own."""

from __future__ import annotations

import zipfile

from .errors import DatasetError
from .storage import ADVICE, MAX_FILE_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib_resources.abc import Traversable

__all__ = ["Packed", "opened_zip"]


class Packed:
    """A dataset inside a zip file: whole files, each read once."""

    def __init__(self, root: Traversable) -> None:
        self.root = root
        self._files: dict[str, bytes] = {}
        self._left = MAX_FILE_BYTES

    def __str__(self) -> str:
        return str(self.root)

    def _bytes(self, name: str) -> bytes:
        data = self._files.get(name)
        if data is None:
            try:
                with self.root.joinpath(*name.split("/")).open("rb") as file:
                    data = file.read(self._left + 1)
            except Exception as error:  # noqa: BLE001  (a damaged zip file raises a dozen kinds of error)
                raise DatasetError(f"{self}/{name}: {_reason(error)}; {ADVICE}") from None
            if len(data) > self._left:
                raise DatasetError(
                    f"{self}/{name}: unpacks to more than {MAX_FILE_BYTES:,} bytes, which no dataset does"
                )
            self._files[name] = data
            self._left -= len(data)
        return data

    def size(self, name: str) -> int:
        """The length of a file in bytes."""
        return len(self._bytes(name))

    def read(self, name: str, start: int = 0, length: int = -1) -> bytes:
        """``length`` bytes of a file from ``start``, or all of it."""
        data = self._bytes(name)
        return data[start : start + length] if length >= 0 else data[start:]


def opened_zip(path: str) -> Packed:
    """The dataset in a zip file; raises ``DatasetError`` if it is none."""
    if not zipfile.is_zipfile(path):
        raise DatasetError(f"{path}: neither a dataset folder nor a zip file of one")
    try:
        return Packed(zipfile.Path(path))  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001  (as above)
        raise DatasetError(f"{path}: {_reason(error)}; {ADVICE}") from None


def _reason(error: Exception) -> str:
    return str(error)[:300] or type(error).__name__
