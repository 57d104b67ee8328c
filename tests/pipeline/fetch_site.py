"""A server on the loopback interface that can misbehave, and the fetch command with pins of a test's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest

from pipeline.fetch.command import fetch
from pipeline.fetch.download import Downloader
from pipeline.fetch.pins import PinnedFile, Pins, Source, load, save

OLD, NEW = "a" * 40, "b" * 40
BODY = bytes(range(256)) * 400  # more than one chunk

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the test has laid out."""

    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def do_GET(self) -> None:
        site = self.site
        with site.lock:
            site.seen.append((self.path, self.headers.get("Range")))
            site.busy += 1
            site.busiest = max(site.busiest, site.busy)
            answers = site.answers.get(self.path, [status(404)])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        try:
            answer(self)
        finally:
            with site.lock:
                site.busy -= 1

    def reply(
        self, code: int, body: bytes, *, stated: int | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if stated is None else stated))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class QuietServer(ThreadingHTTPServer):
    """Says nothing when a client hangs up."""

    def handle_error(self, request: Any, client_address: Any) -> None: ...


class Site:
    """What the server has, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.busy = self.busiest = 0
        self.lock = Lock()
        self.base = ""

    def put(self, path: str, *answers: Answer | bytes) -> None:
        self.answers[path] = [content(answer) if isinstance(answer, bytes) else answer for answer in answers]


def content(body: bytes) -> Answer:
    """A file, whole or from some byte on."""

    def answer(handler: Handler) -> None:
        start = int((handler.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        if start:
            handler.reply(206, body[start:], headers={"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})
        else:
            handler.reply(200, body)

    return answer


def cut(body: bytes, after: int) -> Answer:
    """A file whose connection is lost on the way."""

    def answer(handler: Handler) -> None:
        handler.reply(200, body[:after], stated=len(body))
        handler.close_connection = True

    return answer


def status(code: int, headers: dict[str, str] | None = None) -> Answer:
    return lambda handler: handler.reply(code, b"no", headers=headers)


def without_ranges(body: bytes) -> Answer:
    return lambda handler: handler.reply(200, body)


def slow(body: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        time.sleep(0.02)
        handler.reply(200, body)

    return answer


@contextmanager
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site of its own for one test."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    made = Site()
    server = QuietServer(("127.0.0.1", 0), type("Bound", (Handler,), {"site": made}))
    made.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def pinned(path: str, body: bytes = BODY, **more: Any) -> PinnedFile:
    return PinnedFile(path=path, bytes=len(body), sha256=digest(body), **more)


def source(site: Site, *files: PinnedFile, **more: Any) -> Source:
    settings = {
        "kind": "files", "about": "made up", "licence": "MIT", "date": "2026-01-01", "commit": OLD,
        "url": site.base + "/raw/{commit}/{origin}", "repository": site.base + "/api", **more,
    }  # fmt: skip
    return Source(files=list(files), **settings)


def quick(**more: Any) -> Downloader:
    return Downloader(**{"backoff": 0, "timeout": (2, 2), **more})


class Run:
    """The command with pins of the test's own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "sources"
        self.pins_file = folder / "pins.json"

    def __call__(self, *, only: tuple[str, ...] = (), latest: bool = False, **sources: Source) -> int:
        if sources:
            save(Pins(schema_version=1, sources=sources, elsewhere={"by/hand": "it has no address"}), self.pins_file)
        return fetch(self.out, only=only, latest=latest, pins_file=self.pins_file, downloader=quick)

    def pinned(self, name: str) -> Source:
        return load(self.pins_file).sources[name]

    def files(self) -> dict[str, bytes]:
        """What lies in the folder, but for what other files were made from."""
        found = {path.relative_to(self.out).as_posix(): path for path in self.out.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".downloads/")}
