"""`flask lots check`: what the machine chose outside draws, computed anew and held against the transparency log."""

from collections.abc import Callable, Iterator

import click
import sqlalchemy as sa
from flask import Blueprint
from sqlalchemy.orm import Session

from joint_inspections.experts.checking import faults as expert_faults
from joint_inspections.experts.models import ExpertDraw
from joint_inspections.ordered.choosing import lots_agree
from joint_inspections.ordered.models import OrderedInspection, OrderedLots
from joint_inspections.second_looks.choosing import recheck
from joint_inspections.second_looks.models import SecondLookRound
from joint_inspections.second_looks.rules import RoundState
from supervision.draws.models import LogLeaf
from supervision.draws.rules import LogEvent
from supervision.labels import N_
from supervision.web import database
from supervision.web.commands import both

# (number, what does not fit as a message id; empty when all fits)
Checked = tuple[str, list[str]]
LOTS_CHANGED = N_("Candidates and number give other lots than those written down.")
LOTS_NOT_LOGGED = N_("Candidates or lots differ from the digests that were logged, or the lots came first.")
CHOICE_CHANGED = N_("List, numbers and checkpoint give other visits than those written down.")
CHOICE_NOT_LOGGED = N_("The list or a sealed number differs from the digest that was logged.")
WHOLE = N_("%(count)s choices agree with the evidence and with the log.")
BROKEN = N_("%(bad)s of %(count)s choices do not agree.")

blueprint = Blueprint("lots_commands", __name__, cli_group="lots")


def expert_draws(session: Session) -> Iterator[Checked]:
    """Draws of experts."""
    for one in session.scalars(sa.select(ExpertDraw).order_by(ExpertDraw.id)):
        yield one.number, list(expert_faults(session, one))


def ordered_teams(session: Session) -> Iterator[Checked]:
    """Teams of ordered inspections."""
    statement = sa.select(OrderedInspection).join(OrderedLots, OrderedLots.order_id == OrderedInspection.id)
    for one in session.scalars(statement.order_by(OrderedInspection.id)):
        found = [] if lots_agree(one) else [LOTS_CHANGED]
        yield one.number, found if _lots_logged(session, one) else [*found, LOTS_NOT_LOGGED]


def _lots_logged(session: Session, order: OrderedInspection) -> bool:
    """Say whether the candidates stand in the log at the entry that was mixed in, and the lots after them."""
    kept = order.lots
    logged = sa.select(LogLeaf).where(LogLeaf.event == LogEvent.ORDERED)
    index, _sign, leaf_hash = kept.leaf.partition("-") if kept is not None else ("", "", "")
    before = session.scalar(logged.where(LogLeaf.index == int(index))) if kept is not None and index.isdigit() else None
    if kept is None or before is None or (before.leaf_hash, before.digest) != (leaf_hash, kept.candidates_digest):
        return False
    after = session.scalars(logged.where(LogLeaf.digest == kept.lots_digest)).all()
    return any(one.index > before.index for one in after)


def second_looks(session: Session) -> Iterator[Checked]:
    """Choices of second looks, drawn or not yet."""
    for one in session.scalars(sa.select(SecondLookRound).order_by(SecondLookRound.id)):
        found = [CHOICE_CHANGED] if one.state is RoundState.DRAWN and recheck(one) else []
        yield one.number, found if _choice_logged(session, one) else [*found, CHOICE_NOT_LOGGED]


def _choice_logged(session: Session, found: SecondLookRound) -> bool:
    digests = {found.leaf_index: found.digest} | {one.leaf_index: one.digest for one in found.numbers}
    logged = sa.select(LogLeaf).where(
        LogLeaf.event == LogEvent.SECOND_LOOK, LogLeaf.index.in_([one for one in digests if one is not None])
    )
    return {leaf.index: leaf.digest for leaf in session.scalars(logged)} == digests


KINDS: tuple[tuple[str, Callable[[Session], Iterator[Checked]]], ...] = (
    (N_("Draws of experts"), expert_draws),
    (N_("Ordered inspections"), ordered_teams),
    (N_("Blind second looks"), second_looks),
)


@blueprint.cli.command("check")
def check() -> None:
    """Recompute the draws of experts, the teams of ordered inspections and the choices of second looks."""
    session, count, bad = database.session(), 0, 0
    for kind, checks in KINDS:
        for number, found in checks(session):
            count, bad = count + 1, bad + bool(found)
            for one in found:
                click.echo(f"{both(kind)} {number}: {both(one)}")
    if bad:
        raise click.ClickException(both(BROKEN, bad=bad, count=count))
    click.echo(both(WHOLE, count=count))
