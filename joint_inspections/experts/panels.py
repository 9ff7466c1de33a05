"""Experts on pages of others: a task, a visit, the home page."""

from joint_inspections.experts import queries, services
from joint_inspections.experts.models import ExpertPlace
from joint_inspections.experts.rules import PlaceState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.permissions import Actor, Permission
from supervision.plans.models import Task
from supervision.web import database
from supervision.web.panels import Panel

Values = dict[str, object] | None


def of_task(viewer: Actor, subject: object) -> Values:
    """Say what experts are asked for in a task, and lead to where it is done."""
    if not isinstance(subject, Task):
        raise TypeError(subject)
    session = database.session()
    requests, may_ask = queries.list_requests(session, subject.id), services.may_ask(session, subject, viewer)
    return {"task": subject, "requests": requests, "may_ask": may_ask} if requests or may_ask else None


def of_visit(viewer: Actor, subject: object) -> Values:
    """Name the experts of a visit beside its team, and what waits for somebody."""
    if not isinstance(subject, Visit):
        raise TypeError(subject)
    session = database.session()
    places = queries.list_places(session, subject)
    waiting = [one for one in queries.list_waiting_for_value(session, subject) if services.may_hand_in(one, viewer)]
    asks = services.may_ask_for_visit(subject, viewer)
    if not (places or waiting or asks):
        return None
    return {
        "visit": subject,
        "places": places,
        "waiting": waiting,
        "asks": asks,
        "manages": viewer.may(Permission.PLAN_VIEW),
    }


def own_visits(viewer: Actor, subject: object) -> Values:  # noqa: ARG001 - every panel is loaded alike
    """Count the expert's visits to come, and those that wait for an answer."""
    places = queries.own_places(database.session(), viewer)
    return {"coming": [one for one in places if _coming(one)], "open": [one for one in places if _unanswered(one)]}


def _coming(place: ExpertPlace) -> bool:
    return place.visit.state in BEFORE_VISIT


def _unanswered(place: ExpertPlace) -> bool:
    return _coming(place) and place.state is not PlaceState.ACCEPTED


PANELS = (
    Panel("task", "experts/task_panel.html", of_task, Permission.PLAN_VIEW, 60),
    Panel("visit", "experts/visit_panel.html", of_visit, Permission.VISIT_VIEW, 43),
    Panel("home", "experts/home_panel.html", own_visits, Permission.EXPERT_ASSIST, 5),
)
