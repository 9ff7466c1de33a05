"""A problem found on site, ordered to be corrected: from the record to the closed follow-up, by the code of the notice.

The hours at the door are walked by other journeys; here the services that phones use carry them out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.corrections.queries import read_correction
from joint_inspections.corrections.services import days_to_resend
from joint_inspections.demo_doorstep import FOUND, Doorstep
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.records.reviewing import approve_record
from joint_inspections.records.services import submit_record
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import MemberState, VisitState
from supervision import clock
from supervision.accounts.models import User
from supervision.demo.registry import Demo
from supervision.errors import RuleBroken
from supervision.permissions import Role
from supervision.workdays.queries import get_calendar
from supervision.workdays.rules import add_workdays
from tests.factories import Make
from tests.joint_inspections.evidence.files import photo
from tests.journeys.conftest import SCALE, SEED, Arrive, Site, serve
from tests.journeys.people import Person
from tests.journeys.steps import is_published, publish, row_of

MENDED, MORE = "冷藏库已分区标识，温度记录已补齐，附现场照片。", "补拍标识照片一张。"
MISSING, ENOUGH, LOOK = "请补拍分区标识的近照。", "已核对，问题已改正。", "照片看不出全貌，派人现场复查。"
WHO = "王店长"
BODIES = {"SCJG", "STHJ", "XFJY"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A district of its own, so that other journeys find their visits untouched."""
    folder: Path = tmp_path_factory.mktemp("corrections")
    with serve(folder, f"sqlite:///{folder / 'corrections.sqlite3'}") as served:
        yield served


class Now(Doorstep):
    """A team at a door at this very hour."""

    def __init__(self, demo: Demo, visit: Visit) -> None:
        """Photos and signatures are numbered apart from those of the demonstration: no signature serves twice."""
        super().__init__(demo, visit)
        demo.shared["doorstep counts"] = dict.fromkeys(("attachment", "photos", "signatures"), 1000 * visit.id)

    @contextmanager
    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> Iterator[datetime]:  # noqa: ARG002 - as above it
        """Let it be now, whatever the story says."""
        yield self.latest

    def record(self, *, problem: bool) -> str:
        """Carry the visit out up to the record that waits for its reviewer; return the page of the notice's code."""
        notice = self.announce()
        self.arrive()
        self.fill(problem=problem)
        self.sign()
        self.ask_party(WHO)
        submit_record(self.session, self.visit, actor=self.leader)
        return f"/notices/check/{notice.token}"


@contextmanager
def at_the_door(app: Flask) -> Iterator[Demo]:
    """Let the services be called as the demonstration calls them, and keep what they did."""
    with app.app_context(), Session(app.extensions["engine"], autoflush=False) as session:
        code, key = app.config["DISTRICT_CODE"], app.config["SECRET_KEY"]
        yield Demo(session, SEED, clock.today(), code, key, SCALE)
        session.commit()


@dataclass(frozen=True)
class Found:
    """A visit whose record says what is wrong: its page, and that of its code."""

    visit: str
    code: str


def _found_on_site(site: Site) -> Found:
    """A team of three departments that goes today records a problem, and hands the record in."""
    with at_the_door(site.app) as demo:
        todays = sa.select(Visit).where(Visit.state == VisitState.ASSIGNED, Visit.planned_on == clock.today())
        for visit in demo.session.scalars(todays.order_by(Visit.id)).unique().all():
            if {one.department.code for one in visit.plan_version.participants} != BODIES or not _can_go(visit):
                continue
            _give_accounts(demo, visit)
            try:
                with demo.session.begin_nested():
                    return Found(f"/visits/{visit.id}", Now(demo, visit).record(problem=True))
            except RuleBroken:  # this enterprise may not be visited again so soon
                continue
    raise AssertionError("no team can go today")


def _can_go(visit: Visit) -> bool:
    """Say whether nobody of the team asked to stand back, as the demonstration lets some."""
    return {one.state for one in visit.team_now} <= {MemberState.ASSIGNED, MemberState.ACCEPTED}


def _give_accounts(demo: Demo, visit: Visit) -> None:
    for member in visit.team_now:
        if demo.session.scalar(sa.select(User).where(User.inspector_id == member.inspector_id)) is None:
            Make(demo.session).user(Role.INSPECTOR, department=member.department, inspector=member.inspector)


def _reviewed_and_published(arrive: Arrive, found: Found, language: str) -> None:
    reviewer = arrive("reviewer.scjg", language=language)
    reviewer.open("/reviews/")
    reviewer.press("Read and decide", within=row_of(reviewer, found.visit))
    reviewer.sees(FOUND)
    reviewer.choose("Approve the record as it stands")
    reviewer.press("Record the decision")
    publish(reviewer, found.visit)
    for name in ("lead.sthj", "lead.xfjy"):
        publish(arrive(name, language=language), found.visit)
    is_published(reviewer, found.visit)


def _order_by_the_code(phone: Person, found: Found) -> tuple[str, str]:
    """The enterprise follows the code of its notice to the one order; return its page and the department's."""
    phone.open(found.code)
    order = phone.main.get_by_role("region", name=phone.say("To be corrected")).get_by_role("link")
    assert order.count() == 1
    phone.follow(order)
    phone.sees(FOUND)
    own = phone.page.url.removeprefix(phone.address)
    return own, f"/corrections/{own.rstrip('/').rpartition('/')[2]}"


def _send(phone: Person, address: str, text: str, shade: int, *, cut: bool = False) -> None:
    """Write, choose a photo, send; the photo goes up by itself, and waits where the line is cut."""
    phone.open(address)
    phone.fill("What was corrected", text)
    phone.page.context.set_offline(cut)
    picture = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": photo(shade)}
    phone.page.set_input_files("input[type=file]", files=[picture])  # type: ignore[list-item]  # a file of bytes
    if cut:
        phone.sees("The line is gone. It goes on by itself when it is back.")
        phone.check_access()
        phone.page.context.set_offline(False)
        phone.sees("Received whole")
    phone.fill("Your name and position", WHO)
    phone.press("Send")
    phone.sees("Received at")
    phone.sees("after.jpg")


def _decide(desk: Person, address: str, decision: str, grounds: str, *, day: tuple[str, str] | None = None) -> None:
    desk.open(address)
    desk.choose(decision)
    desk.fill("Grounds of the decision", grounds)
    if day:
        desk.fill(*day)
    desk.press("Decide")
    desk.sees(grounds)


def _last_day_to_resend(site: Site, inside: str) -> str:
    with Session(site.app.extensions["engine"]) as session:
        follow_up = session.get_one(FollowUp, int(inside.rpartition("/")[2]))
        return days_to_resend(session, read_correction(session, follow_up)).last.isoformat()


def _workday(site: Site) -> date:
    """The day of an order is a working day: today, or the next one."""
    with Session(site.app.extensions["engine"]) as session:
        return add_workdays(clock.today() - timedelta(days=1), 1, get_calendar(session))


def _is_looked_at_again(site: Site, arrive: Arrive, desk: Person) -> None:
    """The head approves the order, the machine sends a team, and its record, without a problem, is approved."""
    head = arrive("head.scjg", language=desk.language)
    again = desk.main.get_by_role("region", name=desk.say("Re-inspection")).get_by_role("link").first
    address = str(again.get_attribute("href"))
    head.open(address)
    head.choose("Approve the order")
    head.press("Save")
    with at_the_door(site.app) as demo:
        order = demo.session.get_one(OrderedInspection, int(address.rpartition("/")[2]))
        assert order.visit is not None, "no team was drawn"
        # on a day of rest the team goes before the day that was ordered
        order.visit.planned_on = clock.today()
        _give_accounts(demo, order.visit)
        team = Now(demo, order.visit)
        team.record(problem=False)
        approve_record(demo.session, order.visit, note="", actor=team.office.person("reviewer.scjg"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_problem_found_on_site_is_corrected_by_the_code_of_the_notice(
    arrive: Arrive, site: Site, language: str
) -> None:
    found = _found_on_site(site)
    phone, desk = arrive(phone=True, language=language), arrive("lead.scjg", language=language)
    _reviewed_and_published(arrive, found, language)
    own, inside = _order_by_the_code(phone, found)

    _send(phone, own, MENDED, 1)
    if language == "zh":
        _decide(desk, inside, "To be looked at again on site", LOOK, day=("Look again on", _workday(site).isoformat()))
        _is_looked_at_again(site, arrive, desk)
    else:
        day = ("What is missing is to be sent by", _last_day_to_resend(site, inside))
        _decide(desk, inside, "Sent back: something is missing", MISSING, day=day)
        phone.open(own)
        phone.sees(MISSING)
        _send(phone, own, MORE, 2, cut=True)

    _decide(desk, inside, "Accepted: corrected", ENOUGH)
    desk.sees("Nothing more is to be done.")
    phone.open(own)
    phone.sees(ENOUGH)
    phone.sees("Corrected, confirmed by the department")
    assert phone.page.locator("input[type=file]").count() == 0
