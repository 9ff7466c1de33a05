"""Asking for experts: for every team of a task before its pool is frozen, or for one visit before its approval."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.experts import queries, services
from joint_inspections.experts.forms import AskForm, ChangeForm, TakeBackForm, ValueForm
from joint_inspections.experts.models import ExpertDraw
from joint_inspections.experts.rules import CHANGE_GROUNDS, MOST_PER_TEAM, TIED, ExpertDrawState
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit
from supervision.errors import DomainError, Invalid, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.plans.models import Task
from supervision.plans.task_queries import get_task
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of

blueprint = Blueprint("expert_requests", __name__)
Page = str | BaseResponse | tuple[str, int]
INCOMPLETE = 422


def _ask_form(task: Task) -> AskForm:
    form = AskForm()
    fields = queries.list_fields(database.session(), on=task.ends_on)
    named = [(field, _("%(field)s (%(count)s experts)", field=field, count=count)) for field, count in fields]
    form.field.choices = choices(named, empty=_("Choose …"))
    form.per_team.choices = choices([(str(one), str(one)) for one in range(1, MOST_PER_TEAM + 1)])
    return form


@blueprint.route("/tasks/<int:task_id>/experts", methods=["GET", "POST"])
@requires(Permission.PLAN_VIEW)
def of_task(task_id: int) -> Page:
    """Ask for experts for every team of a task; they are frozen with its pool and drawn with its draw."""
    session, viewer = database.session(), actor()
    task = get_task(session, viewer, task_id)
    form = _ask_form(task)
    if form.validate_on_submit():
        try:
            services.ask_for_task(
                session, task, field=text(form.field), per_team=int(form.per_team.data), reason=text(form.reason),
                actor=viewer,
            )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Asked for. Who can be drawn is fixed together with the pool."), "success")
            return redirect(url_for("expert_requests.of_task", task_id=task_id))
    page = render_template(
        "experts/of_task.html",
        task=task,
        requests=queries.list_requests(session, task.id),
        draws=queries.list_of_task(session, viewer, task.id),
        form=form if services.may_ask(session, task, viewer) else None,
    )
    return (page, INCOMPLETE) if form.errors else page


@blueprint.post("/tasks/<int:task_id>/experts/<int:request_id>/withdrawal")
@requires(Permission.PLAN_DRAFT)
def withdraw(task_id: int, request_id: int) -> BaseResponse:
    """Take a request back before the pool is frozen."""
    session, viewer = database.session(), actor()
    task = get_task(session, viewer, task_id)
    services.withdraw_request(session, queries.get_request(session, request_id, task=task), actor=viewer)
    database.commit()
    flash(_("The request was taken back."), "success")
    return redirect(url_for("expert_requests.of_task", task_id=task_id))


@blueprint.route("/visits/<int:visit_id>/experts", methods=["GET", "POST"])
@requires(Permission.PLAN_VIEW)
def of_visit(visit_id: int) -> Page:
    """Show the experts of one visit, and ask for more before it is approved."""
    session, viewer = database.session(), actor()
    visit = get_visit(session, viewer, visit_id)
    form = _ask_form(visit.task)
    if form.validate_on_submit():
        try:
            services.ask_for_visit(
                session, visit, field=text(form.field), per_team=int(form.per_team.data), reason=text(form.reason),
                actor=viewer,
            )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("The list is frozen. Another body now hands in a value, and the lots decide."), "success")
            return redirect(url_for("expert_requests.of_visit", visit_id=visit_id))
    page = _visit_page(visit, form)
    return (page, INCOMPLETE) if form.errors else page


def _visit_page(visit: Visit, form: AskForm | None = None) -> str:
    session, viewer = database.session(), actor()
    return render_template(
        "experts/of_visit.html",
        visit=visit,
        places=queries.list_places(session, visit, replaced=True),
        draws=queries.list_of_visit(session, visit),
        grounds={one.code: one for one in list_reasons(session, CHANGE_GROUNDS)},
        changes=queries.list_changes(session, visit),
        form=(form or _ask_form(visit.task)) if services.may_ask_for_visit(visit, viewer) else None,
        may_take_off=services.may_take_off(visit, viewer),
        may_hand_in=lambda one: services.may_hand_in(one, viewer),
        may_take_back=lambda one: services.may_take_back(visit, one, viewer),
        ExpertDrawState=ExpertDrawState,
    )


@blueprint.route("/visits/<int:visit_id>/experts/draws/<int:expert_draw_id>/value", methods=["GET", "POST"])
@requires(Permission.DRAW_CONTRIBUTE)
def hand_in(visit_id: int, expert_draw_id: int) -> Page:
    """Hand in the value of another body: the draw takes place with it."""
    session, viewer = database.session(), actor()
    visit = get_visit(session, viewer, visit_id)
    expert_draw = _of_this_visit(visit, expert_draw_id)
    form = ValueForm()
    if form.validate_on_submit():
        try:
            services.hand_in_value(session, expert_draw, value=text(form.value), actor=viewer)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Drawn. The experts are told and answer for themselves."), "success")
            return redirect(url_for("expert_requests.of_visit", visit_id=visit_id))
    if not services.may_hand_in(expert_draw, viewer):
        return redirect(url_for("expert_requests.of_visit", visit_id=visit_id))
    page = render_template(
        "experts/value.html", visit=visit, expert_draw=expert_draw, form=form, suggestion=services.suggest_value()
    )
    return (page, INCOMPLETE) if form.errors else page


@blueprint.route("/visits/<int:visit_id>/experts/draws/<int:expert_draw_id>/withdrawal", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT)
def take_back(visit_id: int, expert_draw_id: int) -> Page:
    """Take back what was asked for one visit, as long as nothing is drawn."""
    session, viewer = database.session(), actor()
    visit = get_visit(session, viewer, visit_id)
    expert_draw = _of_this_visit(visit, expert_draw_id)
    form = TakeBackForm()
    if form.validate_on_submit():
        services.take_back(session, visit, expert_draw, reason=text(form.reason), actor=viewer)
        database.commit()
        flash(_("The request was taken back."), "success")
        return redirect(url_for("expert_requests.of_visit", visit_id=visit_id))
    if not services.may_take_back(visit, expert_draw, viewer):
        return redirect(url_for("expert_requests.of_visit", visit_id=visit_id))
    page = render_template("experts/take_back.html", visit=visit, expert_draw=expert_draw, form=form)
    return (page, INCOMPLETE) if form.errors else page


def _of_this_visit(visit: Visit, expert_draw_id: int) -> ExpertDraw:
    found = next((one for one in queries.list_of_visit(database.session(), visit) if one.id == expert_draw_id), None)
    if found is None:
        raise NotFound
    return found


@blueprint.route("/visits/<int:visit_id>/experts/<int:place_id>/replacement", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT, Permission.RECUSAL_DECIDE)
def take_off(visit_id: int, place_id: int) -> Page:
    """Have an expert replaced; who follows is in the order of the lots."""
    session, viewer = database.session(), actor()
    visit = get_visit(session, viewer, visit_id)
    place = queries.get_place(session, visit, place_id)
    form = ChangeForm()
    reasons = [one for one in list_reasons(session, CHANGE_GROUNDS) if one.code != TIED]
    form.ground.choices = choices([(one.code, name_of(one)) for one in reasons])
    if form.validate_on_submit():
        try:
            change = services.take_off(session, place, ground=form.ground.data, note=text(form.note), actor=viewer)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            tell_change(followed=change.joined is not None)
            return redirect(url_for("expert_requests.of_visit", visit_id=visit_id))
    page = render_template("experts/replacement.html", visit=visit, place=place, form=form)
    return (page, INCOMPLETE) if form.errors else page


def tell_change(*, followed: bool) -> None:
    """Say what became of a place: the next in the order, or nobody."""
    if followed:
        flash(_("The next expert in the order of the lots follows."), "success")
    else:
        flash(_("Nobody is left on the list: the visit goes ahead without, or experts are asked for anew."), "warning")
