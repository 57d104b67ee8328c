"""Fetch a file from a server that may do anything: within a time, a size and a number of redirects, or not at all."""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic
from urllib.parse import urljoin, urlsplit, urlunsplit

from .errors import RefreshError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from socket import socket
    from types import TracebackType

    import requests
    from typing_extensions import Self

__all__ = ["Downloads", "required"]

_MOST_REDIRECTS = 5
_BLOCK = 64 * 1024
_SILENCE = 20.0
"""Seconds without a single byte after which a server counts as gone, whatever the time for the whole allows."""


def required(module: str, extra: str = "refresh") -> object:
    """Import a library of an extra; raises ``RefreshError`` that says how to install it."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise RefreshError(f"this needs the package {package}: pip install 'modelmeta[{extra}]'") from None


def is_loopback(url: str) -> bool:
    """Whether ``url`` names this machine itself."""
    from ipaddress import ip_address

    try:
        host = urlsplit(url).hostname or ""
        if host == "localhost":
            return True
        return ip_address(host).is_loopback
    except ValueError:
        return False


def shown(url: str) -> str:
    """``url`` without a user name and password, for messages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:80]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class Downloads:
    """One visit to a server. After ``seconds`` every connection is cut, in whatever state it is.

    The time limits of HTTP libraries are for a single read: a server that sends a byte now and then never reaches
    them. So a timer shuts the sockets down, which ends any read.
    """

    def __init__(self, seconds: float) -> None:
        required("requests")
        self.seconds = seconds
        self.deadline = monotonic() + seconds
        self._sockets: list[socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._expired = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._session = _session(self._watch)
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._session.close()
        for open_socket in self._sockets:
            open_socket.close()

    def _watch(self, connected: socket) -> None:
        with self._lock:
            self._sockets.append(connected.dup())
            if self._expired:
                self._shut()

    def _cut(self) -> None:
        with self._lock:
            self._expired = True
            self._shut()

    def _shut(self) -> None:
        from socket import SHUT_RDWR

        for open_socket in self._sockets:
            with suppress(OSError):
                open_socket.shutdown(SHUT_RDWR)

    def _failed(self, url: str, error: Exception) -> RefreshError:
        if self._expired or monotonic() >= self.deadline:
            return RefreshError(f"{shown(url)}: not done within {self.seconds:g} seconds")
        return RefreshError(f"{shown(url)}: {_reason(error)}")

    def get(self, url: str, headers: dict[str, str] | None = None) -> tuple[requests.Response, str]:
        """The answer to a GET, 200 or (when ``headers`` are given) 304, and the address that gave it in the end."""
        from requests.exceptions import RequestException

        local = is_loopback(url)
        for _ in range(_MOST_REDIRECTS + 1):
            _check_address(url, local)
            left = self.deadline - monotonic()
            if left <= 0:
                raise RefreshError(f"{shown(url)}: not done within {self.seconds:g} seconds")
            self._session.trust_env = not local
            try:
                response = self._session.get(
                    url,
                    headers={**_HEADERS, **(headers or {})},
                    stream=True,
                    allow_redirects=False,
                    timeout=min(left, _SILENCE),
                )
            except (RequestException, OSError, ValueError) as error:
                raise self._failed(url, error) from None
            if response.status_code not in {301, 302, 303, 307, 308}:
                _check_answer(response, url, conditional=headers is not None)
                return response, url
            target = response.headers.get("Location")
            response.close()
            if not target:
                raise RefreshError(f"{shown(url)}: redirects to nowhere")
            url = _joined(url, target)
        raise RefreshError(f"{shown(url)}: more than {_MOST_REDIRECTS} redirects")

    def body(self, response: requests.Response, url: str, most: int) -> Iterator[bytes]:
        """The body as it was sent; raises ``RefreshError`` if it is longer than ``most`` bytes or is cut off."""
        from urllib3.exceptions import HTTPError

        stated = response.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated[:20]) > most:
            raise RefreshError(f"{shown(url)}: {int(stated[:20]):,} bytes are more than the {most:,} allowed")
        length = 0
        while True:
            try:
                block: bytes = response.raw.read(_BLOCK, decode_content=False)
            except (HTTPError, OSError, ValueError) as error:
                raise self._failed(url, error) from None
            if self._expired:
                raise self._failed(url, TimeoutError())
            if not block:
                break
            length += len(block)
            if length > most:
                raise RefreshError(f"{shown(url)}: more than the {most:,} bytes allowed")
            yield block
        if stated.isdigit() and int(stated[:20]) != length:
            raise RefreshError(f"{shown(url)}: cut off after {length:,} of {stated[:20]} bytes")


def _headers() -> dict[str, str]:
    from . import __version__

    # A body is taken as it is: a compressed answer would be a second size to limit.
    return {"Accept-Encoding": "identity", "User-Agent": f"modelmeta/{__version__}"}


_HEADERS = _headers()


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        raise RefreshError(f"{shown(url)}: redirects to {target[:80]!r}, which is no address") from None


def _check_address(url: str, local: bool) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise RefreshError(f"{url[:80]!r} is no address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise RefreshError(f"{shown(url)[:200]!r} is no https address")
    if is_loopback(url):
        if not local:
            raise RefreshError(f"{shown(url)}: a redirect into this machine is not followed")
    elif parts.scheme != "https":
        raise RefreshError(f"{shown(url)}: only https is used, except on this machine itself")


def _check_answer(response: requests.Response, url: str, *, conditional: bool) -> None:
    status = response.status_code
    if status == 200:
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding.lower() not in {"identity", ""}:
            response.close()
            raise RefreshError(f"{shown(url)}: sent as {encoding[:40]!r}, which was not asked for")
    elif not (status == 304 and conditional):
        response.close()
        raise RefreshError(f"{shown(url)}: the server answered {status} {(response.reason or '')[:80]}".rstrip())


def _reason(error: Exception) -> str:
    """The innermost cause in one line: what a library wraps around it says little."""
    seen = 0
    inner: BaseException = error
    while seen < 8:
        cause = getattr(inner, "reason", None) or inner.__cause__ or (inner.args[0] if inner.args else None)
        if not isinstance(cause, BaseException):
            break
        inner = cause
        seen += 1
    text = str(inner).partition("\n")[0].partition(">: ")
    return (text[2] or text[0] or type(inner).__name__)[:200]


def _session(watch: Callable[[socket], None]) -> requests.Session:
    """A session whose every connection is shown to ``watch``."""
    from typing import Any

    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket:
            connected = super()._new_conn()
            watch(connected)
            return connected

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket:
            connected = super()._new_conn()
            watch(connected)
            return connected

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain  # pyright: ignore[reportAssignmentType]

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure  # pyright: ignore[reportAssignmentType]

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            manager = super().proxy_manager_for(*args, **options)
            manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
            return manager

    session = requests.Session()
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    return session
