"""Inspectors with the app at the door in their hands: signal comes and goes, and the app is closed without a word."""

import io
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from tests.journeys.people import Person

FIELD = Path(__file__).resolve().parents[2] / "supervision" / "static" / "field"
CODE = "青菜 3 yuan"
LINE = re.compile(r'^  "(?P<code>[a-z0-9-]+)": \[\s*"(?P<zh>[^"]*)",\s*"(?P<en>[^"]*)",?\s*\],$', re.MULTILINE)
WORDS = {one["code"]: {"zh": one["zh"], "en": one["en"]} for one in LINE.finditer((FIELD / "words.js").read_text())}
PATIENCE = 20_000


def make_photo(shade: int) -> bytes:
    """Return a small photo, different for each ``shade``."""
    stored = io.BytesIO()
    Image.effect_noise((800, 600), 20 + shade).convert("RGB").save(stored, "JPEG")
    return stored.getvalue()


@dataclass
class Phone:
    """A person's phone with the app; texts are codes of words.js."""

    person: Person
    code: str = CODE
    entity: str = ""
    seen: set[str] = field(default_factory=set)

    @property
    def page(self) -> Page:
        """The open page."""
        return self.person.page

    def says(self, code: str, **facts: object) -> str:
        """Return how the app says ``code`` in the person's language."""
        text = WORDS[code][self.person.language]
        return re.sub(r"\{([a-z]+)\}", lambda place: str(facts[place[1]]), text)

    def set_up(self) -> None:
        """Open the app for the first time, set the code, wait for the visits and for the app to be kept."""
        self.page.goto(f"{self.person.address}/field/?lang={self.person.language}")
        self.arrived("setup-title")
        self.page.get_by_label(self.says("setup-code")).fill(self.code)
        self.page.get_by_label(self.says("setup-repeat")).fill(self.code)
        self.press("setup-button")
        self.page.locator(".field-card").first.wait_for()
        self.page.wait_for_function("document.body.dataset.kept === 'yes'")
        self.arrived("today-title")

    def arrived(self, title: str) -> None:
        """Wait for a screen by its heading, and check it like every page."""
        self.page.get_by_role("heading", level=1, name=self.says(title)).wait_for()
        self.check(title)

    def check(self, screen: str) -> None:
        """Check each screen once as every page is checked, and its controls for being large enough for a thumb."""
        if screen in self.seen:
            return
        self.seen.add(screen)
        self.person.check_access()
        small = self.page.evaluate(SMALL)
        assert not small, (screen, small)

    def press(self, code: str, *, within: Locator | None = None) -> None:
        """Press what is called so."""
        place, name = within or self.page.locator("#app"), self.says(code)
        button = place.get_by_role("button", name=name, exact=True)
        button.or_(place.get_by_role("link", name=name, exact=True)).first.click()

    def lose_signal(self) -> None:
        """From now on nothing reaches the phone."""
        self.page.context.set_offline(True)

    def find_signal(self) -> None:
        """Nothing is between phone and platform any more."""
        self.page.context.set_offline(False)

    def close_and_open(self) -> None:
        """The app is killed and opened again; it asks for the code."""
        old, context = self.page, self.page.context
        self.person.page = context.new_page()
        old.close()
        self.page.goto(f"{self.person.address}/field/")
        self.unlock()

    def unlock(self) -> None:
        """Type the code."""
        self.arrived("unlock-title")
        self.page.get_by_label(self.says("unlock-code")).fill(self.code)
        self.press("unlock-button")
        self.page.locator(".field-chip").wait_for()

    def open_visit(self, address: str) -> None:
        """Open a visit from the list; the platform has it at ``address``."""
        self.page.evaluate("location.hash = '#/'")
        link = self.page.locator(f"a.field-card-link[href='#/visit/{address.rpartition('/')[2]}']")
        self.entity = link.inner_text()
        link.click()
        self.stands_at_visit()
        self.check("visit")

    def stands_at_visit(self) -> None:
        """Wait for the screen of the visit that was opened last."""
        self.page.get_by_role("heading", level=1, name=self.entity).wait_for()

    def open_item(self) -> None:
        """Open the first item of the own section."""
        self.page.locator(".field-section[open] .field-items a").first.click()
        self.page.get_by_role("radio", name=self.says("checked-yes"), exact=True).wait_for(state="attached")
        self.check("item")

    def answer_all(self) -> None:
        """Give every check point the answer that shows no problem."""
        self.page.get_by_role("radio", name=self.says("checked-yes"), exact=True).check()
        for point in self.page.locator(".field-point").all():
            if point.get_by_role("radio").count():
                point.get_by_role("radio").first.check()
                continue
            limits = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", point.locator(".form-text").inner_text())]
            point.get_by_role("textbox").first.fill(f"{sum(limits) / len(limits):g}")

    def choose_result(self, code: str) -> None:
        """Choose the result of the item."""
        self.page.locator(f"input[name=result][value='{code}']").check()

    def find_problem(self, text: str) -> None:
        """Answer the third check point with no, name the result, describe the problem."""
        self.page.locator(".field-point").nth(2).get_by_role("radio", name=self.says("no"), exact=True).check()
        self.choose_result("5")
        self.page.get_by_label(self.says("problem"), exact=True).fill(text)
        self.page.get_by_label(self.says("disposal"), exact=True).select_option("correction")

    def take_photo(self, content: bytes) -> None:
        """Take a photo for the first check point."""
        files = self.page.locator(".field-point").first.locator("input[type=file]")
        files.set_input_files([{"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}])
        self.page.locator(".field-photos img").first.wait_for()

    def sign(self) -> None:
        """Draw a signature, never the same line twice: a drawing that was used before is refused."""
        pad = self.page.locator(".field-pad canvas")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 40, box["y"] + 60)
        self.page.mouse.down()
        for step in range(12):
            x, y = 40 + 15 * step + secrets.randbelow(8), 60 + 20 * (step % 3) + secrets.randbelow(8)
            self.page.mouse.move(box["x"] + x, box["y"] + y)
        self.page.mouse.up()

    def sign_section(self, address: str, *, signal_returns: bool = False) -> None:
        """Sign the own section off with a finger; all that was kept may go up while the inspector reads."""
        self.open_visit(address)
        self.press("section-sign")
        self.page.locator(".field-pad").wait_for()
        self.check("section")
        if signal_returns:
            self.find_signal()
            self.state_is("save-all")
        self.sign()
        self.press("sign-button")
        self.page.get_by_text(self.says("signing"), exact=True).wait_for()

    def say_outcome(self, address: str, code: str, *, note: str = "") -> None:
        """Say how the visit went."""
        self.open_visit(address)
        self.page.get_by_role("link", name=self.says("outcome")).click()
        self.page.locator(f"input[name=outcome][value='{code}']").check()
        self.page.get_by_label(self.says("outcome-note")).fill(note)
        self.check("outcome")
        self.press("save")
        self.stands_at_visit()

    def state_is(self, code: str, **facts: object) -> None:
        """Wait until the head of the screen says what is saved where."""
        self.page.locator(".field-chip").get_by_text(self.says(code, **facts), exact=True).wait_for(timeout=PATIENCE)

    def sync(self) -> None:
        """Send and fetch now."""
        self.page.evaluate("location.hash = '#/sync'")
        self.arrived("to-sync")
        self.press("sync-now")


# controls that are seen and lower or narrower than a thumb needs; a box of its own text line is pressed by its label
SMALL = """() => [...document.querySelectorAll("a, button, select, textarea, summary, input:not([type=checkbox])")]
  .filter((one) => one.offsetParent && !one.classList.contains("visually-hidden"))
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < 43.5).map(([html]) => html)"""
