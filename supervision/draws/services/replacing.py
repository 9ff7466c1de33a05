"""A head has somebody replaced who cannot or must not go; the machine names who follows (R-1.21, R-1.22, R-1.24)."""

from sqlalchemy.orm import Session

from supervision.draws.hooks import MemberChange
from supervision.draws.models import Draw
from supervision.draws.queries import Replaceable, get_replaceable
from supervision.draws.rules import RECORDED_GROUNDS
from supervision.draws.services.changes import REPLACEMENT_GROUNDS, lock_for_change, replace_inspector
from supervision.errors import Forbidden, Invalid, RuleBroken
from supervision.labels import N_
from supervision.parameters.queries import check_reason
from supervision.permissions import Actor


def teams_to_change(
    session: Session, one: Replaceable, *, ground: str, team: str, evidence: str, actor: Actor
) -> tuple[str, ...]:
    """Return the teams that ``one`` would leave, or refuse: nobody is taken off a team at will.

    Leave, illness, transfer, certificate and suspension must stand in the register of inspectors for the days of the
    visits; an empty ``team`` then means every team concerned. A recusal decided by the head and an urgent duty need a
    statement, and a team whose visits the decider may know of.
    """
    check_reason(session, REPLACEMENT_GROUNDS, ground, field="ground")
    if actor.inspector_id is not None and actor.inspector_id == one.inspector.id:
        raise Forbidden(
            "own-replacement", N_("Nobody decides on their own replacement. Ask another head or oversight.")
        )
    if ground in RECORDED_GROUNDS:
        on_record = one.teams_for(ground)
        teams = tuple(name for name in on_record if team in ("", name))
        if not teams:
            raise RuleBroken(
                "ground-not-in-register",
                N_(
                    "The register of inspectors does not show this ground for the days of these visits. Record it "
                    "there first: absence, status or certificate."
                ),
                rule="R-1.24",
            )
        return teams
    if team not in one.shown:
        raise Invalid("team-missing", N_("Choose the team that the inspector shall leave."), field="team")
    if not evidence.strip():
        raise Invalid("statement-missing", N_("State the relation or the duty on which you decide."), field="evidence")
    return (team,)


def replace_on_ground(
    session: Session, draw: Draw, *, inspector_id: int, ground: str, team: str = "", evidence: str = "", actor: Actor
) -> list[MemberChange]:
    """Take an inspector off the teams concerned; each place is an entry in the log of its own."""
    lock_for_change(session, draw)
    one = get_replaceable(session, actor, draw, inspector_id)
    teams = teams_to_change(session, one, ground=ground, team=team, evidence=evidence, actor=actor)
    return [
        replace_inspector(
            session, draw, team=name, inspector_id=inspector_id, ground=ground, evidence=evidence, actor=actor
        )
        for name in teams
    ]
