"""A lead plans a joint inspection; three departments contribute and draw."""

import re
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from supervision.draws.models import Draw
from tests.journeys.conftest import Arrive, Site
from tests.journeys.people import Person

TITLE = "天目西路餐饮单位联合检查"


def test_a_lead_plans_a_joint_inspection_that_two_departments_join_and_the_head_publishes(arrive: Arrive) -> None:
    lead = arrive("lead.scjg")
    _draft(lead)
    address = _look_at_the_figures_and_send(lead)

    for username in ("head.sthj", "head.xfjy"):
        head = arrive(username)
        head.open(address)
        head.choose("Agree")
        head.press("Send the answer")

    lead.open(address)
    lead.sees("Waiting for the head's approval")
    assert lead.post(f"{address}/approve") == 403
    head = arrive("head.scjg")
    head.open(address)
    head.press("Approve and publish")
    head.sees("Approved and published")

    citizen = arrive()
    citizen.open("/public/plans")
    citizen.press(TITLE)
    citizen.sees("区生态环境局")
    head.open("/figures/")
    head.picture("figures", at=head.main.locator(".tiles"))

    lead.open(address)
    lead.press("New task")
    lead.press("Create the task")
    lead.sees("Freeze the pool and begin the draw")


def _draft(lead: Person) -> None:
    """Go through the pages of a draft."""
    lead.open("/plans/")
    lead.press("New plan")
    lead.choose("Joint plan")
    lead.field("Joint item").select_option("JOINT-01")
    lead.press("Save and continue")
    lead.fill("Title", TITLE)
    lead.fill("Description", "市场监管、生态环境、消防一次上门，一张表检查。")
    lead.field("Why it is published late").select_option("joined-with-others")
    lead.fill("The facts behind it", "与原定的单独检查合并实施，方案在公布期限之后商定。")
    lead.press("Save and continue")
    lead.choose("Targeted")
    lead.main.locator("summary", has_text=lead.say("Sub-districts")).click()
    lead.main.get_by_label("天目西路").check()
    lead.press("Save and continue")
    lead.choose("A number for each part")
    lead.press("Save and continue")


def _look_at_the_figures_and_send(lead: Person) -> str:
    """Fix the number, read the equation and the capacity, send the plan; return the address of its page."""
    lead.fill("Number to be drawn", "5")
    lead.press("Save and show the figures")
    lead.picture("plan-with-its-equation", at=lead.main.locator(".draft-steps"))
    whole, pool = _equation(lead)
    assert whole >= 1700
    assert pool >= 8
    lead.sees(f"{5 / pool:.2%}".replace("%", " %"))
    lead.press("Save and continue")
    lead.press("Save and continue")
    capacity = lead.main.get_by_role("region", name=lead.say("Are there enough inspectors?"))
    assert capacity.get_by_text(lead.say("enough"), exact=True).count() == 3
    lead.press("Send to the cooperating departments")
    lead.sees("Waiting for cooperating departments")
    return urlsplit(lead.page.url).path


def _equation(reader: Person) -> tuple[int, int]:
    """Check that registered = pool + everybody left out; return registered and pool."""
    equation = reader.main.get_by_role("group", name=reader.say("How the pool was made"))
    whole, pool, *excluded = [int(text.replace(",", "")) for text in equation.locator("b").all_inner_texts()]
    assert whole == pool + sum(excluded)
    return whole, pool


@pytest.mark.parametrize(
    ("language", "place"),
    [
        pytest.param("zh", "南京西路", id="Chinese, from the task"),
        pytest.param("en", "共和新路", id="English, from the freeze"),
    ],
)
def test_three_departments_contribute_and_the_machine_draws_once(
    site: Site, arrive: Arrive, language: str, place: str
) -> None:
    lead = arrive("lead.scjg", language=language)
    address, number = _frozen_draw(lead, f"{place}餐饮服务单位联合检查")
    sthj, xfjy = (arrive(f"lead.{code}", language=language) for code in ("sthj", "xfjy"))
    for person, code in ((lead, "SCJG"), (sthj, "STHJ"), (xfjy, "XFJY")):
        _seal(person, address, number, code)

    lead.open(address)
    assert sthj.post(f"{address}/commit") == 403
    lead.press("Commit the draw")
    commitment = lead.main.locator("#digest-commitment").inner_text().strip()
    citizen = arrive(language=language)
    citizen.open(f"/public/draws/{number}")
    citizen.sees(commitment)
    citizen.sees("Nothing has been drawn yet.")

    _reveal(sthj, address)
    _reveal(xfjy, address)
    _reveal(lead, address, twice=True)
    record = _only_counts_are_shown(site, lead, number)
    assert lead.post(f"{address}/draw") == 302
    lead.open(address)
    assert lead.main.locator("#digest-record").inner_text().strip() == record
    _sealed_for_the_public(site, citizen, number, record)
    _on_the_wall(lead, address, record)


def _frozen_draw(lead: Person, title: str) -> tuple[str, str]:
    """Freeze the pool of the task unless it is frozen; return address and number of its draw."""
    lead.open("/tasks/")
    lead.press(title)
    if lead.button("Freeze the pool and begin the draw").count():
        _equation(lead)
        lead.press("Freeze the pool and begin the draw")
    else:
        lead.main.get_by_role("link", name=re.compile(r"^\d{6}-\d{4}-\d{4}$")).click()
        lead.page.wait_for_url("**/draws/*")
    found = re.search(r"\d{6}-\d{4}-\d{4}", lead.main.get_by_role("heading", level=1).inner_text())
    assert found
    _equation(lead)
    return urlsplit(lead.page.url).path, found.group()


def _seal(person: Person, address: str, number: str, code: str) -> None:
    """Make a secret in the browser, keep it there, and hand over its digest."""
    person.open(address)
    person.press("Seal my contribution")
    person.button("Make my secret in this browser").click()
    person.sees("Slip: my secret for draw %(number)s", number=number)
    secret = person.main.locator("[data-slip-secret]").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", re.sub(r"\s", "", secret))
    kept = person.page.evaluate("key => window.localStorage.getItem(key)", f"draw-contribution:{number}:{code}")
    assert kept
    person.field("I have printed the slip, saved it or written it down").check()
    person.press("Seal my contribution")
    person.sees("Sealed")


def _reveal(person: Person, address: str, *, twice: bool = False) -> None:
    """Reveal the secret that the browser kept; the last one draws, even when pressed twice."""
    person.open(address)
    person.press("Reveal my secret")
    person.sees("This is the secret you sealed.")
    if not twice:
        person.press("Reveal my secret")
        return
    with person.page.expect_navigation():
        person.button("Reveal my secret").dblclick()
    person.sees("Drawn", within=person.main.get_by_role("heading", level=1))


def _drawn_names(site: Site, number: str) -> list[str]:
    """Return the names and codes of those whom the machine drew, as nobody but the drawn inspectors may know them."""
    with Session(site.app.extensions["engine"]) as session:
        visits = session.scalars(sa.select(Visit).join(Visit.draw).where(Draw.number == number)).all()
        names = [name for visit in visits for name in (visit.entity.name, visit.entity.unit_id)]
    assert len(names) == 12
    return names


def _only_counts_are_shown(site: Site, lead: Person, number: str) -> str:
    """The file of the draw names nobody; return the digest of its record."""
    lead.sees("Digests")
    assert not [name for name in _drawn_names(site, number) if name in lead.page.content()]
    lead.picture("file-of-a-draw")
    return lead.main.locator("#digest-record").inner_text().strip()


def _sealed_for_the_public(site: Site, citizen: Person, number: str, record: str) -> None:
    """The public reads the digest of the record, and that the list is sealed."""
    citizen.look_again()
    citizen.sees(record)
    citizen.sees("%(count)s entities are drawn. Who they are is shown when the visits are done.", count=6)
    assert not [name for name in _drawn_names(site, number) if name in citizen.page.content()]
    assert citizen.page.request.get(f"{citizen.address}/public/draws/{number}/bundle.zip").status == 404


def _on_the_wall(lead: Person, address: str, record: str) -> None:
    """The ceremony shows the drawn numbers and the digests, large and whole."""
    lead.open(address)
    lead.press("Show on a wall")
    lead.sees("Drawn. Who it is stays sealed until the visits; the record's check code is fixed.")
    lead.sees(record)
    lead.picture("ceremony-of-a-draw")
