"""The pages on which a department lead writes a plan, one step after the other."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Form

from supervision import clock
from supervision.departments.queries import get_department
from supervision.errors import Conflict, DomainError, NotFound, WrongState
from supervision.permissions import Permission
from supervision.plans import deadlines, drafting, queries
from supervision.plans.draft_pages import PAGES, chosen_items, items_form
from supervision.plans.models import PlanVersion
from supervision.plans.preview import preview
from supervision.plans.rules import DraftStep
from supervision.plans.step_bars import draft_steps
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.refusals import told

blueprint = Blueprint("drafts", __name__)
Page = str | BaseResponse
ORDER = list(DraftStep)
# the steps on which figures help, and those on which capacity and overlaps belong to them
WITH_FIGURES = frozenset({DraftStep.SCOPE, DraftStep.DIVISION, DraftStep.NUMBERS, DraftStep.TEAMS, DraftStep.CHECK})
WITH_ALL_FIGURES = frozenset({DraftStep.TEAMS, DraftStep.CHECK})


def tried(form: Form, step: Callable[[], object]) -> bool:
    """Run ``step``; show its refusal in the form, beside the field it names, and undo what it began."""
    try:
        step()
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        database.session().rollback()
        name = str(getattr(error, "field", ""))
        field = getattr(form, name, None) if name else None
        shown = told(error)
        if field is None:
            form.form_errors.append(shown)
        else:
            field.errors = [*field.errors, shown]
        return False
    return True


@blueprint.route("/plans/new", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT)
def create() -> Page:
    """Begin a plan by choosing what is inspected."""
    session, viewer = database.session(), actor()
    form = items_form(session, get_department(session, viewer.department_code))
    made = []
    if form.validate_on_submit() and tried(
        form, lambda: made.append(drafting.draft_plan(session, **chosen_items(form), actor=viewer))
    ):
        database.commit()
        flash(_("Draft begun. Each step is saved; you can stop and go on later."), "success")
        return redirect(url_for("drafts.edit", plan_id=made[0].id, step=ORDER[1].value))
    return render_template("plans/create.html", form=form, steps=draft_steps(DraftStep.ITEMS))


@blueprint.route("/plans/<int:plan_id>/draft/<step>", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT)
def edit(plan_id: int, step: str) -> Page:
    """Show one step of a draft and save it."""
    session, here = database.session(), _step(step)
    try:
        version = queries.get_draft(session, actor(), plan_id)
    except WrongState as error:  # the back button after sending it
        flash(_(error.message), "warning")
        return redirect(url_for("plans.show", plan_id=plan_id))
    form = PAGES[here].make(session, version)
    if form.validate_on_submit() and tried(form, lambda: _save(version, here, form)):
        database.commit()
        goal = here if "stay" in request.form else ORDER[ORDER.index(here) + 1]
        return redirect(url_for("drafts.edit", plan_id=plan_id, step=goal.value))
    return _shown(version, here, form)


def _step(value: str) -> DraftStep:
    if value not in {one.value for one in DraftStep}:
        raise NotFound
    return DraftStep(value)


def _save(version: PlanVersion, here: DraftStep, form: Form) -> None:
    if form["revision"].data != str(version.revision):
        raise Conflict("plan-changed", "Somebody changed this plan meanwhile. Reload the page and look again.")
    if here is not DraftStep.CHECK:
        PAGES[here].save(database.session(), version, form, actor())


def _shown(version: PlanVersion, here: DraftStep, form: Form) -> str:
    figures = None
    if here in WITH_FIGURES:
        figures = preview(database.session(), version, on=clock.today(), whole=here in WITH_ALL_FIGURES)
    return render_template(
        "plans/draft.html",
        version=version,
        plan=version.plan,
        here=here,
        form=form,
        figures=figures,
        may_join=True,
        before=ORDER[ORDER.index(here) - 1] if here is not ORDER[0] else None,
        steps=draft_steps(here),
        due_on=deadlines.due_on(database.session(), version.plan.year, on=clock.today()),
    )
