"""A department that lacks inspectors asks, the coordinator enters the answer, people come for one task and go."""

import hashlib
from datetime import timedelta
from typing import Any  # values of any answer

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.draws import services as draws
from supervision.draws.queries import list_replaceable
from supervision.draws.rosters import build_roster
from supervision.inspectors.models import Inspector, InspectorLoan
from supervision.inspectors.queries import find_by_certificate
from supervision.inspectors.rules import InspectorStatus
from supervision.neighbors import figures, lending, queries, services, shortages
from supervision.neighbors.models import LoanProof, LoanRequest
from supervision.neighbors.rules import LoanState, Proof
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from supervision.plans.rules import TeamMode
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import World, make_world, refused
from tests.supervision.neighbors.conftest import Borrowing

PDF = b"%PDF-1.7 agreed"


def events(world: World, request: LoanRequest) -> list[str]:
    statement = sa.select(AuditEntry.event).where(
        AuditEntry.subject_kind == "loan", AuditEntry.subject_id == str(request.id)
    )
    return [one.value for one in world.session.scalars(statement.order_by(AuditEntry.seq))]


def on_roster(world: World) -> set[int]:
    return {one.inspector_id for one in build_roster(world.session, world.task, on=clock.today())}


def the_lent(borrowing: Borrowing) -> Inspector:
    found = find_by_certificate(borrowing.world.session, "09070012345")
    assert found is not None
    return found


def test_the_whole_way_from_the_shortage_to_the_roster_and_home(borrowing: Borrowing) -> None:
    session, task = borrowing.world.session, borrowing.world.task
    shortage = shortages.find_shortage(session, task, borrowing.department.id, on=clock.today())
    assert (shortage.own, shortage.lent, shortage.lacking, shortage.allowed) == (1, 0, 1, 1)
    request = borrowing.ask()
    assert request.number.startswith("310106-JY-")
    assert request.item_codes == [task.plan_version.items[1].item.code]
    answer = borrowing.answer()
    proof = Proof("复函.pdf", PDF)
    services.grant(session, request, answer, proof=proof, version=request.version, actor=borrowing.answerer)
    assert lending.enter_people(session, request, [borrowing.person()], actor=borrowing.answerer) == 1
    lent = the_lent(borrowing)
    assert lent.lent_from is not None
    assert (lent.department_id, lent.lent_from.name_zh) == (borrowing.department.id, "普陀区")
    assert [one.item_code for one in lent.qualifications] == request.item_codes
    assert lent.id in on_roster(borrowing.world)
    shortage = shortages.find_shortage(session, task, borrowing.department.id, on=clock.today())
    assert (shortage.lent, shortage.lacking) == (1, 0)
    running = queries.list_loans(session, request)
    lending.end_loans(session, request, [running[0].id], reason="任务取消", actor=borrowing.lead)
    assert (request.state, lent.status) == (LoanState.ENDED, InspectorStatus.LEFT)
    assert lent.id not in on_roster(borrowing.world)
    assert events(borrowing.world, request) == ["loan_asked", "loan_granted", "inspectors_lent", "loan_ended"]


def test_without_a_shortage_nothing_is_borrowed(make: Make, visits: Visits) -> None:
    world = make_world(make)
    borrowing = Borrowing(world, make.user(Role.COORDINATOR))
    with refused("no-shortage"):
        borrowing.ask()
    assert world.session.scalar(sa.select(sa.func.count()).select_from(LoanRequest)) == 0


def test_fewer_than_the_roster_minimum_may_borrow_though_the_places_would_do(make: Make, visits: Visits) -> None:
    world = make_world(make, inspectors=3)
    borrowing = Borrowing(world, make.user(Role.COORDINATOR))
    with refused("no-shortage"), world.session.begin_nested():
        borrowing.ask()
    four = sa.update(Parameter).where(Parameter.code == "neighbor-roster-minimum").values(value="4")
    world.session.execute(four)
    assert borrowing.ask().wanted == 1


@pytest.mark.parametrize(("own_minimum", "code"), [("1", "loan-limit"), ("0", "")], ids=["one own each", "no limit"])
def test_at_least_one_of_each_team_is_the_departments_own(
    make: Make, visits: Visits, own_minimum: str, code: str
) -> None:
    """Fewer lent people than a team has places: then no draw whatever can make a team of lent ones alone."""
    world = make_world(make, inspectors=3, team_mode=TeamMode.GROUP, group_count=3)
    borrowing = Borrowing(world, make.user(Role.COORDINATOR, department=make.department()))
    changed = sa.update(Parameter).where(Parameter.code == "neighbor-own-minimum").values(value=own_minimum)
    world.session.execute(changed)
    shortage = shortages.find_shortage(world.session, world.task, borrowing.department.id, on=clock.today())
    assert shortage.lacking == 3
    assert shortage.allowed == (1 if code else 3)
    borrowing.lent() if code else borrowing.granted(3)
    with refused(code or "loan-limit"):
        borrowing.ask()


def test_what_is_promised_is_not_asked_for_again(borrowing: Borrowing) -> None:
    borrowing.granted()
    with refused("loan-limit"):
        borrowing.ask()


def test_one_request_waits_at_a_time_and_can_be_taken_back(borrowing: Borrowing) -> None:
    request = borrowing.ask()
    with refused("loan-waiting"):
        borrowing.ask()
    with refused("loan-not-yours"):
        services.withdraw(borrowing.world.session, request, actor=borrowing.world.lead)
    services.withdraw(borrowing.world.session, request, actor=borrowing.lead)
    assert request.state is LoanState.WITHDRAWN
    assert borrowing.ask().state is LoanState.ASKED


def test_nobody_asks_for_more_than_are_lacking(borrowing: Borrowing) -> None:
    for wanted in (0, 2):
        with refused("loan-wanted"):
            borrowing.ask(wanted)


def test_who_asks_and_who_answers_are_different_people(borrowing: Borrowing, make: Make) -> None:
    world = borrowing.world
    head = world.actor(f"head {borrowing.department.code}")
    for stranger in (head, borrowing.answerer, make.actor(Role.LEAD, department=make.department())):
        with refused("loan-not-yours"):
            borrowing.ask(actor=stranger)
    request = borrowing.ask()
    lead = borrowing.lead
    for stranger in (lead, head, make.actor(Role.OVERSIGHT), make.actor(Role.SYSTEM_ADMIN)):
        with refused("loan-coordinator"):
            answer = borrowing.answer()
            services.grant(world.session, request, answer, proof=None, version=request.version, actor=stranger)
        with refused("loan-coordinator"):
            services.refuse(world.session, request, explanation="无", version=request.version, actor=stranger)
        with refused("loan-coordinator"):
            lending.enter_people(world.session, request, [borrowing.person()], actor=stranger)
        if stranger is not lead:
            with refused("loan-not-yours"):
                lending.end_loans(world.session, request, [], reason="无", actor=stranger)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"granted": 2}, "loan-granted"),
        ({"granted": 0}, "loan-granted"),
        ({"document_number": ""}, "loan-document"),
        ({"lending_department": ""}, "loan-document"),
        ({"area_code": "310115"}, "loan-area"),
        ({"document_on": clock.today() + timedelta(days=1)}, "loan-document-day"),
    ],
)
def test_an_answer_names_area_document_and_no_more_than_was_asked(
    borrowing: Borrowing, values: dict[str, Any], code: str
) -> None:
    request = borrowing.ask()
    with refused(code):
        services.grant(
            borrowing.world.session,
            request,
            borrowing.answer(**values),
            proof=None,
            version=request.version,
            actor=borrowing.answerer,
        )


def test_an_area_that_lies_beside_the_district_no_more_lends_nobody(borrowing: Borrowing) -> None:
    borrowing.world.make.area().effective_until = clock.today() - timedelta(days=1)
    with refused("loan-area"):
        borrowing.granted()


def test_the_document_is_kept_as_it_came_and_only_a_document_is_taken(borrowing: Borrowing) -> None:
    session, request = borrowing.world.session, borrowing.ask()

    def answered(content: bytes) -> None:
        proof = Proof("复函", content)
        answer = borrowing.answer()
        services.grant(session, request, answer, proof=proof, version=request.version, actor=borrowing.answerer)

    for content, code in ((b"MZ" + PDF, "loan-proof-kind"), (PDF + bytes(5_000_000), "loan-proof-size")):
        with refused(code), session.begin_nested():
            answered(content)
        session.refresh(request)
    answered(PDF)
    kept = session.get_one(LoanProof, request.id)
    assert (kept.content, kept.sha256, kept.media_type) == (PDF, hashlib.sha256(PDF).hexdigest(), "application/pdf")
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.update(LoanProof).values(name="another"))


def test_when_own_people_are_back_before_the_answer_nobody_is_borrowed(borrowing: Borrowing) -> None:
    request = borrowing.ask()
    borrowing.world.make.inspector(borrowing.department)
    with refused("no-shortage"):
        services.grant(
            borrowing.world.session,
            request,
            borrowing.answer(),
            proof=None,
            version=request.version,
            actor=borrowing.answerer,
        )
    services.refuse(
        borrowing.world.session, request, explanation="已无需借用", version=request.version, actor=borrowing.answerer
    )
    assert request.state is LoanState.REFUSED


def test_after_the_freeze_nobody_is_asked_for_granted_or_entered(borrowing: Borrowing) -> None:
    world = borrowing.world
    borrowing.lent()
    world.freeze()
    with refused("loan-frozen"):
        borrowing.ask()
    request = world.session.scalars(sa.select(LoanRequest)).one()
    with refused("loan-frozen"):
        lending.enter_people(world.session, request, [borrowing.person("09070099999")], actor=borrowing.answerer)


def test_no_more_people_come_than_the_area_granted_and_none_twice(borrowing: Borrowing) -> None:
    session, request = borrowing.world.session, borrowing.lent()
    with refused("loan-full"):
        lending.enter_people(session, request, [borrowing.person("09070099999")], actor=borrowing.answerer)
    request.granted = 2
    with refused("loan-running"):
        lending.enter_people(session, request, [borrowing.person()], actor=borrowing.answerer)


def test_nobody_of_the_districts_own_register_is_borrowed_from_a_neighbor(borrowing: Borrowing) -> None:
    own = borrowing.world.inspectors[0]
    with refused("loan-own"):
        lending.enter_people(
            borrowing.world.session,
            borrowing.granted(),
            [borrowing.person(own.certificate_number)],
            actor=borrowing.answerer,
        )
    assert own.lent_from_code is None


@pytest.mark.parametrize(
    ("column", "days", "code"),
    [
        ("starts_on", 1, "loan-days"),
        ("ends_on", -1, "loan-days"),
        ("ends_on", -900, "loan-order"),
        ("certificate_valid_until", -1, "loan-certificate"),
    ],
)
def test_a_loan_covers_the_days_of_the_task(borrowing: Borrowing, column: str, days: int, code: str) -> None:
    request, task = borrowing.granted(), borrowing.world.task
    first = {"starts_on": max(clock.today(), task.starts_on)}.get(column, task.ends_on)
    person = borrowing.person(**{column: first + timedelta(days=days)})
    with refused(code):
        lending.enter_people(borrowing.world.session, request, [person], actor=borrowing.answerer)


def test_whoever_goes_early_is_replaced_by_the_machine_and_can_come_again(borrowing: Borrowing, visits: Visits) -> None:
    world = borrowing.world
    request = borrowing.lent()
    lent = the_lent(borrowing)
    draw = world.drawn()
    head = world.actor(f"head {borrowing.department.code}")
    assert not any(one.inspector.id == lent.id for one in list_replaceable(world.session, head, draw))
    loan = queries.list_loans(world.session, request)[0]
    lending.end_loans(world.session, request, [loan.id], reason="借出单位召回", actor=borrowing.lead)
    doubtful = {one.inspector.id: one for one in list_replaceable(world.session, head, draw)}
    assert [caution.ground for caution in doubtful[lent.id].cautions] == ["transfer"]
    other = make_world(world.make, inspectors=1)
    again = Borrowing(other, borrowing.coordinator).lent()
    assert the_lent(borrowing).status is InspectorStatus.ACTIVE
    assert [one.request_number for one, _ in queries.list_loans_of(world.session, lent)] == [
        again.number,
        request.number,
    ]


def test_a_loan_ends_with_its_last_day_by_itself(borrowing: Borrowing) -> None:
    session, request = borrowing.world.session, borrowing.lent()
    assert lending.end_due(session, actor=borrowing.answerer) == 0
    loan = queries.list_loans(session, request)[0]
    loan.starts_on = loan.ends_on = clock.today() - timedelta(days=1)
    session.flush()
    assert lending.end_due(session, actor=borrowing.answerer) == 1
    assert lending.end_due(session, actor=borrowing.answerer) == 0
    assert (request.state, loan.ended_on) == (LoanState.ENDED, loan.ends_on)
    assert the_lent(borrowing).status is InspectorStatus.LEFT


def test_a_change_made_meanwhile_is_told(borrowing: Borrowing) -> None:
    request = borrowing.ask()
    with refused("changed-meanwhile"):
        services.refuse(
            borrowing.world.session, request, explanation="无", version=request.version + 1, actor=borrowing.answerer
        )


def test_the_database_keeps_one_running_loan_of_a_person(borrowing: Borrowing) -> None:
    session, request = borrowing.world.session, borrowing.lent()
    loan = queries.list_loans(session, request)[0]
    copy = {name: getattr(loan, name) for name in ("inspector_id", "starts_on", "ends_on", "created_at")}
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.insert(InspectorLoan).values(task_number="2", request_number="2", **copy))


def test_figures_count_exceptions_and_say_nothing_of_a_sealed_draw(borrowing: Borrowing, visits: Visits) -> None:
    world = borrowing.world
    assert figures.loans_of_year(world.session, borrowing.lead, clock.today().year) == []
    borrowing.lent()
    draw = world.drawn()
    lines = figures.lent_lines(world.session, draw)
    assert lines is not None
    assert [(one.code, count) for one, count in lines.departments] == [(borrowing.department.code, 1)]
    assert [one.code for one in lines.areas] == ["310107"]
    assert lines.places is None, "whether anybody was drawn stays sealed"
    visits.done = True
    draws.open_draw(world.session, draw, actor=world.lead)
    opened = figures.lent_lines(world.session, draw)
    assert opened is not None
    assert opened.places, "there is nobody else, so the lent inspector was drawn"
    (year,) = figures.loans_of_year(world.session, borrowing.lead, clock.today().year)
    assert (year.requests, year.granted, year.people, year.draws) == (1, 1, 1, 1)
    assert figures.loans_of_year(world.session, world.lead, clock.today().year) == [], "another department's"
    assert len(figures.loans_of_year(world.session, borrowing.answerer, clock.today().year)) == 1
