"""Who may be drawn, who keeps the register, and what bars an inspector (R-1.20 to R-1.25)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.models import AuditEntry
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, Invalid, WrongState
from supervision.inspectors import services
from supervision.inspectors.bulk import upsert_many
from supervision.inspectors.models import Inspector
from supervision.inspectors.queries import list_eligible, list_inspectors, list_ties
from supervision.inspectors.rules import (
    AbsenceKind,
    InspectorContent,
    InspectorRow,
    InspectorStatus,
    TieKind,
    Validity,
    validity,
)
from supervision.listing import ListQuery
from supervision.permissions import Actor, Role
from tests.factories import Make

DAY = date(2026, 12, 1)


@pytest.fixture
def department(make: Make) -> Department:
    """A department with two items on the published list."""
    department = make.department("QA")
    for code in ("QA-1", "QA-2"):
        make.item(department, code=code)
    return department


@pytest.fixture
def lead(make: Make, department: Department) -> Actor:
    """Its lead."""
    return make.actor(Role.LEAD, department=department)


def _content(**values: object) -> InspectorContent:
    defaults: dict[str, object] = {
        "certificate_number": "09310106001",
        "certificate_valid_until": date(2028, 1, 1),
        "name": "张长宁",
        "issuing_body": "上海市人民政府",
    }
    return InspectorContent(**{**defaults, **values})  # type: ignore[arg-type]  # the test's own table


def _entries(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


def test_only_those_who_may_go_are_eligible(session: Session, make: Make, department: Department, lead: Actor) -> None:
    both = make.inspector(department, items=("QA-1", "QA-2"))
    every = make.inspector(department)
    make.inspector(department, items=("QA-1",))
    make.inspector(department, status=InspectorStatus.SUSPENDED)
    make.inspector(department, status=InspectorStatus.LEFT)
    make.inspector(department, certificate_valid_until=DAY - timedelta(days=1))
    last_day = make.inspector(department, certificate_valid_until=DAY)
    make.inspector(make.department("OTHER"))
    absent = make.inspector(department)
    services.record_absence(session, absent, AbsenceKind.LEAVE, starts_on=DAY, ends_on=DAY, actor=lead)
    found = list_eligible(session, department.id, {"QA-1", "QA-2"}, on=DAY)
    assert set(found) == {both, every, last_day}
    tomorrow = list_eligible(session, department.id, {"QA-1", "QA-2"}, on=DAY + timedelta(days=1))
    assert set(tomorrow) == {both, every, absent}
    assert [one.certificate_number for one in found] == sorted(one.certificate_number for one in found)


def test_ties_join_entities_and_the_firms_of_named_persons(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    inspector, colleague = make.inspector(department), make.inspector(department)
    firm, other = make.entity(), make.entity(legal_representative="李回避")
    make.entity(legal_representative="李回避二")
    tie = services.declare_tie(session, inspector, TieKind.SHAREHOLDING, entity=firm, actor=lead)
    services.declare_tie(session, inspector, TieKind.KINSHIP, person_name="李回避", actor=lead)
    services.declare_tie(session, colleague, TieKind.OTHER, entity=firm, actor=lead)
    assert list_ties(session, [inspector.id]) == [(inspector.id, firm.id), (inspector.id, other.id)]
    services.withdraw_tie(session, inspector, tie, reason="已转让股权", actor=lead)
    assert list_ties(session, [inspector.id]) == [(inspector.id, other.id)]


def test_the_log_never_names_a_relative(session: Session, make: Make, department: Department, lead: Actor) -> None:
    services.declare_tie(
        session,
        make.inspector(department),
        TieKind.KINSHIP,
        person_name="李回避",
        statement="配偶李回避",
        actor=lead,
    )
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert "李回避" not in str(entry.details) + entry.reason
    assert entry.details["person"] is True


def test_an_inspector_declares_but_does_not_lift_the_own_bar(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    inspector, firm = make.inspector(department), make.entity()
    oneself = make.actor(Role.INSPECTOR, department=department, inspector=inspector)
    tie = services.declare_tie(session, inspector, TieKind.OTHER, entity=firm, actor=oneself)
    with pytest.raises(Conflict):
        services.declare_tie(session, inspector, TieKind.OTHER, entity=firm, actor=lead)
    with pytest.raises(Forbidden):
        services.withdraw_tie(session, inspector, tie, reason="x", actor=oneself)
    leading_inspector = replace(lead, inspector_id=inspector.id)
    with pytest.raises(Forbidden):
        services.withdraw_tie(session, inspector, tie, reason="x", actor=leading_inspector)
    colleague = make.actor(Role.INSPECTOR, department=department, inspector=make.inspector(department))
    with pytest.raises(Forbidden):
        services.declare_tie(session, inspector, TieKind.KINSHIP, entity=firm, actor=colleague)


def test_a_tie_names_an_entity_or_a_person_not_both(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    inspector = make.inspector(department)
    with pytest.raises(Invalid):
        services.declare_tie(session, inspector, TieKind.OTHER, actor=lead)
    with pytest.raises(Invalid):
        services.declare_tie(session, inspector, TieKind.OTHER, entity=make.entity(), person_name="李", actor=lead)


def test_an_entry_is_created_corrected_and_found(session: Session, department: Department, lead: Actor) -> None:
    inspector = services.create_inspector(session, _content(), department=department, actor=lead)
    assert (inspector.sort_key, inspector.initials) == ("zhang chang ning", "zcn")
    services.correct_inspector(session, inspector, _content(name="张朝阳"), version=1, reason="更名", actor=lead)
    assert (inspector.version, inspector.initials) == (2, "zcy")
    with pytest.raises(Conflict) as refusal:
        services.correct_inspector(session, inspector, _content(name="迟来"), version=1, reason="更名", actor=lead)
    assert refusal.value.code == "changed-meanwhile"
    for q in ("朝阳", "zcy", "09310106"):
        assert list(list_inspectors(session, lead, ListQuery(q=q)).items) == [inspector]


def test_a_certificate_number_belongs_to_one_person(session: Session, department: Department, lead: Actor) -> None:
    services.create_inspector(session, _content(), department=department, actor=lead)
    with pytest.raises(Conflict):
        services.create_inspector(session, _content(name="另一人"), department=department, actor=lead)
    with pytest.raises(Invalid):
        services.create_inspector(session, _content(certificate_number="0-1"), department=department, actor=lead)


def test_only_the_departments_lead_keeps_the_entry(session: Session, make: Make, department: Department) -> None:
    inspector = make.inspector(department)
    strangers = [
        make.actor(Role.LEAD, department=make.department("OTHER")),
        make.actor(Role.COORDINATOR),
        make.actor(Role.HEAD, department=department),
        make.actor(Role.INSPECTOR, department=department, inspector=inspector),
        make.actor(Role.SYSTEM_ADMIN),
    ]
    for actor in strangers:
        with pytest.raises(Forbidden):
            services.set_status(
                session, inspector, InspectorStatus.SUSPENDED, reason="x", version=inspector.version, actor=actor
            )


def test_status_moves_only_along_its_life(session: Session, make: Make, department: Department, lead: Actor) -> None:
    inspector = make.inspector(department)
    before = _entries(session)
    for status in (InspectorStatus.SUSPENDED, InspectorStatus.ACTIVE, InspectorStatus.LEFT):
        services.set_status(session, inspector, status, reason="依规定", version=inspector.version, actor=lead)
    assert _entries(session) == before + 3
    with pytest.raises(WrongState):
        services.set_status(
            session, inspector, InspectorStatus.ACTIVE, reason="x", version=inspector.version, actor=lead
        )


def test_qualifications_are_items_of_the_own_department(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    make.item(make.department("OTHER"), code="OTHER-1")
    inspector = make.inspector(department, items=("QA-1",))
    with pytest.raises(Invalid):
        services.set_qualifications(
            session,
            inspector,
            {"QA-1", "OTHER-1"},
            all_items=False,
            reason="培训",
            version=inspector.version,
            actor=lead,
        )
    services.set_qualifications(
        session, inspector, {"QA-1", "QA-2"}, all_items=False, reason="培训", version=inspector.version, actor=lead
    )
    session.expire_all()
    assert [one.item_code for one in inspector.qualifications] == ["QA-1", "QA-2"]
    services.set_qualifications(
        session, inspector, (), all_items=True, reason="培训", version=inspector.version, actor=lead
    )
    assert inspector.all_items
    assert not inspector.qualifications


def test_absences_do_not_overlap_and_can_be_canceled(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    inspector = make.inspector(department)
    days = {"starts_on": DAY, "ends_on": DAY + timedelta(days=3)}
    absence = services.record_absence(session, inspector, AbsenceKind.TRAINING, **days, actor=lead)
    with pytest.raises(Conflict):
        services.record_absence(session, inspector, AbsenceKind.LEAVE, **days, actor=lead)
    with pytest.raises(Invalid):
        services.record_absence(
            session, inspector, AbsenceKind.LEAVE, starts_on=DAY, ends_on=DAY - timedelta(days=1), actor=lead
        )
    services.cancel_absence(session, inspector, absence, actor=lead)
    assert inspector in list_eligible(session, department.id, {"QA-1"}, on=DAY)


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, Validity.EXPIRED), (0, Validity.EXPIRING), (60, Validity.EXPIRING), (61, Validity.VALID)],
)
def test_the_filter_and_the_badge_agree_about_validity(
    session: Session, make: Make, department: Department, lead: Actor, days: int, state: Validity
) -> None:
    today = clock.today()
    inspector = make.inspector(department, certificate_valid_until=today + timedelta(days=days))
    assert validity(inspector.certificate_valid_until, on=today) is state
    for one in Validity:
        found = list_inspectors(session, lead, ListQuery(filters={"validity": one})).items
        assert (inspector in found) == (one is state)


def test_the_qualification_filter_keeps_to_what_the_viewer_may_know(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    listed, every = make.inspector(department, items=("QA-1",)), make.inspector(department)
    make.inspector(department, items=("QA-2",))
    make.inspector(make.department("OTHER"))
    query = ListQuery(filters={"item": "QA-1"})
    assert set(list_inspectors(session, lead, query).items) == {listed, every}
    assert set(list_inspectors(session, make.actor(Role.COORDINATOR), query).items) == {listed, every}
    stranger = make.actor(Role.LEAD, department=make.department("OTHER"))
    assert not list_inspectors(session, stranger, query).items


def test_the_same_rows_twice_change_nothing(session: Session, department: Department, lead: Actor) -> None:
    rows = [
        InspectorRow(_content(certificate_number=f"0931010{number:04d}"), department.id, frozenset({"QA-1"}))
        for number in range(50)
    ]
    first, second = (upsert_many(session, rows, actor=lead) for _ in range(2))
    assert (first.created, first.changed, first.refused) == (50, 0, [])
    assert (second.created, second.changed, second.unchanged) == (0, 0, 50)
    third = upsert_many(session, [InspectorRow(rows[0].content, department.id, None)], actor=lead)
    assert third.changed == 1


def test_wrong_rows_are_refused_one_by_one_with_their_place(
    session: Session, make: Make, department: Department, lead: Actor
) -> None:
    other = make.department("OTHER")
    taken = make.inspector(other, certificate_number="0931099999")
    rows = [
        InspectorRow(_content(), department.id, frozenset({"QA-1"})),
        InspectorRow(_content(), department.id),
        InspectorRow(_content(certificate_number="?"), department.id),
        InspectorRow(_content(certificate_number="0931088888"), other.id),
        InspectorRow(_content(certificate_number=taken.certificate_number), department.id),
        InspectorRow(_content(certificate_number="0931077777"), department.id, frozenset({"XX-1"})),
        InspectorRow(_content(certificate_number="0931066666", name=""), department.id),
    ]
    outcome = upsert_many(session, rows, actor=lead)
    assert outcome.created == 1
    assert [(place, error.code) for place, error in outcome.refused] == [
        (1, "certificate-twice"),
        (2, "certificate-number"),
        (3, "inspector-of-another"),
        (4, "other-department"),
        (5, "unknown-item"),
        (6, "no-name"),
    ]
    assert session.scalar(sa.select(sa.func.count()).select_from(Inspector)) == 2
