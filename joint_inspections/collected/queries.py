"""Reading collected records."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.collected.models import CollectedInspection


def list_of_entity(session: Session, entity_id: int, *, limit: int = 50) -> Sequence[CollectedInspection]:
    """List what the departments' systems reported of an entity, newest first."""
    statement = (
        sa.select(CollectedInspection)
        .where(CollectedInspection.entity_id == entity_id)
        .order_by(CollectedInspection.inspected_on.desc(), CollectedInspection.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def count_all(session: Session) -> int:
    """Count all collected records."""
    return session.scalar(sa.select(sa.func.count()).select_from(CollectedInspection)) or 0
