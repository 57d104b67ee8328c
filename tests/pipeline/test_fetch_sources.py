"""Fetching whole sources: files that are made from others, what moves, and what is newest."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from pipeline.fetch import derive
from pipeline.fetch.pins import FetchError, Source, Version
from tests.pipeline.fetch_site import NEW, OLD, Answer, Handler, Run, Site, cut, digest, pinned, serve, source, status


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serve(monkeypatch) as made:
        yield made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


# Made files --------------------------------------------------------------------------------------------


def answer_of(*models: str, key: str = "data", **more: Any) -> bytes:
    return json.dumps({key: [{"id": model, "description": "words", **more} for model in models]}).encode()


LISTS = [answer_of("x", "y"), answer_of("x", "y", "z"), answer_of("z", "x", size=2)]
DAYS = ["2026-01-01", "2026-01-02", "2026-01-05"]
LINES = (
    b'{"first_seen":"2026-01-01","id":"x","last_seen":"2026-01-05","record":{"id":"x","size":2}}\n'
    b'{"first_seen":"2026-01-01","id":"y","last_seen":"2026-01-02","record":{"id":"y"}}\n'
    b'{"first_seen":"2026-01-02","id":"z","last_seen":"2026-01-05","record":{"id":"z","size":2}}\n'
)


CHANGES = (
    b'{"changed":{"size":[null,2]},"id":"z","seen_on":"2026-01-05"}\n'
    b'{"changed":{"size":[null,2]},"id":"x","seen_on":"2026-01-05"}\n'
)


def listed(site: Site, made: bytes = LINES, **more: Any) -> Source:
    """A list with three versions, each at a commit of its own."""
    versions = []
    for number, (day, answer) in enumerate(zip(DAYS, LISTS, strict=True)):
        commit = f"{number}" * 40
        site.put(f"/raw/{commit}/lists/v.json", answer)
        versions.append(Version(commit=commit, date=day, bytes=len(answer), sha256=digest(answer)))
    files = [
        pinned("lists/v.jsonl", made, origin="lists/v.json", without=["description"]),
        pinned("lists/v-changes.jsonl", CHANGES, origin="lists/v.json", compare=["size"]),
    ]
    return source(site, *files, kind="lists", commit="", derived=True, versions={"lists/v.json": versions}, **more)


def test_a_list_is_made_from_its_versions(site: Site, run: Run) -> None:
    assert run(a=listed(site)) == 0
    assert run.files() == {"lists/v.jsonl": LINES, "lists/v-changes.jsonl": CHANGES}
    asked = len(site.seen)
    assert run() == 0
    assert len(site.seen) == asked == 3
    (run.out / "lists" / "v.jsonl").unlink()
    assert run() == 0
    assert len(site.seen) == asked
    assert run.files() == {"lists/v.jsonl": LINES, "lists/v-changes.jsonl": CHANGES}


def test_a_made_file_must_be_the_pinned_one(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(a=listed(site, b"other")) == 1
    assert "lists/v.jsonl: refused as it was made, since it has" in capsys.readouterr().err
    assert run.files() == {}


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"data": [1]}', b'{"data": [{"id": 1}]}', b'{"data": 3}'])
def test_what_is_no_list_of_models(answer: bytes) -> None:
    with pytest.raises(FetchError, match="not a list of models"):
        derive.listing([("2026-01-01", answer)], ())


def test_lists_may_call_things_otherwise() -> None:
    assert derive.listing([("d", b'{"models": [{"name": "n"}]}')], ()) == (
        b'{"first_seen":"d","id":"n","last_seen":"d","record":{"name":"n"}}\n'
    )


def packed(files: dict[str, str], links: dict[str, str]) -> bytes:
    """An archive as GitHub packs a repository."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, written in files.items():
            member = tarfile.TarInfo(f"repo-{OLD}/{name}")
            member.size = len(written.encode())
            tar.addfile(member, io.BytesIO(written.encode()))
        for name, target in links.items():
            member = tarfile.TarInfo(f"repo-{OLD}/{name}")
            member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member)
    return made.getvalue()


TOML = {
    "models/maker/one.toml": 'name = "One\u2019s"\n[limit]\ncontext = 1_000\n',
    "providers/p/provider.toml": 'name = "P"\n',
    "providers/p/models/maker/1.toml": 'base_model = "maker/one"\n',
    "providers/p/models/own.toml": 'name = "own"\n',
    "README.md": "not TOML",
}
SYMLINKS = {
    "providers/q/models/1.toml": "../../p/models/maker/1.toml",
    "providers/q/models/nowhere.toml": "../../../../etc/passwd.toml",
    "providers/q/models/round.toml": "round.toml",
}
MODELS = b'{"maker/one":{"limit":{"context":1000},"name":"One\\u2019s"}}'
LINKED = b'{"p":{"maker/1":"maker/one"},"q":{"1":"maker/one"}}'


def archived(site: Site, **more: Any) -> Source:
    site.put(f"/tar/{OLD}", packed(TOML, SYMLINKS))
    files = [pinned("md/models.json", MODELS, origin="models"), pinned("md/base.json", LINKED, origin="providers")]
    return source(site, *files, kind="archive", url=site.base + "/tar/{commit}", derived=True, **more)


def test_files_are_made_from_an_archive(site: Site, run: Run) -> None:
    assert run(a=archived(site)) == 0
    assert run.files() == {"md/models.json": MODELS, "md/base.json": LINKED}
    assert run() == 0
    assert len(site.seen) == 1
    assert list((run.out / ".downloads").iterdir()) == []


@pytest.mark.parametrize(
    ("archive", "told"),
    [
        (b"no archive", "not a readable archive"),
        (packed({}, {}), "nothing in models/"),
        (packed({"models/x.toml": "= 3"}, {}), "models/x.toml: "),
    ],
    ids=["not an archive", "empty", "not TOML"],
)
def test_archives_that_do_not_serve(
    site: Site, run: Run, archive: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = archived(site)
    site.put(f"/tar/{OLD}", archive)
    assert run(a=made) == 1
    assert told in capsys.readouterr().err
    assert run.files() == {}


# What moves, and the newest ----------------------------------------------------------------------------

API = b'{"p": {"models": {}}}'


def moving(site: Site, now: bytes = API) -> Source:
    site.put("/api.json", now)
    return source(site, pinned("md/api.json", API), kind="moving", commit="", url=site.base + "/api.json")


def test_what_moves_is_fetched_once_and_told_when_it_has_moved(
    site: Site, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(a=moving(site)) == 0
    assert "not the answer" not in capsys.readouterr().out
    site.put("/api.json", b'{"q": {}}')
    assert run() == 0
    assert run.files() == {"md/api.json": API}
    (run.out / "md" / "api.json").unlink()
    assert run() == 0
    assert "not the answer of 2026-01-01 that the dataset was built from" in capsys.readouterr().out
    assert run.files() == {"md/api.json": b'{"q": {}}'}
    assert run.pinned("a").files[0].sha256 == digest(API)


@pytest.mark.parametrize("now", [b"<html>", b"[]", b"{}", b""])
def test_an_answer_that_is_no_catalogue_does_not_replace_one(site: Site, run: Run, now: bytes) -> None:
    assert run(a=moving(site)) == 0
    site.put("/api.json", now)
    assert run(latest=True) == 1
    assert run.files() == {"md/api.json": API}


def test_a_cut_off_answer_of_unknown_size_is_fetched_anew(site: Site, run: Run) -> None:
    big = json.dumps({"p": "x" * 100_000}).encode()
    made = moving(site, big)
    site.put("/api.json", cut(big, 70_000), big)
    assert run(a=made) == 0
    assert run.files() == {"md/api.json": big}
    assert [asked for _, asked in site.seen] == [None, None]


def test_latest_pins_what_moved(site: Site, run: Run) -> None:
    assert run(a=moving(site)) == 0
    site.put("/api.json", b'{"q": {}}')
    assert run(latest=True) == 0
    assert run.files() == {"md/api.json": b'{"q": {}}'}
    assert run.pinned("a").files[0].sha256 == digest(b'{"q": {}}')
    assert run.pinned("a").date > "2026-01-01"


def newest(site: Site, commit: str, day: str, path: str = "") -> None:
    answer = [{"sha": commit, "commit": {"author": {"date": f"{day}T01:02:03Z"}}}]
    narrowed = f"&path={path}" if path else ""
    site.put(f"/api/commits?per_page=1{narrowed}", json.dumps(answer).encode())


def tree(site: Site, files: dict[str, bytes], **more: Any) -> None:
    entries: list[dict[str, Any]] = [{"path": "in", "type": "tree", "sha": "0"}]
    for path, body in files.items():
        git_id = sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
        entries.append({"path": path, "type": "blob", "sha": git_id, "size": len(body)})
        site.put(f"/raw/{NEW}/{path}", body)
    answer = {"tree": entries, "truncated": False, **more}
    site.put(f"/api/git/trees/{NEW}?recursive=1", json.dumps(answer).encode())


def copied(site: Site) -> Source:
    site.put(f"/raw/{OLD}/in/one.json", b"1")
    site.put(f"/raw/{OLD}/in/two.json", b"2")
    files = [pinned("to/one.json", b"1", origin="in/one.json"), pinned("to/two.json", b"2", origin="in/two.json")]
    return source(site, *files, select={"in/*.json": "to", "single.json": "to/the-single.json"})


def test_latest_follows_the_repository(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(a=copied(site)) == 0
    newest(site, NEW, "2026-03-04")
    tree(site, {"in/one.json": b"1", "in/three.json": b"3", "in/deep/x.json": b"", "in/x.md": b"", "single.json": b"s"})
    site.seen.clear()
    assert run(latest=True) == 0
    assert run.files() == {"to/one.json": b"1", "to/three.json": b"3", "to/the-single.json": b"s"}
    assert f"/raw/{NEW}/in/one.json" not in {path for path, _ in site.seen}
    assert "removed, since upstream no longer has them: 1" in capsys.readouterr().out
    made = run.pinned("a")
    assert (made.commit, made.date) == (NEW, "2026-03-04")
    assert [(file.path, file.origin, file.sha256) for file in made.files] == [
        ("to/one.json", "in/one.json", digest(b"1")),
        ("to/the-single.json", "single.json", digest(b"s")),
        ("to/three.json", "in/three.json", digest(b"3")),
    ]
    assert run() == 0


def test_latest_changes_nothing_when_nothing_is_new(site: Site, run: Run) -> None:
    newest(site, OLD, "2026-01-01")
    assert run(a=copied(site), latest=True) == 0
    before = run.pins_file.read_bytes()
    assert run(latest=True) == 0
    assert run.pins_file.read_bytes() == before


def test_latest_leaves_the_pins_of_what_failed(site: Site, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    site.put(f"/tar/{NEW}", packed(TOML, SYMLINKS))
    newest(site, NEW, "2026-03-04")
    tree(site, {"in/one.json": b"1", "single.json": b"s"})
    site.put(f"/raw/{NEW}/single.json", b"t")
    assert run(a=copied(site), b=archived(site), latest=True) == 1
    assert "its git id is" in capsys.readouterr().err
    assert run.pinned("a").commit == OLD
    assert run.pinned("b").commit == NEW
    assert [file.sha256 for file in run.pinned("b").files] == [digest(MODELS), digest(LINKED)]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"truncated": True}, "is cut short"),
        ({"tree": []}, "matches in/*.json"),
        ({"tree": None}, "not a list of files"),
        ({"tree": [{"path": "in/..\\x.json", "type": "blob", "sha": "0", "size": 0}]}, "plain relative path"),
    ],
)
def test_file_lists_that_do_not_serve(
    site: Site, run: Run, more: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    newest(site, NEW, "2026-03-04")
    tree(site, {}, **more)
    assert run(a=copied(site), latest=True) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"[]", "no commit has anything"),
        (b'{"a": 1}', "not a list of commits"),
        (b"<", "Expecting value"),
        (status(403, {"X-RateLimit-Remaining": "0"}), "set GITHUB_TOKEN, or wait an hour"),
    ],
)
def test_commits_that_do_not_serve(
    site: Site, run: Run, answer: Answer | bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.put("/api/commits?per_page=1", answer)
    assert run(a=copied(site), latest=True) == 1
    assert told in capsys.readouterr().err


def test_latest_adds_a_version_to_a_list_and_drops_those_that_no_longer_matter(site: Site, run: Run) -> None:
    made = listed(site)
    newest(site, NEW, "2026-02-01", "lists/v.json")
    site.put(f"/raw/{NEW}/lists/v.json", answer_of("x", "z"))
    assert run(a=made, latest=True) == 0
    rows = [json.loads(line) for line in run.files()["lists/v.jsonl"].splitlines()]
    assert {row["id"]: (row["first_seen"], row["last_seen"]) for row in rows} == {
        "x": ("2026-01-01", "2026-02-01"),
        "y": ("2026-01-01", "2026-01-02"),
        "z": ("2026-01-02", "2026-02-01"),
    }
    (versions,) = run.pinned("a").versions.values()
    assert [version.date for version in versions] == [*DAYS, "2026-02-01"]
    assert run.pinned("a").date == "2026-02-01"
    before = run.files(), run.pins_file.read_bytes()
    assert run(latest=True) == 0
    assert run() == 0
    assert (run.files(), run.pins_file.read_bytes()) == before
    for letter, day in (("c", "2026-02-02"), ("d", "2026-02-03")):
        newest(site, letter * 40, day, "lists/v.json")
        site.put(f"/raw/{letter * 40}/lists/v.json", answer_of("x", "z"))
        assert run(latest=True) == 0
        (versions,) = run.pinned("a").versions.values()
        assert [version.date for version in versions] == [*DAYS, "2026-02-01", day]


def test_a_token_goes_to_nobody_but_github(site: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "made-up")
    sent: list[str | None] = []

    def answer(handler: Handler) -> None:
        sent.append(handler.headers.get("Authorization"))
        handler.reply(404, b"")

    site.put("/api/commits?per_page=1", answer)
    assert run(a=copied(site), latest=True) == 1
    assert sent == [None]
