"""Whom offers and too frequent visits wait for; no message names an enterprise."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.encounters.models import JointOffer
from joint_inspections.encounters.queries import list_crowded, list_waiting_offers
from joint_inspections.encounters.rules import OfferState, Period
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import disclosed
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision import clock
from supervision.labels import N_
from supervision.notifications.queries import actors_holding
from supervision.notifications.sources import Kind, Waiting
from supervision.permissions import Permission


def offers(session: Session) -> Iterator[Waiting]:
    """Offers that a lead answers."""
    for viewer in actors_holding(session, Permission.PLAN_DRAFT):
        for offer in list_waiting_offers(session, viewer):
            yield Waiting(viewer.user_id or 0, str(offer.id), {"day": offer.planned_on}, {"offer_id": offer.id})


def answers(session: Session) -> Iterator[Waiting]:
    """Answers to offers, for who made them, until the visit begins."""
    ahead = sa.select(Visit.id).where(disclosed(), Visit.state.in_(BEFORE_VISIT))
    statement = sa.select(JointOffer.id, JointOffer.offered_by, JointOffer.planned_on).where(
        JointOffer.state.in_((OfferState.ACCEPTED, OfferState.DECLINED)), JointOffer.visit_id.in_(ahead),
        JointOffer.other_id.in_(sa.select(Visit.id).where(disclosed())),
    )  # fmt: skip
    for offer_id, user_id, day in session.execute(statement.order_by(JointOffer.id)):
        if user_id is not None:
            yield Waiting(user_id, str(offer_id), {"day": day}, {"offer_id": offer_id})


def crowded(session: Session) -> Iterator[Waiting]:
    """Enterprises visited too often this month, one message a day for oversight."""
    today = clock.today()
    for viewer in actors_holding(session, Permission.CAP_OVERRIDE):
        if count := len(list_crowded(session, viewer, period=Period.MONTH, day=today)):
            yield Waiting(viewer.user_id or 0, today.isoformat(), {"count": count})


KINDS = (
    Kind(
        "joint-offer",
        N_("Offers to go together"),
        N_("Another department offers to go together with a visit of yours on %(day)s."),
        "encounters.offer",
        offers,
        urgent=True,
    ),
    Kind(
        "joint-answer",
        N_("Answers to offers to go together"),
        N_("Your offer to go together on %(day)s was answered."),
        "encounters.offer",
        answers,
    ),
    Kind(
        "too-frequent",
        N_("Enterprises visited too often"),
        N_("%(count)s enterprises are visited too often this month."),
        "encounters.crowded",
        crowded,
    ),
)
