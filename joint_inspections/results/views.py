"""Publishing results within the deadline, and withdrawing them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.results import queries, services
from joint_inspections.results.forms import WithdrawalForm
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import clock_state
from supervision import clock
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import text
from supervision.web.listing import Column, Listing, read_query

blueprint = Blueprint("results", __name__)
Page = str | BaseResponse
PUBLISHERS = (Permission.RECORD_REVIEW, Permission.PLAN_DRAFT)


@blueprint.get("/results/")
@requires(*PUBLISHERS)
def index() -> str:
    """List the approved records that wait for publication, with the clock of the deadline."""
    query = read_query()
    listing = Listing(
        query,
        queries.list_to_publish(database.session(), actor(), query),
        [
            Column("number", lazy_gettext("Visit number")),
            Column("entity", lazy_gettext("Entity")),
            Column("planned_on", lazy_gettext("Planned on"), True),
            Column("due", lazy_gettext("Publish by"), True),
            Column("actions", lazy_gettext("Step")),
        ],
    )
    return render_template(
        "results/index.html",
        listing=listing,
        clock=queries.count_clock(database.session(), actor()),
        due_state=_due_state,
    )


def _due_state(visit: Visit) -> str:
    done = clock.local(visit.published_at).date() if visit.published_at else None
    return clock_state(visit.publish_due_on, done_on=done, today=clock.today())


@blueprint.post("/visits/<int:visit_id>/publication")
@requires(*PUBLISHERS)
def publish(visit_id: int) -> BaseResponse:
    """Publish the approved result."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    services.publish_result(database.session(), visit, actor=actor())
    database.commit()
    flash(_("Published. The public can read the result now."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))


@blueprint.route("/visits/<int:visit_id>/withdrawal", methods=["GET", "POST"])
@requires(*PUBLISHERS)
def withdraw(visit_id: int) -> Page:
    """Take a published result back."""
    form = WithdrawalForm()
    if form.validate_on_submit():
        visit = get_visit_for_change(database.session(), actor(), visit_id)
        services.withdraw_result(database.session(), visit, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("Withdrawn. That it was published, and why it is gone, stays visible."), "success")
        return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("results/withdraw.html", form=form, visit=get_visit(database.session(), actor(), visit_id))
