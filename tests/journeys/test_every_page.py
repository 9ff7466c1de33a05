"""Every kind of page that links lead to is accessible and fits the screen; the audit chain is whole."""

import re
from urllib.parse import unquote, urlsplit

import pytest

from tests.journeys.conftest import Arrive, Site
from tests.journeys.people import Person

# the public first, then those who see most
READERS = (
    None, "lead.scjg", "head.scjg", "inspector.scjg", "reviewer.scjg", "case.scjg", "lead.czj", "coordinator",
    "oversight", "system.admin", "security.admin", "audit.admin",
)  # fmt: skip
FILE = re.compile(r"\.(csv|xlsx|json|zip|pdf|svg|atom|cer)$|/export|/log/checkpoint")
# what tells two pages of a kind apart: numbers, codes of entities, names of parameters
NAME = re.compile(r"(?<=/)(?:REG-)?[0-9A-Z]*[0-9][0-9A-Z-]*(?=/|$)|(?<=/parameters/)(?!reasons)[a-z-]+")


@pytest.mark.parametrize(("language", "phone"), [("zh", True), ("en", False)], ids=["Chinese, phone", "English, desk"])
def test_every_kind_of_page_is_accessible_and_fits_the_screen(
    site: Site, arrive: Arrive, language: str, phone: bool
) -> None:
    kinds: set[str] = set()
    for username in READERS:
        reader = arrive(username, phone=phone, language=language)
        _read_on(reader, ["/public" if username is None else "/"], kinds)
    assert len(kinds) > 60


def _read_on(reader: Person, waiting: list[str], kinds: set[str]) -> None:
    """Open one page of each kind that the links lead to and that nobody has opened before."""
    while waiting:
        path = waiting.pop(0)
        reader.open(path)
        links = reader.page.locator("a[href^='/']:not([download])")
        for link in links.evaluate_all("all => all.map(one => one.getAttribute('href'))"):
            found = urlsplit(link).path
            kind = NAME.sub("#", unquote(found))
            if kind not in kinds and not FILE.search(found) and not found.startswith("/language/"):
                kinds.add(kind)
                waiting.append(found)


@pytest.mark.parametrize("username", [None, "head.scjg"], ids=["citizen", "official"])
def test_the_name_of_the_platform_stands_on_one_line_of_a_phone(arrive: Arrive, username: str | None) -> None:
    reader = arrive(username, phone=True)
    # the narrowest phones in use
    reader.page.set_viewport_size({"width": 360, "height": 740})
    reader.open("/")
    name = reader.page.locator(".site-header .brand strong")
    assert name.evaluate("one => one.offsetHeight < 2 * parseFloat(getComputedStyle(one).fontSize)")


def test_a_cell_with_a_badge_and_a_text_stays_readable_on_a_phone(arrive: Arrive) -> None:
    lead = arrive("lead.scjg", phone=True, language="en")
    lead.open("/orders/")
    heights = lead.page.locator(".table-cards .state").evaluate_all("all => all.map(one => one.offsetHeight)")
    # two lines at most; beside a text in one row it would be as narrow as a letter
    assert heights
    assert max(heights) < 60


def test_the_audit_chain_is_whole_after_all_that_people_did(arrive: Arrive) -> None:
    auditor = arrive("audit.admin", language="en")
    auditor.open("/audit/verify")
    auditor.main.get_by_text(re.compile(r"^\d[\d,]* entries recomputed; the chain is whole\.$")).wait_for()
