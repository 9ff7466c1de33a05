"""The app at the door on a phone-sized Chromium slowed down four times: bytes of the first load, paints, taps.

Serves a small demonstration. The form measured has 9 items and 60 check points: those of the demonstration, repeated.

    PYTHONPATH=. python benchmarks/field_app.py
"""

import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any  # JSON

from playwright.sync_api import CDPSession, Page, Route, sync_playwright

from supervision.web import catalogues
from tests.journeys.conftest import BROWSER, FLAGS, Reception, serve
from tests.journeys.phones import Phone

SLOWER = 4
OK = 200
ITEMS, POINTS = 9, 60
WATCH = """() => {
  window.taps = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.interactionId) { window.taps.push([one.interactionId, one.duration]); }
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""
SHOW = """(hash) => new Promise((resolve) => {
  const [from, before] = [performance.now(), document.querySelector("main")];
  location.hash = hash;
  const shown = () => document.querySelector("main") !== before && document.querySelector(".field-items, .field-point");
  const look = () => (shown() ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)))
    : requestAnimationFrame(look));
  setTimeout(look);
})"""


def enlarged(package: dict[str, Any]) -> dict[str, Any]:
    """Make the first visit one under way with a form of nine items and sixty check points."""
    visit = package["visits"][0]
    own = next(one for one in visit["sections"] if one["own"])
    points = [point for section in visit["sections"] for item in section["items"] for point in item["points"]]
    pattern, own["items"] = own["items"][0], []
    for number in range(ITEMS):
        count = POINTS // ITEMS + (number < POINTS % ITEMS)
        chosen = [points[(number * 7 + step) % len(points)] for step in range(count)]
        renamed = [{**point, "id": 10_000 + 100 * number + no, "no": no} for no, point in enumerate(chosen, start=1)]
        entry = {**pattern["entry"], "answers": []}
        own["items"].append({**pattern, "id": 10_000 + number, "points": renamed, "entry": entry})
    visit["state"], own["state"] = "on_site", "open"
    return package


def enlarge(route: Route) -> None:
    """Answer a call for the package with the larger form."""
    answer = route.fetch()
    if answer.status != OK:
        route.fulfill(response=answer)
        return
    package = answer.json()
    print(f"package of {len(package['visits'])} visits: {int(answer.headers['content-length']) / 1000:.0f} kB")
    route.fulfill(response=answer, body=json.dumps(enlarged(package)))


def count_bytes(devtools: CDPSession) -> dict[str, int]:
    """Count what comes over the wire from now on."""
    counted = {"bytes": 0, "files": 0}

    def add(event: dict[str, Any]) -> None:
        counted["bytes"] += int(event["encodedDataLength"])
        counted["files"] += event["encodedDataLength"] > 0

    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", add)
    return counted


def first_paint(page: Page) -> float:
    """Return when the page first showed something, in milliseconds."""
    return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))


def tap_everything(page: Page) -> list[float]:
    """Tap every answer on the screen, and return how long each took until it was painted."""
    page.evaluate(WATCH)
    boxes = page.locator(".field-points .field-option input")
    for number in range(boxes.count()):
        boxes.nth(number).scroll_into_view_if_needed()
        boxes.nth(number).tap()
    page.wait_for_timeout(1000)
    longest: dict[int, float] = {}
    for number, duration in page.evaluate("window.taps"):
        longest[number] = max(duration, longest.get(number, 0))
    quick = [0.0] * max(0, boxes.count() - len(longest))  # those below 16 ms are not reported
    return sorted([*quick, *longest.values()])


def measure(reception: Reception) -> None:
    """Print the figures."""
    person = reception("inspector.scjg", phone=True)
    page = person.page
    page.route("**/field/api/package*", enlarge)
    devtools = page.context.new_cdp_session(page)
    counted = count_bytes(devtools)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    phone = Phone(person)
    page.goto(f"{person.address}/field/?lang=zh", wait_until="networkidle")
    loaded = f"{counted['bytes'] / 1000:.0f} kB in {counted['files']} answers"
    print(f"first load: {loaded}, painted after {first_paint(page):.0f} ms")
    phone.seen |= {"setup-title", "today-title", "unlock-title"}  # checks of other tests are not measured here
    phone.set_up()
    page.reload()
    print(f"opened again, from the phone: painted after {first_paint(page):.0f} ms")
    phone.unlock()
    visit = page.locator(".field-card-link").first.get_attribute("href")
    print(f"visit of {ITEMS} items and {POINTS} check points shown after {page.evaluate(SHOW, visit):.0f} ms")
    item = page.locator(".field-section[open] .field-items a").first.get_attribute("href")
    print(f"item shown after {page.evaluate(SHOW, item):.0f} ms")
    taps = tap_everything(page)
    print(f"{len(taps)} taps: half within {median(taps):.0f} ms, the slowest {taps[-1]:.0f} ms until painted")


def main() -> None:
    """Serve, measure, end."""
    catalogues.compile_all()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        with serve(folder, f"sqlite:///{folder / 'field.sqlite3'}") as site:
            browser = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
            measure(Reception(site, browser))
            browser.close()


if __name__ == "__main__":
    main()
