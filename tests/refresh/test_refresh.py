"""Fetching a newer dataset, and keeping a working one where nothing can be written."""

from __future__ import annotations

import errno
import gc
import logging
import os
import stat
import sys
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from modelmeta import (
    BackgroundRefresh,
    Catalog,
    ModelMetaError,
    RefreshError,
    RefreshResult,
    active,
    dataset_info,
    get_model,
    installed,
    refresh,
    rollback,
    storage,
    updates,
    use_catalog,
)
from tests.misbehaving_server import Server, in_use, send
from tests.small_dataset import dataset_files, pack

OLD, NEW = "2099.01.01", "2099.01.02"
BUNDLED = Catalog.bundled().dataset_info().version


# As it should be ----------------------------------------------------------------------------------------------


def test_a_newer_dataset_is_fetched_and_used_at_once(server: Server, cache: Path, archives: dict[str, bytes]) -> None:
    assert dataset_info().version == BUNDLED
    server.publish(archives[OLD], OLD)
    result = refresh(server.latest)
    assert result.updated
    assert (result.status, result.version, result.available, result.url) == ("updated", OLD, OLD, server.latest)
    assert result.path is not None
    assert Path(result.path).parent == cache
    assert dataset_info().version == OLD
    assert get_model("road-1").name == "Road 1"
    assert Catalog.bundled().dataset_info().version == BUNDLED
    assert sorted(path.name for path in cache.iterdir()) == [Path(result.path).name, "current", "lock", "state.json"]
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700 or os.name == "nt"


@pytest.mark.usefixtures("cache")
def test_the_next_ones_ask_only_what_is_needed(server: Server, archives: dict[str, bytes]) -> None:
    def with_etag(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"one"':
            assert handler.headers.get("If-Modified-Since") == "Thu, 01 Jan 2099 00:00:00 GMT"
            send(handler, b"", status=304)
        else:
            send(handler, pointer, headers={"ETag": '"one"', "Last-Modified": "Thu, 01 Jan 2099 00:00:00 GMT"})

    pointer = server.publish(archives[OLD], OLD)
    server.answers["/latest.json"] = with_etag
    assert refresh(server.latest).status == "updated"
    assert server.asked() == ["/latest.json", f"/{OLD}.zip"]
    assert refresh(server.latest).status == "not_modified"
    assert refresh(server.latest, force=True).status == "current"
    assert server.asked() == ["/latest.json"] * 2
    rollback()
    assert refresh(server.latest).status == "held"


def test_older_and_equal_datasets_are_not_installed(server: Server, cache: Path, archives: dict[str, bytes]) -> None:
    server.publish(archives[NEW], NEW)
    assert refresh(server.latest).updated
    server.publish(archives[OLD], OLD)
    result = refresh(server.latest)
    assert (result.status, result.version, result.available) == ("older", NEW, OLD)
    server.publish(archives[OLD], BUNDLED)
    assert refresh(server.latest).status == "older"
    assert in_use() == NEW
    assert rollback().version == BUNDLED
    assert refresh(server.latest).status == "current"
    server.publish(archives[OLD], "2001.01.01")
    assert refresh(server.latest).status == "older"
    assert read_names(cache) == []  # what was rolled back is cleared away


def read_names(cache: Path) -> list[str]:
    return sorted(path.name.partition("-")[0] for path in cache.iterdir() if path.name[0].isdigit())


def test_a_newer_package_beats_what_was_installed(
    server: Server,
    cache: Path,
    archives: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    server.publish(archives[OLD], OLD)
    refresh(server.latest)
    assert in_use() == OLD
    newer = tmp_path / "bundled.zip"
    pack(newer, dataset_files("2099.06.01"))
    real = storage.open_storage
    for module in (installed, updates):
        monkeypatch.setattr(module, "open_storage", lambda path=None: real(path or str(newer)))
    assert installed.open_newer(str(cache)) is None
    assert refresh(server.latest).status == "older"


def test_rollback_goes_back_one_step_and_then_to_the_bundled(
    server: Server, cache: Path, archives: dict[str, bytes]
) -> None:
    with pytest.raises(RefreshError, match="nothing to roll back"):
        rollback()
    for version in (OLD, NEW):
        server.publish(archives[version], version)
        assert refresh(server.latest).updated
    assert read_names(cache) == [OLD, NEW]
    result = rollback()
    assert (result.status, result.version, dataset_info().version) == ("rolled_back", OLD, OLD)
    assert refresh(server.latest).status == "held"
    assert rollback().version == BUNDLED
    assert dataset_info().version == BUNDLED
    assert refresh(server.latest).status == "held"
    assert refresh(server.latest, force=True).updated
    assert in_use() == NEW


def test_what_nobody_uses_is_cleared_and_what_somebody_uses_is_kept(
    server: Server, cache: Path, tmp_path: Path
) -> None:
    def install(*days: int) -> None:
        for day in days:
            version = f"2099.01.0{day}"
            server.publish(pack(tmp_path / "z", dataset_files(version)), version)
            assert refresh(server.latest).updated

    install(1, 2)
    used = active._newest()
    install(3, 4, 5)
    assert read_names(cache) == ["2099.01.02", "2099.01.03", "2099.01.04", "2099.01.05"]
    assert used.get_model("road-2").name == "Road 2"
    refresh(server.latest)
    assert read_names(cache) == ["2099.01.02", "2099.01.04", "2099.01.05"]
    del used
    gc.collect()
    refresh(server.latest)
    assert read_names(cache) == ["2099.01.04", "2099.01.05"]


@pytest.mark.usefixtures("cache")
def test_what_the_user_chose_stays(server: Server, archives: dict[str, bytes]) -> None:
    server.publish(archives[OLD], OLD)
    with use_catalog(Catalog.bundled()):
        assert refresh(server.latest).updated
        assert dataset_info().version == BUNDLED
    assert dataset_info().version == OLD


# Places that cannot be written --------------------------------------------------------------------------------


def unavailable(url: str) -> RefreshResult:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = refresh(url)
        assert refresh(url).status == "unavailable"
    assert [warning.category for warning in caught] == [RuntimeWarning]
    assert result.status == "unavailable"
    assert f"modelmeta keeps its dataset of version {result.version}" in str(caught[0].message)
    return result


def test_without_a_home_the_bundled_dataset_stays(
    server: Server, cache: Path, archives: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    del cache
    server.publish(archives[NEW], NEW)
    for name in ("MODELMETA_CACHE", "HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert dataset_info().version == BUNDLED
    assert unavailable(server.latest).version == BUNDLED
    with pytest.raises(RefreshError, match="no home"):
        rollback()
    monkeypatch.setenv("MODELMETA_CACHE", "cache")
    with pytest.warns(RuntimeWarning, match=r"MODELMETA_CACHE is no absolute path: 'cache'"):
        assert refresh(server.latest).status == "unavailable"


def test_where_nothing_can_be_made_the_bundled_dataset_stays(
    server: Server, cache: Path, archives: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cache
    server.publish(archives[NEW], NEW)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MODELMETA_CACHE", str(tmp_path / "file" / "cache"))
    assert unavailable(server.latest).version == BUNDLED
    assert dataset_info().version == BUNDLED
    assert server.asked() == []


FULL = [(number, call) for number in (errno.ENOSPC, errno.EROFS) for call in ("fsync", "mkdir", "rename", "replace")]


@pytest.mark.parametrize(("number", "call"), FULL)
def test_a_full_disk_keeps_what_is_there(
    server: Server, cache: Path, archives: dict[str, bytes], number: int, call: str
) -> None:
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated
    server.publish(archives[NEW], NEW)

    def full(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, full)
        assert unavailable(server.latest).version == OLD
    assert in_use() == OLD
    assert [path.name for path in cache.iterdir() if path.name.startswith("tmp-")] == []
    assert refresh(server.latest).updated


def test_an_installed_dataset_that_was_damaged_is_passed_over(
    server: Server, cache: Path, archives: dict[str, bytes]
) -> None:
    server.publish(archives[NEW], NEW)
    path = Path(refresh(server.latest).path or "")
    (path / "manifest.json").write_bytes(b"{")
    active.renew_default()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert dataset_info().version == BUNDLED
        active.renew_default()
        assert dataset_info().version == BUNDLED
    assert ["uses its bundled dataset" in str(warning.message) for warning in caught] == [True]
    assert refresh(server.latest).updated
    assert dataset_info().version == NEW
    for text in (b"", b"current: ../../etc\n", b"current: x", b"\xff" * 5000, b"current: .\n"):
        (cache / "current").write_bytes(text)
        active.renew_default()
        assert dataset_info().version == BUNDLED


def test_missing_libraries_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(RefreshError, match=r"pip install 'modelmeta\[refresh\]'"):
        refresh("https://example.org/latest.json")


def test_the_default_address_is_that_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    from email.message import Message

    monkeypatch.delenv("MODELMETA_URL", raising=False)
    links = Message()
    monkeypatch.setattr("importlib.metadata.metadata", lambda _: links)
    with pytest.raises(RefreshError, match="does not say where newer datasets are"):
        updates.default_url()
    links["Project-URL"] = "Documentation, https://example.org/docs"
    links["Project-URL"] = "Repository, https://example.org/modelmeta/"
    assert updates.default_url() == "https://example.org/modelmeta/releases/download/dataset-v1/latest.json"
    monkeypatch.setenv("MODELMETA_URL", "https://mirror.internal/latest.json")
    assert updates.default_url() == "https://mirror.internal/latest.json"


# In the background --------------------------------------------------------------------------------------------


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.usefixtures("cache")
def test_the_background_refresher_goes_on_after_failures(
    server: Server, archives: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="modelmeta")
    refresher = BackgroundRefresh(timedelta(milliseconds=20), url=server.latest)
    assert [refresher.running] == [False]
    with refresher:
        assert refresher.start() is refresher
        wait_for(lambda: refresher.last_error)
        assert "404" in str(refresher.last_error)
        wait_for(lambda: "could not be refreshed" in caplog.text)
        server.publish(archives[NEW], NEW)
        wait_for(lambda: dataset_info().version == NEW)
        wait_for(lambda: refresher.last_error is None)
        assert refresher.last_result is not None
    assert [refresher.running] == [False]
    assert refresher.start().running
    refresher.stop()
    with pytest.raises(ModelMetaError, match="longer than zero"):
        BackgroundRefresh(timedelta(0))
