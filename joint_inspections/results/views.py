"""Releasing results within the deadline, withdrawing them, and who is late."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.results import queries, services
from joint_inspections.results.forms import DelayForm, WithdrawalForm
from joint_inspections.results.rules import Lateness
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import VisitState, clock_state
from supervision import clock
from supervision.departments.queries import list_departments
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("results", __name__)
Page = str | BaseResponse
PUBLISHERS = (Permission.RECORD_REVIEW, Permission.PLAN_DRAFT, Permission.PLAN_APPROVE)


@blueprint.get("/results/")
@requires(*PUBLISHERS)
def index() -> str:
    """List the approved records whose part the own department has yet to release, with the clock of the deadline."""
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
        may_see_late=actor().may(Permission.PLAN_VIEW),
    )


def _due_state(visit: Visit) -> str:
    return clock_state(visit.publish_due_on, done_on=None, today=clock.today())


@blueprint.get("/results/late")
@requires(Permission.PLAN_VIEW)
def late() -> str:
    """Name the departments that keep inspections from being finished."""
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    filters = [Filter("department", lazy_gettext("Department"), departments)]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_late(database.session(), actor(), query),
        [
            Column("department", lazy_gettext("Department"), True),
            Column("what", lazy_gettext("Late with")),
            Column("entity", lazy_gettext("Entity")),
            Column("due", lazy_gettext("Due on"), True),
        ],
        filters,
    )
    return render_template(
        "results/late.html",
        listing=listing,
        Lateness=Lateness,
        today=clock.today(),
        delays=queries.list_delays(database.session(), [one.visit.id for one in listing.items]),
        delay_reasons={one.code: one for one in list_reasons(database.session(), "unpublished_reasons")},
    )


@blueprint.post("/visits/<int:visit_id>/publication")
@requires(*PUBLISHERS)
def publish(visit_id: int) -> BaseResponse:
    """Release the own department's part of the approved record."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    services.release_part(database.session(), visit, actor=actor())
    complete = visit.state is VisitState.PUBLISHED
    database.commit()
    if complete:
        flash(_("Published. The public can read the result now."), "success")
    else:
        flash(_("Your department's part is public now. The parts of other departments are still to come."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))


@blueprint.route("/visits/<int:visit_id>/publication/reason", methods=["GET", "POST"])
@requires(*PUBLISHERS)
def delay(visit_id: int) -> Page:
    """Record why the own department's part is not published yet."""
    session, form = database.session(), DelayForm()
    reasons = list_reasons(session, "unpublished_reasons")
    form.reason.choices = choices([(one.code, name_of(one)) for one in reasons])
    if form.validate_on_submit():
        visit = get_visit_for_change(session, actor(), visit_id)
        services.record_delay(session, visit, reason_code=text(form.reason), note=text(form.note), actor=actor())
        database.commit()
        flash(_("Reason recorded. The part still has to be published."), "success")
        return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("results/delay.html", form=form, visit=get_visit(session, actor(), visit_id))


@blueprint.route("/visits/<int:visit_id>/withdrawal", methods=["GET", "POST"])
@requires(*PUBLISHERS)
def withdraw(visit_id: int) -> Page:
    """Take the own department's published part back."""
    form = WithdrawalForm()
    if form.validate_on_submit():
        visit = get_visit_for_change(database.session(), actor(), visit_id)
        services.withdraw_part(database.session(), visit, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("Withdrawn. That it was published, and why it is gone, stays visible."), "success")
        return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("results/withdraw.html", form=form, visit=get_visit(database.session(), actor(), visit_id))
