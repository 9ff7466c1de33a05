"""Who made the register say what it says of an entity's status: whoever recorded it, or brought the file that says it.

A strike on the register's word has two bodies behind it only if the second is not the author of that word (T06).
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.accounts.models import UserRole
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.departments.models import Department
from supervision.draws.models import Draw
from supervision.entities.models import Entity, EntityVersion
from supervision.intake.models import Upload
from supervision.permissions import Actor, Role

REGISTER = "entities"


@dataclass(frozen=True, slots=True)
class Authors:
    """The people who may have given an entity its present status, and the codes of their departments.

    ``speaking`` are the departments whose own word it is: a file that the coordinator takes in is the district's.
    """

    people: frozenset[int]
    bodies: frozenset[str]
    speaking: frozenset[str]

    def include(self, actor: Actor) -> bool:
        """Whether the actor is one of them."""
        return actor.user_id in self.people

    def include_body_of(self, actor: Actor) -> bool:
        """Whether the actor or anybody of the actor's department is one of them."""
        return self.include(actor) or actor.department_code in self.bodies

    def speak_for(self, actor: Actor) -> bool:
        """Whether the status is the word of the actor's own body, so that another one must look at it."""
        return self.include(actor) or actor.department_code in self.speaking


def status_authors(session: Session, draw: Draw, entity: Entity) -> Authors:
    """Return who may have given ``entity`` its present status since the pool of ``draw`` was frozen.

    A step by hand names its author. A file leaves one entry for all its rows, so everybody who sent or applied a file
    of entities from that moment on may be the author.
    """
    since = _status_since(session, draw, entity)
    by_hand = sa.select(AuditEntry.actor_id, AuditEntry.department_code).where(
        AuditEntry.subject_kind == "entity",
        AuditEntry.subject_id == str(entity.id),
        AuditEntry.event == Event.ENTITY_STATUS_CHANGED,
        AuditEntry.at >= since,
    )
    newest = session.execute(by_hand.order_by(AuditEntry.seq.desc()).limit(1)).all()
    rows = [(row.actor_id, row.department_code) for row in newest] or _by_files(session, since)
    official = frozenset[int]() if newest else _coordinators(session, [number for number, _ in rows])
    return Authors(
        people=frozenset(number for number, _ in rows if number is not None),
        bodies=frozenset(code for _, code in rows if code),
        speaking=frozenset(code for number, code in rows if code and number not in official),
    )


def _coordinators(session: Session, people: list[int | None]) -> frozenset[int]:
    """Return who of these people takes in the official files of the whole district."""
    statement = sa.select(UserRole.user_id).where(UserRole.role == Role.COORDINATOR, UserRole.user_id.in_(people))
    return frozenset(session.scalars(statement))


def _status_since(session: Session, draw: Draw, entity: Entity) -> datetime:
    """Return since when the register shows the status; a unit of the pool had another one at the freeze."""
    other = sa.select(EntityVersion.known_until).where(
        EntityVersion.entity_id == entity.id, EntityVersion.status != entity.status
    )
    newest = other.order_by(EntityVersion.known_until.desc(), EntityVersion.id.desc()).limit(1)
    return session.scalar(newest) or draw.frozen_at


def _by_files(session: Session, since: datetime) -> list[tuple[int | None, str | None]]:
    taken = sa.select(Upload.id, Upload.created_by, Department.code).outerjoin(
        Department, Department.id == Upload.department_id
    )
    sent = session.execute(taken.where(Upload.kind == REGISTER, Upload.applied_at >= since)).all()
    applied = sa.select(AuditEntry.actor_id, AuditEntry.department_code).where(
        AuditEntry.subject_kind == "upload",
        AuditEntry.subject_id.in_([str(row.id) for row in sent]),
        AuditEntry.event == Event.REGISTER_IMPORTED,
    )
    rows = [(row.actor_id, row.department_code) for row in session.execute(applied)]
    return [*((row.created_by, row.code) for row in sent), *rows]
