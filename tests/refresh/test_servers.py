"""Servers that misbehave: slow, cut off, redirecting, lying about lengths and digests."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests

from modelmeta import Catalog, DatasetError, _download, refresh
from tests.misbehaving_server import Server, in_use, send

OLD, NEW = "2099.01.01", "2099.01.02"
BUNDLED = Catalog.bundled().dataset_info().version


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DatasetError) as caught:
        call()
    return str(caught.value)


# A server that misbehaves -------------------------------------------------------------------------------------


def garbage(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)
    server.answers["/latest.json"] = b"<html>\xff</html>"
    return "not the JSON that names a dataset"


def deep(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)
    server.answers["/latest.json"] = b"[" * 60_000
    return "not the JSON that names a dataset"


def long_pointer(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, padding="x" * 70_000)
    return "more than the 65,536 allowed"


def no_such_file(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers.pop("/latest.json", None)
    return "the server answered 404"


def no_archive(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, url="other.zip")
    return "other.zip: the server answered 404"


def broken_server(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)
    server.answers["/latest.json"] = lambda handler: send(handler, b"oh", status=500)
    return "the server answered 500"


def unasked_304(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)
    server.answers[f"/{NEW}.zip"] = lambda handler: send(handler, b"", status=304)
    return "the server answered 304"


def wrong_digest(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, sha256="0" * 64)
    return "its SHA-256 is not the one"


def shorter(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, bytes=len(archives[NEW]) + 1)
    return "bytes came instead of"


def longer(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, bytes=len(archives[NEW]) - 1)
    return "are more than the"


def too_large(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, bytes=10**12)
    return "1,000,000,000,000 bytes are more than the 67,108,864 allowed"


def endless(server: Server, archives: dict[str, bytes]) -> str:
    """No length, and no end."""
    server.publish(archives[NEW], NEW)

    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while not server.done.is_set():
            handler.wfile.write(b"x" * 65536)

    server.answers[f"/{NEW}.zip"] = pour
    return "bytes allowed"


def cut_off(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)

    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(archives[NEW])))
        handler.end_headers()
        handler.wfile.write(archives[NEW][:1000])
        handler.close_connection = True

    server.answers[f"/{NEW}.zip"] = half
    return f"{NEW}.zip: "


def cut_off_chunk(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)

    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"ffff\r\nabc")
        handler.close_connection = True

    server.answers[f"/{NEW}.zip"] = half
    return f"{NEW}.zip: "


def hung_up(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers["/latest.json"] = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    return "latest.json: "


def redirect_loop(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers["/latest.json"] = lambda handler: send(
        handler, b"", status=302, headers={"Location": "/latest.json"}
    )
    return "more than 5 redirects"


def redirect_to_plain_http(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers["/latest.json"] = lambda handler: send(
        handler, b"", status=301, headers={"Location": "http://example.org/x"}
    )
    return "http://example.org/x: only https is used"


def redirect_to_a_file(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers["/latest.json"] = lambda handler: send(
        handler, b"", status=307, headers={"Location": "file:///etc/passwd"}
    )
    return "is no https address"


def redirect_to_nowhere(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers["/latest.json"] = lambda handler: send(handler, b"", status=302)
    return "redirects to nowhere"


def redirect_to_nonsense(server: Server, archives: dict[str, bytes]) -> str:
    del archives
    server.answers["/latest.json"] = lambda handler: send(handler, b"", status=302, headers={"Location": "http://["})
    return "Invalid IPv6 URL"


def compressed(server: Server, archives: dict[str, bytes]) -> str:
    """A gzip bomb would unpack to any size: what was not asked for is not unpacked."""
    import gzip

    server.publish(archives[NEW], NEW)
    bomb = gzip.compress(b"0" * 10_000_000)
    server.answers[f"/{NEW}.zip"] = lambda handler: send(handler, bomb, headers={"Content-Encoding": "gzip"})
    return "sent as 'gzip', which was not asked for"


def future_schema(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, schema_version=2, bytes="many")
    return "offers a dataset of schema version 2; this modelmeta reads 1: upgrade it"


def past_schema(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, schema_version=0)
    return "schema version 0"


def no_version(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], "../../etc/9")
    return "is no version of a dataset"


def wrong_types(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW, bytes=True)
    return "bytes: Input should be a valid integer"


def a_list(server: Server, archives: dict[str, bytes]) -> str:
    server.publish(archives[NEW], NEW)
    server.answers["/latest.json"] = b"[1]"
    return "latest.json: "


MISDEEDS = [
    garbage, deep, long_pointer, no_such_file, no_archive, broken_server, unasked_304, wrong_digest, shorter, longer,
    too_large, endless, cut_off, cut_off_chunk, hung_up, redirect_loop, redirect_to_plain_http, redirect_to_a_file,
    redirect_to_nowhere, redirect_to_nonsense, compressed, future_schema, past_schema, no_version, wrong_types, a_list,
]  # fmt: skip


@pytest.mark.parametrize("misdeed", MISDEEDS, ids=lambda misdeed: misdeed.__name__)
def test_a_server_that_misbehaves_changes_nothing(
    server: Server,
    cache: Path,
    archives: dict[str, bytes],
    misdeed: Callable[[Server, dict[str, bytes]], str],
) -> None:
    server.publish(archives[OLD], OLD)
    assert refresh(server.latest).updated
    before = sorted(path.name for path in cache.rglob("*"))
    told = misdeed(server, archives)
    assert told in refused(lambda: refresh(server.latest, timeout=20))
    assert in_use() == OLD
    assert sorted(path.name for path in cache.rglob("*")) == before


def drip_body(handler: BaseHTTPRequestHandler, done: threading.Event) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "60000")
    handler.end_headers()
    while not done.wait(0.05):
        handler.wfile.write(b"x")


def drip_headers(handler: BaseHTTPRequestHandler, done: threading.Event) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not done.wait(0.05):
        handler.wfile.write(b"x")


def say_nothing(handler: BaseHTTPRequestHandler, done: threading.Event) -> None:
    del handler
    done.wait(20)


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("slow", [drip_body, drip_headers, say_nothing], ids=lambda slow: slow.__name__)
@pytest.mark.parametrize("file", ["latest.json", f"{NEW}.zip"])
def test_a_slow_server_is_left_in_time(
    server: Server,
    archives: dict[str, bytes],
    slow: Callable[[BaseHTTPRequestHandler, threading.Event], None],
    file: str,
) -> None:
    server.publish(archives[NEW], NEW, bytes=2_000_000)
    server.answers[f"/{file}"] = lambda handler: slow(handler, server.done)
    start = time.monotonic()
    message = refused(lambda: refresh(server.latest, timeout=0.7))
    assert "not done within" in message
    assert time.monotonic() - start < 5
    assert in_use() == BUNDLED


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://example.org/latest.json", "only https is used"),
        ("ftp://example.org/latest.json", "is no https address"),
        ("file:///latest.json", "is no https address"),
        ("latest.json", "is no https address"),
        ("https://", "is no https address"),
        ("http://[::1", "no address"),
        ("http://127.0.0.1:1/", "Connection refused"),
        ("https://user:secret@127.0.0.1:1/", "https://127.0.0.1:1/"),
    ],
)
def test_an_address_that_is_not_used(url: str, told: str) -> None:
    message = refused(lambda: refresh(url, timeout=5))
    assert "secret" not in message
    if told != "Connection refused" or os.name != "nt":
        assert told in message


@pytest.mark.usefixtures("cache")
def test_a_redirect_is_followed_and_the_archive_is_named_from_where_it_started(
    server: Server, archives: dict[str, bytes]
) -> None:
    server.publish(archives[NEW], NEW)
    server.answers["/elsewhere/latest.json"] = server.answers["/latest.json"]
    server.answers["/latest.json"] = lambda handler: send(
        handler, b"", status=302, headers={"Location": "/elsewhere/latest.json"}
    )
    assert refresh(server.latest).updated


# The same over TLS --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A certificate for 127.0.0.1 with its key, signed by itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    private = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(form))
    return str(path)


@pytest.fixture
def secure(certificate: str) -> Iterator[Server]:
    started = Server(certificate)
    yield started
    started.close()


@pytest.fixture
def _trusted(certificate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = _download._session

    def session(watch: Callable[[socket.socket], None]) -> requests.Session:
        made = real(watch)
        made.verify = certificate
        return made

    monkeypatch.setattr(_download, "_session", session)


@pytest.mark.usefixtures("cache", "_trusted")
def test_a_dataset_comes_over_tls(secure: Server, archives: dict[str, bytes]) -> None:
    secure.publish(archives[NEW], NEW)
    assert secure.latest.startswith("https://")
    assert refresh(secure.latest).updated


@pytest.mark.usefixtures("cache")
def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Server, archives: dict[str, bytes]) -> None:
    secure.publish(archives[NEW], NEW)
    assert "certificate" in refused(lambda: refresh(secure.latest))
    assert secure.asked() == []


@pytest.mark.usefixtures("cache", "_trusted")
@pytest.mark.parametrize("slow", [drip_body, drip_headers, say_nothing], ids=lambda slow: slow.__name__)
def test_a_slow_server_is_left_in_time_over_tls(
    secure: Server, archives: dict[str, bytes], slow: Callable[[BaseHTTPRequestHandler, threading.Event], None]
) -> None:
    secure.publish(archives[NEW], NEW, bytes=2_000_000)
    secure.answers[f"/{NEW}.zip"] = lambda handler: slow(handler, secure.done)
    start = time.monotonic()
    assert "not done within" in refused(lambda: refresh(secure.latest, timeout=1.0))
    assert time.monotonic() - start < 5


@pytest.mark.usefixtures("cache")
def test_a_server_that_never_shakes_hands_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/latest.json"
        assert "not done within" in refused(lambda: refresh(url, timeout=0.7))
        assert time.monotonic() - start < 5
