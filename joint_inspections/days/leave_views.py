"""Asking for leave, deciding it, taking it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.days import calendars, leave, queries
from joint_inspections.days.forms import LeaveDecisionForm, LeaveForm
from joint_inspections.days.rules import LeaveState
from joint_inspections.days.shown import note_names, shown_clashes
from supervision import clock
from supervision.errors import Conflict, DomainError, Invalid
from supervision.inspectors.rules import AbsenceKind
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.refusals import told

blueprint = Blueprint("leave", __name__, url_prefix="/days/leave")
Page = str | BaseResponse


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT)
def index() -> Page:
    """Let an inspector ask for days off and see what became of earlier ones."""
    session, viewer, form = database.session(), actor(), LeaveForm()
    inspector = queries.get_inspector_of(session, viewer, viewer.inspector_id)
    form.kind.choices = choices([(one.value, _(one.label)) for one in AbsenceKind])
    if form.validate_on_submit():
        try:
            leave.ask(
                session,
                inspector,
                AbsenceKind(form.kind.data),
                starts_on=form.starts_on.data or clock.today(),
                ends_on=form.ends_on.data or clock.today(),
                note=text(form.note),
                actor=viewer,
            )
        except (Invalid, Conflict) as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Asked for. Until the lead has decided you may still be drawn and sent."), "success")
            return redirect(url_for("leave.index"))
    return render_template(
        "days/leave.html",
        form=form,
        asked=leave.list_own(session, viewer),
        clashes=shown_clashes(),
        viewer=viewer,
        LeaveState=LeaveState,
    )


@blueprint.post("/<int:request_id>/withdrawal")
@requires(Permission.VISIT_INSPECT)
def withdraw(request_id: int) -> BaseResponse:
    """Take a request back before it is decided."""
    asked = leave.get_own(database.session(), actor(), request_id)
    leave.withdraw(database.session(), asked, actor=actor())
    database.commit()
    flash(_("Request withdrawn."), "success")
    return redirect(url_for("leave.index"))


@blueprint.get("/requests")
@requires(Permission.INSPECTOR_EDIT)
def requests() -> str:
    """List what the inspectors of the department have asked for."""
    session, viewer = database.session(), actor()
    return render_template(
        "days/leave_requests.html",
        waiting=leave.list_of_department(session, viewer, waiting=True),
        decided=leave.list_of_department(session, viewer, waiting=False),
        clashes=shown_clashes(),
        viewer=viewer,
    )


@blueprint.route("/<int:request_id>/decision", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def decide(request_id: int) -> Page:
    """Decide a request, with the disclosed visits on those days before one's eyes."""
    session, viewer, form = database.session(), actor(), LeaveDecisionForm()
    asked = leave.get_to_decide(session, viewer, request_id)
    form.decision.choices = choices([("approve", _("Approve the leave")), ("refuse", _("Refuse the leave"))])
    if form.validate_on_submit():
        try:
            approved = form.decision.data == "approve"
            leave.decide(session, asked, approved=approved, note=text(form.note), actor=viewer)
        except Invalid as error:
            show_refusal(form, error)
        except DomainError as error:
            session.rollback()
            flash(told(error), "danger")
            return redirect(url_for("leave.requests"))
        else:
            database.commit()
            flash(_("Decided. An approved absence counts at once for rosters, teams and replacements."), "success")
            return redirect(url_for("leave.requests"))
    visits = calendars.list_visits_in(session, viewer, asked.inspector, asked.starts_on, asked.ends_on)
    if not form.is_submitted():
        note_names(visits)
    return render_template("days/leave_decision.html", form=form, asked=asked, visits=visits)
