"""Fetching single files, and the pins file, against a server that can misbehave."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipeline.__main__ import main
from pipeline.build import DATA, moved_sources
from pipeline.emit import MANIFEST
from pipeline.fetch.download import Downloader, Target
from pipeline.fetch.pins import PINS, FetchError, Pins, Source, inside, load, text
from pipeline.fetch.progress import Bars, Lines, display
from pipeline.sources import SOURCES
from tests.pipeline.fetch_site import (
    BODY,
    OLD,
    Answer,
    Run,
    Site,
    cut,
    digest,
    pinned,
    quick,
    serve,
    slow,
    source,
    status,
    without_ranges,
)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serve(monkeypatch) as made:
        yield made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


# One file ----------------------------------------------------------------------------------------------


def one(site: Site, *answers: Answer | bytes, body: bytes = BODY) -> Source:
    site.put(f"/raw/{OLD}/up/x.json", *answers)
    return source(site, pinned("some/x.json", body, origin="up/x.json"))


def test_a_file_is_downloaded_once(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(a=one(site, BODY)) == 0
    assert run.files() == {"some/x.json": BODY}
    assert run() == 0
    assert site.seen == [(f"/raw/{OLD}/up/x.json", None)]
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "a: 1 file, 102,400 bytes, 1 downloaded"
    assert said[3] == "a: 1 file, 102,400 bytes, 0 downloaded"
    assert "by/hand: missing, and cannot be fetched: it has no address" in said
    (run.out / "by").mkdir()
    (run.out / "by" / "hand").touch()
    assert run() == 0
    assert "by/hand" not in capsys.readouterr().out


def test_an_empty_file_is_a_file(site: Site, run: Run) -> None:
    assert run(a=one(site, b"", body=b"")) == 0
    assert run.files() == {"some/x.json": b""}


def test_a_lost_connection_is_resumed(site: Site, run: Run) -> None:
    assert run(a=one(site, cut(BODY, 70_000), BODY)) == 0
    assert run.files() == {"some/x.json": BODY}
    (_, first), (_, second) = site.seen
    assert first is None
    assert second is not None
    assert second.startswith("bytes=")
    assert second != "bytes=0-"


def test_the_next_run_goes_on_where_the_last_one_stopped(site: Site, run: Run) -> None:
    part = run.out / "some" / "x.json.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BODY[:1000])
    assert run(a=one(site, BODY)) == 0
    assert run.files() == {"some/x.json": BODY}
    assert [asked for _, asked in site.seen] == ["bytes=1000-"]


def test_a_part_that_is_already_whole_is_not_asked_for(site: Site, run: Run) -> None:
    part = run.out / "some" / "x.json.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BODY)
    assert run(a=one(site, BODY)) == 0
    assert run.files() == {"some/x.json": BODY}
    assert site.seen == []


@pytest.mark.parametrize("left", [b"other" * 100, b"longer" * 20_000])
def test_a_part_of_another_version_is_started_over(site: Site, run: Run, left: bytes) -> None:
    part = run.out / "some" / "x.json.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    assert run(a=one(site, BODY)) == 0
    assert run.files() == {"some/x.json": BODY}


@pytest.mark.parametrize("answers", [[without_ranges(BODY)], [status(416), BODY], [status(206), BODY]])
def test_a_server_that_cannot_resume_is_asked_for_the_whole(site: Site, run: Run, answers: list[Any]) -> None:
    part = run.out / "some" / "x.json.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BODY[:1000])
    assert run(a=one(site, *answers)) == 0
    assert run.files() == {"some/x.json": BODY}


def test_a_connection_that_is_always_lost_fails_and_keeps_the_part(
    site: Site, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(a=one(site, cut(BODY, 300))) == 1
    assert list(run.files()) == ["some/x.json.part"]
    assert "failed: a: " in (told := capsys.readouterr().err)
    assert "the connection was lost" in told
    assert "run again to go on" in told


@pytest.mark.parametrize("wrong", [BODY[:-1] + b"!", BODY + b"more", BODY[:-1]], ids=["other", "longer", "shorter"])
def test_what_is_not_the_pinned_file_is_refused(
    site: Site, run: Run, wrong: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = run.out / "some" / "x.json"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"earlier")
    assert run(a=one(site, wrong)) == 1
    assert run.files()["some/x.json"] == b"earlier"
    assert "failed: a: " in capsys.readouterr().err
    if len(wrong) >= len(BODY):
        assert list(run.files()) == ["some/x.json"]


def test_a_wrong_digest_says_which(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = BODY[:-1] + b"!"
    assert run(a=one(site, wrong)) == 1
    assert f"refused, since its SHA-256 is {digest(wrong)} instead of {digest(BODY)}" in capsys.readouterr().err
    assert run.files() == {}


def test_a_missing_file_fails_alone(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    good = one(site, BODY)
    bad = source(site, pinned("bad.json", origin="gone.json"))
    assert run(bad=bad, good=good) == 1
    assert run.files() == {"some/x.json": BODY}
    told = capsys.readouterr()
    assert told.err == f"failed: bad: {site.base}/raw/{OLD}/gone.json: 404 Not Found\n"
    assert "1 of 2 sources are in" in told.out


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_server_is_asked_again(site: Site, run: Run, code: int) -> None:
    assert run(a=one(site, status(code), status(code), BODY)) == 0
    assert run.files() == {"some/x.json": BODY}
    assert len(site.seen) == 3


def test_a_broken_server_is_given_up(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(a=one(site, status(500))) == 1
    assert "500 Internal Server Error" in capsys.readouterr().err
    assert len(site.seen) == 5


def test_no_server_at_all(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = source(site, pinned("x"), url="http://127.0.0.1:9/{commit}/{origin}")
    assert run(a=nowhere) == 1
    told = capsys.readouterr().err
    assert "failed: a: http://127.0.0.1:9/" in told
    assert "0x" not in told


def test_a_folder_that_cannot_be_made(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run.out.parent.mkdir(exist_ok=True)
    run.out.write_text("in the way")
    assert run(a=one(site, BODY)) == 1
    assert "failed: a: " in capsys.readouterr().err


def test_at_most_four_at_once(site: Site, run: Run) -> None:
    files = [pinned(f"{number}.json", origin=str(number)) for number in range(12)]
    for file in files:
        site.put(f"/raw/{OLD}/{file.origin}", slow(BODY))
    assert run(a=source(site, *files[:6]), b=source(site, *files[6:])) == 0
    assert len(run.files()) == 12
    assert 1 < site.busiest <= 4


def test_many_failures_of_a_source_are_told_in_short(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(a=source(site, *(pinned(f"{number}") for number in range(5)))) == 1
    told = capsys.readouterr().err
    assert told.count("404 Not Found") == 3
    assert told.endswith("(and 2 more)\n")


def test_ctrl_c_stops(site: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Downloader, "fetch", interrupted)
    assert run(a=one(site, BODY)) == 130


def test_a_stopped_download_keeps_its_part(site: Site, tmp_path: Path) -> None:
    site.put("/x", BODY)
    with quick() as http:
        http.stop.set()
        with pytest.raises(FetchError, match="stopped"):
            http.fetch(Target(f"{site.base}/x", tmp_path / "x", len(BODY), digest(BODY)), lambda _: None)
    assert (tmp_path / "x.part").stat().st_size > 0


@pytest.mark.parametrize("answers", [[BODY], [cut(BODY, 70_000), BODY], [without_ranges(BODY)]])
def test_progress_adds_up(site: Site, tmp_path: Path, answers: list[Any]) -> None:
    site.put("/x", *answers)
    (tmp_path / "x.part").write_bytes(BODY[:500])
    steps: list[int] = []
    with quick() as http:
        target = Target(f"{site.base}/x", tmp_path / "x", len(BODY), digest(BODY))
        assert http.fetch(target, steps.append)
        assert sum(steps) == len(BODY)
        steps.clear()
        assert not http.fetch(target, steps.append)
        assert steps == [len(BODY)]


# Paths and pins ----------------------------------------------------------------------------------------

TRICKS = [
    "",
    "/etc/x",
    "../x",
    "a/../../x",
    "a//x",
    "./x",
    "a/.",
    "c:/x",
    "a\\..\\x",
    "a\0x",
    "a/ /x",
    "a\nb",
    "~/../x",
]


@pytest.mark.parametrize("path", TRICKS)
def test_paths_stay_in_the_folder(site: Site, run: Run, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FetchError, match="plain relative path"):
        inside(run.out, path)
    written = text(Pins(schema_version=1, sources={"a": one(site, BODY)}))
    run.pins_file.write_text(written.replace('"some/x.json"', json.dumps(path)))
    assert run() == 2
    assert "plain relative path" in capsys.readouterr().err
    assert site.seen == []


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_do_not_lead_out(site: Site, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run.out.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (run.out / "some").symlink_to(tmp_path / "elsewhere")
    assert run(a=one(site, BODY)) == 1
    assert "leads out of" in capsys.readouterr().err
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{", "not a pins file"),
        ("{}", "schema_version"),
        ('{"schema_version": 2, "sources": {}}', "schema_version"),
        ('{"schema_version": 1, "sources": {"a": {"kind": "odd"}}}', "sources.a.kind"),
        ('{"schema_version": 1, "sources": {}, "more": 1}', "more"),
    ],
)
def test_a_broken_pins_file_is_told(run: Run, written: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    run.pins_file.write_text(written)
    assert run() == 2
    assert told in capsys.readouterr().err


def test_no_pins_file(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert str(run.pins_file) in capsys.readouterr().err


def test_only_some_sources(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    other = source(site, pinned("other.json", origin="o"))
    assert run(a=one(site, BODY), b=other, only=("a", "a")) == 0
    assert run.files() == {"some/x.json": BODY}
    assert "by/hand" not in capsys.readouterr().out
    assert run(only=("c",)) == 2
    assert "there is no source 'c'; there are a, b" in capsys.readouterr().err


def test_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["fetch", "--out", str(tmp_path), "--only", "portkey", "no-such-source"]) == 2
    assert "there is no source 'no-such-source'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["fetch", "--help"])
    assert {"--out", "--only", "--latest"} <= set(capsys.readouterr().out.split())


def test_the_pins_are_written_as_they_are_read() -> None:
    assert text(load()) == PINS.read_text(encoding="utf-8")


def test_every_file_of_every_source_is_pinned_or_told() -> None:
    pins = load()
    for info in SOURCES:
        paths = [file.path for file in pins.sources[info.id].files] if info.id in pins.sources else []
        for pattern in info.files:
            assert any(Path(path).match(pattern) for path in [*paths, *pins.elsewhere]), pattern


def test_pins_are_of_safe_addresses_and_match_what_they_select() -> None:
    for name, pinned_source in load().sources.items():
        assert pinned_source.url.startswith("https://"), name
        assert len({file.path for file in pinned_source.files}) == len(pinned_source.files), name
        assert bool(pinned_source.commit) == (pinned_source.kind in {"files", "archive"}), name
        assert pinned_source.derived == (pinned_source.kind in {"lists", "archive"}), name
        assert bool(pinned_source.versions) == (pinned_source.kind == "lists"), name


def test_the_pins_are_the_snapshots(sources: Path) -> None:
    """But for sources whose snapshots are newer than the dataset."""
    moved = moved_sources(sources, DATA / MANIFEST) if (DATA / MANIFEST).is_file() else []
    for name, pinned_source in load().sources.items():
        if name not in moved and (sources / pinned_source.files[0].path).is_file():
            for file in pinned_source.files:
                assert digest((sources / file.path).read_bytes()) == file.sha256, file.path


# What is shown -----------------------------------------------------------------------------------------


def test_bars_on_a_terminal_and_lines_elsewhere() -> None:
    assert isinstance(display(Console(file=io.StringIO())), Lines)
    written = io.StringIO()
    bars = display(Console(file=written, force_terminal=True, width=80))
    assert isinstance(bars, Bars)
    with bars:
        bars.begin("portkey", 100)
        bars.advance("portkey", 100)
        bars.begin("archive", None)
        bars.say("[portkey]: done")
    assert "[portkey]: done" in written.getvalue()
    assert "archive" in written.getvalue()
