"""What the tests of ``refresh`` share: a server, an empty cache, and two made-up datasets to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from modelmeta import installed
from tests.misbehaving_server import Server
from tests.small_dataset import dataset_files, pack

OLD, NEW = "2099.01.01", "2099.01.02"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that offers nothing yet."""
    started = Server()
    yield started
    started.close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_process: None) -> Path:  # noqa: ARG001
    """An empty cache, and a process that has opened nothing."""
    monkeypatch.setenv("MODELMETA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(installed, "_warned", set())
    return tmp_path / "cache" / "dataset-v1"


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The zip files of an older and a newer dataset, by version."""
    folder = tmp_path_factory.mktemp("archives")
    return {version: pack(folder / version, dataset_files(version)) for version in (OLD, NEW)}
