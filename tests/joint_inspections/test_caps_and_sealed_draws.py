"""A pool never tells who is drawn in a sealed draw; the caps hold all the same when inspections are approved."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.visits.caps import check_cap
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from joint_inspections.visits.visits_ahead import visits_ahead
from supervision import clock
from supervision.draws import services as draws
from supervision.draws.models import Draw
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from supervision.plans.pools import build_pool
from tests.joint_inspections.conftest import OPERATOR, District, refused


def draw_everybody_again(drawn: District, items: int = 3) -> Draw:
    """Carry out a second draw, of other items, that meets everybody of the first."""
    lead, other, make = drawn.lead, drawn.other, drawn.make
    drawn.items = [make.item(lead), make.item(lead), make.item(other)][:items]
    plan = make.plan(*drawn.items, allocation={"kind": "total", "total": 3})
    today = clock.today()
    task = make.task(plan=plan, starts_on=today, ends_on=today + timedelta(days=1))
    draw = draws.freeze(drawn.session, task, actor=drawn.actor(Role.LEAD), operator=OPERATOR)
    drawn._contribute(draw)
    return draw


def cap_of_one(session: Session) -> None:
    """Let an enterprise be inspected once a year."""
    session.execute(sa.update(Parameter).where(Parameter.code == "entity-yearly-cap").values(value="1"))


def pool_of(drawn: District) -> dict[str, int]:
    """What a plan drafted now over everybody would be told."""
    version = drawn.make.plan(drawn.make.item(drawn.lead)).newest
    pool = build_pool(drawn.session, version, on=clock.today())
    return {"pool": len(pool.frame), **pool.excluded_counts}


def test_who_is_drawn_in_a_sealed_draw_is_not_to_be_read_from_a_pool(session: Session, district: District) -> None:
    cap_of_one(session)
    for _ in range(3):
        district.make.entity()
    before = pool_of(district)
    district.draw_now()
    after = pool_of(district)
    assert before == {"pool": 3}
    assert after == {"pool": 6}, "three more entities, and none of the drawn ones missing"
    assert list(visits_ahead(session, clock.today().year)) == []


def test_visits_still_to_come_under_a_public_list_count_in_a_pool(session: Session, drawn: District) -> None:
    cap_of_one(session)
    assert drawn.draw is not None
    drawn.draw.task.publish_list_before = True
    session.flush()
    assert pool_of(drawn) == {"pool": 0, "yearly-cap": 3}
    (first, *_) = visits_ahead(session, clock.today().year)
    assert first.item_codes == {item.code for item in drawn.items}
    drawn.begin(drawn.visits[0])
    assert pool_of(drawn) == {"pool": 0, "yearly-cap": 3}, "a visit begun is counted once"
    for visit in drawn.visits[1:]:
        visit.state = VisitState.STRUCK
    session.flush()
    assert pool_of(drawn) == {"pool": 2, "yearly-cap": 1}, "a visit that has fallen away is not to come"


def test_of_two_draws_that_met_an_enterprise_the_inspection_approved_second_is_barred(
    session: Session, drawn: District
) -> None:
    cap_of_one(session)
    first = drawn.visit
    again = draw_everybody_again(drawn)
    second = session.scalars(
        sa.select(Visit).where(Visit.draw_id == again.id, Visit.entity_id == first.entity_id)
    ).one()
    assert not check_cap(session, second).over
    drawn.approve(first)
    assert check_cap(session, first).counted == 0, "an approved inspection does not bar itself"
    assert check_cap(session, second).counted == 1
    with refused("over-yearly-cap"):
        drawn.approve(second)
