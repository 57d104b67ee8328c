"""Processes that die in the middle of a refresh, refresh at the same time, or read meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from textwrap import dedent

import pytest

from modelmeta import RefreshError, refresh
from tests.misbehaving_server import Server, in_use
from tests.small_dataset import dataset_files, pack

OLD, NEW = "2099.01.01", "2099.01.02"


# Processes ----------------------------------------------------------------------------------------------------

KILLED = """
    import os, shutil, signal, sys
    import filelock, requests
    from modelmeta import active, refresh
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

    def files():
        return [os.path.join(folder, name) for folder, _, names in os.walk(work) for name in names]

    def killed_at(step):
        left = [step]
        safe = {os.stat(path).st_ino for path in files()}

        def count():
            left[0] -= 1
            if left[0] == 0:
                for path in files():
                    if os.stat(path).st_ino not in safe:
                        os.truncate(path, 0)
                os.kill(os.getpid(), signal.SIGKILL)

        def before(event, args):
            writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            changes = event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
            if left[0] > 0 and (writes or changes) and str(args[0]).startswith(work):
                count()

        def fsync(file, real=os.fsync):
            count()
            real(file)
            safe.add(os.fstat(file).st_ino)

        os.fsync = fsync
        sys.addaudithook(before)
        assert refresh(url).updated

    def looks(versions):
        version = active._newest().dataset_info().version
        assert len(active._newest().list_models()) == 6
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
    code = -9
    while code == -9:
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
def test_a_power_loss_at_any_step_leaves_a_working_dataset(
    server: Server, cache: Path, archives: dict[str, bytes], tmp_path: Path
) -> None:
    """The process is killed before each change of the disk, and what was written and not flushed is lost."""
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated
    server.publish(archives[NEW], NEW)
    arguments = [server.latest, str(cache.parent), str(tmp_path / "work")]
    done = subprocess.run(
        [sys.executable, "-c", dedent(KILLED), *arguments], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40  # so many changes of the disk were each the last one


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
    from modelmeta import active, get_model
    catalog = active.current_catalog()
    end = time.monotonic() + float(sys.argv[1])
    while time.monotonic() < end:
        assert active._newest().get_model("road-1").name == "Road 1"
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


# Places that are full, and ends in the middle -------------------------------------------------------------------

ON_A_FULL_DISK = """
    import resource, sys, warnings
    from modelmeta import dataset_info, get_model, refresh

    before = dataset_info().version
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        results = [refresh(sys.argv[1]) for _ in range(2)]
    assert [(result.status, result.version) for result in results] == [("unavailable", before)] * 2, results
    assert dataset_info().version == before
    print(*(warning.message for warning in caught), sep="\\n")
"""


def run(code: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", dedent(code), *arguments],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.parametrize("room", [0, 50, 1000, 3000])
def test_a_disk_that_takes_no_more_keeps_what_is_there(
    server: Server, cache: Path, archives: dict[str, bytes], room: int
) -> None:
    """The operating system itself refuses to write on, be it the archive, a file of the dataset, or the pointer."""
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated
    server.publish(archives[NEW], NEW)
    (told,) = run(ON_A_FULL_DISK, server.latest, str(room)).splitlines()
    assert told == (
        f"modelmeta keeps its dataset of version {OLD}: a newer one cannot be installed in {cache}: File too large"
    )
    assert in_use() == OLD
    assert refresh(server.latest).updated


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody may write")
def test_a_home_that_cannot_be_written_leaves_the_bundled_dataset(server: Server, archives: dict[str, bytes]) -> None:
    server.publish(archives[NEW], NEW)
    environment = {"HOME": "/proc", "XDG_CACHE_HOME": "", "MODELMETA_CACHE": ""}
    (told,) = run(ON_A_FULL_DISK, server.latest, str(2**40), **environment).splitlines()
    assert "a newer one cannot be installed in /proc/.cache/modelmeta/dataset-v1: " in told


AT_EXIT = """
    import sys
    from datetime import timedelta
    from modelmeta import BackgroundRefresh, get_model

    refresher = BackgroundRefresh(timedelta(hours=1), url=sys.argv[1]).start()
    sys.stdin.readline()
    assert refresher.running
    print(get_model("gpt-4.1-mini").id)
"""


def test_a_process_may_end_while_it_downloads(server: Server, cache: Path, archives: dict[str, bytes]) -> None:
    server.publish(archives[NEW], NEW)
    asked = threading.Event()

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(archives[NEW][:100])
        asked.set()
        server.done.wait(30)

    server.answers[f"/{NEW}.zip"] = slowly
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", dedent(AT_EXIT), server.latest],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert asked.wait(30)
    assert process.communicate("\n", timeout=20) == ("gpt-4.1-mini\n", "")
    assert process.returncode == 0
    server.publish(archives[NEW], NEW)
    assert refresh(server.latest).updated
    assert [path.name for path in cache.iterdir() if path.name.startswith("tmp-")] == []


FORKED = """
    import os, threading
    from modelmeta import active, get_model

    held = threading.Event()

    def hold():
        with active._changing:
            held.set()
            threading.Event().wait()

    threading.Thread(target=hold, daemon=True).start()
    held.wait()
    child = os.fork()
    if child == 0:
        os._exit(0 if get_model("gpt-4.1-mini").id == "gpt-4.1-mini" else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_fork_in_the_middle_of_a_change_leaves_the_child_free(cache: Path) -> None:
    del cache
    assert run(f"import warnings; warnings.simplefilter('ignore')\n{dedent(FORKED)}") == "0\n"


FORKED_WHILE_REFRESHING = """
    import os, sys, threading
    from datetime import timedelta
    from modelmeta import BackgroundRefresh, get_model

    get_model("gpt-4.1-mini")
    refresher = BackgroundRefresh(timedelta(hours=1), url=sys.argv[1])
    assert threading.active_count() == 1
    with refresher:
        child = os.fork()
        if child == 0:
            alone = not refresher.running and threading.active_count() == 1
            os._exit(0 if alone else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_there_is_a_thread_only_where_it_was_started(server: Server, cache: Path, archives: dict[str, bytes]) -> None:
    del cache
    server.publish(archives[NEW], NEW)
    code = f"import warnings; warnings.simplefilter('ignore')\n{dedent(FORKED_WHILE_REFRESHING)}"
    assert run(code, server.latest) == "0\n"
