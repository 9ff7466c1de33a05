"""Reading published inspections for the public: each with the parts released so far and the departments to come."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any  # a select over parts

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from joint_inspections.follow_ups.queries import load_standings
from joint_inspections.records.models import Section
from joint_inspections.results.models import PublishedPart
from joint_inspections.results.queries import in_force, list_newest, list_parts
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitKind
from punishments.penalties.queries import day_of
from reports.portal.facts import Named, named
from reports.portal.result_facts import PartFacts, ResultFacts, part_facts, result_facts
from supervision import clock
from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.items.models import ResultCode
from supervision.listing import ListQuery, Page, load_page

# the part published last of each inspection stands for it in lists
HEAD = aliased(PublishedPart)
_LATER = aliased(PublishedPart)
_ALL_HEADS = sa.select(HEAD).where(~sa.exists().where(_LATER.visit_id == HEAD.visit_id, _LATER.id > HEAD.id))
# written down once: the page of an entity is opened often
_OF_ENTITY = (
    _ALL_HEADS.where(HEAD.entity_id == sa.bindparam("entity_id"))
    .order_by(HEAD.visited_on.desc(), HEAD.id.desc())
    .limit(100)
)
_SECTIONS = (
    sa.select(
        Section.visit_id, Section.published_at, Visit.publish_due_on, Visit.kind,
        Department.code, Department.name_zh, Department.name_en,
    )
    .join(Visit, Visit.id == Section.visit_id)
    .join(Department, Department.id == Section.department_id)
    .where(Section.visit_id.in_(sa.bindparam("visit_ids", expanding=True)))
    .order_by(Section.id)
)  # fmt: skip
CHUNK = 200


def list_results(session: Session, query: ListQuery) -> Page[ResultFacts]:
    """List the published inspections: search, filters and sorting of the public list."""
    page = load_page(
        session,
        _heads(query),
        query,
        sorts={"published_at": HEAD.published_at, "visited_on": HEAD.visited_on, "entity": HEAD.entity_name},
        default_sort="-published_at",
        tie_breaker=HEAD.id,
    )
    return Page(_told(session, page.items), page.total, page.capped)


def iterate_results(session: Session, query: ListQuery) -> Iterator[ResultFacts]:
    """Yield everything the list has, newest first."""
    heads = session.scalars(_heads(query).order_by(HEAD.published_at.desc(), HEAD.id)).unique().all()
    for start in range(0, len(heads), CHUNK):
        yield from _told(session, heads[start : start + CHUNK])


def list_results_of(session: Session, entity_id: int) -> list[ResultFacts]:
    """List the published inspections of an entity, newest visit first."""
    return _told(session, session.scalars(_OF_ENTITY, {"entity_id": entity_id}).all())


def get_result(session: Session, number: str) -> ResultFacts:
    """Return what is published of the inspection with this number, or refuse."""
    head = session.scalar(_ALL_HEADS.where(HEAD.number == number))
    if head is None:
        raise NotFound
    return _told(session, [head])[0]


def list_versions(session: Session, number: str) -> dict[str, list[PartFacts]]:
    """Return every version of every part of an inspection by department code, newest first.

    Where the newest was withdrawn, the older ones are closed too: they said what is no longer to be read.
    """
    found: dict[str, list[PartFacts]] = defaultdict(list)
    for part in list_parts(session, number):
        versions = found[part.department.code]
        closed = bool(versions) and versions[0].withdrawn_at is not None
        versions.append(part_facts(part, in_time=False, closed=closed))
    return dict(found)


def _heads(query: ListQuery) -> sa.Select[Any]:
    statement = _ALL_HEADS
    if query.q:
        named_so = HEAD.entity_name.contains(query.q, autoescape=True)
        statement = statement.where(sa.or_(named_so, HEAD.number == query.q, HEAD.unit_id == query.q.upper()))
    for condition in _conditions(query):
        statement = statement.where(condition)
    return statement


def _with_part(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Inspections of which some department's part is such."""
    return HEAD.visit_id.in_(sa.select(PublishedPart.visit_id).where(*conditions))


def _of_kind(kind: str) -> sa.ColumnElement[bool]:
    return HEAD.visit_id.in_(sa.select(Visit.id).where(Visit.kind == VisitKind(kind)))


def _conditions(query: ListQuery) -> Iterator[sa.ColumnElement[bool]]:
    if code := query.filters.get("department"):
        yield _with_part(PublishedPart.department_id.in_(sa.select(Department.id).where(Department.code == code)))
    if code := query.filters.get("result"):
        # the snapshot is canonical JSON with sorted keys, so a result stands in it in one form only
        yield _with_part(in_force(), PublishedPart.content.contains(f'{{"code":"{code}","en":', autoescape=True))
    if kind := query.filters.get("kind"):
        yield _of_kind(kind)
    if problem := query.filters.get("problem"):
        named_one = _with_part(in_force(), PublishedPart.has_problem.is_(True))
        yield named_one if problem == "yes" else sa.and_(_with_part(in_force()), sa.not_(named_one))
    if since := day_of(query.filters.get("since", "")):
        yield HEAD.visited_on >= since
    if until := day_of(query.filters.get("until", "")):
        yield HEAD.visited_on <= until


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the departments of one inspection stand: who is still to come, who was in time."""

    due_on: date | None
    to_come: list[Named]
    in_time: set[str]
    kind: VisitKind


def _told(session: Session, heads: Sequence[PublishedPart]) -> list[ResultFacts]:
    if not heads:
        return []
    ids = [head.visit_id for head in heads]
    standings, followed = _standings(session, ids), load_standings(session, ids)
    parts: dict[int, list[PartFacts]] = defaultdict(list)
    for part in list_newest(session, ids):
        code = part.department.code
        in_time = code in standings[part.visit_id].in_time
        parts[part.visit_id].append(part_facts(part, in_time=in_time, followed=followed.get((part.visit_id, code), ())))
    return [
        result_facts(
            head,
            parts[head.visit_id],
            to_come=standings[head.visit_id].to_come,
            due_on=standings[head.visit_id].due_on,
            kind=standings[head.visit_id].kind,
        )
        for head in heads
    ]


def _standings(session: Session, ids: Sequence[int]) -> Mapping[int, _Standing]:
    found: dict[int, _Standing] = {}
    for row in session.execute(_SECTIONS, {"visit_ids": list(ids)}):
        standing = found.setdefault(row.visit_id, _Standing(row.publish_due_on, [], set(), row.kind))
        if row.published_at is None:
            standing.to_come.append(named(row))
        elif row.publish_due_on is None or clock.local(row.published_at).date() <= row.publish_due_on:
            standing.in_time.add(row.code)
    return found


def list_result_words(session: Session) -> list[Named]:
    """List the wordings of results in their official order."""
    rows = session.scalars(sa.select(ResultCode).order_by(ResultCode.position, ResultCode.code))
    return [named(one) for one in rows]
