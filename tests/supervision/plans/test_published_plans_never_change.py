"""A published version is evidence: the database itself refuses to change it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.plans.models import PlanItem, PlanParticipant, PlanVersion
from supervision.plans.rules import PlanState
from tests.factories import Make


@pytest.mark.parametrize(
    "change",
    [{"title": "x"}, {"published_json": "{}"}, {"allocation": {}}, {"digest": "0" * 64}, {"published_at": None}],
)
def test_database_refuses_to_change_a_published_version(
    session: Session, make: Make, change: dict[str, object]
) -> None:
    version = make.plan().newest
    with pytest.raises(sa.exc.DatabaseError, match="never changes"), session.begin_nested():
        session.execute(sa.update(PlanVersion).where(PlanVersion.id == version.id).values(**change))


def test_database_refuses_to_take_items_or_departments_out_of_a_published_version(session: Session, make: Make) -> None:
    version = make.plan().newest
    for table in (PlanItem, PlanParticipant):
        with pytest.raises(sa.exc.DatabaseError, match="never changes"), session.begin_nested():
            session.execute(sa.delete(table).where(table.plan_version_id == version.id))


def test_a_published_version_may_be_superseded_and_a_draft_may_change(session: Session, make: Make) -> None:
    version = make.plan().newest
    version.state = PlanState.SUPERSEDED
    draft = make.plan(state=PlanState.DRAFT).newest
    draft.title = "改名"
    session.flush()
    assert session.scalar(sa.select(PlanVersion.title).where(PlanVersion.id == draft.id)) == "改名"
