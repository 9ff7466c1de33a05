"""Who may take which step of a draw; every service asks here, whatever the page showed."""

from supervision.draws.models import Draw
from supervision.draws.rules import OVERSIGHT, body_of
from supervision.errors import Forbidden
from supervision.labels import N_
from supervision.permissions import PUBLIC, Actor, Permission
from supervision.plans.models import Task


def leads(task: Task, actor: Actor) -> bool:
    """Say whether ``actor`` prepares draws for the department that leads the task."""
    return actor.may(Permission.DRAW_PREPARE) and actor.department_id == task.plan_version.plan.lead_department_id


def check_leads(task: Task, actor: Actor) -> None:
    """Refuse everybody but the lead of the task's lead department."""
    if not leads(task, actor):
        raise Forbidden("lead-only", N_("Only the lead of the task's lead department takes this step."))


def takes_part(draw: Draw, actor: Actor) -> bool:
    """Say whether ``actor`` belongs to a participating department or to oversight, or is the platform itself."""
    participants = draw.task.plan_version.participants
    return (
        _is_platform(actor)
        or body_of(actor) == OVERSIGHT
        or any(one.department_id == actor.department_id for one in participants)
    )


def _is_platform(actor: Actor) -> bool:
    return actor.user_id is None and actor != PUBLIC


def may_end(draw: Draw, actor: Actor) -> bool:
    """Say whether ``actor`` has a say in ending the draw: its heads and oversight do, the person who froze it never."""
    return actor.may(Permission.DRAW_VOID) and takes_part(draw, actor) and actor.user_id != draw.frozen_by


def check_may_end(draw: Draw, actor: Actor) -> None:
    """Refuse everybody else."""
    if not may_end(draw, actor):
        raise Forbidden(
            "end-refused",
            N_(
                "Only the head of a participating department or oversight may end a draw, and never the person who "
                "froze it."
            ),
        )


def decides(draw: Draw, actor: Actor) -> bool:
    """Say whether ``actor`` has units struck and inspectors replaced: heads of participating departments, oversight."""
    entitled = actor.may(Permission.RECUSAL_DECIDE) or actor.may(Permission.DRAW_VOID) or _is_platform(actor)
    return entitled and takes_part(draw, actor)


def check_decides(draw: Draw, actor: Actor) -> None:
    """Refuse everybody who may not have a unit struck or an inspector replaced."""
    if not decides(draw, actor):
        raise Forbidden(
            "change-refused", N_("Only the head of a participating department or oversight may decide this.")
        )
