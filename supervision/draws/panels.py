"""Pieces of other pages: the draws of a task, and the draws that wait for somebody's contribution."""

from flask import Flask
from flask_babel import lazy_gettext as _

from supervision.draws import change_views, cli, queries, services, views
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task
from supervision.plans.rules import TaskState
from supervision.web import database, menu, panels
from supervision.web.menu import Entry
from supervision.web.panels import Panel


def init_app(app: Flask) -> None:
    """Add the room of draws to the application."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(change_views.blueprint)
    app.register_blueprint(cli.blueprint)
    menu.register(app, Entry("draws.index", _("Draws"), "plans", 30, "dice-5"))
    panels.register(
        app,
        Panel("home", "draws/home_panel.html", waiting_draws, Permission.DRAW_CONTRIBUTE, order=10),
        Panel("home", "draws/judge_panel.html", draws_to_judge, Permission.DRAW_VOID, order=12),
        Panel("home", "draws/unable_panel.html", unable_inspectors, Permission.RECUSAL_DECIDE, order=15),
        Panel("home", "draws/own_lines_panel.html", own_lines, Permission.VISIT_INSPECT, order=90),
        Panel("task", "draws/task_panel.html", draws_of_task, Permission.DRAW_VIEW, order=20),
    )


def waiting_draws(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the draws that wait for this viewer's body to seal, to reveal or, all having sealed, to commit, if any."""
    session = database.session()
    rows = [(draw, queries.reveal_due_at(session, draw)) for draw in queries.list_waiting(session, viewer)]
    to_commit = queries.list_to_commit(session, viewer)
    return {"rows": rows, "to_commit": to_commit} if rows or to_commit else None


def draws_to_judge(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the draws in which another body waits for this one to agree or to refuse."""
    found = queries.list_to_judge(database.session(), viewer)
    return {"draws": found} if found else None


def unable_inspectors(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the draws in which inspectors of this head's department can no longer come, with counts only."""
    rows = queries.count_unable(database.session(), viewer)
    return {"rows": rows} if rows else None


def own_lines(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return an inspector's own number in every draw under way."""
    lines = queries.list_own_lines(database.session(), viewer)
    return {"lines": lines} if lines else None


def draws_of_task(viewer: Actor, subject: Task) -> dict[str, object] | None:
    """Return every draw of the task, and whether this viewer may freeze its pool now."""
    found = queries.list_draws_of_task(database.session(), subject.id)
    alive = queries.find_alive_draw(database.session(), subject.id)
    may_freeze = alive is None and subject.state is TaskState.PREPARING and services.leads(subject, viewer)
    # a task beside the abandoned one cannot be drawn either: the freeze refuses both in the same words
    abandoned = alive is None and queries.find_abandoned_beside(database.session(), subject) is not None
    return {
        "task": subject,
        "draws": found,
        "may_freeze": may_freeze and not abandoned,
        "abandoned": abandoned,
    }
