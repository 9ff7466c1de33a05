"""What heads of departments decide: inspections to approve, recusals to grant or refuse."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.visits import queries, services
from joint_inspections.visits.approvals import load_desk
from joint_inspections.visits.approving import approve_visit
from joint_inspections.visits.caps import hold_entities
from joint_inspections.visits.disclosing import note_named
from joint_inspections.visits.forms import DecisionForm
from joint_inspections.visits.requested_recusals import request_of
from joint_inspections.visits.rules import BEFORE_VISIT, PARTY_REQUEST, MemberState, RecusalDecision, clock_state
from supervision import clock
from supervision.audit.disclosing import note_view
from supervision.audit.events import DisclosedList
from supervision.errors import DomainError, Invalid, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, small_number, text
from supervision.web.languages import colon
from supervision.web.refusals import told

approvals = Blueprint("approvals", __name__, url_prefix="/visits/approvals")
recusals = Blueprint("recusals", __name__, url_prefix="/recusals")
Page = str | BaseResponse
MOST_AT_ONCE = 200


@approvals.get("")
@requires(Permission.PLAN_APPROVE)
def index() -> str:
    """List the inspections that wait for the head's approval (R-3.08); those with everybody's answer can be ticked."""
    desk = load_desk(database.session(), actor())
    shown = len(desk.ready) + len(desk.over_cap) + len(desk.barred) + len(desk.incomplete) + len(desk.elsewhere)
    note_view(DisclosedList.VISITS, count=shown)
    return render_template("visits/approvals.html", desk=desk, told=told, MemberState=MemberState)


@approvals.post("")
@requires(Permission.PLAN_APPROVE)
def approve() -> BaseResponse:
    """Approve the ticked inspections, each with its own entry in the log; what cannot be approved says why."""
    chosen = [number for number in map(small_number, request.form.getlist("visit")) if number is not None]
    if not chosen:
        flash(_("Tick at least one inspection."), "danger")
        return redirect(url_for("approvals.index"))
    wanted = sorted(set(chosen))[:MOST_AT_ONCE]
    visits = queries.list_visits_for_change(database.session(), actor(), wanted)
    if len(visits) < len(wanted):
        raise NotFound
    hold_entities(database.session(), visits)
    approved, reasons = 0, set()
    for visit in visits:
        try:
            # what is refused half-way leaves nothing behind: the others are committed
            with database.session().begin_nested():
                approve_visit(database.session(), visit, actor=actor())
            approved += 1
        except DomainError as error:
            reasons.add(f"{visit.entity.name}{colon()}{told(error)}")
    database.commit()
    if approved:
        flash(ngettext("%(num)s inspection approved.", "%(num)s inspections approved.", approved), "success")
    for reason in sorted(reasons):
        flash(reason, "danger")
    back = request.form.get("back", "")
    if small_number(back) in chosen:
        return redirect(url_for("visits.show", visit_id=small_number(back)))
    return redirect(url_for("approvals.index"))


@recusals.get("/", endpoint="index")
@requires(Permission.RECUSAL_DECIDE)
def recusal_index() -> str:
    """List the recusals of the head's own inspectors."""
    waiting = queries.list_recusals(database.session(), actor(), waiting=True)
    decided = queries.list_recusals(database.session(), actor(), waiting=False, limit=50)
    note_view(DisclosedList.VISITS, count=sum(one.member.visit.state in BEFORE_VISIT for one in (*waiting, *decided)))
    today = clock.today()
    return render_template(
        "visits/recusals.html",
        waiting=[(one, clock_state(one.due_on, done_on=None, today=today)) for one in waiting],
        decided=decided,
        reasons={one.code: one for one in list_reasons(database.session(), "recusal_reasons")},
    )


@recusals.route("/<int:recusal_id>", methods=["GET", "POST"])
@requires(Permission.RECUSAL_DECIDE)
def decide(recusal_id: int) -> Page:
    """Decide one recusal."""
    recusal = queries.get_recusal(database.session(), actor(), recusal_id)
    note_named(recusal.member.visit)
    form = _decision_form()
    if form.validate_on_submit():
        granted = form.decision.data == "granted"
        try:
            services.decide_recusal(database.session(), recusal, granted=granted, note=text(form.note), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            _say(recusal.replacement_id is not None, granted=granted)
            return redirect(url_for("recusals.index"))
    return render_template(
        "visits/decide.html",
        form=form,
        recusal=recusal,
        asked=request_of(recusal),
        party=recusal.reason_code == PARTY_REQUEST,
        waiting=recusal.decision is RecusalDecision.WAITING,
        reasons={one.code: one for one in list_reasons(database.session(), "recusal_reasons")},
    )


def _decision_form() -> DecisionForm:
    form = DecisionForm()
    form.decision.choices = choices(
        [
            ("granted", _("Grant it: the machine sends the next inspector in the random order")),
            ("refused", _("Refuse it: the inspector stays on the team")),
        ]
    )
    return form


def _say(replaced: bool, *, granted: bool) -> None:
    if not granted:
        flash(_("Refused. The inspector stays on the team."), "success")
    elif replaced:
        flash(_("Granted. The machine has sent the next inspector in the random order."), "success")
    else:
        flash(
            _("Granted. Nobody is left in the random order, so the place is empty: tell the lead of the task."),
            "warning",
        )
