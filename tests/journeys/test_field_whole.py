"""The whole way on phones: departments fill in and sign, the enterprise answers, the leader hands in, all is public.

Between two moments of signal nothing reaches the phones; what was done there is the record that reviewers read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.conftest import Arrive, Site, serve
from tests.journeys.people import Person
from tests.journeys.phones import Phone, make_photo
from tests.journeys.steps import (
    DEPARTMENTS,
    TEAM,
    everybody_accepts,
    head_approves,
    is_published,
    issue_notice,
    publish,
    row_of,
)

PROBLEM = "后厨油烟净化设施已超过九十日未清洗，现场责令改正。"
OWNER = "王店长"
REASON = "店长称需总部同意后方可签字。"


@dataclass
class Visit:
    """A visit for which three inspectors, one of each department, stand at the door without signal."""

    entity: str
    address: str
    phones: dict[str, Phone]
    desk: Person  # the leader's other browser, with the ordinary pages

    @property
    def leader(self) -> Phone:
        """The leader's phone."""
        return self.phones["scjg"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A district of its own, so that other journeys find their visits untouched."""
    folder: Path = tmp_path_factory.mktemp("whole")
    with serve(folder, f"sqlite:///{folder / 'whole.sqlite3'}") as served:
        yield served


def _go_to_the_door(arrive: Arrive) -> Visit:
    """Everybody accepts, heads approve, the notice is issued, three phones hold the visit, and the signal is gone."""
    people = {name: arrive(name, phone=True) for name in TEAM}
    entity, address = everybody_accepts(people)
    for code in DEPARTMENTS:
        head_approves(arrive(f"head.{code}"), address)
    issue_notice(people["inspector.scjg"], entity, address)
    phones = {code: Phone(people[f"inspector.{code}"]) for code in DEPARTMENTS}
    for phone in phones.values():
        phone.set_up()
        phone.open_visit(address)
        phone.lose_signal()
    return Visit(entity, address, phones, arrive("inspector.scjg"))


def _sections_are_signed(visit: Visit) -> None:
    """Each department fills in its part and signs it without signal; then all phones find signal."""
    for code, phone in visit.phones.items():
        phone.open_visit(visit.address)
        phone.press("arrive")
        phone.open_item()
        phone.answer_all()
        phone.take_photo(make_photo(10 + list(DEPARTMENTS).index(code)))
        if code == "sthj":
            phone.find_problem(PROBLEM)
        else:
            phone.choose_result("1")
        if code == "scjg":
            phone.say_outcome(visit.address, "normal")
        phone.sign_section(visit.address, signal_returns=code == "xfjy")
    for phone in (visit.phones["sthj"], visit.phones["xfjy"], visit.leader):
        phone.find_signal()
        phone.state_is("save-all")


def _hand_over(visit: Visit) -> None:
    """The leader has fetched the colleagues' parts and hands the phone over, where there is no signal again."""
    phone = visit.leader
    phone.sync()
    phone.open_visit(visit.address)
    phone.page.locator(".field-bar").get_by_role("link", name=phone.says("next-party")).wait_for()
    phone.lose_signal()
    phone.press("next-party")
    phone.page.get_by_text(PROBLEM).wait_for()
    phone.check("party")


def _hand_in(visit: Visit, *, confirmed: bool = True) -> None:
    """Hand in without signal; it counts when everything has arrived, and a second officer has confirmed a refusal."""
    phone = visit.leader
    phone.press("party-save")
    phone.press("next-submit")
    phone.page.get_by_role("heading", level=1, name=phone.says("hand-in")).wait_for()
    phone.check("submit")
    phone.press("submit-button")
    phone.page.get_by_text(phone.says("submit-kept")).wait_for()
    visit.desk.open(visit.address)
    visit.desk.sees("Being recorded")
    phone.find_signal()
    if not confirmed:
        phone.state_is("save-here", count=1)
        visit.desk.open(visit.address)
        visit.desk.sees("Being recorded")
        _second_officer_confirms(visit)
        phone.sync()
    phone.state_is("save-all")
    visit.desk.open(visit.address)
    visit.desk.sees("Waiting for review")


def _second_officer_confirms(visit: Visit) -> None:
    """The colleague named in the note reads it on the own phone, and says by the own account that it is so."""
    phone = visit.phones["sthj"]
    phone.sync()
    phone.open_visit(visit.address)
    phone.press("next-confirm")
    phone.page.get_by_role("heading", level=1, name=phone.says("confirm-title")).wait_for()
    phone.page.get_by_text(REASON).wait_for()
    phone.check("confirm")
    phone.press("party-save")
    phone.page.get_by_text(phone.says("confirm-choose")).wait_for()
    phone.page.get_by_role("radio", name=phone.says("confirm-yes"), exact=True).check()
    phone.press("party-save")
    phone.state_is("save-all")


def test_what_was_signed_on_phones_is_reviewed_and_published(arrive: Arrive) -> None:
    visit = _go_to_the_door(arrive)
    _sections_are_signed(visit)
    _hand_over(visit)
    page, says = visit.leader.page, visit.leader.says
    page.get_by_label(says("party-name")).fill(OWNER)
    page.get_by_label(says("party-role")).fill("现场负责人")
    visit.leader.sign()
    _hand_in(visit)

    reviewer = arrive("reviewer.scjg")
    reviewer.open("/reviews/")
    reviewer.press("Read and decide", within=row_of(reviewer, visit.address))
    reviewer.sees(PROBLEM)
    reviewer.sees(OWNER)
    _pictures_open(reviewer, ".evidence-thumb", len(DEPARTMENTS))
    _pictures_open(reviewer, ".signature-image", len(DEPARTMENTS) + 1)
    reviewer.choose("Approve the record as it stands")
    reviewer.press("Record the decision")
    for name in ("reviewer.scjg", "lead.sthj", "lead.xfjy"):
        publish(arrive(name), visit.address)
    is_published(arrive("lead.xfjy"), visit.address)


def test_two_officers_note_on_the_phone_that_the_enterprise_refuses(arrive: Arrive) -> None:
    visit = _go_to_the_door(arrive)
    _sections_are_signed(visit)
    _hand_over(visit)
    visit.leader.say_outcome(visit.address, "normal", note="店长在场。")
    visit.leader.press("next-party")
    visit.leader.page.get_by_text(PROBLEM).wait_for()
    visit.leader.find_signal()  # what is being read goes up, and stays what was read
    visit.leader.state_is("save-all")
    visit.leader.lose_signal()
    page, says = visit.leader.page, visit.leader.says
    page.get_by_role("radio", name=says("party-refused"), exact=True).check()
    visit.leader.press("party-save")
    page.get_by_text(says("party-reason-needed")).wait_for()
    page.get_by_label(says("party-reason")).fill(REASON)
    visit.leader.press("party-save")
    page.get_by_text(says("party-second-needed")).wait_for()
    second = page.get_by_label(says("party-second"))
    asked = visit.phones["sthj"].page.request.get(f"{visit.desk.address}/field/api/session")
    second.select_option(label=asked.json()["user"]["name"])
    name = second.locator("option:checked").inner_text()
    _hand_in(visit, confirmed=False)

    visit.desk.open(f"{visit.address}/record/1")
    visit.desk.sees("Refused to sign, noted by two officers")
    visit.desk.sees(REASON)
    assert f"、{name} · " in visit.desk.words()
    visit.desk.sees("Confirmed by the second officer")


def _pictures_open(person: Person, kind: str, count: int) -> None:
    """The page shows so many pictures of a kind, and each of them is there."""
    found = person.main.locator(f"img{kind}")
    assert found.count() == count
    for one in found.all():
        answer = person.page.request.get(person.address + str(one.get_attribute("src")))
        assert answer.status == 200
        assert answer.headers["content-type"] == "image/jpeg"
