"""How fast the busiest pages are at demonstration size, beside a bare Flask page served by the same server settings.

    PYTHONPATH=. python benchmarks/pages_speed.py [instance/demo] [--rounds 60]

The folder is one that `make demo` filled. Both applications run under gunicorn on the loopback address in one run; one
request is sent at a time, over one connection, the bare page before every page. What counts are the ratios of p95
(targets: register search at most 8 times a bare page, assignment list and public entity page at most 4 times).
"""

import argparse
import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Flask

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
WARMING = 5
SETTINGS = ["--workers", "1", "--threads", "8", "--timeout", "60", "--log-level", "warning", "--keep-alive", "30"]
TARGETS = {"register search": 8.0, "assignment list": 4.0, "public entity page": 4.0}
QUERIES = ("餐饮", "静安", "科技有限", "便利店", "9131", "91310106MA", "kjyxgs", "cygl")


def bare() -> Flask:
    """Return the application to compare with: one line of HTML, no template, session or database."""
    app = Flask("bare")
    app.add_url_rule("/", "page", lambda: "<!doctype html><title>bare</title><h1>bare</h1>")
    return app


def main() -> None:
    """Serve both, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", nargs="?", type=Path, default=PROJECT / "instance" / "demo")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    people = sign_ins(options.instance)
    with (
        served("benchmarks.pages_speed:bare()", options.instance) as plain,
        served("wsgi:create_app()", options.instance) as platform,
    ):
        lead, inspector, public = (Person(platform) for _ in range(3))
        lead.sign_in(*people["lead"])
        inspector.sign_in(*people["inspector"])
        pages = {
            "register search": (lead, [f"/entities/?q={quote(query)}" for query in QUERIES]),
            "register, no search": (lead, ["/entities/"]),
            "assignment list": (inspector, ["/visits/"]),
            "public entity page": (public, [f"/public/entities/{unit}" for unit in units(options.instance)]),
            "public home": (public, ["/public"]),
            "plans list": (lead, ["/plans/"]),
        }
        measure(Person(plain), pages, rounds=options.rounds)


def sign_ins(instance: Path) -> dict[str, tuple[str, str]]:
    """Return one lead and one inspector of the demonstration with their passwords."""
    lines = (instance / "sign-ins.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines]
    return {
        role: next((one[0], one[1]) for one in words if one and one[0].startswith(f"{role}."))
        for role in ("lead", "inspector")
    }


def units(instance: Path, count: int = 8) -> list[str]:
    """Return entities that have a published result, so that their pages are full."""
    with sqlite3.connect(f"file:{instance / 'supervision.sqlite3'}?mode=ro", uri=True) as database:
        found = database.execute("SELECT DISTINCT unit_id FROM published_parts ORDER BY unit_id LIMIT ?", (count,))
        return [row[0] for row in found]


@contextmanager
def served(application: str, instance: Path) -> Iterator[int]:
    """Serve an application on a free port of the loopback address until the block ends."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"INSTANCE_PATH": str(instance), "INSECURE_HTTP": "1", "DEMO": "1", "PYTHONPATH": paths}
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{LOOPBACK}:{port}", *SETTINGS]
    server = subprocess.Popen(command, env=environment, cwd=PROJECT)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


class Person:
    """Somebody with a browser: one kept connection and its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        """Send one request; return status and text."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        content = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition(";")[0].partition("=")
                self.cookies[cookie] = rest
        return answer.status, content

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the form."""
        _, page = self.send("GET", "/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        values = {"csrf_token": token.group(1) if token else "", "username": username, "password": password}
        status, _ = self.send("POST", "/sign-in", urlencode(values))
        if status != 302:
            raise SystemExit(f"{username} cannot sign in: {status}")

    def timed(self, address: str) -> float:
        """Return how long a page takes."""
        started = time.perf_counter()
        status, _ = self.send("GET", address)
        took = time.perf_counter() - started
        if status != 200:
            raise SystemExit(f"{address} answers {status}")
        return took


def measure(plain: Person, pages: dict[str, tuple[Person, list[str]]], *, rounds: int) -> None:
    """Open every page in turn, a bare one before each, and print the table."""
    base: list[float] = []
    times: dict[str, list[float]] = {label: [] for label in pages}
    turns = {label: cycle(addresses) for label, (_, addresses) in pages.items()}
    for number in range(WARMING + rounds):
        for label, (person, _) in pages.items():
            beside, took = plain.timed("/"), person.timed(next(turns[label]))
            if number >= WARMING:
                base.append(beside)
                times[label].append(took)
    print(f"{'':22}{'p50 ms':>9}{'p95 ms':>9}{'p50 ratio':>11}{'p95 ratio':>11}{'target':>9}")
    for label, taken in {"bare Flask page": base, **times}.items():
        ratios = [share(taken, part) / share(base, part) for part in (0.5, 0.95)]
        target = f"≤ {TARGETS[label]:g}" if label in TARGETS else ""
        print(
            f"{label:22}{share(taken, 0.5) * 1000:9.2f}{share(taken, 0.95) * 1000:9.2f}"
            f"{ratios[0]:11.1f}{ratios[1]:11.1f}{target:>9}"
        )


def share(values: list[float], part: float) -> float:
    """Return the value below which ``part`` of the values lie."""
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


if __name__ == "__main__":
    main()
