"""What pages show after an abandonment: by which rule the task can be drawn anew, and how far two bodies are."""

from sqlalchemy.orm import Session

from supervision.beacons.queries import find_rule
from supervision.draws import queries, services
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState, ProposalKind


def redraw_values(session: Session, draw: Draw) -> dict[str, object] | None:
    """Return what may follow an abandoned draw; None for every other."""
    if draw.state is not DrawState.ABANDONED:
        return None
    followers = [one for one in queries.list_draws_of_task(session, draw.task_id) if one.parent_id == draw.id]
    return {
        "draw": draw,
        "rule": find_rule(session, services.find_redraw_rule(session, draw)),
        "proposal": queries.find_open_proposal(session, draw, ProposalKind.REDRAW),
        "agreed": queries.find_agreed_redraw(session, draw),
        "followers": followers,
    }


def may_propose_redraw(session: Session, draw: Draw) -> bool:
    """Say whether a new draw of the task can be proposed now, by somebody who has a say in it."""
    values = redraw_values(session, draw) if services.may_be_followed(session, draw) else None
    return values is not None and bool(values["rule"]) and not (values["proposal"] or values["agreed"])
