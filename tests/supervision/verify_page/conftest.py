"""The modules of the verifying page in a real browser: one page that is asked many times."""

import base64
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any  # reports are plain values

import pytest
from playwright.sync_api import Page, sync_playwright

import supervision

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
STATIC = Path(supervision.__file__).parent / "static"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--no-first-run"]  # fmt: skip

_LOAD = """
async () => {
  const [verification, tasks, notes] = await Promise.all(
    ["verification", "tasks", "signed_notes"].map((name) => import(`/verify/${name}.js`)));
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const files = (packed) => new Map(Object.entries(packed).map(([name, text]) => [name, bytes(text)]));
  const base64 = (data) => btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
  const written = (report) => JSON.parse(JSON.stringify(report));
  globalThis.verifyAll = async (bundles, keys) => {
    const reports = [];
    for (const packed of bundles) {
      const trusted = keys.map(notes.parseVerifierKey);
      reports.push(written(await verification.verifyFiles(files(packed), trusted)));
    }
    return reports;
  };
  globalThis.verifyFlipped = async (packed, name, places) => {
    const reports = [];
    for (const [place, bit] of places) {
      const changed = files(packed);
      changed.get(name)[place] ^= bit;
      reports.push(written(await verification.verifyFiles(changed)));
    }
    return reports;
  };
  globalThis.recordsOf = (bundles) => bundles.map((packed) => base64(tasks.recomputedRecord(files(packed))));
  globalThis.run = (task, values) => tasks.runTask(task, values).then(written);
  globalThis.check = async (chosen, keys) => written(
    await tasks.runTask("check", { chosen: chosen.map(([path, text]) => [path, bytes(text)]), keys }));
}
"""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves static files without telling about each."""

    extensions_map = {".js": "text/javascript", ".html": "text/html"}  # noqa: RUF012 - as the library has it

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the library has it
        """Say nothing."""


class Engine:
    """The engine in the browser, with Python's types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def verify(self, *bundles: Mapping[str, bytes], keys: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Verify bundles and return the reports."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "([bundles, keys]) => verifyAll(bundles, keys)", [[_packed(files) for files in bundles], list(keys)]
        )
        return found

    def verify_flipped(self, files: Mapping[str, bytes], name: str, places: list[tuple[int, int]]) -> list[Any]:
        """Verify a bundle again for each place of one file with one bit there changed."""
        found: list[Any] = self.page.evaluate(
            "([files, name, places]) => verifyFlipped(files, name, places)", [_packed(files), name, places]
        )
        return found

    def records(self, *bundles: Mapping[str, bytes]) -> list[bytes]:
        """Compute the records of bundles from the secrets they show."""
        found = self.page.evaluate("(bundles) => recordsOf(bundles)", [_packed(files) for files in bundles])
        return [base64.b64decode(text) for text in found]

    def check(self, *chosen: tuple[str, bytes], keys: str = "") -> Any:
        """Do what the page does with chosen files; the bundle stays open for ``run``."""
        packed = [(path, base64.b64encode(data).decode()) for path, data in chosen]
        return self.page.evaluate("([chosen, keys]) => check(chosen, keys)", [packed, keys])

    def run(self, task: str, **values: Any) -> Any:
        """Run a task of the page's engine."""
        return self.page.evaluate("([task, values]) => run(task, values)", [task, values])


def _packed(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}


@contextmanager
def serving() -> Iterator[str]:
    """Serve the static files; yield the address of a page without any script."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/verify/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """The engine in a page of Chromium. The address is the machine's own, so WebCrypto is there."""
    if BROWSER is None:
        pytest.skip("Chromium is not installed")
    with serving() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_page()
        page.goto(address)
        page.evaluate(_LOAD)
        yield Engine(page)
        browser.close()
