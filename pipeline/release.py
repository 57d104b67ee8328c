"""A dataset folder -> the files of a release: one zip file, and ``latest.json``, which says what it is.

The same dataset gives the same bytes: entries are sorted, without dates or owners. To sign a release, run this once,
sign the zip file (``minisign -S -m FILE``), and run it again with ``--signature FILE.minisig``.
"""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from modelmeta.installed import manifest_version
from modelmeta.storage import MANIFEST, SCHEMA_VERSION, Folder, parse, verify
from modelmeta.validation import validate_dataset

POINTER = "latest.json"

_EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(data: Path) -> bytes:
    """The files that the manifest lists, and the manifest, as a zip file; each was checked first."""
    storage = Folder(str(data))
    validate_dataset(storage)
    manifest = parse(storage.read(MANIFEST).decode("ascii"), MANIFEST)
    for name in manifest["files"]:
        verify(storage, name)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted([MANIFEST, *manifest["files"]]):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, storage.read(name), compresslevel=9)
    return buffer.getvalue()


def pointer(name: str, version: str, packed: bytes, signature: str | None = None) -> bytes:
    """``latest.json`` for the zip file ``name`` beside it."""
    offer: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "version": version,
        "url": name,
        "bytes": len(packed),
        "sha256": sha256(packed).hexdigest(),
    }
    if signature is not None:
        offer["signature"] = signature
    return (json.dumps(offer, indent=1) + "\n").encode("ascii")


def release(data: Path, out: Path, signature: Path | None = None) -> list[Path]:
    """Write the files of a release of the dataset in ``data`` into ``out``; the paths written."""
    packed = archive(data)
    version = manifest_version(Folder(str(data)))
    name = f"modelmeta-dataset-v{SCHEMA_VERSION}-{version}.zip"
    signed = None if signature is None else signature.read_text(encoding="utf-8")
    out.mkdir(parents=True, exist_ok=True)
    files = {name: packed, POINTER: pointer(name, version, packed, signed)}
    for file, content in files.items():
        (out / file).write_bytes(content)
    return [out / file for file in files]
