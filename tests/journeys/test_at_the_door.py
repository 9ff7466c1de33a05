"""What happens at the door: nobody is found there, or the enterprise asks that an inspector stand back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Recusal
from supervision.accounts.models import User
from supervision.accounts.services import HASHER
from supervision.inspectors.models import Inspector
from supervision.permissions import Role
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.journeys.conftest import Arrive, Site, serve
from tests.journeys.people import Person
from tests.journeys.phones import Phone, make_photo
from tests.journeys.steps import (
    DEPARTMENTS,
    TEAM,
    accept_visit,
    everybody_accepts,
    head_approves,
    is_published,
    issue_notice,
    publish,
    row_of,
)

NOTE = "登记住所现为另一家公司使用，询问物业和相邻商户，均称该单位已搬离；拨打登记电话三次无人接听。"
WHY = "在登记的住所未找到该单位。"
NOT_THERE = "4"
GROUNDS = "该检查人员的弟弟与本店有合同纠纷。"
OWNER = "卢经理，店长"
# milliseconds for what the phone fetches by itself
SOON = 30_000


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A district of its own for each journey: whoever stands back leaves all visits of the same team."""
    folder: Path = tmp_path_factory.mktemp("door")
    with serve(folder, f"sqlite:///{folder / 'door.sqlite3'}") as served:
        yield served


def _approved(arrive: Arrive, language: str) -> tuple[dict[str, Person], str, str]:
    """A team that has accepted, three heads that have approved, and the notice."""
    team = {name: arrive(name, phone=True, language=language) for name in TEAM}
    entity, address = everybody_accepts(team)
    for code in DEPARTMENTS:
        head_approves(arrive(f"head.{code}", language=language), address)
    issue_notice(team["inspector.scjg"], entity, address)
    return team, entity, address


def test_nobody_is_found_at_the_registered_address(arrive: Arrive) -> None:
    team, entity, address = _approved(arrive, "zh")
    phone = Phone(team["inspector.scjg"])
    phone.set_up()
    phone.open_visit(address)
    phone.lose_signal()
    phone.press("arrive")
    _says_what_was_found(phone, address)
    _leaves_items_unchecked(phone)
    phone.open_visit(address)
    phone.press("next-sign")
    _hands_in(phone, address)

    reviewer = arrive("reviewer.scjg")
    reviewer.open("/reviews/")
    reviewer.press("Read and decide", within=row_of(reviewer, address))
    for text in (NOTE, WHY, "登记住所查无此单位", "通过登记的住所(经营场所)无法联系"):
        assert text in reviewer.words(), text
    assert reviewer.main.locator("img.evidence-thumb").count() == 1
    reviewer.choose("Approve the record as it stands")
    reviewer.press("Record the decision")
    for name in ("reviewer.scjg", "lead.sthj", "lead.xfjy"):
        publish(arrive(name), address)
    is_published(arrive("lead.xfjy"), address)
    _is_public(arrive(), entity)


def _says_what_was_found(phone: Phone, address: str) -> None:
    """The outcome asks for words and urges a photo of the place."""
    phone.open_visit(address)
    phone.page.get_by_role("link", name=phone.says("outcome")).click()
    phone.page.locator("input[name=outcome][value='not-found']").check()
    phone.press("save")
    phone.page.get_by_text(phone.says("outcome-note-needed")).wait_for()
    for code in ("outcome-other-note", "outcome-other-photo", "outcome-other-party", "outcome-other-items"):
        phone.page.get_by_text(phone.says(code)).wait_for()
    photo = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": make_photo(41)}
    phone.page.locator("#camera-item").set_input_files([photo])
    phone.page.locator(".field-photos img").first.wait_for()
    phone.page.get_by_label(phone.says("outcome-note")).fill(NOTE)
    phone.check("outcome")
    phone.press("save")
    phone.stands_at_visit()


def _leaves_items_unchecked(phone: Phone) -> None:
    """Every item of the own section was not checked, and why; its result says that the entity cannot be contacted."""
    phone.open_item()
    while True:
        phone.page.get_by_role("radio", name=phone.says("checked-no"), exact=True).check()
        phone.page.get_by_label(phone.says("unchecked-reason")).fill(WHY)
        phone.choose_result(NOT_THERE)
        after = phone.page.get_by_role("link", name=phone.says("next-item"), exact=True)
        if not after.count():
            return
        after.click()


def _hands_in(phone: Phone, address: str) -> None:
    """The enterprise is not asked; what was written without signal arrives and waits for review."""
    phone.sign()
    phone.press("sign-button")
    phone.open_visit(address)
    phone.press("next-submit")
    phone.page.get_by_role("heading", level=1, name=phone.says("hand-in")).wait_for()
    phone.press("submit-button")
    phone.page.get_by_text(phone.says("submit-kept")).wait_for()
    phone.find_signal()
    phone.state_is("save-all")


def _is_public(citizen: Person, entity: str) -> None:
    """Anybody reads the result by its national code; what the officers wrote is not public."""
    citizen.open("/public")
    citizen.fill("Find an enterprise", entity)
    citizen.press("Search")
    citizen.press(entity)
    citizen.follow(citizen.main.locator("#results").get_by_role("link").first)
    citizen.look_again()
    assert "无法联系" in citizen.words()
    assert NOTE not in citizen.words()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_enterprise_asks_at_the_door_that_an_inspector_stands_back(
    site: Site, arrive: Arrive, language: str
) -> None:
    team, entity, address = _approved(arrive, language)
    leader = Phone(team["inspector.scjg"])
    leader.set_up()
    leader.open_visit(address)
    code = _code(leader)
    owner = arrive(phone=True, language=language)
    asked = _asks(owner, code)

    # the officers stop: the phone offers no arrival, and neither does the platform
    leader.sync()
    leader.open_visit(address)
    leader.page.get_by_text(leader.says("recusal-waits"), exact=True).wait_for()
    assert not leader.page.locator("#arrive").count()
    leader.check("recusal")
    department = _grant(arrive, entity, asked, language)
    owner.open(code)
    owner.sees("This notice was issued by the platform, but day or team have changed since. Ask for the new notice.")

    _next_in_line_accepts(site, arrive, address, language)
    head_approves(arrive(f"head.{department}", language=language), address)
    issue_notice(leader.person, entity, address)
    leader.person.page.goto(f"{leader.person.address}/field/")
    leader.unlock()
    leader.sync()
    leader.open_visit(address)
    # the new notice comes with the next package
    expect(leader.page.locator(".digest").first).not_to_contain_text(code.rpartition("/")[2], timeout=SOON)
    new = _code(leader)
    owner.open(new)
    owner.sees("This notice was issued by the platform and holds for this day and this team.")
    assert asked not in owner.main.locator("section[aria-labelledby=team-title] > ul").first.inner_text()
    leader.press("arrive")
    leader.state_is("save-all")
    leader.open_visit(address)
    leader.page.get_by_role("link", name=leader.says("outcome")).wait_for()


def _code(phone: Phone) -> str:
    """Return the address that the code on the notice leads to, as the phone shows it."""
    address = phone.page.locator(".digest").first.inner_text()
    assert "/notices/check/" in address
    return address


def _asks(owner: Person, code: str) -> str:
    """The enterprise scans the code, reads who may come, and asks that one of them stands back; return the name."""
    owner.open(code)
    owner.press("Ask that an inspector stand back")
    own = "District Fire and Rescue Detachment" if owner.language == "en" else "区消防救援支队"
    choice = owner.main.get_by_role("radio", name=re.compile(own)).first
    name = str(choice.evaluate("one => one.labels[0].innerText")).partition(" · ")[0].strip()
    choice.check()
    owner.fill("Which relation may affect fairness", GROUNDS)
    owner.fill("Your name and position", OWNER)
    owner.press("Send the request")
    owner.sees("Received. The inspector does not come until the department has decided.")
    return name


def _grant(arrive: Arrive, entity: str, asked: str, language: str) -> str:
    """The head of the inspector's own department reads the grounds and grants it; the machine sends who follows."""
    head = arrive("head.xfjy", language=language)
    head.open("/recusals/")
    head.press("Decide", within=head.main.get_by_role("row").filter(has_text=entity).filter(has_text=asked))
    assert GROUNDS in head.words()
    head.choose("Grant it: the machine sends the next inspector in the random order")
    head.fill("Grounds of the decision", "情况属实，准予回避。")
    head.press("Decide")
    head.sees("Granted. The machine has sent the next inspector in the random order.")
    return "xfjy"


def _next_in_line_accepts(site: Site, arrive: Arrive, address: str, language: str) -> None:
    """Whom the machine sent has an account like everybody, and accepts."""
    with Session(site.app.extensions["engine"]) as session:
        statement = sa.select(Recusal.replacement_id).order_by(Recusal.id.desc()).limit(1)
        sent = session.get_one(Inspector, session.scalars(statement).one())
        known = session.scalar(sa.select(User).where(User.inspector_id == sent.id))
        user = known or Make(session, password=PASSWORD).user(
            Role.INSPECTOR, department=sent.department, inspector=sent
        )
        user.password_hash, user.active, user.must_change_password = HASHER.hash(PASSWORD), True, False
        username = user.username
        site.passwords[username] = PASSWORD
        session.commit()
    person = arrive(username, phone=True, language=language)
    person.open("/visits/")
    accept_visit(person, address)
