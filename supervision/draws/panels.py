"""Pieces of other pages: the draws of a task, and the draws that wait for somebody's contribution."""

from flask import Flask
from flask_babel import lazy_gettext as _

from supervision.beacons.queries import find_rule
from supervision.draws import (
    beacon_views,
    change_views,
    cli,
    link_views,
    messages,
    queries,
    services,
    wall_views,
    witness_pages,
    witness_views,
)
from supervision.draws.beacon_pages import beacon_values
from supervision.draws.models import Draw
from supervision.draws.redraw_pages import redraw_values
from supervision.draws.rules import DrawState
from supervision.notifications import sources
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task
from supervision.plans.rules import TaskState
from supervision.web import database, menu, panels
from supervision.web.menu import Entry
from supervision.web.panels import Panel


def init_app(app: Flask) -> None:
    """Add the room of draws to the application."""
    app.register_blueprint(wall_views.blueprint)  # with the pages of views
    app.register_blueprint(change_views.blueprint)
    app.register_blueprint(witness_views.blueprint)
    app.register_blueprint(link_views.blueprint)
    # the address itself is the secret, and it sends no referrer to compare: its forms bear tokens all the same
    app.extensions["csrf"].exempt(link_views.blueprint)
    app.register_blueprint(beacon_views.blueprint)
    app.register_blueprint(cli.blueprint)
    sources.register(*messages.KINDS)
    menu.register(app, Entry("draws.index", _("Draws"), "plans", 30, "dice-5"))
    panels.register(
        app,
        Panel("home", "draws/home_panel.html", waiting_draws, Permission.DRAW_CONTRIBUTE, order=10),
        Panel("home", "draws/beacon_home.html", values_to_enter, Permission.DRAW_CONTRIBUTE, order=11),
        Panel("home", "draws/judge_panel.html", draws_to_judge, Permission.DRAW_VOID, order=12),
        Panel("home", "draws/unable_panel.html", unable_inspectors, Permission.RECUSAL_DECIDE, order=15),
        Panel("home", "draws/own_lines_panel.html", own_lines, Permission.VISIT_INSPECT, order=90),
        Panel("draw", "draws/witness_panel.html", witnesses_of_draw, Permission.DRAW_VIEW, order=5),
        Panel("draw", "draws/beacon_panel.html", value_of_draw, Permission.DRAW_VIEW, order=8),
        Panel("task", "draws/task_panel.html", draws_of_task, Permission.DRAW_VIEW, order=20),
    )


def waiting_draws(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the draws that wait for this viewer's body to seal, to reveal or, all having sealed, to commit, if any."""
    session = database.session()
    rows = [(draw, queries.reveal_due_at(session, draw)) for draw in queries.list_waiting(session, viewer)]
    to_commit = queries.list_to_commit(session, viewer)
    return {"rows": rows, "to_commit": to_commit} if rows or to_commit else None


def values_to_enter(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - a panel's signature
    """Return the draws whose public value exists and waits to be handed in."""
    rows = queries.list_to_enter(database.session(), viewer)
    return {"rows": rows} if rows else None


def value_of_draw(viewer: Actor, subject: Draw) -> dict[str, object] | None:
    """Return the public value of a draw: rule, rounds, what was handed in, and whether this viewer commits it yet."""
    session = database.session()
    beacon = beacon_values(session, subject, queries.standing_of(session, subject))
    commits = subject.state is DrawState.FROZEN and services.leads(subject.task, viewer)
    return {"beacon": beacon, "commits": commits} if beacon else None


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
    # a task beside the abandoned one cannot be drawn either; the freeze says so too
    abandoned = queries.find_abandoned_beside(database.session(), subject) if alive is None else None
    redraw = redraw_values(database.session(), abandoned) if abandoned else None
    blocked = redraw is not None and not (redraw["agreed"] and abandoned in found)
    return {
        "task": subject,
        "draws": found,
        "may_freeze": may_freeze and not blocked,
        "redraw": redraw if blocked or not may_freeze else None,
        "beacon": redraw["rule"] if redraw else find_rule(database.session(), subject.plan_version.beacon_rule),
    }


def witnesses_of_draw(viewer: Actor, subject: Draw) -> dict[str, object] | None:
    """Return the named witnesses of a draw, and what this viewer may do for them."""
    return witness_pages.panel_values(database.session(), subject, viewer)
