"""Pieces of other pages: the shortage on a task, lent lines on a draw, where somebody is lent from, what waits."""

from flask import Flask
from flask_babel import lazy_gettext as _

from supervision import clock
from supervision.demo.registry import Step
from supervision.demo.registry import register as register_demo
from supervision.draws.models import Draw
from supervision.inspectors.models import Inspector
from supervision.intake import kinds as import_kinds
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_
from supervision.neighbors import demo, figures, imports, lending, messages, queries, services, shortages, views
from supervision.notifications import sources
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task
from supervision.plans.preview import Preview
from supervision.web import database, menu, panels
from supervision.web.menu import Entry
from supervision.web.panels import Panel

JOB = "loans-end"


def init_app(app: Flask) -> None:
    """Add the room of neighboring areas to the application."""
    app.register_blueprint(views.blueprint)
    import_kinds.register(imports.KIND)
    sources.register(*messages.KINDS)
    handlers.register(JOB, carry, label=N_("Loans of inspectors that are over"), daily=True)
    register_demo(Step(N_("inspectors lent by a neighboring area"), 72, demo.load))
    menu.register(app, Entry("neighbors.index", _("Borrowed inspectors"), "plans", 35, "people"))
    panels.register(
        app,
        Panel("task_capacity", "neighbors/task_panel.html", capacity_of_task, Permission.PLAN_VIEW, order=10),
        Panel("task", "neighbors/requests_panel.html", requests_of_task, Permission.PLAN_VIEW, order=15),
        Panel("draw", "neighbors/draw_panel.html", lent_in_draw, Permission.DRAW_VIEW, order=12),
        Panel("inspector", "neighbors/inspector_panel.html", loans_of_inspector, Permission.REGISTRY_VIEW, order=10),
        Panel("home", "neighbors/home_panel.html", waiting_requests, Permission.LOAN_ANSWER, order=22),
    )


def carry(work: Work) -> object:
    """End the loans whose last day has passed."""
    return {"ended": lending.end_due(work.session, actor=work.actor)}


def capacity_of_task(viewer: Actor, subject: tuple[Task, Preview]) -> dict[str, object] | None:
    """Return the departments that lack inspectors for a task still to be frozen, and whether the viewer may borrow."""
    task, preview = subject
    found = shortages.list_shortages(database.session(), task, visits=preview.visits, on=clock.today())
    short = [one for one in found if one.lacking]
    if not short:
        return None
    departments = {one.department_id: one.department for one in task.plan_version.participants}
    own = next((one for one in short if one.department_id == viewer.department_id), None)
    return {
        "task": task,
        "short": [(departments[one.department_id], one) for one in short],
        "may_ask": own is not None and own.allowed > 0 and services.may_ask(viewer, task),
    }


def requests_of_task(viewer: Actor, subject: Task) -> dict[str, object] | None:
    """Return the requests about a task that the viewer may see."""
    found = queries.list_of_task(database.session(), viewer, subject)
    return {"requests": found} if found else None


def lent_in_draw(viewer: Actor, subject: Draw) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return how many lines of a draw's roster are lent people."""
    lent = figures.lent_lines(database.session(), subject)
    return {"lent": lent} if lent else None


def loans_of_inspector(viewer: Actor, subject: Inspector) -> dict[str, object] | None:
    """Return where somebody is lent from, and for whom it concerns the loans."""
    if subject.lent_from is None:
        return None
    known = viewer.sees_whole_district or viewer.department_id == subject.department_id
    loans = queries.list_loans_of(database.session(), subject) if known else []
    return {"inspector": subject, "area": subject.lent_from, "loans": loans}


def waiting_requests(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the requests that wait for the coordinator."""
    found = queries.list_waiting(database.session())
    return {"requests": found} if found else None
