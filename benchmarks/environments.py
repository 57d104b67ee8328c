"""Clean virtual environments, one for each library measured, and programs run in them."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]

BARE = "bare"
"""The environment with nothing in it."""

OURS = "modelmeta"

UNCOMPILED = "modelmeta-uncompiled"
"""Ours without ``.pyc`` files, as on a read-only disk that nobody compiled for."""


class Installed(NamedTuple):
    """What one library brings along."""

    version: str
    distributions: int
    size: int
    """Bytes of all files, without what Python compiles."""


class Environments:
    """Virtual environments under one folder, made when first wanted and kept for the next program.

    Without a folder there is only the interpreter in use, which runs the package's source; every other library is
    left out.
    """

    def __init__(self, folder: Path | None, python: str = sys.executable) -> None:
        self.folder = folder
        self.interpreter = python
        self.missing: dict[str, str] = {}
        """Why a library is not here."""
        # Nothing of the caller's Python leaks in; litellm would otherwise ask the network for its prices.
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        if folder is None:
            self.variables["PYTHONPATH"] = str(ROOT / "src")
        else:
            self.variables |= {
                "HOME": str(folder),
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                "PYTHONDONTWRITEBYTECODE": "1",  # what is not compiled stays so; all but one are when installed
            }

    def beside(self, python: str) -> Environments:
        """Environments of another interpreter, in a folder of their own."""
        assert self.folder is not None
        other = Environments(self.folder / "also", python)
        other.folder = self.folder / "also" / other.about()["python"].replace(" ", "-")
        other.folder.mkdir(parents=True, exist_ok=True)
        return other

    def make(self, names: Iterable[str]) -> None:
        """Make several at once."""
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(self.python, names))

    def python(self, name: str) -> Path | None:
        """The interpreter of the environment of that name; ``None`` when its library is not to be had."""
        if self.folder is None:
            if name not in {BARE, OURS}:
                self.missing[name] = "left out of a quick run"
                return None
            return Path(self.interpreter)
        home = self.folder / name
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        made, failed = home / "made", home / "failed"
        if not made.exists():
            print(f"making an environment: {name}", file=sys.stderr, flush=True)
            subprocess.run([self.interpreter, "-m", "venv", "--clear", "--without-pip", str(home)], check=True)
            if name != BARE:
                wanted = str(self._wheel()) if name in {OURS, UNCOMPILED} else name
                compiled = ("--no-compile",) if name == UNCOMPILED else ()
                done = _pip("--python", str(python), "install", *compiled, wanted)
                if done.returncode:
                    failed.write_text(_why_not_installed(done.stderr), encoding="utf-8")
            made.touch()  # an environment whose making was interrupted is made again
        if failed.exists():
            self.missing[name] = failed.read_text(encoding="utf-8")
            return None
        return python

    def run(self, python: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One process that runs ``code``; its output is kept."""
        command = [str(python), "-c", code, *arguments]
        return subprocess.run(command, env=self.variables, cwd=self.folder, capture_output=True, text=True, check=False)

    def why_not(self, python: Path, code: str, *arguments: str) -> str:
        """The last line that ``code`` says when it fails there, or nothing. Also warms the disk's cache."""
        done = self.run(python, code, *arguments)
        return last_line(done.stderr) if done.returncode else ""

    def installed(self, name: str) -> Installed | None:
        """The version of a library and how much was installed for it."""
        if self.folder is None or self.python(name) is None:
            return None
        found: list[Distribution] = [
            item
            for packages in (self.folder / name).glob("[Ll]ib/**/site-packages")
            for item in distributions(path=[str(packages)])
        ]
        (version,) = {item.version for item in found if item.metadata["Name"].replace("_", "-") == name}
        paths = {Path(str(path.locate())) for item in found for path in item.files or () if path.suffix != ".pyc"}
        return Installed(version, len(found), sum(path.stat().st_size for path in paths if path.exists()))

    def about(self) -> dict[str, str]:
        """The machine and the interpreter that were measured, without anything that names this one machine."""
        code = (
            "import platform as p, sys; lock = getattr(sys, '_is_gil_enabled', lambda: True)(); "
            "print(p.python_implementation(), p.python_version() + ('' if lock else 't'))"
        )
        version = subprocess.run([self.interpreter, "-c", code], capture_output=True, text=True, check=True).stdout
        return {
            "processor": f"{_processor()}, {os.cpu_count()} cores",
            "system": f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}",
            "python": version.strip(),
        }

    def _wheel(self) -> Path:
        assert self.folder is not None
        folder = self.folder / "wheel"
        _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)).check_returncode()
        (wheel,) = folder.glob("modelmeta-*.whl")
        return wheel


@contextmanager
def environments(folder: Path | None, python: str) -> Generator[Environments, None, None]:
    """Environments in ``folder``, or in a temporary one that is removed at the end."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield Environments(folder.resolve(), python)
    else:
        with tempfile.TemporaryDirectory(prefix="modelmeta-bench-") as made:
            yield Environments(Path(made).resolve(), python)


def last_line(text: str) -> str:
    """The last line of an error."""
    return (text.strip().splitlines() or ["it ended with an error and said nothing"])[-1]


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--quiet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _why_not_installed(errors: str) -> str:
    if needed := re.findall(r"Requires-Python (>=[\d.]+)", errors):
        return f"cannot be installed: needs Python {needed[-1]}"
    return f"cannot be installed: {last_line(errors)}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
