"""Archives that misbehave, signatures, and how a release is made."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from base64 import b64encode
from collections.abc import Callable
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import pytest

from modelmeta import Catalog, DatasetError, refresh, rollback
from pipeline.__main__ import main
from pipeline.emit import sealed
from tests.misbehaving_server import Server, in_use
from tests.small_dataset import MODELS, dataset_files, pack, with_file, write_dataset

OLD, NEW = "2099.01.01", "2099.01.02"
BUNDLED = Catalog.bundled().dataset_info().version


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DatasetError) as caught:
        call()
    return str(caught.value)


# An archive that misbehaves -----------------------------------------------------------------------------------


def link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("models/link.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def changed(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    files = dataset_files(NEW)
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def rebuilt(**fields: Any) -> dict[str, bytes]:
    """A dataset whose digests are right and one of whose models is not."""
    road = {**MODELS["acme"]["road-1"], **fields}
    return dataset_files(NEW, {**MODELS, "acme": {**MODELS["acme"], "road-1": road}})


def made(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """A dataset with a file that somebody made: its digest is right, its content is not."""
    files = dataset_files(NEW)
    assert old in files[name]
    return with_file(files, name, files[name].replace(old, new))


def statement(value: str) -> dict[str, bytes]:
    """A dataset of which a source says ``value`` of a model, its checksums right."""
    name, files = "provenance/acme.json", dataset_files(NEW)
    entry = files[name].replace(b"[1, 1000, ", f"[1, {value}, ".encode()).partition(b'"road-1"')[2].rpartition(b'"')[0]
    start = files[name].partition(b'"road-1"')[0]
    text = (b'"road-1"' + entry).rpartition(b'"')[0]
    return with_file(files, name, start + sealed(name, text.decode(), "\n}\n}}\n").encode())


def adding(
    name: str, content: str | bytes = "{}", method: int = zipfile.ZIP_DEFLATED
) -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(name, content, method)


def crowd(archive: zipfile.ZipFile) -> None:
    for number in range(5000):
        archive.writestr(f"x{number}.json", "")


ADDED: dict[str, tuple[Callable[[zipfile.ZipFile], None], str]] = {
    "up": (adding("../evil.json"), "'../evil.json', which is no file name"),
    "absolute": (adding("/tmp/evil.json"), "is no file name"),
    "backslash": (adding("..\\evil.json"), "is no file name"),
    "drive": (adding("C:evil.json"), "is no file name"),
    "device": (adding("models/nul.json"), "is no file name"),
    "hidden": (adding(".evil.json"), "is no file name"),
    "program": (adding("sitecustomize.py"), "is no file name"),
    "link": (link, "which is a link"),
    "twice": (adding("MODELS/acme.json"), "twice"),
    "stranger": (adding("more.json"), "the manifest does not know"),
    "crowd": (crowd, "5,000 are allowed"),
    "bomb": (adding("bomb.json", b"0" * 70_000_000), "unpacks to more than"),
    "method": (adding("x.json", method=zipfile.ZIP_LZMA), "packed in a way that no dataset is"),
}
"""What is put into an archive beside the dataset."""

FILES: dict[str, tuple[dict[str, bytes], str]] = {
    "empty": ({}, "manifest.json"),
    "future": (changed("manifest.json", b'"schema_version": 1', b'"schema_version": 2'), "schema version 2"),
    "edited": (changed("models/acme.json", b"1000", b"1001"), "models/acme.json"),
    "missing": ({name: data for name, data in dataset_files(NEW).items() if "cloud" not in name}, "cloud"),
    "type": (rebuilt(name=5), "models.road-1.name: Input should be a valid string"),
    "field": (rebuilt(colour="red"), "models.road-1.colour: Extra inputs"),
    "negative": (rebuilt(limits={"context_window": -1}), "context_window"),
    "one line": (made("offers.json", b"\n", b" "), "offers.json"),
    "order": (made("index.json", b'"acme/road-1"', b'"zcme/road-1"'), "do not stand in order"),
    "letters": (made("models/acme.json", b"Road 1", b"Road \xff"), "not ASCII"),
    "checksum": (made("models/acme.json", b"Road 1", b"Road 7"), "the entry 'road-1' does not match its checksum"),
    "target": (made("index.json", b'["acme/road-1", ', b'[[["acme/road-1"]], '), "refs.acme/road-1"),
    "statement": (made("provenance/acme.json", b"[1, 1000, ", b"[5, 1000, "), "a statement is: believed"),
    "change": (made("history/acme.json", b"pricing.standard.input", b"pricing.stndard.input"), "is no price such as"),
    "depth": (statement("[" * 100_000 + "]" * 100_000), "JSON"),
    "deep": (statement("[" * 20 + "]" * 20), "values are nested too deeply"),
    "half": (statement('"\\ud800"'), "half of a character"),
    "no number": (statement("NaN"), "not valid JSON"),
    "too large": (statement("1e999"), "not valid JSON"),
    "another": (dataset_files("2099.01.09"), "holds version 2099.01.09, but is offered"),
    "older": (dataset_files("2001.01.01"), "holds version 2001.01.01, but is offered"),
}
"""What is in an archive instead of the dataset."""


@pytest.mark.parametrize("kind", [*ADDED, *FILES, "garbage", "cut"])
def test_an_archive_that_misbehaves_changes_nothing(
    server: Server, cache: Path, archives: dict[str, bytes], tmp_path: Path, kind: str
) -> None:
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated
    before = sorted(path.name for path in tmp_path.rglob("*"))
    archive = tmp_path / "changed.zip"
    data = pack(archive, FILES[kind][0] if kind in FILES else dataset_files(NEW))
    told = FILES[kind][1] if kind in FILES else "the archive is damaged"
    if kind in ADDED:
        add, told = ADDED[kind]
        with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as packed:
            add(packed)
        data = archive.read_bytes()
    archive.unlink()
    server.publish({"garbage": b"PK\3\4" + b"x" * 500, "cut": data[:-300]}.get(kind, data), NEW)
    message = refused(lambda: refresh(server.latest))
    assert told in message
    assert str(cache) not in message
    assert in_use() == OLD
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_file_of_a_kind_that_is_not_known_is_not_installed(server: Server, cache: Path, tmp_path: Path) -> None:
    del cache
    files = dataset_files(NEW)
    entry = json.dumps({"bytes": 2, "sha256": sha256(b"{}").hexdigest()}).encode()
    files["manifest.json"] = files["manifest.json"].replace(b"\n}}", b',\n"rules/x.json": ' + entry + b"\n}}")
    server.publish(pack(tmp_path / "later.zip", {**files, "rules/x.json": b"{}"}), NEW)
    path = Path(refresh(server.latest).path or "")
    assert not list(path.glob("rules/*"))
    assert in_use() == NEW


# Signatures ---------------------------------------------------------------------------------------------------


def signer() -> tuple[str, Callable[[bytes], str]]:
    """A minisign public key, and what signs with it."""
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    secret = ed25519.Ed25519PrivateKey.generate()
    name = os.urandom(8)

    def sign(data: bytes) -> str:
        signature = secret.sign(blake2b(data).digest())
        comment = "timestamp:1\tfile:dataset.zip"
        lines = (
            "untrusted comment: signature from minisign secret key",
            b64encode(b"ED" + name + signature).decode(),
            f"trusted comment: {comment}",
            b64encode(secret.sign(signature + comment.encode())).decode(),
        )
        return "\n".join(lines) + "\n"

    public = b64encode(b"Ed" + name + secret.public_key().public_bytes_raw()).decode()
    return f"untrusted comment: minisign public key\n{public}\n", sign


@pytest.mark.usefixtures("cache")
def test_a_signature_is_checked_when_there_is_a_key(server: Server, archives: dict[str, bytes]) -> None:
    key, sign = signer()
    other, _ = signer()
    good = sign(archives[NEW])
    lines = good.splitlines()
    for signature, told in (
        (None, "is not signed"),
        ("x", "not in the form of minisign"),
        (sign(b"something else"), "the dataset's signature is wrong"),
        ("\n".join([*lines[:2], "trusted comment: another", lines[3]]), "the dataset's signature is wrong"),
        ("\n".join([lines[0], lines[3], *lines[2:]]), "current form of minisign"),
    ):
        server.publish(archives[NEW], NEW, **({} if signature is None else {"signature": signature}))
        assert told in refused(lambda: refresh(server.latest, public_key=key))
    server.publish(archives[NEW], NEW, signature=good)
    assert "is signed with the key" in refused(lambda: refresh(server.latest, public_key=other))
    assert "is no minisign public key" in refused(lambda: refresh(server.latest, public_key="x"))
    assert in_use() == BUNDLED
    assert refresh(server.latest, public_key=key.splitlines()[1]).updated


# Releases -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("cache")
def test_a_release_is_made_twice_alike_and_can_be_fetched(server: Server, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", dataset_files(NEW))
    (data / "notes.txt").write_text("not listed, not released")
    for out in ("one", "two"):
        assert main(["release", "--data", str(data), "--out", str(tmp_path / out)]) == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert sorted(files) == ["latest.json", f"modelmeta-dataset-v1-{NEW}.zip"]
    server.answers = {f"/{name}": content for name, content in files.items()}
    assert refresh(server.latest).updated
    assert Catalog.load(tmp_path / "one" / f"modelmeta-dataset-v1-{NEW}.zip").get_model("road-1").name == "Road 1"
    key, sign = signer()
    (tmp_path / "signature").write_text(sign(files[f"modelmeta-dataset-v1-{NEW}.zip"]))
    signed = ["--signature", str(tmp_path / "signature")]
    assert main(["release", "--data", str(data), "--out", str(tmp_path / "one"), *signed]) == 0
    server.answers["/latest.json"] = pointer = (tmp_path / "one" / "latest.json").read_bytes()
    assert json.loads(pointer)["signature"].startswith("untrusted comment:")
    rollback()
    assert refresh(server.latest, public_key=key, force=True).updated
