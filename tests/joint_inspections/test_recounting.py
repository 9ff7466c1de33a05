"""Another calendar moves the deadlines that are still open: shown first, each on record, never short for a party."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.follow_ups.services import move_deadline
from joint_inspections.records.rules import Disposal
from joint_inspections.transfers import services as transfers
from joint_inspections.transfers.rules import Outcome, Reply
from joint_inspections.visits import services as visits
from punishments.credit_lists.models import Listing
from supervision.audit.queries import list_history
from supervision.db import Base
from supervision.errors import Conflict
from supervision.permissions import Role, system_actor
from supervision.workdays import recounting, services
from supervision.workdays.rules import DayKind
from supervision.workdays.services import current, with_day
from tests.joint_inspections.transfers.conftest import (  # noqa: F401 - a fixture, and its clock
    Desk,
    _on_a_tuesday,
    desk,
)
from tests.pages import Browser

# a Friday between today, 24 November, and the deadlines
OFF = date(2026, 12, 4)


def take_off(desk: Desk, day: date = OFF) -> int:  # noqa: F811 - the fixture
    coordinator = desk.district.make.actor(Role.COORDINATOR)
    edition = services.set_day(desk.session, day, DayKind.HOLIDAY, name="", reason="临时放假", actor=coordinator)
    return edition.moved


def test_open_deadlines_move_by_the_day_and_each_has_its_entry(desk: Desk) -> None:  # noqa: F811
    session, transfer, visit = desk.session, desk.send(), desk.visit
    follow_up = list_of_visit(session, visit.id)[0]
    before = (transfer.due_on, follow_up.due_on, follow_up.step_due_on, visit.publish_due_on)
    assert all(before)
    record_due = visit.record_due_on
    proposal = with_day(current(session, 2026), OFF, DayKind.HOLIDAY)
    columns = {one.kind.column for one in services.preview(session, proposal).moves}
    assert {"transfers.due_on", "follow_ups.due_on", "follow_ups.step_due_on", "visits.publish_due_on"} <= columns
    # what falls before the day off, or has been met, stays
    assert not {"transfers.claim_by", "transfers.next_due_on", "visits.record_due_on"} & columns
    assert (transfer.due_on, visit.publish_due_on) == (before[0], before[3]), "a preview changes nothing"
    assert take_off(desk) >= 4
    assert (transfer.due_on, follow_up.due_on, follow_up.step_due_on) == tuple(
        one + timedelta(days=1) for one in before[:3] if one is not None
    )
    assert visit.publish_due_on == before[3] + timedelta(days=1)  # type: ignore[operator]
    assert visit.record_due_on == record_due
    entries = [one for one in list_history(session, "transfer", transfer.id) if one.event.value == "deadline_recounted"]
    assert [(one.details["column"], one.details["kept"], one.reason) for one in entries] == [
        ("transfers.due_on", False, "临时放假")
    ]
    assert entries[0].details["edition"] == "2026-2"


def test_a_day_that_is_worked_again_brings_the_deadlines_of_bodies_back(desk: Desk) -> None:  # noqa: F811
    transfer = desk.send()
    before = transfer.due_on
    take_off(desk)
    services.clear_day(desk.session, OFF, reason="取消", actor=desk.district.make.actor(Role.COORDINATOR))
    assert transfer.due_on == before


def test_what_was_answered_or_set_by_hand_stays(desk: Desk) -> None:  # noqa: F811
    session, visit = desk.session, desk.visit
    follow_up = list_of_visit(session, visit.id)[0]
    chosen = date(2026, 12, 11)
    move_deadline(
        session, follow_up, reason="商定", due_on=chosen, version=follow_up.version, actor=desk.actor(Role.LEAD)
    )
    first = desk.send()
    transfers.claim(session, first, version=first.version, actor=desk.actor(Role.LEAD, desk.third))
    reply = Reply(Outcome.CASE_OPENED, "已立案", number="1")
    transfers.answer(session, first, reply, version=first.version, actor=desk.actor(Role.LEAD, desk.third))
    second = desk.send(item_id=None)
    answered_due, follow_up_due = first.due_on, follow_up.due_on
    take_off(desk)
    assert (first.due_on, follow_up.due_on) == (answered_due, follow_up_due)
    assert second.due_on == answered_due + timedelta(days=1)


def test_a_recusal_is_counted_again_and_stays_before_its_visit(desk: Desk) -> None:  # noqa: F811
    session, other = desk.session, desk.district.visits[1]
    other.planned_on = date(2026, 12, 7)
    member = other.team_now[0]
    recusal = visits.declare_recusal(
        session, other, reason_code="kinship", statement="亲属", actor=desk.district.inspector(member)
    )
    assert recusal.due_on == date(2026, 11, 26)
    take_off(desk, date(2026, 11, 25))
    assert recusal.due_on == date(2026, 11, 27)


def test_nothing_happens_when_deadlines_changed_after_the_preview(desk: Desk) -> None:  # noqa: F811
    session = desk.session
    proposal = with_day(current(session, 2026), OFF, DayKind.HOLIDAY)
    seen = services.preview(session, proposal).digest
    desk.send()
    coordinator = desk.district.make.actor(Role.COORDINATOR)
    with pytest.raises(Conflict):
        services.change_year(session, proposal, reason="x", actor=coordinator, seen=seen)
    assert current(session, 2026) != proposal


def test_the_page_shows_what_moves_before_it_moves_it(desk: Desk, browse: Browser) -> None:  # noqa: F811
    transfer = desk.send()
    before = transfer.due_on
    visitor = browse(desk.district.make.user(Role.COORDINATOR))
    form = {"day": str(OFF), "kind": "holiday", "name": "", "reason": "临时放假"}
    preview = visitor.post("/workdays/2026/change", form, status=200).text
    assert transfer.number in preview
    desk.session.refresh(transfer)
    assert transfer.due_on == before
    assert visitor.get("/workdays/2026").text.count("2026-2") == 0


@pytest.mark.usefixtures("app")
def test_every_stored_deadline_is_announced_or_named_here_with_the_reason_why_not() -> None:
    announced = {one.column for one in recounting.registered()}
    stored = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Date) and is_deadline(column.name)
    }
    assert stored - announced - set(FIXED) == set(), "announce it to workdays.recounting, or say here why it stays"
    assert announced <= stored


def is_deadline(name: str) -> bool:
    return name.endswith(("due_on", "_by")) or name in {"complete_by", "reconsider_until", "sue_until"}


FIXED = {
    "plan_versions.publication_due_on": "a day of the year by rule, not counted in working days",
    "record_versions.review_due_on": "evidence: the version was sealed with it",
    "follow_up_changes.due_on": "history",
    "transfer_changes.due_on": "history",
    "transfer_changes.next_due_on": "history",
    "listings.reconsider_until": "counted in days by law, named in a decision that was served",
    "listings.sue_until": "counted in months by law, named in a decision that was served",
}


def test_the_party_s_own_time_is_never_cut_short(session: Session) -> None:
    listing = Listing(id=7, statement_due_on=date(2026, 12, 1))
    before, after = date(2026, 12, 1), date(2026, 11, 30)
    one = recounting.Deadline(listing, "statement_due_on", ("listing", 7), "x", before, after, for_party=True)
    party = recounting.Kind("listings.statement_due_on", "x", lambda _session, _recount: [one])
    old = recounting.registered()
    try:
        recounting.register(party)
        proposal = with_day(current(session, 2026), OFF, DayKind.HOLIDAY)
        moves = [one for one in services.preview(session, proposal).moves if one.kind is party]
    finally:
        recounting.register(*old)
    assert [one.kept for one in moves] == [True]
    recounting.carry_out(session, moves, edition="2026-2", reason="x", actor=system_actor())
    assert listing.statement_due_on == before
    assert list_history(session, "listing", 7)[0].details["kept"] is True


@pytest.mark.parametrize("desk", [Disposal.CORRECTION], indirect=True)
def test_the_last_day_of_a_correction_moves_off_a_day_off_and_never_back(desk: Desk) -> None:  # noqa: F811
    session, follow_up = desk.session, list_of_visit(desk.session, desk.visit.id)[0]
    coordinator = desk.district.make.actor(Role.COORDINATOR)
    last = follow_up.due_on
    assert last == date(2026, 12, 9)
    take_off(desk, last)
    assert follow_up.due_on == date(2026, 12, 10)
    services.clear_day(session, last, reason="取消", actor=coordinator)
    assert follow_up.due_on == date(2026, 12, 10)
