"""A served platform with a small demonstration district, and people with real browsers."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # values of a text's places

import pytest
from flask import Flask
from flask_babel import gettext
from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, sync_playwright
from sqlalchemy.engine import Engine
from werkzeug.serving import make_server

from supervision.config import Config
from supervision.demo.cli import build
from supervision.schema import upgrade_to_newest
from tests import postgresql
from tests.journeys.people import Person
from wsgi import create_app

SCALE = 0.02
SEED = 7
SECRET = "a key for browser journeys, long enough"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--disable-quic"]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser the journeys are left out, and say so; in CI that is an error."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.journey)
        if BROWSER is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed: browser journeys left out"))


@dataclass(frozen=True)
class Site:
    """The served platform and the passwords of its demonstration people."""

    app: Flask
    address: str
    passwords: dict[str, str]

    def translate(self, language: str, text: str, **places: Any) -> str:
        """Return how a message id reads in a language."""
        with self.app.test_request_context(f"/?lang={language}"):
            return str(gettext(text, **places))


@pytest.fixture(scope="package")
def own_database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Yield the address of an empty database for the demonstration, apart from that of the other tests."""
    if os.environ.get("TEST_DATABASE", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('journey') / 'journey.sqlite3'}"
        return
    with postgresql.own_database(f"journey_{worker_id}") as url:
        yield url


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, own_database: str) -> Iterator[Site]:
    """Serve a fresh demonstration district."""
    with serve(tmp_path_factory.mktemp("instance"), own_database) as served:
        yield served


@contextmanager
def serve(instance: Path, database_url: str) -> Iterator[Site]:
    """Build a demonstration district in an empty database and serve it."""
    config = Config(
        instance=instance, database_url=database_url, secret_key=SECRET, secure_cookies=False, testing=True, demo=True
    )
    app = create_app(config)
    engine: Engine = app.extensions["engine"]
    with app.app_context():
        upgrade_to_newest(engine)
        demo = build(engine, seed=SEED, scale=SCALE)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}", {name: word for name, word, *_ in demo.sign_ins})
    server.shutdown()
    thread.join()
    engine.dispose()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
    yield browser
    browser.close()


Arrive = Callable[..., Person]


class Reception:
    """Lets people arrive, each with a browser of their own: ``reception("lead.scjg", phone=True, language="en")``."""

    def __init__(self, site: Site, chromium: Browser) -> None:
        self.site = site
        self.chromium = chromium
        self.contexts: list[BrowserContext] = []
        self.people: list[Person] = []

    def __call__(self, username: str | None = None, *, phone: bool = False, language: str = "zh") -> Person:
        """Return somebody who has just arrived, signed in when a user name is given."""
        context = self.chromium.new_context(
            viewport=PHONE if phone else DESK,
            locale="zh-CN",
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "lang", "value": language, "url": self.site.address}])
        context.set_default_timeout(60_000)
        self.contexts.append(context)
        person = Person(context.new_page(), self.site.address, language, self.site.translate)
        self.people.append(person)
        person.page.on("pageerror", lambda error: person.problems.append(str(error)))
        person.page.on(
            "console",
            lambda message: person.problems.append(message.text) if "Content Security Policy" in message.text else None,
        )
        if username:
            person.sign_in(username, self.site.passwords[username])
        return person

    def close(self) -> None:
        """Everybody leaves; fail when a script failed or was refused on a page somebody saw."""
        for context in self.contexts:
            context.close()
        problems = [problem for person in self.people for problem in person.problems]
        assert not problems, problems


@pytest.fixture
def arrive(site: Site, chromium: Browser) -> Iterator[Arrive]:
    """Return a function that lets a person arrive for this journey."""
    reception = Reception(site, chromium)
    yield reception
    reception.close()
