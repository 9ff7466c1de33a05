"""Two visits of two draws to one enterprise on a Tuesday."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.encounters import services
from joint_inspections.encounters.models import JointOffer
from joint_inspections.visits.models import Visit
from supervision import clock
from supervision.parameters.models import Parameter
from supervision.permissions import Role
from tests.joint_inspections.conftest import District
from tests.joint_inspections.test_caps_and_sealed_draws import draw_everybody_again


def block(session: Session) -> None:
    """Let the parameter say that too frequent visits are blocked."""
    session.execute(sa.update(Parameter).where(Parameter.code == "too-frequent-blocks").values(value="1"))


def offered(session: Session, drawn: District, pair: tuple[Visit, Visit]) -> JointOffer:
    """Let the lead offer to go together."""
    first, second = pair
    return services.offer_together(
        session, first, second.id, planned_on=clock.today(), text="一起去", actor=drawn.actor(Role.LEAD)
    )


@pytest.fixture
def pair(session: Session, drawn: District) -> tuple[Visit, Visit]:
    """Two visits of two draws to one enterprise, both disclosed today."""
    first = drawn.visit
    again = draw_everybody_again(drawn)
    second = session.scalars(
        sa.select(Visit).where(Visit.draw_id == again.id, Visit.entity_id == first.entity_id)
    ).one()
    first.planned_on = second.planned_on = clock.today()
    session.flush()
    return first, second


@pytest.fixture(autouse=True)
def _on_a_tuesday() -> object:
    with clock.at(clock.begin_of(date(2026, 11, 24)) + timedelta(hours=12)):
        yield
