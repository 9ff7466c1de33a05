"""Reading inspectors. Everybody with the register sees who is certified; the rest is for those it concerns."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any  # select statements over any row type

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.inspectors.models import Absence, Inspector, InspectorLoan, InspectorTie, Qualification
from supervision.inspectors.rules import WARNING_DAYS, InspectorStatus, Validity
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import find_number
from supervision.permissions import Actor, Permission, Role

_SORTS = {
    "name": Inspector.sort_key,
    "certificate": Inspector.certificate_number,
    "valid_until": Inspector.certificate_valid_until,
    "department": Inspector.department_id,
}


def get_inspector(session: Session, inspector_id: int) -> Inspector:
    """Return the inspector or refuse."""
    found = session.get(Inspector, inspector_id)
    if found is None:
        raise NotFound
    return found


def find_by_certificate(session: Session, number: str) -> Inspector | None:
    """Return the inspector with this certificate number."""
    return session.scalar(sa.select(Inspector).where(Inspector.certificate_number == number))


def may_edit(viewer: Actor, inspector: Inspector) -> bool:
    """Say whether this viewer keeps this inspector's entry: the lead of the same department."""
    return viewer.may(Permission.INSPECTOR_EDIT) and viewer.department_id == inspector.department_id


def may_see_details(viewer: Actor, inspector: Inspector) -> bool:
    """Say whether qualifications, absences and history are this viewer's business."""
    superior = bool(viewer.roles & {Role.LEAD, Role.HEAD}) and viewer.department_id == inspector.department_id
    return superior or viewer.sees_whole_district or viewer.inspector_id == inspector.id


def may_see_ties(viewer: Actor, inspector: Inspector) -> bool:
    """Say whether declared interests, which are private, are shown: to oneself, lead, head and oversight."""
    superior = bool(viewer.roles & {Role.LEAD, Role.HEAD}) and viewer.department_id == inspector.department_id
    return superior or Role.OVERSIGHT in viewer.roles or viewer.inspector_id == inspector.id


def may_declare_tie(viewer: Actor, inspector: Inspector) -> bool:
    """Say whether this viewer may declare an interest: the inspector, or the lead for the department (R-1.22)."""
    return viewer.inspector_id == inspector.id or may_edit(viewer, inspector)


def list_inspectors(session: Session, viewer: Actor, query: ListQuery) -> Page[Inspector]:
    """List inspectors by name, certificate number or pinyin initials, with filters.

    The filter by qualification answers only for departments whose details the viewer may see.
    """
    return load_page(
        session,
        _filtered(session, viewer, query),
        query,
        sorts=_SORTS,
        default_sort="name",
        tie_breaker=Inspector.id,
    )


def iterate_inspectors(session: Session, viewer: Actor, query: ListQuery) -> Sequence[Inspector]:
    """Return all inspectors a list has found, for exports, in the list's order."""
    column = _SORTS.get(query.sort, Inspector.sort_key)
    order = column.desc() if query.descending and query.sort in _SORTS else column.asc()
    statement = _filtered(session, viewer, query).order_by(order, Inspector.id)
    found: Sequence[Inspector] = session.scalars(statement).all()
    return found


def _filtered(session: Session, viewer: Actor, query: ListQuery) -> sa.Select[Any]:
    today, statement = clock.today(), sa.select(Inspector)
    conditions = _conditions(viewer, today, days=warning_days(session, on=today))
    if query.q:
        statement = statement.where(_searched(query.q))
    for name, value in query.filters.items():
        if value and name in conditions:
            statement = statement.where(*conditions[name](value))
    return statement


def _searched(q: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        Inspector.name.contains(q, autoescape=True),
        Inspector.certificate_number.startswith(q.upper(), autoescape=True),
        Inspector.initials.startswith(q.lower(), autoescape=True),
    )


def _conditions(
    viewer: Actor, today: date, *, days: int
) -> dict[str, Callable[[str], tuple[sa.ColumnElement[bool], ...]]]:
    """Return what each filter asks of a row; those on private facts answer only for rows whose facts one may see."""
    until, absent = Inspector.certificate_valid_until, Inspector.id.in_(_absent(today))
    barred = sa.select(InspectorTie.inspector_id).where(InspectorTie.withdrawn_on.is_(None))
    return {
        "department": lambda code: (
            Inspector.department_id.in_(sa.select(Department.id).where(Department.code == code)),
        ),
        "status": lambda status: (Inspector.status == InspectorStatus(status),),
        "validity": lambda state: (_has_validity(Validity(state), on=today, days=days),),
        "ends_within": lambda number: (until <= today + timedelta(days=int(number)),),
        "presence": lambda presence: (absent if presence == "absent" else ~absent, _concerns(viewer)),
        "item": lambda code: (_qualified(code), _concerns(viewer)),
        "interest": lambda _: (Inspector.id.in_(barred), _sees_ties(viewer)),
    }


def warning_days(session: Session, *, on: date) -> int:
    """Return how many days before its end a certificate is warned about."""
    return find_number(session, "certificate-warning-days", on=on, default=WARNING_DAYS)


def _has_validity(state: Validity, *, on: date, days: int) -> sa.ColumnElement[bool]:
    until = Inspector.certificate_valid_until
    if state is Validity.EXPIRED:
        return until < on
    soon = on + timedelta(days=days)
    return until > soon if state is Validity.VALID else until.between(on, soon)


def _qualified(item_code: str) -> sa.ColumnElement[bool]:
    listed = sa.select(Qualification.inspector_id).where(Qualification.item_code == item_code)
    department_code = item_code.rpartition("-")[0]
    everything = Inspector.all_items & Inspector.department_id.in_(
        sa.select(Department.id).where(Department.code == department_code)
    )
    return sa.or_(Inspector.id.in_(listed), everything)


def _concerns(viewer: Actor) -> sa.ColumnElement[bool]:
    if viewer.sees_whole_district:
        return sa.true()
    return Inspector.department_id == viewer.department_id


def _absent(on: date) -> sa.Select[Any]:
    return sa.select(Absence.inspector_id).where(Absence.starts_on <= on, Absence.ends_on >= on)


def list_absent_until(session: Session, viewer: Actor, inspectors: Sequence[Inspector], *, on: date) -> dict[int, date]:
    """Return the last day of absence of those of ``inspectors`` who are absent on a day, as far as it concerns one."""
    known = [one.id for one in inspectors if may_see_details(viewer, one)]
    statement = sa.select(Absence.inspector_id, Absence.ends_on)
    rows = session.execute(
        statement.where(Absence.inspector_id.in_(known), Absence.starts_on <= on, Absence.ends_on >= on)
    )
    return {row.inspector_id: row.ends_on for row in rows}


def list_ending(session: Session, department_id: int, *, on: date) -> Sequence[Inspector]:
    """List a department's inspectors on duty whose certificate has ended or ends soon, the most urgent first."""
    last = on + timedelta(days=warning_days(session, on=on))
    statement = sa.select(Inspector).where(
        Inspector.department_id == department_id,
        Inspector.status == InspectorStatus.ACTIVE,
        Inspector.certificate_valid_until <= last,
    )
    return session.scalars(statement.order_by(Inspector.certificate_valid_until, Inspector.id)).all()


def _sees_ties(viewer: Actor) -> sa.ColumnElement[bool]:
    """Limit a list to those whose interests :func:`may_see_ties` shows the viewer."""
    if Role.OVERSIGHT in viewer.roles:
        return sa.true()
    if viewer.roles & {Role.LEAD, Role.HEAD}:
        return Inspector.department_id == viewer.department_id
    return Inspector.id == viewer.inspector_id


def at_hand(task_number: str, *, start: date, end: date) -> sa.ColumnElement[bool]:
    """Limit a list to a department's own people and those a neighbor lends it for a task on all these days (R-1.23)."""
    lent = sa.select(InspectorLoan.inspector_id).where(
        InspectorLoan.task_number == task_number,
        InspectorLoan.starts_on <= start,
        InspectorLoan.ends_on >= end,
        InspectorLoan.ended_on.is_(None),
    )
    return sa.or_(Inspector.lent_from_code.is_(None), Inspector.id.in_(lent))


def list_eligible(
    session: Session, department_id: int, item_codes: Collection[str], *, on: date, task_number: str = ""
) -> Sequence[Inspector]:
    """List a department's inspectors who may be drawn for a visit on day ``on`` (R-1.21), by certificate number.

    Active, certificate valid on that day, not absent that day, and qualified for every one of ``item_codes``. Those
    lent by a neighbor are among them for their own task only.
    """
    codes = frozenset(item_codes)
    held = (
        sa.select(sa.func.count())
        .select_from(Qualification)
        .where(Qualification.inspector_id == Inspector.id, Qualification.item_code.in_(codes))
        .scalar_subquery()
    )
    statement = (
        sa.select(Inspector)
        .where(
            Inspector.department_id == department_id,
            Inspector.status == InspectorStatus.ACTIVE,
            Inspector.certificate_valid_until >= on,
            Inspector.id.not_in(_absent(on)),
            at_hand(task_number, start=on, end=on),
            sa.or_(Inspector.all_items, held == len(codes)),
        )
        .order_by(Inspector.certificate_number)
    )
    return session.scalars(statement).all()


def list_ties(session: Session, inspector_ids: Collection[int]) -> list[tuple[int, int]]:
    """List (inspector id, entity id) of every interest in force, sorted.

    An interest in a person bars from each entity whose legal representative has that name: names are all a register
    has to go by, and one visit too few is better than one visit by a relative.
    """
    wanted = sa.and_(InspectorTie.inspector_id.in_(inspector_ids), InspectorTie.withdrawn_on.is_(None))
    direct = sa.select(InspectorTie.inspector_id, InspectorTie.entity_id).where(
        wanted, InspectorTie.entity_id.is_not(None)
    )
    by_name = (
        sa.select(InspectorTie.inspector_id, Entity.id)
        .join(Entity, Entity.legal_representative == InspectorTie.person_name)
        .where(wanted, InspectorTie.person_name != "")
    )
    rows = [session.execute(statement).all() for statement in (direct, by_name)]
    return sorted({(row[0], row[1]) for some in rows for row in some if row[1] is not None})


def list_declared_ties(session: Session, inspector: Inspector) -> list[tuple[InspectorTie, Entity | None]]:
    """List an inspector's interests with the entity of each, those in force first."""
    statement = (
        sa.select(InspectorTie, Entity)
        .outerjoin(Entity, InspectorTie.entity_id == Entity.id)
        .where(InspectorTie.inspector_id == inspector.id)
        .order_by(InspectorTie.withdrawn_on.is_not(None), InspectorTie.declared_on.desc(), InspectorTie.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def get_tie(session: Session, inspector: Inspector, tie_id: int) -> InspectorTie:
    """Return an interest of this inspector or refuse."""
    tie = session.get(InspectorTie, tie_id)
    if tie is None or tie.inspector_id != inspector.id:
        raise NotFound
    return tie


def list_absences(session: Session, inspector: Inspector) -> Sequence[Absence]:
    """List an inspector's absences, the latest first."""
    statement = sa.select(Absence).where(Absence.inspector_id == inspector.id)
    return session.scalars(statement.order_by(Absence.starts_on.desc(), Absence.id.desc())).all()


def get_absence(session: Session, inspector: Inspector, absence_id: int) -> Absence:
    """Return an absence of this inspector or refuse."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.inspector_id != inspector.id:
        raise NotFound
    return absence
