"""The checks of ``make test``, on every interpreter found: ``nox`` for all, ``nox --list`` to see them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint", "types", "wheel"]

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14", "3.14t"]
"""3.14t is the first free-threaded interpreter that pydantic publishes wheels for."""

WHEEL_LIMIT = 4_000_000

SMOKE = """
import sys
sys.path[:0] = sys.argv[1:]
import modelmeta
assert modelmeta.__file__.startswith(sys.argv[1]), modelmeta.__file__
model = modelmeta.get_model("gpt-4.1-mini")
assert model.limits.context_window == 1_047_576, model
assert len(modelmeta.list_models()) > 1000
assert modelmeta.dataset_info().sources
print("ok:", modelmeta.__file__)
"""


def wake_pyenv() -> None:
    """Make every interpreter that pyenv has answer: its shims know only the versions switched on."""
    pyenv = shutil.which("pyenv")
    if pyenv is None or "PYENV_VERSION" in os.environ:
        return
    versions: list[str] = []
    for command in (["version-name"], ["versions", "--bare"]):
        found = subprocess.run([pyenv, *command], capture_output=True, text=True, check=False)  # noqa: S603
        versions += [name for line in found.stdout.split() for name in line.split(":") if name not in versions]
    if versions:
        os.environ["PYENV_VERSION"] = ":".join(versions)


wake_pyenv()


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests, with whatever arguments follow ``--``."""
    session.install("--quiet", "--editable", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Rules and format."""
    session.install("--quiet", "--editable", ".[dev]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Both type checkers, strict."""
    session.install("--quiet", "--editable", ".[dev]")
    session.run("mypy")
    session.run("basedpyright", "--pythonpath", str(Path(session.bin) / "python"))


@nox.session
def wheel(session: nox.Session) -> None:
    """The built wheel: what is in it, and that it works from a zip file and from a read-only folder."""
    folder = Path(session.create_tmp()).resolve()
    shutil.rmtree(folder)
    folder.mkdir()
    session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), ".")
    (built,) = folder.glob("modelmeta-*.whl")
    with ZipFile(built) as archive:
        names = archive.namelist()
    for needed in ("modelmeta/py.typed", "modelmeta/data/manifest.json"):
        if needed not in names:
            session.error(f"{needed} is not in {built.name}")
    strangers = [name for name in names if not name.startswith(("modelmeta/", "modelmeta-"))]
    if strangers:
        session.error(f"{built.name} holds {strangers[0]}")
    if built.stat().st_size > WHEEL_LIMIT:
        session.error(f"{built.name} has {built.stat().st_size:,} bytes; {WHEEL_LIMIT:,} are allowed")
    session.log(f"{built.name}: {len(names)} files, {built.stat().st_size:,} bytes")

    # What the package depends on, without the package itself.
    session.install("--quiet", str(built))
    session.run("python", "-m", "pip", "uninstall", "--quiet", "--yes", "modelmeta")

    session.run("python", "-I", "-c", SMOKE, str(built))

    site = folder / "site"
    install = ("install", "--quiet", "--no-deps", "--no-compile", "--target", str(site), str(built))
    session.run("python", "-m", "pip", *install)
    entries = [site, *site.rglob("*")]
    try:
        for entry in entries:
            entry.chmod(entry.stat().st_mode & ~0o222)
        session.run("python", "-I", "-B", "-c", SMOKE, str(site))
    finally:
        for entry in entries:
            entry.chmod(entry.stat().st_mode | 0o200)
    if compiled := [*site.rglob("*.pyc")]:
        session.error(f"{compiled[0]} was written into a read-only install")
