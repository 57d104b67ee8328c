"""Processes that die in the middle of a refresh, refresh at the same time, or read meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from modelmeta import RefreshError, refresh
from tests.misbehaving_server import Server, in_use
from tests.small_dataset import dataset_files, pack

OLD, NEW = "2099.01.01", "2099.01.02"


# Processes ----------------------------------------------------------------------------------------------------

KILLED = """
    import os, shutil, sys
    import filelock, requests
    from modelmeta import api, refresh
    from modelmeta import _download, _offer, _signature, _unpack
    from modelmeta.validation import file_adapter

    url, start, work = sys.argv[1:]

    def child(call):
        pid = os.fork()
        if pid == 0:
            try:
                call()
                os._exit(0)
            except BaseException:
                import traceback
                traceback.print_exc()
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def killed_at(step):
        left = [step]

        def dying(real):
            def call(*args, **kwargs):
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)
                return real(*args, **kwargs)
            return call

        for name in ("replace", "rename", "fsync", "mkdir", "open", "rmdir", "unlink"):
            setattr(os, name, dying(getattr(os, name)))
        assert refresh(url).updated

    def looks(versions):
        version = api._newest().dataset_info().version
        api._newest().get_model("road-1")
        assert version in versions, version

    def recovers():
        looks({"2099.01.01", "2099.01.02"})
        assert refresh(url).status in ("updated", "current")
        looks({"2099.01.02"})
        assert not [name for name in os.listdir(os.environ["MODELMETA_CACHE"] + "/dataset-v1") if "tmp" in name]

    for name in ("index.json", "offers.json", "providers.json", "authors.json", "authority.json",
                 "manifest.json", "models/acme.json", "provenance/acme.json"):
        file_adapter(name)  # once here rather than in every child
    step = 0
    code = 9
    while code == 9:
        step += 1
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(start, work)
        os.environ["MODELMETA_CACHE"] = work
        code = child(lambda: killed_at(step))
        assert child(recovers) == 0, step
    assert code == 0, code
    print(step)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_process_killed_at_any_step_leaves_a_working_dataset(
    server: Server, cache: Path, archives: dict[str, bytes], tmp_path: Path
) -> None:
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated
    server.publish(archives[NEW], NEW)
    arguments = [server.latest, str(cache.parent), str(tmp_path / "work")]
    done = subprocess.run(
        [sys.executable, "-c", dedent(KILLED), *arguments], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 25  # so many calls that change the disk were each the last one


def test_what_is_pointed_at_was_flushed_to_disk_first(
    server: Server, cache: Path, archives: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    del cache
    log: list[str] = []

    def logged(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def call(*arguments: object) -> object:
            log.append(name)
            return real(*arguments)

        return call

    for name in ("fsync", "rename", "replace"):
        monkeypatch.setattr(os, name, logged(name))
    server.publish(archives[NEW], NEW)
    refresh(server.latest)
    steps = [step for number, step in enumerate(log) if number == 0 or log[number - 1] != step]
    # the files and folders of the dataset; its name; the draft of the pointer; its name; and the same for the state
    assert steps == ["fsync", "rename", "fsync", "replace", "fsync", "replace", "fsync"] or os.name == "nt"
    assert log.count("fsync") >= len(dataset_files(NEW))


REFRESHED = """
    import sys
    from modelmeta import refresh
    print(refresh(sys.argv[1]).status)
"""

READ = """
    import sys, time
    from modelmeta import api, get_model
    catalog = api.current_catalog()
    end = time.monotonic() + float(sys.argv[1])
    while time.monotonic() < end:
        assert api._newest().get_model("road-1").name == "Road 1"
        catalog._known.clear(); catalog._models.clear(); catalog._whole.clear()
        assert get_model("road-1").name == "Road 1"
        assert len(catalog.list_models()) == 6
    print("read")
"""


@pytest.mark.slow
def test_processes_that_refresh_at_once_disturb_neither_each_other_nor_a_reader(
    server: Server, cache: Path, archives: dict[str, bytes], tmp_path: Path
) -> None:
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated

    def start(code: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-c", dedent(code), *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    reader = start(READ, "6")
    for day in range(2, 5):
        version = f"2099.01.0{day}"
        server.publish(pack(tmp_path / "z", dataset_files(version)), version)
        both = [start(REFRESHED, server.latest) for _ in range(2)]
        said = [process.communicate(timeout=60) for process in both]
        assert sorted(out.strip() for out, _ in said) in (["current", "updated"], ["not_modified", "updated"]), said
        assert in_use() == version
    out, err = reader.communicate(timeout=60)
    assert out.strip() == "read", err
    assert sum(path.is_dir() for path in cache.iterdir()) <= 4


def test_a_refresh_waits_for_another_no_longer_than_it_may(
    server: Server, cache: Path, archives: dict[str, bytes]
) -> None:
    filelock = pytest.importorskip("filelock")
    server.publish(archives[NEW], NEW)
    cache.mkdir(parents=True)
    with filelock.FileLock(cache / "lock"), pytest.raises(RefreshError, match="another process"):
        refresh(server.latest, timeout=0.2)
    assert refresh(server.latest).updated
