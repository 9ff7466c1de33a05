"""Whom draws of experts wait for; no message names an enterprise, and none comes before the week of its visit."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.experts.models import ExpertDraw, ExpertPlace
from joint_inspections.experts.rules import ExpertDrawState, PlaceState
from joint_inspections.experts.services import may_hand_in
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.accounts.models import User
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission


def answers(session: Session) -> Iterator[Waiting]:
    """Experts who were drawn for a disclosed visit and have not said whether they take part."""
    statement = (
        sa.select(User.id, ExpertPlace.id, Visit.planned_on)
        .join(ExpertPlace, ExpertPlace.expert_id == User.expert_id)
        .join(Visit, Visit.id == ExpertPlace.visit_id)
        .where(
            User.active,
            ExpertPlace.state.in_((PlaceState.DRAWN, PlaceState.BOUND)),
            Visit.state.in_(BEFORE_VISIT),
            disclosed(),
        )
    )
    for user_id, place_id, day in session.execute(statement.order_by(ExpertPlace.id)):
        yield Waiting(user_id, str(place_id), {"day": day}, {"place_id": place_id})


def values(session: Session) -> Iterator[Waiting]:
    """Draws for one visit that wait for the value of another body."""
    statement = (
        sa.select(ExpertDraw)
        .join(Visit, Visit.id == ExpertDraw.visit_id)
        .where(ExpertDraw.state == ExpertDrawState.FROZEN, Visit.state.in_(BEFORE_VISIT), disclosed())
    )
    waiting = session.scalars(statement.order_by(ExpertDraw.id)).all()
    for viewer in actors_holding(session, Permission.DRAW_CONTRIBUTE) if waiting else ():
        for one in waiting:
            if may_hand_in(one, viewer):
                yield Waiting(viewer.user_id or 0, str(one.id), {}, {"visit_id": one.visit_id or 0})


KINDS = (
    Kind(
        "expert-answer",
        N_("Visits that ask for you as an expert"),
        N_("You were drawn as an expert for an inspection on %(day)s. Say whether you take part."),
        "expert_work.show",
        answers,
    ),
    Kind(
        "expert-value",
        N_("Draws of experts that wait for a value"),
        N_("A draw of experts waits for the value of another body."),
        "expert_requests.of_visit",
        values,
    ),
)
