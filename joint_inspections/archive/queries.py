"""Which visits are closed, who may have their packages, and how these stand to what is kept now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.related import marks_of
from joint_inspections.archive.rules import PackageKind, PackageState, digest_of, keep_until
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.visits.blinding import not_hidden
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import of_department, on_team
from joint_inspections.visits.rules import VisitState
from sampling.canonical import canonical_bytes
from supervision import clock
from supervision.entities.models import Entity
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission

Condition = sa.ColumnElement[bool]


def closed() -> Condition:
    """Visits of which nothing is awaited: published with every follow-up closed, or struck after the team had gone."""
    open_still = sa.select(FollowUp.visit_id).where(FollowUp.state == FollowUpState.OPEN)
    published = sa.and_(Visit.state == VisitState.PUBLISHED, Visit.id.not_in(open_still))
    return sa.or_(published, sa.and_(Visit.state == VisitState.STRUCK, Visit.visited_at.is_not(None)))


def listed() -> Condition:
    """Closed visits, and those opened again of which packages were made: these stay at hand."""
    return sa.or_(closed(), sa.exists().where(ArchivePackage.visit_id == Visit.id))


def readable_by(viewer: Actor) -> Condition:
    """Visits whose package a viewer may take: of the own department for those who keep files, else of the own team."""
    if not viewer.may(Permission.ARCHIVE_VIEW):
        return sa.false()
    if viewer.may(Permission.ARCHIVE_KEEP):
        ways = sa.true() if viewer.sees_whole_district else of_department(viewer.department_id)
    else:
        ways = on_team(viewer.inspector_id) if viewer.inspector_id is not None else sa.false()
    return sa.and_(ways, not_hidden(Visit.id, viewer))


def get_closed_visit(session: Session, viewer: Actor, visit_id: int, *, hold: bool = False) -> Visit:
    """Return a closed visit, or one with packages, that the viewer may take, or refuse as if there were none."""
    statement = sa.select(Visit).where(Visit.id == visit_id, listed(), readable_by(viewer))
    found = session.scalar(statement.with_for_update(of=Visit) if hold else statement)
    if found is None:
        raise NotFound
    return found


def may_take(session: Session, viewer: Actor, visit: Visit) -> bool:
    """Say whether there is, or can be, a package of a visit that the viewer may take."""
    chosen = sa.select(Visit.id).where(Visit.id == visit.id, listed(), readable_by(viewer))
    return session.scalar(chosen) is not None


def is_closed(session: Session, visit: Visit) -> bool:
    """Say whether nothing is awaited of a visit any more."""
    return session.scalar(sa.select(Visit.id).where(Visit.id == visit.id, closed())) is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """A closed visit with its newest package for the file, how that stands, and until when it is kept."""

    visit: Visit
    package: ArchivePackage | None
    state: PackageState
    closed_on: date
    keep_until: date


def list_closed(session: Session, viewer: Actor, query: ListQuery) -> Page[Visit]:
    """List the visits of a viewer that are closed or have packages, those visited last at the top."""
    statement = (
        sa.select(Visit)
        .join(Entity, Entity.id == Visit.entity_id)
        .where(listed(), readable_by(viewer))
        .options(joinedload(Visit.entity), lazyload(Visit.members))
    )
    if query.q:
        text = query.q
        statement = statement.where(
            sa.or_(Entity.name.contains(text, autoescape=True), Entity.unit_id == text.upper(), Visit.number == text)
        )
    packed = sa.exists().where(ArchivePackage.visit_id == Visit.id, ArchivePackage.kind == PackageKind.FILE)
    if (wanted := query.filters.get("package")) in {"no", "yes"}:
        statement = statement.where(packed if wanted == "yes" else ~packed)
    sorts = {"number": Visit.number, "visited": Visit.visited_at, "entity": Entity.sort_key}
    return load_page(session, statement, query, sorts=sorts, default_sort="-visited", tie_breaker=Visit.id)


def show(session: Session, visits: Sequence[Visit]) -> list[Shown]:
    """Return how the packages of these visits stand."""
    packages = _newest(session, [one.id for one in visits])
    marks = mark_digests(session, [one.id for one in visits])
    years = get_number(session, "archive-keep-years", on=clock.today())
    found = []
    for visit in visits:
        package, ended = packages.get(visit.id), closed_on(visit)
        state = _state(package, marks[visit.id])
        found.append(Shown(visit, package, state, ended, keep_until(ended, years=years)))
    return found


def _state(package: ArchivePackage | None, mark: str) -> PackageState:
    if package is None:
        return PackageState.NONE
    return PackageState.CURRENT if package.mark == mark else PackageState.OUTDATED


def closed_on(visit: Visit) -> date:
    """Return the day from which the years of keeping are counted."""
    moment = visit.published_at or visit.visited_at or visit.created_at
    return clock.local(moment).date()


def mark_digests(session: Session, visit_ids: Collection[int]) -> dict[int, str]:
    """Return one mark for everything kept of each visit."""
    return {one: digest_of(canonical_bytes(counts)) for one, counts in marks_of(session, visit_ids).items()}


def _newest(session: Session, visit_ids: Collection[int]) -> dict[int, ArchivePackage]:
    statement = (
        sa.select(ArchivePackage)
        .where(ArchivePackage.visit_id.in_(list(visit_ids)), ArchivePackage.kind == PackageKind.FILE)
        .order_by(ArchivePackage.version_no)
    )
    return {one.visit_id: one for one in session.scalars(statement)}


def list_packages(session: Session, visit: Visit) -> Sequence[ArchivePackage]:
    """List every package of a visit, newest first; older versions stay."""
    statement = sa.select(ArchivePackage).where(ArchivePackage.visit_id == visit.id)
    return session.scalars(statement.order_by(ArchivePackage.id.desc())).all()


def newest_package(session: Session, visit: Visit, kind: PackageKind) -> ArchivePackage | None:
    """Return the newest package of a kind."""
    statement = sa.select(ArchivePackage).where(ArchivePackage.visit_id == visit.id, ArchivePackage.kind == kind)
    return session.scalar(statement.order_by(ArchivePackage.version_no.desc()).limit(1))


def find_by_manifest(session: Session, visit: Visit, kind: PackageKind, manifest: str) -> ArchivePackage | None:
    """Return the package that holds exactly this."""
    return session.scalar(
        sa.select(ArchivePackage).where(
            ArchivePackage.visit_id == visit.id, ArchivePackage.kind == kind, ArchivePackage.manifest == manifest
        )
    )


def find_by_digest(session: Session, sha256: str) -> ArchivePackage | None:
    """Return the package whose ZIP has this digest."""
    return session.scalar(sa.select(ArchivePackage).where(ArchivePackage.sha256 == sha256))


def get_package(session: Session, visit: Visit, package_id: int) -> ArchivePackage:
    """Return a package of a visit that the caller may take, or refuse."""
    found = session.scalar(
        sa.select(ArchivePackage).where(ArchivePackage.id == package_id, ArchivePackage.visit_id == visit.id)
    )
    if found is None:
        raise NotFound
    return found


def list_unpacked(session: Session, *, since: date | None, department_id: int | None) -> Sequence[int]:
    """List the closed visits, oldest first, for making and copying many packages at once."""
    statement = sa.select(Visit.id).where(closed()).order_by(Visit.visited_at, Visit.id)
    if since is not None:
        statement = statement.where(Visit.published_at >= clock.begin_of(since))
    if department_id is not None:
        statement = statement.where(of_department(department_id))
    return session.scalars(statement).all()
