"""Whatever bytes come from a server or lie in the cache: an answer, or a ``DatasetError``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelmeta import Catalog, DatasetError
from modelmeta._offer import checked_offer
from modelmeta._signature import PublicKey
from modelmeta._unpack import check_dataset, unpack
from modelmeta.installed import Pointer, read_pointer, write_pointer

OFFER = {"schema_version": 1, "version": "2099.01.02", "url": "x.zip", "bytes": 5, "sha256": "0" * 64}
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(st.fixed_dictionaries({}, optional={**dict.fromkeys(OFFER, values), "signature": values, "later": values}))
@example({"url": "http://["})
@example({"version": "9" * 5000})
@example({"bytes": 10**400})
def test_any_offer_is_one_or_is_refused(changes: dict[str, object]) -> None:
    data = json.dumps({**OFFER, **changes}).encode()
    try:
        offer = checked_offer(data, "https://example.org/data/latest.json", "here")
    except DatasetError:
        return
    assert offer.name.startswith(offer.version)
    assert "/" not in offer.name


@given(st.binary())
@example(b"\xff\xfe{}")
@example(b"[" * 60_000)
@example(b"9" * 60_000)
def test_any_bytes_are_an_offer_or_refused(data: bytes) -> None:
    with pytest.raises(DatasetError):
        checked_offer(data, "https://example.org/latest.json", "here")


@given(data=st.binary(max_size=300) | st.text("current: prevouhld0159.-/\n", max_size=60).map(str.encode))
def test_any_pointer_names_a_folder_in_the_cache_or_none(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "current").write_bytes(data)
    pointer = read_pointer(str(folder))
    for name in (pointer.current, pointer.previous, pointer.held):
        assert Path(name).name == name
        assert ".." not in Path(name).parts


@given(current=st.sampled_from(["", "2026.12.01-5f3c", "1.0-0"]), previous=st.sampled_from(["", "2026.11.01-77"]))
def test_a_pointer_comes_back(current: str, previous: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.getbasetemp())
    write_pointer(folder, Pointer(current=current, previous=previous))
    found = read_pointer(folder)
    assert (found.current, found.previous, found.held) == (current, previous, "")


@given(st.text())
def test_any_text_is_a_signature_or_refused(text: str) -> None:
    key = PublicKey("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")
    with pytest.raises(DatasetError):
        key.check(__file__, text)
    with pytest.raises(DatasetError, match="is no minisign public key"):
        PublicKey(text)


@given(place=st.floats(0, 1, exclude_max=True), new=st.binary(min_size=1, max_size=8), cut=st.integers(0, 40))
@settings(deadline=None, max_examples=60)
def test_a_damaged_archive_is_the_same_dataset_or_refused(
    place: float, new: bytes, cut: int, archives: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Bytes put in the place of others: nothing is written beside the folder it is unpacked to."""
    folder = tmp_path_factory.getbasetemp() / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "dataset").mkdir(parents=True)
    data = archives["2099.01.02"]
    at = int(place * len(data))
    (folder / "dataset.zip").write_bytes(data[:at] + new + data[at + cut :])
    try:
        unpack(str(folder / "dataset.zip"), str(folder / "dataset"))
        check_dataset(str(folder / "dataset"))
    except DatasetError:
        pass
    else:
        assert Catalog.load(folder / "dataset").get_model("road-1").limits.context_window == 1000
    assert sorted(path.name for path in folder.iterdir()) == ["dataset", "dataset.zip"]
