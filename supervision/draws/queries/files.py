"""Reading draws as people of the departments may: their own and joint ones, counts and digests until opened."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.draws.models import Contribution, Draw, LogLeaf
from supervision.draws.rules import (
    ENDED,
    SHOWN,
    SYSTEM,
    DrawState,
    body_of,
    party_of,
    reveal_deadline,
    sealed_until,
)
from supervision.errors import NotFound
from supervision.listing import ListQuery, Page, load_page
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission
from supervision.plans.models import Plan, PlanParticipant, PlanVersion, Task
from supervision.plans.rules import TaskState

# a party still keeps its secret
KEPT_BACK = sa.and_(Contribution.secret.is_(None), Contribution.locked_secret.is_(None))


def visible(viewer: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on draws a viewer may know: own and joint ones, or the whole district's."""
    if viewer.sees_whole_district:
        return sa.true()
    own = (
        sa.select(Task.id)
        .join(PlanParticipant, PlanParticipant.plan_version_id == Task.plan_version_id)
        .where(PlanParticipant.department_id == viewer.department_id)
    )
    return Draw.task_id.in_(own)


def get_draw(session: Session, viewer: Actor, draw_id: int) -> Draw:
    """Return a draw the viewer may know of, or refuse."""
    draw = session.scalar(sa.select(Draw).where(Draw.id == draw_id, visible(viewer)))
    if draw is None:
        raise NotFound
    return draw


def get_draw_by_number(session: Session, number: str) -> Draw:
    """Return the draw with this number or refuse; for commands and pages that show public facts only."""
    draw = session.scalar(sa.select(Draw).where(Draw.number == number))
    if draw is None:
        raise NotFound
    return draw


def find_abandoned_beside(session: Session, task: Task) -> Draw | None:
    """Return an abandoned draw of the same plan whose task's period overlaps: a new task does not wash it away."""
    beside = (
        sa.select(Draw)
        .join(Task, Task.id == Draw.task_id)
        .join(PlanVersion, PlanVersion.id == Task.plan_version_id)
        .where(
            PlanVersion.plan_id == task.plan_version.plan_id,
            Draw.state == DrawState.ABANDONED,
            Task.starts_on <= task.ends_on,
            Task.ends_on >= task.starts_on,
        )
        .order_by(Draw.id.desc())
        .limit(1)
    )
    return session.scalar(beside)


def lock_draw(session: Session, draw: Draw) -> Draw:
    """Take the row's lock and read the draw anew, so that the steps of one draw happen one after the other."""
    session.flush()
    session.execute(sa.select(Draw.id).where(Draw.id == draw.id).with_for_update())
    session.refresh(draw)
    return draw


def list_draws(session: Session, viewer: Actor, query: ListQuery) -> Page[Draw]:
    """List own and joint draws; search looks at numbers and titles, never at what was drawn."""
    statement = sa.select(Draw).join(Task, Task.id == Draw.task_id).where(visible(viewer))
    if query.q:
        statement = statement.where(
            sa.or_(
                Draw.number.contains(query.q, autoescape=True),
                Task.number.contains(query.q, autoescape=True),
                Task.title.contains(query.q, autoescape=True),
            )
        )
    if state := query.filters.get("state"):
        statement = statement.where(Draw.state == DrawState(state))
    return load_page(
        session,
        statement,
        query,
        sorts={"number": Draw.number, "frozen": Draw.frozen_at, "pool": Draw.frame_size},
        default_sort="-number",
        tie_breaker=Draw.id,
    )


def list_draws_of_task(session: Session, task_id: int) -> list[Draw]:
    """List every draw of a task, void and abandoned ones too, oldest first."""
    return list(session.scalars(sa.select(Draw).where(Draw.task_id == task_id).order_by(Draw.id)))


def find_alive_draw(session: Session, task_id: int) -> Draw | None:
    """Return the one draw of the task that is neither void nor abandoned."""
    return session.scalar(sa.select(Draw).where(Draw.task_id == task_id, Draw.state.not_in(ENDED)))


def find_latest_draw(session: Session, task_id: int) -> Draw | None:
    """Return the newest draw of the task, whatever became of it."""
    return session.scalar(sa.select(Draw).where(Draw.task_id == task_id).order_by(Draw.id.desc()).limit(1))


def list_leaves(session: Session, draw: Draw) -> list[LogLeaf]:
    """List the log leaves of a draw in order."""
    return list(session.scalars(sa.select(LogLeaf).where(LogLeaf.draw_id == draw.id).order_by(LogLeaf.index)))


def party_in(draw: Draw, actor: Actor) -> Contribution | None:
    """Return the contribution ``actor`` may hand over in this draw, if their body is a party."""
    party = party_of(actor, [entry.by for entry in draw.contributions])
    return next((entry for entry in draw.contributions if entry.by == party), None)


def reveal_due_at(session: Session, draw: Draw) -> datetime | None:
    """Return until when the parties must reveal; None before the commitment, and where the secrets are handed over."""
    if draw.committed_at is None or draw.beacon_rule:
        return None
    hours = get_number(session, "contribution-reveal-hours", on=clock.local(draw.committed_at).date())
    return reveal_deadline(draw.committed_at, hours=hours)


def list_waiting(session: Session, viewer: Actor) -> list[Draw]:
    """List draws that wait for the viewer's body to seal or to reveal its contribution, oldest first."""
    if not viewer.may(Permission.DRAW_CONTRIBUTE) or not body_of(viewer):
        return []
    statement = (
        sa.select(Draw)
        .join(Contribution, Contribution.draw_id == Draw.id)
        .where(
            visible(viewer),
            Contribution.by == body_of(viewer),
            Contribution.by != SYSTEM,
            sa.or_(
                sa.and_(Draw.state == DrawState.FROZEN, Contribution.digest.is_(None)),
                sa.and_(Draw.state == DrawState.COMMITTED, KEPT_BACK),
            ),
        )
        .order_by(Draw.id)
    )
    return list(session.scalars(statement))


def list_to_commit(session: Session, viewer: Actor) -> list[Draw]:
    """List draws that wait for their lead, the viewer, to commit: every party has sealed, oldest first."""
    if not viewer.may(Permission.DRAW_PREPARE):
        return []
    missing = sa.exists().where(Contribution.draw_id == Draw.id, Contribution.digest.is_(None))
    statement = (
        sa.select(Draw)
        .join(Draw.task)
        .join(Task.plan_version)
        .join(PlanVersion.plan)
        .where(Draw.state == DrawState.FROZEN, Plan.lead_department_id == viewer.department_id, ~missing)
        .order_by(Draw.id)
    )
    return list(session.scalars(statement))


def list_unrevealed(session: Session) -> list[Draw]:
    """List committed draws whose reveal deadline has passed while a party's secret is missing."""
    missing = sa.exists().where(Contribution.draw_id == Draw.id, Contribution.by != SYSTEM, KEPT_BACK)
    statement = sa.select(Draw).where(Draw.state == DrawState.COMMITTED, missing).order_by(Draw.id)
    now = clock.now()
    return [draw for draw in session.scalars(statement) if (due := reveal_due_at(session, draw)) and now > due]


def list_overdue(session: Session) -> list[Draw]:
    """List sealed draws whose window has ended."""
    today = clock.today()
    statement = (
        sa.select(Draw)
        .join(Task, Task.id == Draw.task_id)
        .where(Draw.state == DrawState.DRAWN, Task.ends_on < today)
        .order_by(Draw.id)
    )
    return [draw for draw in session.scalars(statement) if today > sealed_window_ends(session, draw)]


def list_running(session: Session) -> list[Draw]:
    """List the draws that were carried out and whose task is not finished."""
    statement = (
        sa.select(Draw)
        .join(Task, Task.id == Draw.task_id)
        .where(Draw.state.in_((DrawState.DRAWN, DrawState.OPENED)), Task.state == TaskState.RUNNING)
        .order_by(Draw.id)
    )
    return list(session.scalars(statement))


def sealed_window_ends(session: Session, draw: Draw) -> date:
    """Return the last day the draw may stay sealed."""
    return sealed_until(draw.task.ends_on, days=get_number(session, "sealed-window-days", on=draw.task.ends_on))


def public_list_allowed(draw: Draw) -> bool:
    """Say whether the drawn list may be shown to everybody: opened, or shown before the visits by the task."""
    return draw.state in SHOWN or (draw.state is DrawState.DRAWN and draw.task.publish_list_before)


def may_read_full_bundle(draw: Draw, viewer: Actor) -> bool:
    """Say whether the viewer is entitled to the full bundle of an opened draw: oversight and participants."""
    return draw.state in SHOWN and (
        viewer.may(Permission.OVERSIGHT_VIEW)
        or (
            viewer.may(Permission.DRAW_VIEW)
            and any(one.department_id == viewer.department_id for one in draw.task.plan_version.participants)
        )
    )
