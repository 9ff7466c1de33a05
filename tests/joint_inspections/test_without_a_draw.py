"""Inspections that were ordered have no draw: no list loses them, no page breaks on them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from joint_inspections.visits.endings import find_ending, list_left_over, list_to_agree, may_propose
from joint_inspections.visits.visits_ahead import visits_ahead
from supervision import clock
from supervision.permissions import Role
from tests.joint_inspections.conftest import District, without_draw
from tests.pages import Browser

MANAGERS = (Role.LEAD, Role.HEAD, Role.COORDINATOR, Role.OVERSIGHT)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_ordered_and_left_undone_stands_at_home_and_has_a_page(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    visit = without_draw(session, drawn.visit)
    over = visit.task.ends_on + timedelta(days=1)
    with clock.at(clock.begin_of(over) + timedelta(hours=12)):
        left = list_left_over(session, drawn.actor(Role.LEAD))
        assert visit in left
        assert len(left) == 3, "nothing is named twice, nothing falls away"
        assert not list_to_agree(session, drawn.actor(Role.HEAD))
        assert not may_propose(visit, drawn.actor(Role.LEAD)), "its order says how it ends"
        assert find_ending(session, visit) is None
        session.commit()
        home = browse(drawn.user(Role.LEAD), language=language).get("/").text
        assert f'/visits/{visit.id}">{visit.source_number} ·' in home
        for role in MANAGERS:
            browse(drawn.user(role), language=language).get(f"/visits/{visit.id}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_visit_without_a_draw_opens_from_the_door_to_the_result(
    session: Session, drawn: District, browse: Browser, language: str
) -> None:
    drawn.finish(drawn.visit)
    visit = without_draw(session, drawn.visit)
    session.commit()
    pages = ("", "/record/1", "/signatures/", "/papers", "/evidence/")
    people = [drawn.user(Role.LEAD), drawn.user(Role.REVIEWER), drawn.inspector_user(visit.team_now[0])]
    for user in people:
        visitor = browse(user, language=language)
        for page in pages:
            assert visitor.client.get(f"/visits/{visit.id}{page}").status_code < 500, (user.username, page)
        for listed in ("/", "/visits/", "/reviews/", "/results/", "/follow-ups/"):
            assert visitor.client.get(listed).status_code < 500, (user.username, listed)


def test_what_was_ordered_counts_for_no_cap_before_it_is_made(session: Session, drawn: District) -> None:
    drawn.visit.task.publish_list_before = True
    session.flush()
    year = clock.today().year
    drawn_ahead = len(list(visits_ahead(session, year)))
    without_draw(session, drawn.visit)
    assert len(list(visits_ahead(session, year))) == drawn_ahead - 1
