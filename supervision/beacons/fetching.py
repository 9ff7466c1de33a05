"""Fetching a round from the host that its rule names: nothing else is asked, nothing is followed, nothing trusted.

The answer is only text; what it proves is for the signature to say. No transaction is open meanwhile.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic
from urllib.parse import urlsplit

from supervision.beacons.evidence import LONGEST_EVIDENCE
from supervision.errors import RuleBroken
from supervision.labels import N_

SECONDS = 8
PIECE = 4096
FOUND = 200


def fetch(url: str, *, context: ssl.SSLContext | None = None) -> str:
    """Return the answer of an https address; a redirect, a long answer or silence is a refusal."""
    host = ""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" or not host:
            raise _failed(host)
        return _ask(host, parts.port, parts.path, context=context or ssl.create_default_context())
    # ValueError: an address that is none, a name that cannot be one, bytes that are no text
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _failed(host) from error


def _ask(host: str, port: int | None, path: str, *, context: ssl.SSLContext) -> str:
    connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    try:
        connection.connect()
        with _not_longer(connection.sock):
            connection.request("GET", path, headers={"Accept": "application/json"})
            with connection.getresponse() as answer:
                if answer.status != FOUND:
                    raise http.client.HTTPException(answer.status)
                return _read(answer).decode()
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Read a short answer; one that does not end is none."""
    body = b""
    while piece := answer.read1(PIECE):
        body += piece
        if len(body) > LONGEST_EVIDENCE:
            raise http.client.HTTPException(answer.status)
    return body


@contextmanager
def _not_longer(connected: socket.socket) -> Iterator[None]:
    """Cut the connection after a while: an answer that comes drop by drop, headers too, would hold up all others."""
    until = monotonic() + SECONDS
    timer = Timer(SECONDS, _cut, [connected])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if monotonic() >= until:
        raise TimeoutError(SECONDS)


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself at the same moment
        # not the method of the TLS socket: that one forgets its keys first and would then read what is not decrypted
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _failed(host: str) -> RuleBroken:
    return RuleBroken(
        "fetch-failed",
        N_(
            "%(host)s did not answer as expected. Nothing has changed: try again, or fetch the round with any browser "
            "and paste it."
        ),
        host=host,
    )
