"""Lots that were touched, or never were logged, are named by the command and on the page of the order."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.ordered import team_changes
from joint_inspections.ordered.checking import OUT_OF_TURN, REPLACEMENT_CHANGED, TEAM_CHANGED, faults
from joint_inspections.ordered.models import OrderedInspection, OrderedPlace
from joint_inspections.ordered.team_changes import replace_on_ground
from joint_inspections.visits.models import VisitMember
from supervision import clock
from supervision.inspectors import services as inspectors
from supervision.inspectors.rules import AbsenceKind
from supervision.permissions import Role
from tests.conftest import Browser
from tests.guards import unguard
from tests.joint_inspections.lots_checks import check, touch
from tests.joint_inspections.ordered.conftest import Office

CHANGED = "Candidates, lots or their entries in the log differ"
AGREE, DIFFER = "Computed anew: they agree", "Computed anew: they do not agree"


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("ordered_lots", "number = replace(number, substr(number, 1, 1), 'x')"),
        ("ordered_places", "ticket = substr(ticket, 2) || 'x'"),
        ("ordered_places", "department_id = (SELECT max(id) FROM departments)"),
        ("ordered_lots", "candidates = 'x'"),
        ("ordered_lots", "leaf = '0-' || leaf"),
        ("log_leaves", "digest = 'd' WHERE event = 'ordered'"),
    ],
)
def test_touched_lots_are_named(
    app: Flask, session: Session, browse: Browser, office: Office, table: str, change: str
) -> None:
    office.district.make.department()
    order = office.order()
    assert check(app, session)[0] == 0
    office.approve(order)
    number, address = order.number, f"/orders/{order.id}"
    lead = browse(office.district.user(Role.LEAD))
    code, said = check(app, session)
    assert (code, "Computed anew: 1. All agree" in said) == (0, True), said
    assert AGREE in lead.get(address).text
    touch(session, table, change)
    code, said = check(app, session)
    assert (code, number in said, CHANGED in said) == (1, True, True), said
    assert DIFFER in lead.get(address).text


def own_places(office: Office, order: OrderedInspection) -> list[OrderedPlace]:
    """The lots of the lead department, the first to go first."""
    assert order.lots is not None
    return [one for one in order.lots.places if one.department_id == office.district.lead.id]


def replace(office: Office, order: OrderedInspection, place: OrderedPlace) -> None:
    """Let the head have somebody replaced."""
    replace_on_ground(
        office.district.session, order, inspector_id=place.inspector_id, ground="emergency", evidence="抽调防汛",
        actor=office.district.actor(Role.HEAD),
    )  # fmt: skip


@pytest.fixture
def replaced(office: Office, session: Session) -> OrderedInspection:
    """An order whose leader was replaced by the fourth of the lots, since the third is on leave."""
    order = office.order()
    office.approve(order)
    places = own_places(office, order)
    inspectors.record_absence(
        session, places[2].inspector, AbsenceKind.LEAVE, starts_on=clock.today(), ends_on=clock.today(),
        actor=office.district.actor(Role.LEAD),
    )  # fmt: skip
    replace(office, order, places[0])
    assert order.replacements[0].in_id == places[3].inspector_id
    return order


def test_replacements_that_follow_the_lots_agree(
    app: Flask, session: Session, browse: Browser, office: Office, replaced: OrderedInspection
) -> None:
    assert check(app, session)[0] == 0
    assert AGREE in browse(office.district.user(Role.LEAD)).get(f"/orders/{replaced.id}").text
    # nobody of the department is left, so the place stays empty
    replace(office, replaced, own_places(office, replaced)[1])
    assert replaced.replacements[-1].in_id is None
    assert check(app, session)[0] == 0


@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("ordered_replacements", "passed = '[]'", {OUT_OF_TURN, REPLACEMENT_CHANGED}),
        ("ordered_replacements", "passed = replace(passed, 'register', 'member')", {OUT_OF_TURN, REPLACEMENT_CHANGED}),
        ("ordered_replacements", "ground_code = 'leave'", {REPLACEMENT_CHANGED}),
        ("ordered_replacements", "in_id = NULL", {OUT_OF_TURN, REPLACEMENT_CHANGED, TEAM_CHANGED}),
        ("log_leaves", "digest = 'd' WHERE leaf LIKE '%\"replaced\"%'", {REPLACEMENT_CHANGED}),
        ("visit_members", "lead = (lead = false) WHERE state <> 'replaced'", {TEAM_CHANGED}),
    ],
)
def test_touched_replacements_are_named(
    app: Flask,
    session: Session,
    browse: Browser,
    office: Office,
    replaced: OrderedInspection,
    table: str,
    change: str,
    found: set[str],
) -> None:
    number, address = replaced.number, f"/orders/{replaced.id}"
    touch(session, table, change)
    code, said = check(app, session)
    assert (code, number in said) == (1, True), said
    assert {one for one in (OUT_OF_TURN, REPLACEMENT_CHANGED, TEAM_CHANGED) if one in said} == found
    page = browse(office.district.user(Role.LEAD)).get(address).text
    assert all(one in page for one in (DIFFER, *found))


def test_a_replacement_that_was_taken_out_is_missed(session: Session, replaced: OrderedInspection) -> None:
    unguard(session, "ordered_replacements")
    session.execute(sa.text("DELETE FROM ordered_replacements"))
    session.expire_all()
    assert list(faults(session, replaced)) == [REPLACEMENT_CHANGED, TEAM_CHANGED]


def test_somebody_put_on_the_team_by_hand_is_found(
    office: Office, session: Session, replaced: OrderedInspection
) -> None:
    stranger = office.district.make.inspector(office.district.lead)
    member = session.get_one(VisitMember, next(one.id for one in replaced.visit.team_now if not one.lead))  # type: ignore[union-attr]
    member.inspector_id = stranger.id
    session.flush()
    session.expire_all()
    assert list(faults(session, replaced)) == [TEAM_CHANGED]


def test_a_program_that_sends_somebody_else_is_found_although_its_entries_are_whole(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = office.order()
    office.approve(order)
    favorite = own_places(office, order)[3]
    monkeypatch.setattr(team_changes, "_next", lambda *_: (favorite, []))
    replace(office, order, own_places(office, order)[0])
    session.expire_all()
    assert list(faults(session, order)) == [OUT_OF_TURN]
