"""A source of public values on this machine, over TLS, that answers as a test says: well, wrongly, late, or never."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from supervision.serving import make_certificate

DROP_SECONDS = 0.02


@dataclass
class LocalSource:
    """What the source answers by path, and what it was asked."""

    certificate: Path
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    # paths that are answered byte by byte, or not at all, until the test ends
    dripping: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    when_asked: Callable[[], object] = lambda: None
    address: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    """Answers as the source says."""

    source: LocalSource

    def do_GET(self) -> None:
        """Answer as the address says."""
        source = self.source
        source.when_asked()
        source.asked.append(self.path)
        if self.path in source.silent:
            source.over.wait()
        elif self.path in source.dripping:
            self._drip()
        else:
            self._answer(*source.answers[self.path])

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Location", "/round")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """Send a header that never ends."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\nServer: ")
        try:
            while not self.source.over.wait(DROP_SECONDS):
                self.wfile.write(b".")
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *_arguments: object) -> None:  # noqa: A002 - as the library has it
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """Answers each visitor in a thread of its own; who breaks off is no fault of the server."""

    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[LocalSource]:
    """Serve a source; its certificate is its own."""
    certificate, key = make_certificate(folder, ["127.0.0.1"])
    source = LocalSource(certificate)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"source": source}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    source.address = f"https://127.0.0.1:{server.server_port}"
    try:
        yield source
    finally:
        source.over.set()
        server.shutdown()
        server.server_close()
