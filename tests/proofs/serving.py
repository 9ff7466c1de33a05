"""A real server on a district of its own, and a client that remembers what it was answered."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PROJECT = Path(__file__).resolve().parents[2]


class GoneError(Exception):
    """The server did not answer."""


class _NoFollowing(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


@dataclass
class Client:
    """Somebody in front of a browser: cookies, tokens, forms."""

    address: str
    jar: CookieJar = field(default_factory=CookieJar)
    token: str = ""

    def _ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        try:
            return self._answer(path, form)
        except (OSError, HTTPException) as error:
            # also where it was killed between the head of its answer and the rest: that is no answer
            raise GoneError(path) from error

    def _answer(self, path: str, form: Mapping[str, str] | None) -> tuple[int, str, str]:
        data = None if form is None else urllib.parse.urlencode(form).encode()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _NoFollowing)
        try:
            with opener.open(self.address + path, data=data, timeout=60) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace"), error.headers.get("Location", "")

    def get(self, path: str) -> str:
        """Open a page and keep its token."""
        status, text, _ = self._ask(path)
        found = TOKEN.search(text)
        self.token = found.group(1) if found else self.token
        return text if status == 200 else ""

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form; return the status and where it leads."""
        status, _, location = self._ask(path, {**form, "csrf_token": self.token})
        return status, location

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the form."""
        self.get("/sign-in")
        status, location = self.post("/sign-in", username=username, password=password)
        assert status == 302, (status, location)
        self.get("/")


class Server:
    """gunicorn on one instance folder; it can be killed and started again."""

    def __init__(self, instance: Path, url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            "PATH": os.environ["PATH"],
            "INSTANCE_PATH": str(instance),
            "DATABASE_URL": url,
            "INSECURE_HTTP": "1",
            "PYTHONPATH": str(PROJECT),
        }
        self.errors = instance / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it, and wait until it answers; return the seconds it took."""
        begun = time.perf_counter()
        command = [
            sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--workers", "1", "--threads", "4",
            "--bind", f"127.0.0.1:{self.port}", "--timeout", "60", "--log-level", "warning",
        ]  # fmt: skip
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                command, env=self.environment, cwd=PROJECT, stderr=errors, stdout=errors, start_new_session=True
            )
        while True:
            try:
                Client(self.address).get("/sign-in")
            except GoneError:
                assert time.perf_counter() - begun < 120, self.errors.read_text()
                assert self.process.poll() is None, self.errors.read_text()
                time.sleep(0.05)
            else:
                return time.perf_counter() - begun

    def kill(self) -> None:
        """Kill master and workers at once, without warning."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
