"""`flask lots check`: what the machine chose outside draws, computed anew and held against the transparency log."""

from collections.abc import Callable, Iterator

import click
import sqlalchemy as sa
from flask import Blueprint
from sqlalchemy.orm import Session

from joint_inspections.experts.checking import faults as expert_faults
from joint_inspections.experts.models import ExpertDraw
from joint_inspections.ordered.checking import faults as ordered_faults
from joint_inspections.ordered.models import OrderedInspection, OrderedLots
from joint_inspections.second_looks.choosing import recheck
from joint_inspections.second_looks.models import SecondLookRound
from supervision.labels import N_
from supervision.web import database
from supervision.web.commands import both

# (number, what does not fit as a message id; empty when all fits)
Checked = tuple[str, list[str]]
CHOICE_CHANGED = N_("List, numbers, visits or their entries in the log differ, computed anew.")
WHOLE = N_("Computed anew: %(count)s. All agree with the evidence and with the log.")
BROKEN = N_("Computed anew: %(count)s. Of these %(bad)s do not agree.")

blueprint = Blueprint("lots_commands", __name__, cli_group="lots")


def expert_draws(session: Session) -> Iterator[Checked]:
    """Draws of experts."""
    for one in session.scalars(sa.select(ExpertDraw).order_by(ExpertDraw.id)):
        yield one.number, list(expert_faults(session, one))


def ordered_teams(session: Session) -> Iterator[Checked]:
    """Teams of ordered inspections, with those who followed."""
    statement = sa.select(OrderedInspection).join(OrderedLots, OrderedLots.order_id == OrderedInspection.id)
    for one in session.scalars(statement.order_by(OrderedInspection.id)):
        yield one.number, list(ordered_faults(session, one))


def second_looks(session: Session) -> Iterator[Checked]:
    """Choices of second looks, drawn or not yet."""
    for one in session.scalars(sa.select(SecondLookRound).order_by(SecondLookRound.id)):
        yield one.number, [CHOICE_CHANGED] if recheck(session, one) else []


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
