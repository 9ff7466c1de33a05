"""Going together: the proposal to the lead of another plan with the same entities, and the answer (R-1.45)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.errors import Invalid
from supervision.permissions import Permission
from supervision.plans import overlaps, queries, services
from supervision.plans.draft_views import tried
from supervision.plans.forms import JoinAnswerForm, JoinForm
from supervision.plans.pools import count_shared
from supervision.plans.rules import JoinAnswer
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, text

blueprint = Blueprint("joining", __name__)


@blueprint.route("/plans/<int:plan_id>/join/<int:other_id>", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT)
def join(plan_id: int, other_id: int) -> str | BaseResponse:
    """Propose to the lead of another plan to go together."""
    session, viewer = database.session(), actor()
    version, other = queries.get_version(session, viewer, plan_id), queries.get_plan(session, viewer, other_id)
    services.check_drafter(version, actor=viewer)
    form = JoinForm(other=str(other_id))

    def propose() -> None:
        overlaps.propose_joining(session, version, other=other, text=text(form.text), actor=viewer)

    if form.validate_on_submit() and tried(form, propose):
        database.commit()
        flash(_("Your proposal is shown to the lead of the other plan."), "success")
        return redirect(url_for("plans.show", plan_id=plan_id))
    shared = count_shared(session, version, other.published, on=clock.today()) if other.published else 0
    return render_template(
        "plans/join.html",
        form=form,
        version=version,
        plan=version.plan,
        other=other,
        there=other.published,
        shared=shared,
    )


def join_answer_form() -> JoinAnswerForm:
    """Return the form of an answer."""
    form = JoinAnswerForm()
    form.answer.choices = choices(
        [(JoinAnswer.TOGETHER.value, _("Go together")), (JoinAnswer.APART.value, _("Stay apart"))]
    )
    return form


@blueprint.post("/plans/<int:plan_id>/proposals/<int:message_id>")
@requires(Permission.PLAN_DRAFT)
def answer(plan_id: int, message_id: int) -> BaseResponse:
    """Answer a proposal that one's own plan received."""
    session, viewer, form = database.session(), actor(), join_answer_form()
    message = overlaps.get_proposal(session, queries.get_plan(session, viewer, plan_id), message_id)
    if not form.validate_on_submit():
        raise Invalid("join-answer", "Choose an answer, and write on which days you go together or why not.")
    together = form.answer.data == JoinAnswer.TOGETHER
    overlaps.answer_proposal(session, message, together=together, text=text(form.answer_text), actor=viewer)
    database.commit()
    flash(_("Answered. Both departments see it with their plans."), "success")
    return redirect(url_for("plans.show", plan_id=plan_id))
