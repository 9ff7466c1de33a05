"""How many taps, keys and seconds of the machine a form of 9 items and 60 check points takes on the app at the door.

Nobody reads or thinks here: a script taps without a pause, on a phone-sized Chromium slowed down four times. A person
needs longer by the time for looking and asking, which this does not measure.

    PYTHONPATH=. python benchmarks/nine_items.py
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, sync_playwright

from benchmarks.field_app import ITEMS, POINTS, SLOWER, enlarge
from supervision.web import catalogues
from tests.journeys.conftest import BROWSER, FLAGS, Reception, serve
from tests.journeys.phones import Phone, make_photo


@dataclass
class Hand:
    """What a hand did."""

    taps: int = 0
    keys: int = 0
    photos: int = 0

    def tap(self, target: Locator) -> None:
        """Tap something."""
        target.tap()
        self.taps += 1

    def type(self, target: Locator, text: str) -> None:
        """Tap a field and type into it."""
        self.tap(target)
        target.press_sequentially(text)
        self.keys += len(text)

    def take(self, target: Locator) -> None:
        """Take a photo: a tap that opens the camera, and one that releases it."""
        content = make_photo(60 + self.photos)
        target.set_input_files([{"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}])
        self.taps, self.photos = self.taps + 2, self.photos + 1


def answer(phone: Phone, hand: Hand) -> None:
    """Answer one item: no problem found."""
    hand.tap(phone.page.get_by_role("radio", name=phone.says("checked-yes"), exact=True))
    for point in phone.page.locator(".field-point").all():
        if point.get_by_role("radio").count():
            hand.tap(point.get_by_role("radio").first)
        elif point.get_by_role("textbox").count():
            hand.type(point.get_by_role("textbox").first, "5")
        else:  # its answer is a photo
            hand.take(point.locator("input[type=file]").first)
    hand.tap(phone.page.locator("input[name=result][value='1']"))


def measure(reception: Reception) -> None:
    """Fill in the form from the visit to the screen where it is signed, and print the figures."""
    person = reception("inspector.scjg", phone=True)
    page = person.page
    page.route("**/field/api/package*", enlarge)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    phone, hand = Phone(person), Hand()
    phone.seen |= {"setup-title", "today-title"}  # checks of other tests are not measured here
    phone.set_up()
    begun = time.perf_counter()
    hand.tap(page.locator(".field-card-link").first)
    hand.tap(page.locator(".field-section[open] .field-items a").first)
    for number in range(1, ITEMS + 1):
        page.get_by_text(phone.says("item-of", no=number, count=ITEMS)).wait_for()
        answer(phone, hand)
        hand.tap(page.get_by_role("link", name=phone.says("next-item" if number < ITEMS else "to-sign"), exact=True))
    page.wait_for_function("location.hash.includes('/section/')")
    spent = time.perf_counter() - begun
    print(f"{ITEMS} items, {POINTS} check points: {hand.taps} taps, {hand.photos} photos and {hand.keys} keys,")
    print(f"{spent:.0f} s of the machine from the list of visits to the screen where the section is signed")


def main() -> None:
    """Serve, measure, end."""
    catalogues.compile_all()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        with serve(folder, f"sqlite:///{folder / 'nine.sqlite3'}") as site:
            browser = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
            measure(Reception(site, browser))
            browser.close()


if __name__ == "__main__":
    main()
