"""Demonstration: where the visited entities lie, and what inspectors have asked for."""

from datetime import date, datetime, time, timedelta
from math import cos, radians

import sqlalchemy as sa

from joint_inspections.days.leave import ask, decide
from joint_inspections.days.models import EntityPoint
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.accounts.queries import actor_of, find_user
from supervision.db import insert_many
from supervision.demo.office import Office
from supervision.demo.registry import Demo
from supervision.entities.models import Entity, SubDistrict
from supervision.inspectors.models import Absence, Inspector
from supervision.inspectors.rules import AbsenceKind

KM_OF_A_DEGREE = 111.2
# half the breadth of a sub-district, and how many entities nobody has placed yet
REACH_KM, UNPLACED = 0.45, 0.08
# who asks, for what, from which day on, for how many days, and what becomes of it
REQUESTS = (
    ("inspector.scjg2", AbsenceKind.LEAVE, 1, 3, "家中有事。", None),
    ("inspector.sthj", AbsenceKind.TRAINING, 20, 4, "市级执法培训。", True),
    ("inspector.xfjy", AbsenceKind.OTHER, 8, 2, "参加演练。", False),
)  # fmt: skip


def load_places(demo: Demo) -> None:
    """Place the visited entities around the middle of their sub-district, but for some."""
    source = demo.random("places")
    middles = {
        one.code: (one.longitude, one.latitude)
        for one in demo.session.scalars(sa.select(SubDistrict))
        if one.longitude is not None and one.latitude is not None
    }
    visited = sa.select(Visit.entity_id)
    statement = sa.select(Entity.id, Entity.sub_district_code).where(Entity.id.in_(visited)).order_by(Entity.id)
    rows = []
    for entity_id, code in demo.session.execute(statement):
        east, north, placed = source.uniform(-1, 1), source.uniform(-1, 1), source.random() >= UNPLACED
        if placed and code in middles:
            longitude, latitude = middles[code]
            rows.append({
                "entity_id": entity_id,
                "longitude": round(longitude + east * REACH_KM / (KM_OF_A_DEGREE * cos(radians(latitude))), 6),
                "latitude": round(latitude + north * REACH_KM / KM_OF_A_DEGREE, 6),
                "noted_at": clock.now(),
            })  # fmt: skip
    insert_many(demo.session, EntityPoint, rows)


def load_leave(demo: Demo) -> None:
    """Let inspectors who can sign in ask for days off; the leads decide all but one request."""
    demo.session.expire_all()
    office = Office(demo)
    for username, kind, begins, length, note, approved in REQUESTS:
        user = find_user(demo.session, username)
        if user is None or user.inspector_id is None:
            continue
        inspector = demo.session.get_one(Inspector, user.inspector_id)
        first = _first_free(demo, inspector, demo.today + timedelta(days=begins), length)
        with clock.at(_hour(demo, 9)):
            asked = ask(
                demo.session, inspector, kind, starts_on=first, ends_on=first + timedelta(days=length - 1), note=note,
                actor=actor_of(user),
            )  # fmt: skip
        if approved is not None:
            with clock.at(_hour(demo, 10)):
                decide(
                    demo.session, asked, approved=approved, note="" if approved else "当周任务集中，请另行安排。",
                    actor=office.lead(inspector.department.code.lower()),
                )  # fmt: skip


def _first_free(demo: Demo, inspector: Inspector, first: date, length: int) -> date:
    """Return the first of so many days from a day on for which no absence is on record."""
    noted = sa.select(Absence.starts_on, Absence.ends_on).where(
        Absence.inspector_id == inspector.id, Absence.ends_on >= first
    )
    for starts_on, ends_on in demo.session.execute(noted.order_by(Absence.starts_on)):
        if starts_on < first + timedelta(days=length):
            first = max(first, ends_on + timedelta(days=1))
    return first


def _hour(demo: Demo, hour: int) -> datetime:
    """Return an hour of yesterday, so that nothing is dated after the demonstration was made."""
    return datetime.combine(demo.today - timedelta(days=1), time(hour), clock.SHANGHAI)
