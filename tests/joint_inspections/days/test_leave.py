"""Leave: asked by oneself, decided by the lead, counted by rosters; clashes are told to whom they concern."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days import leave
from joint_inspections.days.calendars import list_clashes
from joint_inspections.days.messages import KINDS
from joint_inspections.days.models import LeaveRequest
from joint_inspections.days.rules import LeaveState
from joint_inspections.visits.rules import week_end
from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.draws.rosters import build_roster
from supervision.errors import NotFound
from supervision.inspectors.models import Absence, Inspector
from supervision.inspectors.rules import AbsenceKind
from supervision.inspectors.services import cancel_absence, record_absence
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, refused
from tests.pages import Browser

FIND = {kind.code: kind.find for kind in KINDS}


def _user(district: District, inspector: Inspector) -> User:
    found = district.session.scalar(sa.select(User).where(User.inspector_id == inspector.id))
    return found or district.make.user(Role.INSPECTOR, department=inspector.department, inspector=inspector)


def _ask(district: District, inspector: Inspector, first: date, last: date) -> LeaveRequest:
    return leave.ask(
        district.session, inspector, AbsenceKind.LEAVE, starts_on=first, ends_on=last, note="家中有事",
        actor=actor_of(_user(district, inspector)),
    )  # fmt: skip


def _told(session: Session, code: str) -> set[int]:
    return {one.user_id for one in FIND[code](session)}


def test_approved_leave_over_the_whole_task_keeps_off_the_roster(district: District) -> None:
    inspector = district.make.inspector(district.lead)
    today = clock.today()
    task = district.make.task(
        plan=district.make.plan(*district.items, allocation={"kind": "total", "total": 3}),
        starts_on=today + timedelta(1), ends_on=today + timedelta(5),
    )  # fmt: skip

    def listed() -> set[int]:
        return {one.inspector_id for one in build_roster(district.session, task, on=today)}

    request = _ask(district, inspector, today, today + timedelta(9))
    assert inspector.id in listed(), "what is only asked for counts for nothing"
    leave.decide(district.session, request, approved=True, note="", actor=district.actor(Role.LEAD))
    assert inspector.id not in listed()


def test_an_approved_request_is_one_absence_and_says_when_it_is_taken_back(district: District) -> None:
    inspector, today, lead = district.make.inspector(district.lead), clock.today(), district.actor(Role.LEAD)
    request = _ask(district, inspector, today, today)
    leave.decide(district.session, request, approved=True, note="", actor=lead)
    absence = district.session.scalars(sa.select(Absence).where(Absence.inspector_id == inspector.id)).one()
    assert (request.state, request.absence_id) == (LeaveState.APPROVED, absence.id)
    cancel_absence(district.session, inspector, absence, actor=lead)
    district.session.expire(request)
    assert request.absence_id is None
    with refused("leave-decided"):
        leave.decide(district.session, request, approved=True, note="", actor=lead)


def test_nobody_decides_their_own_leave_nor_that_of_another_department(district: District) -> None:
    inspector, today = district.make.inspector(district.lead), clock.today()
    lead = district.make.user(Role.LEAD, Role.INSPECTOR, department=district.lead, inspector=inspector)
    request = leave.ask(
        district.session, inspector, AbsenceKind.LEAVE, starts_on=today, ends_on=today, note="", actor=actor_of(lead)
    )
    with refused("own-leave"):
        leave.decide(district.session, request, approved=True, note="", actor=actor_of(lead))
    with refused("inspector-of-another"):
        leave.decide(district.session, request, approved=True, note="", actor=district.actor(Role.LEAD, district.other))
    with pytest.raises(NotFound):
        leave.get_to_decide(district.session, district.actor(Role.LEAD, district.other), request.id)
    with refused("note-needed"):
        leave.decide(district.session, request, approved=False, note="", actor=district.actor(Role.LEAD))


def test_days_asked_for_twice_or_gone_are_refused(district: District) -> None:
    inspector, today = district.make.inspector(district.lead), clock.today()
    _ask(district, inspector, today, today + timedelta(3))
    with refused("leave-overlap"):
        _ask(district, inspector, today + timedelta(3), today + timedelta(4))
    with refused("leave-past"):
        _ask(district, inspector, today - timedelta(3), today - timedelta(1))
    with refused("absence-order"):
        _ask(district, inspector, today + timedelta(9), today + timedelta(8))
    with refused("leave-too-long"):
        _ask(district, inspector, today + timedelta(10), today + timedelta(400))
    with refused("leave-of-another"):
        leave.ask(
            district.session, inspector, AbsenceKind.LEAVE, starts_on=today, ends_on=today, note="",
            actor=district.actor(Role.LEAD),
        )  # fmt: skip


def test_a_disclosed_visit_on_a_day_off_is_told_to_leader_and_lead_and_a_sealed_one_to_nobody(drawn: District) -> None:
    visit = drawn.visit
    member = next(one for one in visit.team_now if not one.lead)
    lead, other = drawn.user(Role.LEAD, member.department), drawn.user(Role.LEAD, _not(drawn, member.department))
    leader = drawn.inspector_user(next(one for one in visit.team_now if one.lead))
    record_absence(
        drawn.session, member.inspector, AbsenceKind.ILLNESS, starts_on=clock.today(),
        ends_on=clock.today() + timedelta(30), actor=actor_of(lead),
    )  # fmt: skip
    assert {lead.id, leader.id} <= _told(drawn.session, "visit-on-leave")
    assert other.id not in _told(drawn.session, "visit-on-leave") or other is leader
    clashes = [one for one in list_clashes(drawn.session, actor_of(lead)) if one.visit is visit]
    assert [one.member for one in clashes] == [member]
    for one in drawn.visits:
        one.planned_on = week_end(clock.today()) + timedelta(days=1)
    drawn.session.flush()
    assert _told(drawn.session, "visit-on-leave") == set()
    assert list_clashes(drawn.session, actor_of(lead)) == []
    assert list_clashes(drawn.session, actor_of(leader)) == []


def _not(district: District, department: object) -> object:
    return district.other if department is district.lead else district.lead


def test_requests_and_decisions_are_told(district: District) -> None:
    inspector, today = district.make.inspector(district.lead), clock.today()
    lead, stranger = district.user(Role.LEAD), district.user(Role.LEAD, district.other)
    request = _ask(district, inspector, today, today)
    assert _told(district.session, "leave-to-decide") == {lead.id}
    assert stranger.id not in _told(district.session, "leave-to-decide")
    leave.decide(district.session, request, approved=False, note="任务集中", actor=actor_of(lead))
    assert _told(district.session, "leave-to-decide") == set()
    assert _told(district.session, "leave-decided") == {_user(district, inspector).id}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_leave_is_asked_for_and_decided_on_pages(district: District, browse: Browser, language: str) -> None:
    inspector, today = district.make.inspector(district.lead), clock.today()
    own, lead = browse(_user(district, inspector), language=language), browse(district.user(Role.LEAD))
    sent = {"kind": "training", "starts_on": today.isoformat(), "ends_on": today.isoformat(), "note": "法规培训"}
    own.post("/days/leave/", {**sent, "ends_on": "2001-01-01"}, status=200)
    own.post("/days/leave/", {**sent, "kind": "holiday"}, status=200)
    own.post("/days/leave/", sent)
    own.post("/days/leave/", sent, status=200)
    request = district.session.scalars(sa.select(LeaveRequest)).one()
    page = f"/days/leave/{request.id}/decision"
    assert "法规培训" in lead.get("/days/leave/requests").text
    lead.post(page, {"decision": "refuse", "note": ""}, status=200)
    lead.post(page, {"decision": "approve", "note": ""})
    district.session.expire_all()
    assert request.state is LeaveState.APPROVED
    shown = own.get("/days/calendar/").text
    assert "day-away" in shown
    assert "法规培训" not in shown


def test_what_waits_can_be_withdrawn_by_its_owner_alone(district: District, browse: Browser) -> None:
    inspector, today = district.make.inspector(district.lead), clock.today()
    request = _ask(district, inspector, today, today)
    colleague = district.make.inspector(district.lead)
    url = f"/days/leave/{request.id}/withdrawal"
    browse(_user(district, colleague)).post(url, page="/days/leave/", status=404)
    browse(_user(district, inspector)).post(url, page="/days/leave/")
    district.session.expire_all()
    assert request.state is LeaveState.WITHDRAWN
    browse(_user(district, inspector)).post(url, page="/days/leave/", status=409)
