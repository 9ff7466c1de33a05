"""Desks and lists on which people work on visits say which of them do not come from a draw."""

import re

import pytest
from sqlalchemy.orm import Session

from joint_inspections.ordered.services import cancel_order
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitKind, VisitState
from supervision.permissions import Role
from tests.conftest import Browser
from tests.joint_inspections.conftest import District
from tests.joint_inspections.ordered.conftest import Office

TRIGGERED = {"en": "Triggered inspection", "zh": "触发式检查"}


def says(page: str, visit: Visit, word: str) -> bool:
    """Say whether the entry of a page that names the enterprise shows a badge with a word."""
    entries = [one for one in re.split(r"<(?:li|tr)\b", page) if visit.entity.name in one]
    assert entries, "the visit is on the page"
    return any(re.search(rf'class="state tone-\w+">(?:<[^>]*>)*{word}</span>', one) for one in entries)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_desk_says_which_visits_were_ordered(
    office: Office, session: Session, browse: Browser, language: str
) -> None:
    district, word = office.district, TRIGGERED[language]
    named, accepted, handed_in, reviewed = (
        office.approve(office.order(entity_id=district.make.entity().id)) for _ in range(4)
    )
    district.accept(accepted)
    district.submit(handed_in)
    district.finish(reviewed)
    session.commit()
    team = browse(district.inspector_user(named.team_now[0]), language=language)
    head, lead = (browse(district.user(role), language=language) for role in (Role.HEAD, Role.LEAD))
    reviewer = browse(district.user(Role.REVIEWER), language=language)
    for visitor, address, visit in (
        (team, "/visits/", named),
        (team, "/days/", named),
        (head, "/visits/approvals", named),
        (head, "/visits/approvals", accepted),
        (lead, "/visits/all", accepted),
        (reviewer, "/reviews/", handed_in),
        (reviewer, "/results/", reviewed),
    ):
        assert says(visitor.get(address).text, visit, word), address


def test_a_random_visit_wears_no_badge_of_a_kind(session: Session, drawn: District, browse: Browser) -> None:
    visit = drawn.visit
    assert visit.kind is VisitKind.RANDOM
    member = drawn.inspector_user(visit.team_now[0])
    session.commit()
    for user, page in ((member, "/visits/"), (drawn.user(Role.HEAD), "/visits/approvals")):
        assert not says(browse(user).get(page).text, visit, "Random inspection")


@pytest.mark.parametrize(("language", "word"), [("en", "Cancelled"), ("zh", "已取消")])
def test_a_visit_that_ended_with_its_order_speaks_of_no_draw(
    office: Office, session: Session, browse: Browser, language: str, word: str
) -> None:
    order = office.order()
    visit = office.approve(order)
    cancel_order(session, order, reason="线索已由他案处理", actor=office.district.actor(Role.LEAD))
    session.commit()
    assert visit.state is VisitState.CANCELLED
    page = browse(office.district.user(Role.LEAD), language=language).get(f"/visits/{visit.id}").text
    assert word in page
    assert "with the draw" not in page
    assert "随抽取" not in page
