"""People at browsers: what they press, fill in and read is named by the words they see, in their own language."""

import io
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar  # values of a text's places
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error, Locator, Page

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
AXE = Axe()
T = TypeVar("T")
# what a browser says when a page is loaded anew in the middle of a step
RENEWING = (
    "interrupted by another navigation",
    "Execution context was destroyed",
    "Not attached to an active page",
    "ERR_ABORTED",
)
# translates a message id into a language: translate(language, text, **places)
Translate = Callable[..., str]


@dataclass
class Person:
    """Somebody at a browser. Texts are message ids; ``say`` tells how they read in the person's language."""

    page: Page
    address: str
    language: str
    translate: Translate
    problems: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def main(self) -> Locator:
        """The content of the open page."""
        return self.page.get_by_role("main")

    def say(self, text: str, **places: Any) -> str:
        """Return ``text`` as this person reads it."""
        return self.translate(self.language, text, **places)

    def open(self, path: str, *, status: int = 200) -> None:
        """Open a page of the platform, expect ``status``, and check it like everyone's."""
        address = path if path.startswith("http") else self.address + path
        response = self._patiently(lambda: self.page.goto(address))
        assert response is not None
        assert response.status == status, f"{path}: {response.status}\n{self.words()}"
        self._arrived()

    def look_again(self) -> None:
        """Load the open page anew, past the minute for which public pages are kept by browsers."""
        self._patiently(self.page.reload)

    def _patiently(self, step: Callable[[], T]) -> T:
        """Take a step, again if the page was just renewing itself, as pages of living draws do."""
        for patience in (200, 500, 1000, 2000):
            try:
                return step()
            except Error as error:
                if not any(sign in error.message for sign in RENEWING):
                    raise
                self.page.wait_for_timeout(patience)
        return step()

    def press(self, text: str, *, within: Locator | None = None, status: int = 200, **places: Any) -> None:
        """Press the button or link called ``text``; see ``follow``."""
        self.follow(self.button(text, within=within, **places), status=status)

    def follow(self, target: Locator, *, status: int = 200) -> None:
        """Press ``target``, say yes when asked, and wait for the page it leads to."""
        asks = target.evaluate("one => Boolean(one.dataset.confirm || (one.form && one.form.dataset.confirm))")
        if asks:
            target.click()
            target = self.page.get_by_role("dialog").get_by_role("button", name=self.say("Yes, continue"))
        with self.page.expect_navigation() as navigation:
            target.click()
        response = navigation.value
        if response is not None:
            assert response.status == status, f"{self.page.url}: {response.status}\n{self.words()}"
        self._arrived()

    def button(self, text: str, *, within: Locator | None = None, **places: Any) -> Locator:
        """Return the button or link called ``text``."""
        place, name = within or self.main, self.say(text, **places)
        button = place.get_by_role("button", name=name, exact=True)
        return button.or_(place.get_by_role("link", name=name, exact=True)).first

    def field(self, label: str, *, within: Locator | None = None, **places: Any) -> Locator:
        """Return the control with this label, which may carry the mark of a required one."""
        name = re.escape(self.say(label, **places))
        labeled = (within or self.main).get_by_label(re.compile(rf"^\s*{name}\s*(\*.*)?$", re.DOTALL))
        return labeled.and_(self.page.locator("input, select, textarea")).first

    def fill(self, label: str, value: str, **places: Any) -> None:
        """Type ``value`` into the field with this label."""
        self.field(label, **places).fill(value)

    def choose(self, text: str, *, within: Locator | None = None) -> None:
        """Tick the box or choose the option called ``text``."""
        self.field(text, within=within).check()

    def sees(self, text: str, *, within: Locator | None = None, **places: Any) -> None:
        """Wait until the page shows ``text``."""
        (within or self.main).get_by_text(self.say(text, **places)).filter(visible=True).first.wait_for()

    def sees_not(self, text: str, **places: Any) -> None:
        """Fail when the page shows ``text``."""
        assert self.say(text, **places) not in self.words()

    def words(self) -> str:
        """Return what the content of the page says."""
        return self.main.inner_text() if self.main.count() else self.page.content()

    def download(self, text: str, *, within: Locator | None = None, **places: Any) -> bytes:
        """Press a download called ``text`` and return the file."""
        return self.save(self.button(text, within=within, **places))

    def save(self, target: Locator) -> bytes:
        """Press ``target`` and return the file it brings."""
        with self.page.expect_download() as download:
            target.click()
        return Path(download.value.path()).read_bytes()

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the form."""
        self.open("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "sign-in" not in url)
        self._arrived()

    def post(self, path: str, values: Mapping[str, str] | None = None) -> int:
        """Send a form that no page offered this person, with a valid token, and return the status of the answer."""
        token = self.page.locator("input[name=csrf_token]").first.get_attribute("value")
        sent: dict[str, str | float | bool] = {"csrf_token": token or "", **(values or {})}
        return self.page.request.post(self.address + path, form=sent, max_redirects=0).status

    def _arrived(self) -> None:
        """Check the first page of each kind that this person reaches."""
        kind = re.sub(r"\d+", "#", urlsplit(self.page.url).path)
        if kind not in self.seen:
            self.seen.add(kind)
            self._patiently(self.check_access)

    def check_access(self) -> None:
        """Fail when axe-core finds something serious or critical on the open page, or the page is wider than it."""
        found = AXE.run(self.page).response["violations"]
        serious = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert not serious, [(self.page.url, one["id"], one["nodes"][0]["html"][:200]) for one in serious]
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{self.page.url} is {width} px too wide"

    def picture(self, name: str, *, at: Locator | None = None, in_english: str = "") -> None:
        """Keep a picture of the page, scrolled to ``at``, for the documents, when asked to by KEEP_SCREENSHOTS=1.

        Pictures are in Chinese; those worth having in English too are called ``in_english`` there.
        """
        name = in_english if self.language == "en" else name
        if not (name and os.environ.get("KEEP_SCREENSHOTS")):
            return
        self.page.evaluate("window.scrollTo(0, 0)")
        if at is not None:
            at.evaluate("one => one.scrollIntoView({block: 'start'})")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        image = Image.open(io.BytesIO(self.page.screenshot(animations="disabled")))
        # a palette keeps a picture of letters and flat colours small
        image.convert("RGB").quantize(128).save(SCREENSHOTS / f"{name}.png", optimize=True)


__all__ = ["Person", "Translate"]
