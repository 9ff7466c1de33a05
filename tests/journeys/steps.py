"""Steps that several journeys take: a team accepts, heads approve, the notice is issued."""

import io
import re
from urllib.parse import urlsplit

import pypdf
from playwright.sync_api import Locator

from tests.journeys.people import Person

DEPARTMENTS = {
    "scjg": ("区市场监督管理局", "District Administration for Market Regulation"),
    "sthj": ("区生态环境局", "District Ecology and Environment Bureau"),
    "xfjy": ("区消防救援支队", "District Fire and Rescue Detachment"),
}
TEAM = tuple(f"inspector.{code}{number}" for code in DEPARTMENTS for number in ("", "2"))


def everybody_accepts(team: dict[str, Person]) -> tuple[str, str]:
    """Everybody accepts the first visit that all have on their list; return its entity and address."""
    leader = team["inspector.scjg"]
    for person in team.values():
        person.open("/visits/")
    leader.picture("inspectors-day-on-a-phone")
    waiting = {name: _waiting(person) for name, person in team.items()}
    address = next(one for one in waiting["inspector.scjg"] if all(one in others for others in waiting.values()))
    for person in team.values():
        accept_visit(person, address)
    leader.open("/visits/")
    entity = card_of(leader, address).get_by_role("heading", level=3).inner_text()
    leader.press(entity, within=card_of(leader, address))
    assert leader.post(f"{address}/arrival") in {403, 409}
    return entity, address


def _waiting(person: Person) -> list[str]:
    """Return the addresses of the visits that this inspector has not accepted yet, in their order."""
    accept = person.page.get_by_role("button", name=person.say("Accept"), exact=True)
    links = person.main.locator("li.visit-card").filter(has=accept).get_by_role("heading", level=3).get_by_role("link")
    return [urlsplit(str(one.get_attribute("href"))).path for one in links.all()]


def accept_visit(person: Person, address: str) -> None:
    """Accept a visit on the open list."""
    person.press("Accept", within=card_of(person, address))


def card_of(person: Person, address: str) -> Locator:
    """Return the card of a visit on the open list; the name would not do, an entity may be visited twice."""
    return person.main.locator("li.visit-card").filter(has=_link(person, address))


def row_of(person: Person, address: str) -> Locator:
    """Return the row of a visit in the open table."""
    return person.main.get_by_role("row").filter(has=_link(person, address))


def _link(person: Person, address: str) -> Locator:
    return person.page.locator(f"a:is([href='{address}'], [href^='{address}/'], [href^='{address}?'])")


def head_approves(head: Person, address: str) -> None:
    """Each department's own head approves; with the last of them the inspection gets its number."""
    head.open("/visits/approvals")
    head.main.locator(f"input[name=visit][value='{address.rpartition('/')[2]}']").check()
    head.press("Approve the ticked inspections")


def issue_notice(leader: Person, entity: str, address: str) -> None:
    """Issue the notice and read the paper."""
    leader.open(address)
    leader.press("Issue the notice" if leader.language == "zh" else "Issue it in English too")
    address = str(leader.main.locator("a[href$='.pdf']").first.get_attribute("href"))
    paper = leader.page.request.get(leader.address + address).body()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert entity in re.sub(r"\s", "", text)


def publish(person: Person, address: str) -> None:
    """Each department publishes its own part."""
    person.open("/results/")
    person.press("Publish our part", within=row_of(person, address))


def is_published(person: Person, address: str) -> None:
    """With the last part the whole result is published."""
    person.open(address)
    person.sees("Nothing: the result is public")
