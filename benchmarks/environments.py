"""Clean virtual environments, one for each library measured, and programs run in them."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]

BARE = "bare"
"""The environment with nothing in it."""

LIBRARIES = ("modelmeta", "genai-prices", "litellm", "tokencost")


class Environments:
    """Virtual environments under one folder, made when first wanted and kept for the next program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Nothing of the caller's Python leaks in; litellm would otherwise ask the network for its prices.
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.variables |= {"HOME": str(folder), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}

    def python(self, name: str) -> Path | None:
        """The interpreter of the environment of that name; ``None`` when its library cannot be installed."""
        home = self.folder / name
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        failed = home / "failed"
        if not home.exists():
            print(f"making an environment: {name}", file=sys.stderr, flush=True)
            venv.create(home, with_pip=False, symlinks=os.name != "nt")
            if name != BARE:
                requirement = str(self._wheel()) if name == "modelmeta" else name
                command = [
                    sys.executable,
                    "-m",
                    "pip",
                    "--python",
                    str(python),
                    "install",
                    "--quiet",
                    requirement,
                ]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    failed.write_text(done.stderr, encoding="utf-8")
                    print(f"left out: {name}: {_last_line(done.stderr)}", file=sys.stderr, flush=True)
        return None if failed.exists() else python

    def run(self, python: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One process that runs ``code``; its output is kept."""
        command = [str(python), "-c", code, *arguments]
        return subprocess.run(command, env=self.variables, cwd=self.folder, capture_output=True, text=True, check=False)

    def works(self, python: Path, code: str, label: str, *arguments: str) -> bool:
        """Whether ``code`` runs there; says on standard error why not. Also warms the disk's cache."""
        done = self.run(python, code, *arguments)
        if done.returncode:
            print(f"left out: {label}: {_last_line(done.stderr)}", file=sys.stderr, flush=True)
        return done.returncode == 0

    def about(self, names: Sequence[str]) -> dict[str, str]:
        """The machine, the interpreter and the versions of the libraries measured."""
        about = {
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "python": f"{platform.python_implementation()} {platform.python_version()}",
        }
        code = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
        for name in names:
            if name != BARE and (python := self.python(name)) is not None:
                about[name] = self.run(python, code, name).stdout.strip()
        return about

    def _wheel(self) -> Path:
        folder = self.folder / "wheel"
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(folder),
            str(ROOT),
        ]
        subprocess.run(command, check=True)
        (wheel,) = folder.glob("modelmeta-*.whl")
        return wheel


@contextmanager
def environments(folder: Path | None) -> Generator[Environments, None, None]:
    """Environments in ``folder``, or in a temporary one that is removed at the end."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield Environments(folder.resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="modelmeta-bench-") as made:
            yield Environments(Path(made).resolve())


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it ended with an error and said nothing"])[-1]
