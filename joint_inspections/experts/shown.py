"""What may be told of a draw of experts, and when: places with their visits, the seed once nothing depends on it."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from joint_inspections.experts.drawing import FOLLOWED, visits_of_team
from joint_inspections.experts.models import ExpertDraw, ExpertPlace
from joint_inspections.experts.rules import ExpertDrawState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import visible_to
from supervision.draws.bundles import load_bundle
from supervision.draws.rules import DrawState
from supervision.permissions import Actor


def shown_places(session: Session, viewer: Actor, expert_draw: ExpertDraw) -> Sequence[ExpertPlace]:
    """Return the places on visits that the viewer knows of; the others are not even counted."""
    statement = (
        sa.select(ExpertPlace)
        .join(Visit, Visit.id == ExpertPlace.visit_id)
        .where(ExpertPlace.expert_draw_id == expert_draw.id, visible_to(viewer))
        .options(joinedload(ExpertPlace.visit).joinedload(Visit.entity))
    )
    return session.scalars(statement.order_by(Visit.planned_on, Visit.id, ExpertPlace.id)).unique().all()


def told_by_now(expert_draw: ExpertDraw) -> bool:
    """Say whether the seed is no secret: the draw it follows is open, or it decided over one disclosed visit only."""
    if expert_draw.state is not ExpertDrawState.DRAWN:
        return False
    return expert_draw.draw is None or expert_draw.draw.state is DrawState.OPENED


def record_of_draw(session: Session, expert_draw: ExpertDraw) -> dict[str, object]:
    """Return everything by which a draw is computed anew, and what came out; nobody is named."""
    if expert_draw.draw is not None:
        sealed = load_bundle(session, expert_draw.draw).record
        teams = {one.team: sorted(one.units) for one in sealed.teams if one.units}
        parts = {FOLLOWED: sealed.seed}
    else:
        visit = session.get_one(Visit, expert_draw.visit_id)
        teams = {visit.team: [one.entity.unit_id for one in visits_of_team(session, expert_draw, visit.team)]}
        parts = dict(expert_draw.parts)
    return {
        "list": json.loads(expert_draw.content),
        "list_digest": expert_draw.digest,
        "ties": json.loads(expert_draw.ties),
        "mapping_digest": json.loads(expert_draw.content)["mapping_digest"],
        "teams": teams,
        "parts": parts,
        "record": json.loads(expert_draw.record),
        "record_digest": expert_draw.record_digest,
        "log": [expert_draw.frozen_leaf, expert_draw.drawn_leaf],
        "changes": [
            {
                "team": one.team, "need": one.need, "k": one.k, "out": one.left, "in": one.joined,
                "ground": one.ground, "passed_over": list(one.passed_over), "salt": one.salt, "digest": one.digest,
                "log": one.leaf_index,
            }
            for one in expert_draw.changes
        ],
    }  # fmt: skip
