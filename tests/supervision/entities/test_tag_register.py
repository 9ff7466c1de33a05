"""Tags are added once, however many people add them at the same moment."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from supervision.entities.models import Tag
from supervision.entities.tag_services import add_tag
from supervision.errors import Conflict
from supervision.permissions import Role
from tests.factories import Make


def test_a_code_taken_in_the_same_moment_is_a_conflict_and_no_fault(session: Session, make: Make) -> None:
    actor = make.actor(Role.COORDINATOR)

    def other_person(*_: object) -> None:
        values = {"code": "cold-chain", "name_zh": "冷链", "name_en": "", "public": False, "version": 1}
        session.connection().execute(sa.insert(Tag.__table__).values(**values))  # type: ignore[arg-type]  # a Table

    event.listen(session, "before_flush", other_person, once=True)
    with pytest.raises(Conflict):
        add_tag(session, "cold-chain", name_zh="冷链", name_en="", public=False, reason="新增", actor=actor)
