"""Who was left out and why, and draws that ended void or abandoned: public by themselves, persons for oversight."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.fairness.queries import Asked, of_year
from reports.portal.facts import Named, named
from supervision.accounts.models import User
from supervision.draws.models import Draw, DrawProposal, VoidProposal
from supervision.draws.rules import ENDED, DrawState, ProposalKind
from supervision.parameters.models import Reason
from supervision.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How often a reason was given, by a body where one is named."""

    reason: Named
    count: int
    state: DrawState | None = None
    body: Named | None = None


def count_exclusions(session: Session, draws: Iterable[Draw]) -> list[ReasonCount]:
    """Count who was left out of the pools of opened draws, by reason."""
    counts: Counter[str] = Counter()
    for draw in draws:
        counts.update(draw.excluded_counts)
    names = _reasons(session, "exclusion_reasons")
    return [ReasonCount(names.get(code, Named(code, code, code)), counts[code]) for code in sorted(counts)]


def _reasons(session: Session, *lists: str) -> dict[str, Named]:
    rows = session.scalars(sa.select(Reason).where(Reason.list_code.in_(lists)))
    return {row.code: named(row) for row in rows}


def list_ended(session: Session, asked: Asked) -> list[Draw]:
    """List void and abandoned draws; they are public with number and reason."""
    return list(session.scalars(sa.select(Draw).where(Draw.state.in_(ENDED), of_year(asked)).order_by(Draw.number)))


def count_ended(session: Session, asked: Asked) -> list[ReasonCount]:
    """Count void and abandoned draws by lead department and reason."""
    names = _reasons(session, "void_reasons", "abandon_reasons")
    counts: Counter[tuple[str, DrawState, str]] = Counter()
    bodies: dict[str, Named] = {}
    for draw in list_ended(session, asked):
        lead = draw.task.plan_version.plan.lead_department
        bodies[lead.code] = named(lead)
        counts[lead.code, draw.state, draw.end_reason] += 1
    return [
        ReasonCount(names.get(code, Named(code, code, code)), count, state, bodies[body])
        for (body, state, code), count in sorted(counts.items())
    ]


@dataclass(frozen=True, slots=True)
class EndedDraw:
    """A void or abandoned draw and the people behind it: for oversight alone."""

    draw: Draw
    reason: Named
    frozen_by: str
    proposed_by: str
    agreed_by: str


def list_ended_by_person(session: Session, viewer: Actor, asked: Asked) -> list[EndedDraw]:
    """List who froze, who proposed and who agreed; nothing for anybody but oversight."""
    if not viewer.may(Permission.OVERSIGHT_VIEW):
        return []
    names = _reasons(session, "void_reasons", "abandon_reasons")
    found = []
    for draw in list_ended(session, asked):
        proposed, agreed = _ended_by(session, draw)
        found.append(
            EndedDraw(
                draw,
                names.get(draw.end_reason, Named(draw.end_reason, draw.end_reason, draw.end_reason)),
                _person(session, draw.frozen_by),
                _person(session, proposed),
                _person(session, agreed),
            )
        )
    return found


def _ended_by(session: Session, draw: Draw) -> tuple[int | None, int | None]:
    if draw.state is DrawState.VOID:
        void = session.get(VoidProposal, draw.id)
        return (void.proposed_by, void.approved_by) if void else (None, None)
    statement = sa.select(DrawProposal).where(
        DrawProposal.draw_id == draw.id, DrawProposal.kind == ProposalKind.ABANDON
    )
    proposal = session.scalar(statement.order_by(DrawProposal.id.desc()).limit(1))
    return (proposal.proposed_by, proposal.decided_by) if proposal else (None, None)


def _person(session: Session, number: int | None) -> str:
    user = session.get(User, number) if number is not None else None
    return user.name if user else ""
