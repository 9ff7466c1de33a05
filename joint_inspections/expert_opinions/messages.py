"""Whose opinion is awaited; no message names an enterprise."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.expert_opinions.queries import load_opinion
from joint_inspections.expert_opinions.rules import OPEN_FOR_OPINIONS, SignedState
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.rules import PlaceState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed
from supervision import clock
from supervision.accounts.models import User
from supervision.labels import N_
from supervision.notifications.sources import Kind, Waiting


def opinions(session: Session) -> Iterator[Waiting]:
    """Experts who took part in a visit and have not signed what they think of it."""
    statement = (
        sa.select(User.id, ExpertPlace, Visit.visited_at)
        .join(ExpertPlace, ExpertPlace.expert_id == User.expert_id)
        .join(Visit, Visit.id == ExpertPlace.visit_id)
        .where(User.active, ExpertPlace.state == PlaceState.ACCEPTED, Visit.state.in_(OPEN_FOR_OPINIONS), disclosed())
    )
    for user_id, place, visited_at in session.execute(statement.order_by(ExpertPlace.id)).all():
        if load_opinion(session, place).state is not SignedState.SIGNED:
            day = clock.local(visited_at).date() if visited_at else place.visit.planned_on
            yield Waiting(user_id, str(place.id), {"day": day}, {"place_id": place.id})


KINDS = (
    Kind(
        "expert-opinion",
        N_("Opinions that are awaited"),
        N_("Your signed opinion on the inspection of %(day)s is awaited."),
        "expert_opinions.write",
        opinions,
    ),
)
