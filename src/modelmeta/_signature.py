"""Check a minisign signature: who made a dataset, where a digest only tells that it arrived whole.

A key and a signature are the texts that ``minisign`` writes (https://jedisct1.github.io/minisign/). Only its current
form is taken, an Ed25519 signature of the BLAKE2b digest of the file.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from hashlib import blake2b

from ._download import required
from .errors import DatasetError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["PublicKey"]


class PublicKey:
    """A minisign public key, as its base64 line or as the whole text of its file.

    >>> PublicKey("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3").id
    'e7620f1842b4e81f'
    """

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.strip().splitlines() if not line.startswith("untrusted comment:")]
        raw = _decoded(lines[0], 42) if len(lines) == 1 else None
        if raw is None or raw[:2] != b"Ed":
            raise DatasetError(f"{text.strip()[:80]!r} is no minisign public key")
        self._id = raw[2:10]
        self._key = raw[10:]

    @property
    def id(self) -> str:
        """The key's id as minisign prints it."""
        return self._id[::-1].hex()

    def check(self, path: str, signature: str | None) -> None:
        """Raise ``DatasetError`` unless ``signature`` is this key's signature of the file at ``path``."""
        if not signature:
            raise DatasetError("the dataset is not signed, but a public key was given to check it with")
        lines = signature.strip().splitlines()
        if len(lines) != 4 or not lines[2].startswith("trusted comment: "):
            raise DatasetError("the dataset's signature is not in the form of minisign")
        signed, whole = _decoded(lines[1], 74), _decoded(lines[3], 64)
        if signed is None or whole is None or signed[:2] != b"ED":
            raise DatasetError("the dataset's signature is not in the current form of minisign")
        if signed[2:10] != self._id:
            raise DatasetError(f"the dataset is signed with the key {signed[9:1:-1].hex()}, not with {self.id}")
        digest = blake2b()
        with open(path, "rb") as file:
            while block := file.read(1024 * 1024):
                digest.update(block)
        comment = lines[2].removeprefix("trusted comment: ").encode()
        if not (self._signed(signed[10:], digest.digest()) and self._signed(whole, signed[10:] + comment)):
            raise DatasetError("the dataset's signature is wrong: it is not what the owner of the key signed")

    def _signed(self, signature: bytes, message: bytes) -> bool:
        ed25519: Any = required("cryptography.hazmat.primitives.asymmetric.ed25519", "signed")
        exceptions: Any = required("cryptography.exceptions", "signed")
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self._key).verify(signature, message)
        except exceptions.InvalidSignature:
            return False
        return True


def _decoded(text: str, length: int) -> bytes | None:
    try:
        raw = b64decode(text.strip(), validate=True)
    except (Error, ValueError):
        return None
    return raw if len(raw) == length else None
