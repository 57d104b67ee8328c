"""A real HTTP server on loopback that answers as it is told: well, badly, slowly or not at all."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from modelmeta import active

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """``answers`` maps paths to bytes (sent with 200) or to a function that does the answering."""

    def __init__(self, certificate: str | None = None) -> None:
        self.scheme = "http" if certificate is None else "https"
        self.answers: dict[str, bytes | Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.done = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                answer = server.answers.get(self.path)
                try:
                    if answer is None:
                        send(self, b"nothing here", status=404)
                    elif isinstance(answer, bytes):
                        send(self, answer)
                    else:
                        answer(self)
                except OSError:
                    self.close_connection = True  # the client has gone

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.http.server_address[1]}"

    @property
    def latest(self) -> str:
        return f"{self.url}/latest.json"

    def publish(self, archive: bytes, version: str, **changes: Any) -> bytes:
        """Offer ``archive`` in a ``latest.json`` with ``changes``; that file."""
        offer = {
            "schema_version": 1,
            "version": version,
            "url": f"{version}.zip",
            "bytes": len(archive),
            "sha256": sha256(archive).hexdigest(),
            **changes,
        }
        self.answers[f"/{version}.zip"] = archive
        self.answers["/latest.json"] = pointer = json.dumps(offer).encode()
        return pointer

    def asked(self) -> list[str]:
        """The paths asked for since the last call."""
        paths = [path for path, _ in self.seen]
        self.seen.clear()
        return paths

    def close(self) -> None:
        self.done.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def send(
    handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None
) -> None:
    """A proper answer."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def in_use() -> str:
    """The version of the dataset that a process which starts now would use."""
    return active._newest().dataset_info().version
