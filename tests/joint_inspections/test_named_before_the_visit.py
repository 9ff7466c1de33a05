"""Every page that names an enterprise before its visit leaves on record who read it, once a day."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits import services as visits
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.pages import Browser


def noted(session: Session) -> list[tuple[str, str]]:
    """Return the lists whose views are on record, oldest first."""
    session.expire_all()
    statement = sa.select(AuditEntry.subject_kind, AuditEntry.subject_id).where(AuditEntry.event == Event.LIST_VIEWED)
    return [(kind, subject) for kind, subject in session.execute(statement.order_by(AuditEntry.seq))]


def test_the_pages_of_recusals_note_who_reads_the_name(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    head = browse(drawn.user(Role.HEAD))
    head.get("/recusals/")
    assert noted(session) == [], "an empty list names nobody"
    member = next(one for one in visit.team_now if one.department_id == drawn.lead.id)
    recusal = visits.declare_recusal(
        session, visit, reason_code="kinship", statement="cousin", actor=drawn.inspector(member)
    )
    session.commit()
    head.get("/recusals/")
    assert noted(session) == [(DisclosedList.VISITS.value, "")]
    head.get(f"/recusals/{recusal.id}")
    assert noted(session)[1:] == [(DisclosedList.VISIT.value, str(visit.id))]


@pytest.mark.parametrize(("role", "page"), [(Role.OVERSIGHT, "cap"), (Role.HEAD, "requested-recusal")])
def test_the_pages_of_one_visit_note_who_reads_the_name(
    session: Session, drawn: District, browse: Browser, role: Role, page: str
) -> None:
    visit, viewer = drawn.visit, browse(drawn.user(role))
    viewer.get(f"/visits/{visit.id}/{page}")
    viewer.get(f"/visits/{visit.id}/{page}")
    assert noted(session) == [(DisclosedList.VISIT.value, str(visit.id))]
