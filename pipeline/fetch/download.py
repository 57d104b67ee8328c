"""Downloads that resume, and that arrive whole and right or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from typing_extensions import Self
from urllib3.util.retry import Retry

from .pins import FetchError

PARALLEL = 4
CHUNK = 1 << 16
LARGEST = 256 << 20
"""Nothing that is fetched without a pinned size comes near this."""

Advance = Callable[[int], None]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return _hash(path, hashlib.sha256())


def git_id_of(path: Path) -> str:
    """The id that git gives a file's bytes."""
    head = b"blob %d\0" % path.stat().st_size
    return _hash(path, hashlib.sha1(head, usedforsecurity=False))


def _hash(path: Path, state: Any) -> str:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            state.update(chunk)
    return str(state.hexdigest())


@dataclass(frozen=True, slots=True)
class Target:
    """A file to have: where from, where to, and by what it is known to be right."""

    url: str
    path: Path
    bytes: int | None = None
    sha256: str | None = None
    git_id: str | None = None

    @property
    def pinned(self) -> bool:
        """Whether its content is known before it is fetched: then it can be resumed, and skipped."""
        return bool(self.sha256 or self.git_id)

    def is_there(self) -> bool:
        """Whether the right file is already in its place."""
        return self.pinned and self.path.is_file() and not self.wrong(self.path)

    def wrong(self, path: Path) -> str:
        """What is wrong with a file, or nothing."""
        size = path.stat().st_size
        if self.bytes is not None and size != self.bytes:
            return f"it has {size:,} bytes instead of {self.bytes:,}"
        for name, wanted, digest in (("SHA-256", self.sha256, sha256_of), ("git id", self.git_id, git_id_of)):
            if wanted and (found := digest(path)) != wanted:
                return f"its {name} is {found} instead of {wanted}"
        return ""


class Downloader:
    """One session for all downloads. Answers 429 and 5xx and lost connections are tried again, later each time."""

    def __init__(
        self,
        *,
        tries: int = 5,
        backoff: float = 0.5,
        timeout: tuple[float, float] = (10, 60),
        stop: Event | None = None,
    ) -> None:
        self.stop = stop or Event()
        self._tries = tries
        self._backoff = backoff
        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "modelmeta-pipeline"
        self._session.headers["Accept-Encoding"] = "identity"  # a part of a compressed answer could not be resumed
        retry = Retry(
            total=tries - 1,
            backoff_factor=backoff,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods={"GET"},
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry, pool_maxsize=PARALLEL))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def json(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """A small answer, as JSON."""
        try:
            with self._session.get(url, headers=headers, timeout=self._timeout) as response:
                _check_status(response, url)
                return response.json()
        except requests.RequestException as error:
            raise FetchError(f"{url}: {_plain(error)}") from error

    def fetch(self, target: Target, advance: Advance) -> bool:
        """Have a file in its place; says whether it had to be downloaded."""
        try:
            if target.is_there():
                advance(target.path.stat().st_size)
                return False
            target.path.parent.mkdir(parents=True, exist_ok=True)
            part = target.path.with_name(f"{target.path.name}.part")
            left_over = part.is_file()
            self._receive_all(target, part, advance)
            problem = target.wrong(part)
            if problem and left_over:  # perhaps of another version
                self._drop(part, advance)
                self._receive_all(target, part, advance)
                problem = target.wrong(part)
            if problem:
                self._drop(part, advance)
                raise FetchError(f"{target.url}: refused, since {problem}")
            part.replace(target.path)
        except OSError as error:
            raise FetchError(f"{target.path}: {error.strerror or error}") from error
        return True

    def _receive_all(self, target: Target, part: Path, advance: Advance) -> None:
        """Receive a part file whole, in as many goes as it takes."""
        if part.is_file():
            advance(part.stat().st_size)
        problem = "not tried"
        for go in range(self._tries):
            if go:
                self.stop.wait(self._backoff * 2 ** (go - 1))
            problem = self._receive(target, part, advance)
            if not problem:
                return
        raise FetchError(f"{target.url}: {problem}; run again to go on where it stopped")

    def _receive(self, target: Target, part: Path, advance: Advance) -> str:
        """Receive what a part file still lacks; says why it stopped short, if it did."""
        if part.is_file() and not target.pinned:  # another answer may not fit what is there
            self._drop(part, advance)
        start = part.stat().st_size if part.is_file() else 0
        if target.bytes is not None and start >= target.bytes > 0:
            return ""
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            response = self._session.get(target.url, headers=headers, timeout=self._timeout, stream=True)
        except requests.RequestException as error:
            raise FetchError(f"{target.url}: {_plain(error)}") from error
        with response:
            if start and not _continues(response, start):
                self._drop(part, advance)
                if response.status_code != requests.codes.ok:
                    return f"it cannot be resumed ({response.status_code} {response.reason})"
                start = 0
            _check_status(response, target.url)
            whole = start + int(response.headers.get("Content-Length", 0)) if target.bytes is None else target.bytes
            problem = self._write(response, part, advance, limit=LARGEST if target.bytes is None else target.bytes)
        return problem or ("it ended too early" if part.stat().st_size < whole else "")

    def _write(self, response: requests.Response, part: Path, advance: Advance, *, limit: int) -> str:
        with part.open("ab") as file:
            try:
                for chunk in response.iter_content(CHUNK):
                    file.write(chunk)
                    advance(len(chunk))
                    if file.tell() > limit:
                        break
                    if self.stop.is_set():
                        raise FetchError(f"{response.url}: stopped")
            except requests.RequestException as error:
                return f"the connection was lost ({_plain(error)})"
        if part.stat().st_size > limit:
            self._drop(part, advance)
            raise FetchError(f"{response.url}: refused, since it has more than {limit:,} bytes")
        return ""

    @staticmethod
    def _drop(part: Path, advance: Advance) -> None:
        advance(-part.stat().st_size)
        part.unlink()


def _continues(response: requests.Response, start: int) -> bool:
    """Whether an answer is the rest of a file from there on."""
    stated = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return response.status_code == requests.codes.partial_content and stated is not None and int(stated[1]) == start


def _check_status(response: requests.Response, url: str) -> None:
    if not response.ok:
        hint = ""
        if response.headers.get("X-RateLimit-Remaining") == "0":
            hint = "; the limit for callers without a token is used up: set GITHUB_TOKEN, or wait an hour"
        raise FetchError(f"{url}: {response.status_code} {response.reason}{hint}")


def _plain(error: Exception) -> str:
    """The innermost reason, without the addresses of objects."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    words = str(reason or error) or type(error).__name__
    return re.sub(r"<[^>]*object at 0x[0-9a-f]+>:? ?|^\w+\([^)]*\): ", "", words)
