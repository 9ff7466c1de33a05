"""Keeping the figures of opened draws: asked for when a draw is opened, and once a day for any that is missing."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.demo.registry import Demo
from supervision.draws import hooks
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.fairness.counting import FORM, count_draw
from supervision.fairness.models import DrawFigures
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.jobs.models import Job
from supervision.jobs.rules import JobState
from supervision.jobs.services import enqueue
from supervision.labels import N_
from supervision.permissions import system_actor

JOB = "fairness-figures"


def register_handlers() -> None:
    """Let workers count, and let each opening ask for it."""
    handlers.register(JOB, carry, label=N_("Counting opened draws"), daily=True)
    hooks.follow_opening(ask)


def ask(session: Session, draw: Draw) -> None:
    """Ask for the figures of a draw that has just been opened; work that waits already will count it too."""
    waiting = sa.select(Job.id).where(Job.kind == JOB, Job.state == JobState.QUEUED)
    if session.scalar(waiting.limit(1)) is None:
        enqueue(session, JOB, {}, idempotency_key=f"{JOB}/draw/{draw.id}", actor=system_actor())


def load_demo(demo: Demo) -> None:
    """Count the opened draws of the demonstration."""
    count_missing(demo.session)


def carry(work: Work) -> object:
    """Count what is missing; done once more, it changes nothing."""
    with work.reading() as session:
        waiting = [draw.id for draw in list_missing(session)]
    counted = {}
    for done, number in enumerate(waiting):
        work.progress(done, len(waiting))
        with work.reading() as session:
            counted[number] = count_draw(session, session.get_one(Draw, number))
    for number, content in counted.items():
        keep(work.session, number, content)
    return {"counted": len(counted)}


def list_missing(session: Session, *, anew: bool = False) -> list[Draw]:
    """List opened draws without figures of the newest form; with ``anew`` all opened ones."""
    statement = sa.select(Draw).where(Draw.state == DrawState.OPENED).order_by(Draw.id)
    if not anew:
        counted = sa.select(DrawFigures.draw_id).where(DrawFigures.form == FORM)
        statement = statement.where(Draw.id.not_in(counted))
    return list(session.scalars(statement))


def count_missing(session: Session, *, anew: bool = False) -> list[Draw]:
    """Count them all at once; return which."""
    waiting = list_missing(session, anew=anew)
    for draw in waiting:
        keep(session, draw.id, count_draw(session, draw))
    return waiting


def keep(session: Session, draw_id: int, content: dict[str, object]) -> None:
    """Keep the figures of a draw; two workers that counted the same draw found the same."""
    session.merge(DrawFigures(draw_id=draw_id, form=FORM, content=content, counted_at=clock.now()))
    session.flush()
