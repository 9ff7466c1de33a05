"""Kinds of messages that tests decide on, real mail and gateways on the loopback address."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from supervision.labels import N_
from supervision.notifications import sources
from supervision.notifications.sources import Kind, Waiting


@contextmanager
def only_kind(waiting: list[Waiting], *, urgent: bool = False) -> Iterator[None]:
    """Let one kind alone say what waits: the members of ``waiting`` at the time."""
    before = dict(sources._kinds)
    sources._kinds.clear()
    label, text = N_("Assignments to answer"), N_("Draw %(number)s waits for the random number of your body.")
    sources.register(Kind("trial", label, text, "home.index", lambda session: list(waiting), urgent=urgent))  # noqa: ARG005
    try:
        yield
    finally:
        sources._kinds.clear()
        sources._kinds.update(before)


@dataclass
class Mailbox:
    """What a mail server took; it refuses while ``refuses``."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    port: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        """Take a mail."""
        if self.refuses:
            return "451 try again later"
        self.mails.append(BytesParser(policy=default).parsebytes(cast("bytes", envelope.content)))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a mail server on the loopback address."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Gateway:
    """What a gateway was asked; it answers ``status``."""

    status: int = 200
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bodies, read."""
        return [json.loads(body) for _, body in self.asked]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Run a gateway on the loopback address."""
    found = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append((dict(self.headers), body))
            self.send_response(found.status)
            if found.status in {301, 302, 307}:
                self.send_header("Location", f"{found.url}/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
