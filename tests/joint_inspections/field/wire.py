"""A phone's connection to a real server, byte by byte: it can break off anywhere, and it counts what went over it."""

import json
import socket
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from random import Random
from typing import Any  # JSON
from urllib.parse import urlsplit

from tests.joint_inspections.field.phone import LostError
from tests.proofs.serving import Client

PATIENCE = 60
HEADERS_AT_MOST = 4096


@dataclass
class Answer:
    """What the server said, read like an answer of the test client."""

    status_code: int
    data: bytes
    headers: Any

    def get_json(self) -> Any:
        """The JSON of the answer."""
        return json.loads(self.data)

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.data.decode(errors="replace")


@dataclass
class Wire:
    """Stands for a browser on the phone. ``breaks`` is how often a request, or its answer, is cut somewhere."""

    client: Client
    random: Random
    breaks: float = 0.0
    cuts: int = 0
    # bytes of files that left the phone, whether or not they arrived
    file_bytes: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def open(self, url: str, *, method: str, data: bytes, content_type: str | None, headers: dict[str, str]) -> Answer:
        """Carry one request; `LostError` where the line breaks or nobody is there."""
        target = urlsplit(self.client.address)
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.client.jar)
        lines = [
            f"{method} {url} HTTP/1.1", f"Host: {target.netloc}", "Connection: close", f"Cookie: {cookies}",
            f"Content-Length: {len(data)}", *([f"Content-Type: {content_type}"] if content_type else []),
            *(f"{name}: {value}" for name, value in headers.items()),
        ]  # fmt: skip
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        limit = self._limit(len(head) + len(data))
        try:
            with socket.create_connection((str(target.hostname), target.port or 80), timeout=PATIENCE) as line:
                return self._carry(line, head, data, files=method == "PUT", limit=limit)
        except (OSError, HTTPException) as error:
            raise LostError(url) from error

    def _limit(self, size: int) -> int | None:
        """Choose after how many bytes, of the request and then of the answer, the line breaks; None: it holds."""
        if self.random.random() >= self.breaks:
            return None
        self.cuts += 1
        return self.random.randrange(size + HEADERS_AT_MOST)

    def _carry(self, line: socket.socket, head: bytes, data: bytes, *, files: bool, limit: int | None) -> Answer:
        sent = (head + data)[:limit]
        if files:
            self.file_bytes += max(0, len(sent) - len(head))
        line.sendall(sent)
        if limit is not None:
            left = limit - len(head) - len(data)
            if left > 0:
                line.recv(left)
            raise LostError
        with HTTPResponse(line) as response:
            response.begin()
            return Answer(response.status, response.read(), response.headers)
