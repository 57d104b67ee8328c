"""The benchmarks work and find the answers right; how fast anything is, is not asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import answers, page, warm
from benchmarks.environments import Environments
from benchmarks.reporting import Summary
from benchmarks.sections import Aim, Bars, Lines, Section, Table

ROOT = Path(__file__).parents[1]


def quick(*names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_quick_run_of_everything_finds_all_answers_right() -> None:
    done = quick()
    assert done.returncode == 0, done.stderr
    assert "WRONG" not in done.stderr
    for title in ("## A cold start", "## Warm calls", "## The same answers"):
        assert title in done.stdout
    known = len(answers.MODELS)
    assert f"| modelmeta | {known} | {known} | 0 | 0 |" in done.stdout
    assert "genai-prices: left out of a quick run." in done.stdout


def test_a_benchmark_that_is_not_there_is_named() -> None:
    done = quick("no_such_thing")
    assert done.returncode == 2
    assert "no benchmark is called 'no_such_thing'" in done.stderr


def test_a_wrong_answer_fails_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks import __main__ as command

    monkeypatch.setattr(answers, "run", lambda _: Section("Answers", (), wrong=("two and two are five",)))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--quick", "answers"])
    assert command.main() == 1
    assert "WRONG: two and two are five" in capsys.readouterr().err


def test_a_cost_that_is_not_what_the_page_says_is_wrong() -> None:
    # 800 input tokens at $0.40, 200 cached at $0.10 and 100 output tokens at $1.60 a million are $0.0005.
    right, wrong = warm.Measured(answer=0.0005), warm.Measured(answer=0.00056)
    measured = {(warm.COST.title, "modelmeta"): right, (warm.COST.title, "another"): wrong}
    assert list(warm.wrong_answers(measured)) == ["cost of 3 components: 0.00056 in another, 0.0005 by OpenAI's page"]


def test_a_summary_is_the_median_and_the_quartiles() -> None:
    # Of 1, 2, 3, 4, 5 the middle is 3, and half of the values lie from 2 to 4.
    assert Summary.of([5, 1, 4, 2, 3]) == Summary(median=3, low=2, high=4, count=5)
    assert Summary.of([0.0123]).text(1000) == "12.3 [12.3, 12.3]"
    assert Summary.of([1.0, 1.5, 2.0]).text() == "1.50 [1.25, 1.75]"


def test_an_aim_is_judged_by_the_median() -> None:
    measured = Summary(median=2.0, low=1.0, high=9.0, count=5)
    assert Aim.at_most("a", measured, 2.0, "x").met
    assert not Aim.at_most("a", measured, 1.9, "x").met
    assert Aim.at_least("a", measured, 2.0, "x").met
    assert not Aim.at_least("a", measured, 2.1, "x").met
    assert Aim.at_most("a", measured, 250e-9, "µs", scale=1e6).limit == "at most 0.25 µs"


def test_the_page_holds_tables_and_plots(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    bars = Bars("one", "One", "ms", {"modelmeta": Summary(1, 1, 1, 1), "other": Summary(10, 8, 12, 3)})
    lines = Lines("two", "Two", ("models", "ms"), {"lookup": ((1, 1), (10, 1.1))})
    table = Table(("what", "where", "how many"), (("a|b", "here", "1"),), words=2)
    section = Section("Things", ("Words.", bars, lines, table))
    page.write(tmp_path, [section], Environments(None), ("modelmeta",))
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "## Things\n\nWords.\n\n![One](images/bench-one.svg)\n\n![Two](images/bench-two.svg)\n\n" in text
    assert "| what | where | how many |\n| --- | --- | ---: |\n| a\\|b | here | 1 |\n" in text
    for name in ("one", "two"):
        assert "<svg" in (tmp_path / "images" / f"bench-{name}.svg").read_text(encoding="utf-8")


def test_the_page_names_neither_host_nor_path() -> None:
    import platform

    text = page.text([], Environments(None), ("modelmeta",))
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
    assert not platform.node() or platform.node() not in text
