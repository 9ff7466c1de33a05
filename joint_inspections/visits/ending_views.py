"""Ending inspections that their task left undone: the lead proposes, the head or oversight decides (R-1.44)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.visits import endings, queries
from joint_inspections.visits.disclosing import note_named
from joint_inspections.visits.forms import EndingDecisionForm, EndingForm
from joint_inspections.visits.models import Visit
from supervision.draws.models import DrawProposal
from supervision.errors import Forbidden, Invalid, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.panels import Panel

blueprint = Blueprint("endings", __name__, url_prefix="/visits")
Page = str | BaseResponse


@blueprint.route("/<int:visit_id>/not-carried-out", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT)
def propose(visit_id: int) -> Page:
    """Propose that the inspection is not carried out any more."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    if not endings.may_propose(visit, actor()):
        raise Forbidden(
            "may-not-end-visit",
            "After the last day of the task, a lead of its department proposes this, before a visit.",
        )
    note_named(visit)
    form = EndingForm()
    reasons = list_reasons(database.session(), endings.REASONS)
    form.reason.choices = choices([(one.code, name_of(one)) for one in reasons if one.code != endings.BEYOND_CAP])
    if form.validate_on_submit():
        reason, note = text(form.reason), text(form.note)
        endings.propose_ending(database.session(), visit, reason_code=reason, note=note, actor=actor())
        database.commit()
        flash(_("Proposed. The head of your department or enforcement oversight decides."), "success")
        return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("visits/ending.html", form=form, visit=visit)


@blueprint.route("/<int:visit_id>/not-carried-out/decision", methods=["GET", "POST"])
@requires(Permission.PLAN_APPROVE, Permission.CAP_OVERRIDE)
def decide(visit_id: int) -> Page:
    """Agree that the inspection is not carried out, or refuse."""
    session = database.session()
    visit = queries.get_visit_for_change(session, actor(), visit_id)
    proposal = endings.find_proposed(session, visit)
    if proposal is None or not endings.may_decide(visit, actor()):
        raise NotFound
    note_named(visit)
    form = _decision_form()
    if form.validate_on_submit():
        try:
            if form.decision.data == "agreed":
                endings.agree_to_end(session, visit, actor=actor())
            else:
                endings.refuse_to_end(session, visit, note=text(form.note), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Recorded. The page of the visit shows what was decided."), "success")
            return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("visits/ending_decision.html", form=form, visit=visit, proposal=proposal, reasons=_reasons())


def _decision_form() -> EndingDecisionForm:
    form = EndingDecisionForm()
    form.decision.choices = choices(
        [
            ("agreed", _("Agree: the inspection is not carried out")),
            ("refused", _("Refuse: the inspection is still to be made")),
        ]
    )
    return form


def _reasons() -> dict[str, object]:
    return {one.code: one for one in list_reasons(database.session(), endings.REASONS)}


def panel_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """On the page of a visit: why it is not carried out, what is proposed, or the way to propose it."""
    if not isinstance(subject, Visit):
        return None
    session, visit = database.session(), subject
    ending, proposal = endings.find_ending(session, visit), endings.find_proposed(session, visit)
    may_propose = proposal is None and endings.may_propose(visit, viewer)
    if ending is None and proposal is None and not may_propose:
        return None
    return {
        "visit": visit,
        "said": ending or proposal,
        "ended": ending is not None,
        "may_propose": may_propose,
        "may_decide": proposal is not None and endings.may_decide(visit, viewer) and not _own(proposal, viewer),
        "reasons": _reasons(),
    }


def _own(proposal: DrawProposal, viewer: Actor) -> bool:
    return proposal.proposed_by == viewer.user_id


def panel_of_home(viewer: Actor, subject: object) -> dict[str, object] | None:  # noqa: ARG001 - every panel alike
    """At home: inspections that a task left undone, for its lead; proposals to end one, for who decides."""
    session = database.session()
    left, asked = endings.list_left_over(session, viewer), endings.list_to_agree(session, viewer)
    return {"left": left, "asked": asked} if left or asked else None


PANELS = (
    Panel("visit", "visits/ending_panel.html", panel_of_visit, None, 5),
    Panel("home", "visits/home_endings.html", panel_of_home, Permission.PLAN_VIEW, 22),
)
