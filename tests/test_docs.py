"""The documentation: every block of code runs, every link leads somewhere, and it builds without a warning.

A page's blocks run in order and share their names, in a folder of their own. ``pycon`` blocks are doctests; ``python``
blocks run; ``console`` blocks run the commands after ``$ modelmeta`` and compare what they print; files (a block with a
``title="name"``) are written for the blocks after them; ``json``, ``yaml`` and ``toml`` are parsed. A comment before a
block can say ``<!-- test: needs fastapi, httpx -->`` or ``<!-- test: not run, and why -->``.
"""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import shlex
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import modelmeta
from modelmeta import active, to_markdown
from modelmeta._overlay_files import MAX_OVERLAY_BYTES
from modelmeta._unpack import MAX_FILE_BYTES, MAX_FILES, MAX_UNPACKED_BYTES
from modelmeta.references import MAX_LENGTH, PROVIDER_ALIASES
from modelmeta.updates import MAX_BYTES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.name != "most-used-models.md")
TODAY = date(2026, 11, 21)
"""The day of the pages' outputs: what is deprecated today is retired tomorrow."""

WIDTH = "100"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Block(NamedTuple):
    """A fenced block, and what stands before it."""

    language: str
    title: str
    note: str
    code: str
    line: int


FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w+-]*)(?P<info>[^\n`]*)$")
NOTE = re.compile(r"<!-- test: (.*?) -->")


def blocks(path: Path) -> Iterator[Block]:
    lines = path.read_text("utf-8").splitlines()
    number, note = 0, ""
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if fence is None:
            if lines[number].strip():
                said = NOTE.search(lines[number])
                note = said[1] if said else ""
            number += 1
            continue
        start = number + 1
        number = start
        while lines[number].strip() != "```":
            number += 1
        code = "\n".join(line.removeprefix(fence["indent"]) for line in lines[start:number]) + "\n"
        title = re.search(r'title="([^"]+)"', fence["info"])
        yield Block(fence["language"], title[1] if title else "", note, code, start)
        note = ""
        number += 1


# Running them ---------------------------------------------------------------------------------------------


class Runner:
    """Runs the blocks of one page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.left_out: list[str] = []

    def run(self, block: Block) -> None:
        where = f"{self.path.relative_to(ROOT)}:{block.line}"
        if block.title:
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.code, "utf-8")
        runs = getattr(self, f"_{block.language}", None)
        assert runs is not None, f"{where}: what is a block of {block.language!r}?"
        if block.note.startswith("not run"):
            assert ", " in block.note, f"{where}: say why it is not run"
            if block.language == "python":
                check_names(ast.parse(block.code), where)
            return
        needed = block.note.removeprefix("needs ").split(", ") if block.note.startswith("needs ") else []
        missing = [name for name in needed if not find_spec(name)]
        if missing:
            self.left_out.append(f"{where} needs {', '.join(missing)}")
            return
        try:
            with warnings.catch_warnings():
                if needed:
                    warnings.simplefilter("ignore")  # what others deprecate is theirs
                runs(block)
        except AssertionError as error:
            raise AssertionError(f"{where}: {error}") from None

    def _python(self, block: Block) -> None:
        code = compile("\n" * block.line + block.code, str(self.path), "exec", dont_inherit=True)
        exec(code, self.names)

    def _pycon(self, block: Block) -> None:
        parser = doctest.DocTestParser()
        test = parser.get_doctest(block.code, self.names, self.path.name, str(self.path), block.line)
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        runner.run(test, out=said.append, clear_globs=False)
        self.names.update(test.globs)
        assert not runner.failures, "".join(said)

    def _console(self, block: Block) -> None:
        for command, expected in commands(block.code):
            if not command.startswith("modelmeta"):
                continue
            line, _, after = command.partition("; ")
            output, code = run_command(line)
            if after:
                assert after == 'echo "exit code: $?"', f"what is {after!r}?"
                output += f"exit code: {code}\n"
            else:
                assert code == 0, f"{command} ended with {code}: {output}"
            if expected.strip():
                assert doctest.OutputChecker().check_output(expected, output, FLAGS), (
                    f"$ {command}\n--- expected\n{expected}--- got\n{output}"
                )

    def _json(self, block: Block) -> None:
        json.loads(block.code)

    def _jsonl(self, block: Block) -> None:
        for line in block.code.splitlines():
            json.loads(line)

    def _yaml(self, block: Block) -> None:
        yaml = pytest.importorskip("yaml")
        yaml.safe_load(block.code)

    def _toml(self, block: Block) -> None:
        if sys.version_info >= (3, 11):
            import tomllib

            tomllib.loads(block.code)

    def _csv(self, block: Block) -> None:
        assert len({line.count(",") for line in block.code.splitlines()}) == 1

    def _text(self, block: Block) -> None:
        assert block.code.strip()


def commands(code: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, and what each should print."""
    command = ""
    output: list[str] = []
    for line in code.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, "".join(output)
            command, output = line[2:].split("  #")[0].rstrip(), []
        elif not command:
            continue  # a block without prompts is not a session
        elif command.endswith("\\"):
            command = command[:-1] + line.strip()
        else:
            output.append(line + "\n")
    if command:
        yield command, "".join(output)


def run_command(line: str) -> tuple[str, int]:
    """What a command prints, and its exit code. Only ``< file``, ``> file`` and ``cat file |`` are understood."""
    pytest.importorskip("typer")
    from typer.testing import CliRunner

    from modelmeta.cli import app

    line, _, target = line.partition(" > ")
    line, _, source = line.partition(" < ")
    stdin = Path(source.strip()).read_text("utf-8") if source else None
    result = CliRunner().invoke(app, shlex.split(line)[1:], input=stdin, env={"COLUMNS": WIDTH})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if target:
        Path(target.strip()).write_text(result.stdout, "utf-8")
        return result.stderr, result.exit_code
    return result.output, result.exit_code


def check_names(tree: ast.AST, where: str) -> None:
    """What a block that is not run imports from modelmeta exists."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "modelmeta":
            for name in node.names:
                assert hasattr(modelmeta, name.name), f"{where}: modelmeta has no {name.name}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder, a day and a catalog of the page's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("modelmeta.dates.today_text", TODAY.isoformat)
    monkeypatch.setattr(
        "modelmeta.lifecycle._day", lambda on: TODAY if on is None else modelmeta.dates.as_day(on, "on")
    )
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
    modules = set(sys.modules)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    kept = (active._process, active._default, active._chosen)
    yield tmp_path
    active._process, active._default, active._chosen = kept
    active._recalled = threading.local()
    for name in set(sys.modules) - modules:
        path = getattr(sys.modules[name], "__file__", None)
        if path and path.startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: str(path.relative_to(ROOT)))
def test_blocks(path: Path) -> None:
    runner = Runner(path)
    for block in blocks(path):
        runner.run(block)
    if runner.left_out:
        pytest.skip(f"all blocks run but {'; '.join(runner.left_out)}")


# Links and the whole ----------------------------------------------------------------------------------------

LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@pytest.mark.parametrize(
    "path",
    [*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for match in LINK.finditer(text):
        target, _, anchor = match["target"].strip("<>").partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        found = path if not target else (path.parent / target)
        if found.name == "gpt-4.1-mini.md":
            continue  # made when the documentation is built
        assert found.exists(), f"{path.name}: {match['target']}"
        if anchor and found.suffix == ".md":
            slugs = {slug(title) for title in re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)}
            assert anchor in slugs, f"{path.name}: {match['target']}"


def slug(title: str) -> str:
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


def test_pictures_are_small_and_used() -> None:
    pictures = sorted((DOCS / "images").iterdir())
    text = "".join(path.read_text("utf-8") for path in [*PAGES, ROOT / "README.md"])
    for picture in pictures:
        assert f"images/{picture.name}" in text, f"{picture.name} is on no page"
        assert picture.stat().st_size < 250_000, picture.name


@pytest.mark.parametrize("path", [DOCS / "index.md", ROOT / "README.md"], ids=lambda path: path.name)
def test_stated_numbers_are_lower_bounds_and_near(path: Path) -> None:
    stated = re.search(
        r"more\s+than\s+([\d,]+)\s+models\s+at\s+more\s+than\s+([\d,]+) providers", path.read_text("utf-8")
    )
    assert stated is not None
    counts = modelmeta.dataset_info().counts
    for said, counted in zip(stated.groups(), (counts.models, counts.providers), strict=True):
        assert 0.85 * counted < int(said.replace(",", "")) < counted


BOUNDS = {
    "updates.md": (
        f"for the download ({MAX_BYTES >> 20} MiB)",
        f"at most {MAX_FILES:,} files of {MAX_FILE_BYTES >> 20} MiB, {MAX_UNPACKED_BYTES >> 20} MiB together",
    ),
    "overlays.md": (f"may have up to {MAX_OVERLAY_BYTES >> 20} MiB",),
    "reference/references.md": (f"more than {MAX_LENGTH} characters",),
}


@pytest.mark.parametrize("page", BOUNDS)
def test_stated_bounds_are_those_of_the_code(page: str) -> None:
    text = " ".join((DOCS / page).read_text("utf-8").split())
    assert [bound for bound in BOUNDS[page] if bound not in text] == []


@pytest.mark.parametrize(
    "line",
    [
        "compare o3 gpt-4.1-mini",
        "cost o3 --input 5",
        "cost log.csv",
        "check o3 n=1",
        "audit a.py",
        "aliases o3",
        "info",
    ],
)
@pytest.mark.usefixtures("place")
def test_the_guide_names_every_key_of_the_json(line: str) -> None:
    Path("log.csv").write_text("model,input_tokens\no3,5\n", "utf-8")
    Path("a.py").write_text("model = 'gpt-4-0314'\n", "utf-8")
    guide = (DOCS / "guides" / "command-line.md").read_text("utf-8")
    row = guide.partition(f"| `{line.split(maxsplit=1)[0]}` |")[2].partition("\n| `")[0]
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", row))))
    output, _ = run_command(f"modelmeta {line} --json")
    assert set(json.loads(output)) <= named


REFERENCES = (DOCS / "reference" / "references.md").read_text("utf-8")
FORMS = re.findall(r"^\|(?:[^`|]*\|)? `([^`]+)` \| `([^`]+)` \| (\w+) \|$", REFERENCES, re.MULTILINE)


@pytest.mark.parametrize(("reference", "meaning", "kind"), FORMS)
def test_references_mean_what_the_page_says(reference: str, meaning: str, kind: str) -> None:
    found = modelmeta.resolve(reference)
    assert (found.canonical_id, found.kind) == (meaning, kind)


def test_the_page_on_references_names_every_prefix() -> None:
    assert len(FORMS) >= 25
    section = REFERENCES.partition("## Prefixes")[2].partition("With three parts")[0]
    rows = [re.findall(r"`([^`]+)`", line) for line in section.splitlines() if line.startswith("| `")]
    assert {prefix: names[-1] for names in rows for prefix in names[:-1]} == PROVIDER_ALIASES


def test_every_public_name_is_in_the_reference() -> None:
    text = "".join(path.read_text("utf-8") for path in (DOCS / "reference").glob("*.md"))
    listed = set(re.findall(r"^::: modelmeta\.(\w+)$", text, re.MULTILINE))
    assert listed == set(modelmeta.__all__) - {"__version__"}


WITHOUT_EXAMPLE = frozenset(
    "ComparisonRow Endpoint Link Measurement RefreshError RefreshResult Snapshot Tool count_tokens rollback "
    "ModelRef WORKLOADS __version__".split()
)
"""Parts that are shown where they come from, what needs a network, and values, whose docstrings are in the source."""


@pytest.mark.parametrize("name", sorted(set(modelmeta.__all__) - WITHOUT_EXAMPLE))
def test_every_public_name_shows_an_example(name: str) -> None:
    assert ">>> " in (getattr(modelmeta, name).__doc__ or ""), name


def test_it_builds_without_a_warning(tmp_path: Path) -> None:
    for needed in ("mkdocs", "material", "mkdocstrings_handlers"):
        pytest.importorskip(needed)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    page = (tmp_path / "gpt-4.1-mini" / "index.html").read_text("utf-8")
    assert "1,047,576 tokens" in page
    assert not re.search(r'(?:src|href)="https?://(?:fonts\.|cdn|unpkg)', page)


# The five pages -----------------------------------------------------------------------------------------------


def flat(markdown: str) -> str:
    """A page as the words that a reader sees, with cells apart by a blank."""
    text = re.sub(r"\\(.)", r"\1", markdown.replace("`", ""))
    text = re.sub(r"^\| ?|\|$", "", text, flags=re.MULTILINE).replace("<br>", " ")
    return re.sub(r"[ |]+", " ", text)


@pytest.mark.usefixtures("place")
def test_every_item_of_the_five_pages_is_on_a_model_s_page() -> None:
    parts = flat(to_markdown("gpt-4.1-mini")).split("\n## ")
    page = {part.partition("\n")[0]: part for part in parts[1:]} | {"title": parts[0]}
    ticked = 0
    for line in (DOCS / "pages.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith(("| ✓", "| **no**")):
            continue
        assert len(cells) == 4, line
        mark, item, shown, sections = cells
        named = [section for section in sections.split(", ") if section]
        assert set(named) <= set(page), f"{item}: there is no section {sections!r}"
        if mark == "✓" and sections:
            ticked += 1
            for code in re.findall(r"`([^`]+)`", shown.partition("; also")[0]):
                assert any(flat(code) in page[section] for section in named), f"{item}: {code!r} is not in {sections}"
    assert ticked > 100
