"""Plans: the list, one plan with its versions, and the steps from draft to publication."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.beacons.queries import find_rule
from supervision.departments.queries import list_departments
from supervision.errors import Invalid, NotFound
from supervision.listing import COUNT_CAP, ListQuery
from supervision.permissions import Actor, Permission
from supervision.plans import deadlines, progress, queries, services, task_queries
from supervision.plans.forms import AnswerForm, ReasonForm
from supervision.plans.join_views import join_answer_form
from supervision.plans.models import Plan, PlanVersion
from supervision.plans.options import named_scope
from supervision.plans.preview import parts_of, preview
from supervision.plans.rules import LISTED_STATES, OPEN_STATES, Agreement, PlanKind, PlanState
from supervision.plans.step_bars import answered, plan_steps
from supervision.plans.tasking import may_prepare
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import download
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

blueprint = Blueprint("plans", __name__)
Page = str | BaseResponse
EXPORT_SIZE = 100
INCOMPLETE = 422


def _filters() -> list[Filter]:
    session = database.session()
    years = [(str(year), str(year)) for year in queries.list_years(session)]
    departments = [(one.code, name_of(one)) for one in list_departments(session)]
    return [
        Filter("year", lazy_gettext("Year"), years),
        Filter("department", lazy_gettext("Department"), departments),
        Filter("kind", lazy_gettext("Kind"), [(one.value, _(one.label)) for one in PlanKind]),
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in LISTED_STATES]),
    ]


@blueprint.get("/plans/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List plans with what was planned, drawn, visited and published."""
    session, viewer, filters = database.session(), actor(), _filters()
    query = read_query(filters)
    page = queries.list_plans(session, viewer, query)
    listing = Listing(
        query,
        page,
        [
            Column("number", lazy_gettext("Plan number"), True),
            Column("title", lazy_gettext("Title"), True),
            Column("departments", lazy_gettext("Departments")),
            Column("starts_on", lazy_gettext("Period"), True),
            Column("state", lazy_gettext("State")),
            Column("planned", lazy_gettext("Planned"), numeric=True),
            Column("drawn", lazy_gettext("Drawn"), numeric=True),
            Column("visited", lazy_gettext("Visited"), numeric=True),
            Column("published", lazy_gettext("Results published"), numeric=True),
        ],
        filters,
        lazy_gettext("Title or number"),
        export_endpoint="plans.export",
    )
    return render_template("plans/index.html", listing=listing, rows=_rows(viewer, page.items), viewer=viewer)


def _rows(viewer: Actor, plans: object) -> list[tuple[Plan, PlanVersion, tuple[int, int, int, int]]]:
    found = [(plan, queries.visible_versions(viewer, plan)[-1]) for plan in plans]  # type: ignore[attr-defined]  # a page
    sums = progress.sums(database.session(), [version for _plan, version in found])
    return [(plan, version, sums[plan.id]) for plan, version in found]


@blueprint.get("/plans/export.<any(csv, xlsx):format>")
@requires(Permission.PLAN_VIEW)
def export(format: str) -> Response:  # noqa: A002 - the name of the address part, as other lists have it
    """Download what the list shows, all pages of it."""
    query = read_query(_filters())
    header = [
        _("Plan number"), _("Title"), _("Kind"), _("Departments"), _("Begins on"), _("Ends on"), _("State"),
        _("Planned"), _("Drawn"), _("Visited"), _("Results published"),
    ]  # fmt: skip
    return download(format, _("Plans"), header, _exported(query, actor()))


def _exported(query: ListQuery, viewer: Actor) -> Iterator[list[object]]:
    for number in range(1, COUNT_CAP // EXPORT_SIZE + 1):
        part = ListQuery(query.q, query.sort, query.descending, number, EXPORT_SIZE, query.filters)
        page = queries.list_plans(database.session(), viewer, part)
        for plan, version, figures in _rows(viewer, page.items):
            departments = "、".join(name_of(row.department) for row in version.participants)
            words = [plan.number, version.title, _(plan.kind.label), departments]
            yield [*words, version.starts_on, version.ends_on, _(version.state.label), *figures]
        if len(page.items) < EXPORT_SIZE:
            return


@blueprint.get("/plans/<int:plan_id>")
@requires(Permission.PLAN_VIEW)
def show(plan_id: int) -> str:
    """Show one version of a plan, by default the newest, with what may be done now."""
    session, viewer = database.session(), actor()
    asked = request.args.get("version", "")
    version = queries.get_version(
        session, viewer, plan_id, version_no=int(asked) if asked.isascii() and asked.isdigit() else None
    )
    return _shown(version, viewer)


def _shown(version: PlanVersion, viewer: Actor, *, answer_form: AnswerForm | None = None) -> str:
    """Return the page of a version; an answer that came back keeps what was typed."""
    session = database.session()
    plan, inside = version.plan, queries.inside(viewer, version)
    named = version.allocation.get("strata", version.allocation.get("weights", {}))
    waiting = version.state in OPEN_STATES and version.state is not PlanState.DRAFT and inside
    return render_template(
        "plans/show.html",
        plan=plan,
        version=version,
        versions=queries.visible_versions(viewer, plan)[::-1],
        viewer=viewer,
        inside=inside,
        may=_may(viewer, version),
        steps=plan_steps(version),
        answered=answered(version),
        scope=named_scope(session, version.scope_of),
        late_ground=deadlines.ground_of(session, version),
        beacon=find_rule(session, version.beacon_rule),
        rules=parts_of(session, version, dict.fromkeys(named, 0), {}),
        figures=preview(session, version, on=clock.today()) if waiting else None,
        progress=queries.progress(session, viewer, plan_id=plan.id),
        tasks=task_queries.list_tasks_of(session, viewer, plan),
        messages=queries.list_messages(session, viewer, plan),
        may_answer_proposals=viewer.may(Permission.PLAN_DRAFT) and viewer.department_id == plan.lead_department_id,
        join_answer_form=join_answer_form(),
        history=list_history(session, "plan", plan.id) if inside else [],
        reason_form=ReasonForm(),
        answer_form=answer_form or _answer_form(),
        panels=shown_panels("plan", viewer, plan),
    )


def _may(viewer: Actor, version: PlanVersion) -> dict[str, bool]:
    own = viewer.department_id == version.plan.lead_department_id
    drafts, heads = own and viewer.may(Permission.PLAN_DRAFT), own and viewer.may(Permission.PLAN_APPROVE)
    waiting = any(
        row.department_id == viewer.department_id and not row.is_lead and row.agreement is Agreement.WAITING
        for row in version.participants
    )
    entitled = viewer.may(Permission.PLAN_DRAFT) or viewer.may(Permission.PLAN_APPROVE)
    newest = version is version.plan.newest
    return {
        "edit": drafts and version.state is PlanState.DRAFT,
        "withdraw": drafts and version.state in OPEN_STATES,
        "recall": drafts and version.state in OPEN_STATES - {PlanState.DRAFT},
        "answer": entitled and waiting and version.state is PlanState.AGREEING,
        "decide": heads and version.state is PlanState.SUBMITTED,
        "approve": heads and viewer.user_id not in {*version.editors, version.drafted_by, version.submitted_by},
        "revise": drafts and version.state is PlanState.PUBLISHED and newest,
        "task": may_prepare(viewer, version) and version.state is PlanState.PUBLISHED,
    }


def _answer_form() -> AnswerForm:
    form = AnswerForm()
    form.answer.choices = choices([("yes", _("Agree")), ("no", _("Decline"))])
    return form


@blueprint.get("/plans/<int:plan_id>/published/<int:version_no>.json")
@requires(Permission.PLAN_VIEW)
def document(plan_id: int, version_no: int) -> Response:
    """Give the exact bytes that were published, so that the digest can be checked."""
    version = queries.get_version(database.session(), actor(), plan_id, version_no=version_no)
    if version.published_json is None:
        raise NotFound
    return Response(version.published_json, mimetype="application/json")


@blueprint.post("/plans/<int:plan_id>/send")
@requires(Permission.PLAN_DRAFT)
def send(plan_id: int) -> BaseResponse:
    """Send a draft to the cooperating departments or the head."""
    session = database.session()
    services.send(session, queries.get_draft(session, actor(), plan_id), actor=actor())
    database.commit()
    flash(_("Sent. You see on this page who has answered."), "success")
    return redirect(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/plans/<int:plan_id>/answer")
@requires(Permission.PLAN_DRAFT, Permission.PLAN_APPROVE)
def answer(plan_id: int) -> Page | tuple[str, int]:
    """Agree or decline for a cooperating department."""
    session, form = database.session(), _answer_form()
    version = queries.get_version(session, actor(), plan_id)
    if form.validate_on_submit():
        try:
            services.answer(session, version, agreed=form.answer.data == "yes", note=text(form.note), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
            version = queries.get_version(session, actor(), plan_id)
        else:
            database.commit()
            flash(_("Your department's answer is recorded."), "success")
            return redirect(url_for("plans.show", plan_id=plan_id))
    return _shown(version, actor(), answer_form=form), INCOMPLETE


@blueprint.post("/plans/<int:plan_id>/approve")
@requires(Permission.PLAN_APPROVE)
def approve(plan_id: int) -> BaseResponse:
    """Approve and publish."""
    session = database.session()
    version = queries.get_version(session, actor(), plan_id)
    services.approve(session, version, region=current_app.config["DISTRICT_CODE"], actor=actor())
    database.commit()
    flash(_("Approved and published under the number %(number)s.", number=version.plan.number), "success")
    return redirect(url_for("plans.show", plan_id=plan_id))


STEPS = {"return": services.send_back, "recall": services.recall, "withdraw": services.withdraw}


@blueprint.post("/plans/<int:plan_id>/<any('return', recall, withdraw):step>")
@requires(Permission.PLAN_DRAFT, Permission.PLAN_APPROVE)
def stop(plan_id: int, step: str) -> BaseResponse:
    """Return, take back or withdraw a version, with a reason."""
    session, reason = database.session(), _reason()
    STEPS[step](session, queries.get_version(session, actor(), plan_id), reason=reason, actor=actor())
    database.commit()
    flash(_("Done. The reason is shown with the plan."), "success")
    return redirect(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/plans/<int:plan_id>/revise")
@requires(Permission.PLAN_DRAFT)
def revise(plan_id: int) -> BaseResponse:
    """Begin the next version."""
    session, reason = database.session(), _reason()
    services.revise(session, queries.get_plan(session, actor(), plan_id), reason=reason, actor=actor())
    database.commit()
    flash(_("New version begun. The published one stays in force until this one is approved."), "success")
    return redirect(url_for("drafts.edit", plan_id=plan_id, step="items"))


def _reason() -> str:
    form = ReasonForm()
    if not form.validate_on_submit():
        raise Invalid("reason-missing", "Give a reason of at most 500 characters.", field="reason")
    return text(form.reason)
