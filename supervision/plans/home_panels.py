"""What waits for somebody on the first page: answers, approvals, drafts, proposals and tasks to prepare."""

from supervision import clock
from supervision.permissions import Actor, Permission
from supervision.plans import overlaps, queries, task_queries
from supervision.web import database
from supervision.web.panels import Panel


def waiting_plans(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Plans that wait for this person's department."""
    if viewer.department_id is None:
        return None
    session = database.session()
    heads, drafts = viewer.may(Permission.PLAN_APPROVE), viewer.may(Permission.PLAN_DRAFT)
    found = {
        "to_answer": queries.list_to_answer(session, viewer) if heads or drafts else [],
        "to_approve": queries.list_to_approve(session, viewer) if heads else [],
        "drafts": queries.list_drafts(session, viewer) if drafts else [],
        "without_task": task_queries.list_plans_without_task(session, viewer, on=clock.today()) if drafts else [],
        "proposals": overlaps.list_to_answer(session, viewer) if drafts else [],
    }
    return dict(found) if any(found.values()) else None


def tasks_to_prepare(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Tasks whose pool waits for preparation, or for the head to decide exclusions."""
    session = database.session()
    tasks = task_queries.list_tasks_to_prepare(session, viewer)
    waiting = [(task, task_queries.count_undecided(session, task)) for task in tasks]
    if not viewer.may(Permission.DRAW_PREPARE):
        waiting = [(task, count) for task, count in waiting if count]
    return {"tasks": waiting} if waiting else None


PANELS = (
    Panel("home", "plans/home_waiting.html", waiting_plans, Permission.PLAN_VIEW, order=20),
    Panel("home", "tasks/home_prepare.html", tasks_to_prepare, Permission.PLAN_VIEW, order=25),
)
