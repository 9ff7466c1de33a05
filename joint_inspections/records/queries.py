"""Reading forms, versions and reviews. Callers have loaded the visit for their viewer already."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from joint_inspections.records.models import (
    ItemResult,
    RecordVersion,
    Review,
    Section,
)
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import SOURCES, disclosed, of_department, on_team
from joint_inspections.visits.rules import RECORDING, MemberState, VisitState
from supervision import clock
from supervision.errors import NotFound
from supervision.items.models import Item, ResultCode
from supervision.permissions import Actor, Permission


def list_sections(session: Session, visit: Visit) -> Sequence[Section]:
    """List the sections of a visit's form with items, check points and answers, lead department first."""
    rows = selectinload(Section.item_results)
    statement = (
        sa.select(Section)
        .where(Section.visit_id == visit.id)
        .options(
            rows.joinedload(ItemResult.item).options(selectinload(Item.check_points), selectinload(Item.phrases)),
            rows.selectinload(ItemResult.answers),
        )
        .execution_options(populate_existing=True)
    )
    places = {one.department_id: one.position for one in visit.plan_version.participants}
    return sorted(session.scalars(statement), key=lambda section: (places.get(section.department_id, 99), section.id))


def get_section(session: Session, visit: Visit, section_id: int) -> Section:
    """Return a section of this visit and hold its row, or refuse."""
    held = sa.select(Section.id).where(Section.id == section_id, Section.visit_id == visit.id).with_for_update()
    if session.execute(held).first() is None:
        raise NotFound
    return next(section for section in list_sections(session, visit) if section.id == section_id)


def list_result_codes(session: Session) -> dict[str, ResultCode]:
    """Return the result codes by code, in their order."""
    return {one.code: one for one in session.scalars(sa.select(ResultCode).order_by(ResultCode.position))}


def list_versions(session: Session, visit: Visit) -> Sequence[RecordVersion]:
    """List the versions of a visit's record, newest first."""
    statement = (
        sa.select(RecordVersion).where(RecordVersion.visit_id == visit.id).order_by(RecordVersion.version_no.desc())
    )
    return session.scalars(statement).unique().all()


def newest_version(session: Session, visit: Visit) -> RecordVersion | None:
    """Return the newest version of a visit's record."""
    statement = (
        sa.select(RecordVersion)
        .where(RecordVersion.visit_id == visit.id)
        .order_by(RecordVersion.version_no.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def find_return(session: Session, visit: Visit) -> Review | None:
    """Return the review that sent the record back, while the team has yet to answer it."""
    version = newest_version(session, visit) if visit.state is VisitState.RETURNED else None
    return version.review if version else None


def get_version(session: Session, visit: Visit, version_no: int) -> RecordVersion:
    """Return one version of a visit's record or refuse."""
    statement = sa.select(RecordVersion).where(
        RecordVersion.visit_id == visit.id, RecordVersion.version_no == version_no
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def ever_on_team(inspector_id: int | None) -> sa.ColumnElement[bool]:
    """Visits on whose team an inspector is or was: they never review it."""
    return Visit.id.in_(sa.select(VisitMember.visit_id).where(VisitMember.inspector_id == inspector_id))


def list_to_review(session: Session, viewer: Actor, *, limit: int = 200) -> Sequence[tuple[Visit, RecordVersion]]:
    """List the records a reviewer may decide on, the one due first at the top."""
    if not viewer.may(Permission.RECORD_REVIEW):
        return []
    newer = sa.orm.aliased(RecordVersion)
    statement = (
        sa.select(Visit, RecordVersion)
        .join(RecordVersion, RecordVersion.visit_id == Visit.id)
        .where(
            Visit.state == VisitState.SUBMITTED,
            disclosed(),
            of_department(viewer.department_id),
            ~sa.exists().where(newer.visit_id == Visit.id, newer.version_no > RecordVersion.version_no),
            RecordVersion.submitted_by.is_distinct_from(viewer.user_id),
        )
        .order_by(RecordVersion.review_due_on, Visit.id)
        .options(joinedload(Visit.entity), lazyload(Visit.members), *SOURCES)
        .limit(limit)
    )
    if viewer.inspector_id is not None:
        statement = statement.where(sa.not_(ever_on_team(viewer.inspector_id)))
    return [(visit, version) for visit, version in session.execute(statement).unique()]


def list_records_due(session: Session, viewer: Actor, *, limit: int = 20) -> Sequence[Visit]:
    """List the viewer's visits whose record is still to be handed in, the one due first at the top."""
    if viewer.inspector_id is None or not viewer.may(Permission.VISIT_INSPECT):
        return []
    statement = (
        sa.select(Visit)
        .where(Visit.state.in_(RECORDING), on_team(viewer.inspector_id), disclosed())
        .order_by(Visit.record_due_on, Visit.id)
        .options(joinedload(Visit.entity), lazyload(Visit.members))
        .limit(limit)
    )
    return session.scalars(statement).all()


def count_late_records(session: Session, viewer: Actor) -> int:
    """Count the records of the viewer's department not handed in although they are due (R-1.44)."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Visit)
        .where(
            Visit.submitted_at.is_(None),
            Visit.state == VisitState.ON_SITE,
            Visit.record_due_on < clock.today(),
            sa.true() if viewer.sees_whole_district else of_department(viewer.department_id),
        )
    )
    return session.scalar(statement) or 0


def member_department(visit: Visit, viewer: Actor) -> int | None:
    """Return the department for which the viewer fills in the form, if they are on the team."""
    for member in visit.members:
        if member.inspector_id == viewer.inspector_id and member.state is not MemberState.REPLACED:
            return member.department_id
    return None
