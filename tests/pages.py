"""Opening pages in tests: every page that comes back is checked for what every page must have."""

import re
from html.parser import HTMLParser
from typing import Any  # form values

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from supervision.accounts.models import User


class _Outline(HTMLParser):
    """Collects what a page must have: title, headings, ids, labels, controls."""

    def __init__(self) -> None:
        super().__init__()
        self.h1 = 0
        self.title = ""
        self.labels: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.h1 += tag == "h1"
        self._in_title = tag == "title" or (self._in_title and tag != "body")
        if tag == "label" and values.get("for"):
            self.labels.add(str(values["for"]))
        if tag in {"input", "select", "textarea"} and values.get("type") not in {"hidden", "submit", "button"}:
            self.controls.append(values)
        if "style" in values or any(name.startswith("on") for name in values):
            self.inline.append(f"<{tag}> {values}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def check_page(html: str) -> None:
    """Fail unless the page has a title, one h1, labelled controls, and no inline style or handler."""
    outline = _Outline()
    outline.feed(html)
    assert outline.title.strip(" –"), "the page has no title"
    assert outline.h1 == 1, f"the page has {outline.h1} h1"
    for control in outline.controls:
        named = control.get("aria-label") or control.get("aria-labelledby") or control.get("id") in outline.labels
        assert named, f"control without label: {control}"
    assert not outline.inline, f"inline style or handler: {outline.inline}"
    assert "Undefined" not in html
    assert "LazyString" not in html


def words(html: str) -> str:
    """Return the words of a page's content, for messages of failing tests."""
    content = html.partition("<main")[2].partition("<footer")[0] or html
    return " ".join(re.sub("<[^>]+>", " ", content).split())[:1500]


class Visitor:
    """Somebody looking at pages."""

    def __init__(self, client: FlaskClient, *, check: bool = True) -> None:
        self.client = client
        self.check = check

    def get(self, url: str, *, status: int = 200, **arguments: Any) -> TestResponse:
        """Open a page, expect ``status``, check what every page must have."""
        response = self.client.get(url, **arguments)
        assert response.status_code == status, f"{url}: {response.status_code}\n{words(response.text)}"
        if self.check and response.mimetype == "text/html" and status != 302:
            check_page(response.text)
        return response

    def token(self, url: str) -> str:
        """Return the CSRF token on a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(url).text)
        assert found, f"no CSRF token on {url}"
        return found.group(1)

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        *,
        page: str | None = None,
        status: int = 302,
        **arguments: Any,
    ) -> TestResponse:
        """Send a form as its page would; ``page`` (default: ``url``) is where the token is taken from."""
        values = {"csrf_token": self.token(page or url), **(data or {})}
        response = self.client.post(url, data=values, **arguments)
        assert response.status_code == status, f"{url}: {response.status_code}\n{words(response.text)}"
        return response


class Browser:
    """Makes visitors: ``browse()`` for the public, ``browse(user)`` for somebody signed in."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session

    def __call__(self, user: User | None = None, *, language: str = "en") -> Visitor:
        """Return a visitor, signed in as ``user`` by a real session row."""
        client = self.app.test_client()
        client.set_cookie("lang", language)
        if user is not None:
            self.session.flush()
            with client.session_transaction() as values:
                values["_user_id"] = str(user.id)
                values["_fresh"] = True
        return Visitor(client)


__all__ = ["Browser", "Visitor", "check_page"]
