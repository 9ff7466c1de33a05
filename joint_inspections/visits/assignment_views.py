"""What an inspector does today and this week, made for a phone."""

from flask import Blueprint, render_template

from joint_inspections.visits.assignments import list_assignments
from joint_inspections.visits.rules import MemberState, VisitState, week_end
from supervision import clock
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires

blueprint = Blueprint("assignments", __name__, url_prefix="/visits")


@blueprint.get("/")
@requires(Permission.VISIT_INSPECT)
def index() -> str:
    """Show the signed-in inspector's open visits: up to today first, then the rest of the week."""
    today = clock.today()
    found = list_assignments(database.session(), actor())
    return render_template(
        "visits/assignments.html",
        now=[one for one in found if one.planned_on <= today],
        later=[one for one in found if one.planned_on > today],
        week_end=week_end(today),
        MemberState=MemberState,
        VisitState=VisitState,
    )
