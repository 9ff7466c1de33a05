"""Tasks: the list, creating one under a plan, and preparing its pool until the draw freezes it."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.departments.queries import list_departments
from supervision.entities.queries import find_by_unit
from supervision.entities.rules import REGISTRATION_PREFIX
from supervision.errors import Invalid
from supervision.listing import COUNT_CAP, ListQuery
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.plans import queries, task_queries, tasking
from supervision.plans.draft_views import tried
from supervision.plans.exclusions import DECIDABLE_EXCEPT
from supervision.plans.forms import DecisionForm, ExclusionForm, TaskForm
from supervision.plans.models import PlanVersion, Task
from supervision.plans.preview import preview
from supervision.plans.rules import PLANNED_SOURCES, TaskSource, TaskState
from supervision.plans.step_bars import task_steps
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import download
from supervision.web.forms import choices, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

blueprint = Blueprint("tasks", __name__)
EXPORT_SIZE = 100


def _filters() -> list[Filter]:
    session = database.session()
    return [
        Filter("year", lazy_gettext("Year"), [(str(year), str(year)) for year in queries.list_years(session)]),
        Filter("department", lazy_gettext("Department"), [(d.code, name_of(d)) for d in list_departments(session)]),
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in TaskState]),
    ]


@blueprint.get("/tasks/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List tasks."""
    filters = _filters()
    query = read_query(filters)
    listing = Listing(
        query,
        task_queries.list_tasks(database.session(), actor(), query),
        [
            Column("number", lazy_gettext("Task number"), True),
            Column("title", lazy_gettext("Title"), True),
            Column("plan", lazy_gettext("Plan")),
            Column("departments", lazy_gettext("Departments")),
            Column("starts_on", lazy_gettext("Period"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Title or number"),
        export_endpoint="tasks.export",
    )
    return render_template("tasks/index.html", listing=listing)


@blueprint.get("/tasks/export.<any(csv, xlsx):format>")
@requires(Permission.PLAN_VIEW)
def export(format: str) -> Response:  # noqa: A002 - the name of the address part, as other lists have it
    """Download what the list shows, all pages of it."""
    query = read_query(_filters())
    header = [
        _("Task number"), _("Title"), _("Plan"), _("Departments"), _("Source of the task"), _("Begins on"),
        _("Ends on"), _("State"),
    ]  # fmt: skip
    return download(format, _("Tasks"), header, _exported(query, actor()))


def _exported(query: ListQuery, viewer: Actor) -> Iterator[list[object]]:
    for number in range(1, COUNT_CAP // EXPORT_SIZE + 1):
        part = ListQuery(query.q, query.sort, query.descending, number, EXPORT_SIZE, query.filters)
        page = task_queries.list_tasks(database.session(), viewer, part)
        for task in page.items:
            version = task.plan_version
            departments = "、".join(name_of(row.department) for row in version.participants)
            words = [task.number, task.title, version.plan.number, departments, _(task.source.label)]
            yield [*words, task.starts_on, task.ends_on, _(task.state.label)]
        if len(page.items) < EXPORT_SIZE:
            return


@blueprint.route("/plans/<int:plan_id>/tasks/new", methods=["GET", "POST"])
@requires(Permission.DRAW_PREPARE)
def create(plan_id: int) -> str | BaseResponse:
    """Create a task under the version of a plan that is in force."""
    session, viewer = database.session(), actor()
    plan = queries.get_plan(session, viewer, plan_id)
    version = plan.published
    if version is None:
        raise Invalid("plan-not-in-force", "Tasks are made under the version of a plan that is in force.")
    tasking.check_preparer(version, actor=viewer)
    form, made = _task_form(version), list[Task]()
    if form.validate_on_submit() and tried(form, lambda: made.append(_create(version, form))):
        database.commit()
        flash(_("Task created under the number %(number)s.", number=made[0].number), "success")
        return redirect(url_for("tasks.show", task_id=made[0].id))
    return render_template("tasks/create.html", form=form, plan=plan, version=version)


def _task_form(version: PlanVersion) -> TaskForm:
    form = TaskForm(
        title=version.title,
        source=TaskSource.ANNUAL_PLAN.value,
        starts_on=max(version.starts_on, clock.today()),
        ends_on=version.ends_on,
        publish_list_before=version.publish_list_before,
    )
    form.source.choices = choices([(one.value, _(one.label)) for one in PLANNED_SOURCES])
    return form


def _create(version: PlanVersion, form: TaskForm) -> Task:
    return tasking.create_task(
        database.session(),
        version,
        source=TaskSource(form.source.data),
        title=text(form.title),
        period=(form.starts_on.data or version.starts_on, form.ends_on.data or version.ends_on),
        reason=text(form.reason),
        publish_list_before=form.publish_list_before.data,
        region=current_app.config["DISTRICT_CODE"],
        actor=actor(),
    )


@blueprint.get("/tasks/<int:task_id>")
@requires(Permission.PLAN_VIEW)
def show(task_id: int) -> str:
    """Show a task: where it stands, its pool, the exclusions decided by people, and the panels of other rooms."""
    return _shown(task_queries.get_task(database.session(), actor(), task_id), _exclusion_form())


def _shown(task: Task, form: ExclusionForm) -> str:
    session, viewer = database.session(), actor()
    preparing = task.state is TaskState.PREPARING
    newest = task.plan_version.plan.published
    figures = preview(session, task, on=clock.today()) if preparing else None
    return render_template(
        "tasks/show.html",
        task=task,
        version=task.plan_version,
        plan=task.plan_version.plan,
        viewer=viewer,
        preparing=preparing,
        may_prepare=preparing and tasking.may_prepare(viewer, task.plan_version),
        may_decide=preparing and tasking.may_decide(viewer, task),
        outdated=preparing and newest is not None and newest is not task.plan_version,
        steps=task_steps(task),
        figures=figures,
        capacity_panels=shown_panels("task_capacity", viewer, (task, figures)) if figures else [],
        exclusions=task_queries.list_exclusions(session, task),
        reasons={reason.code: reason for reason in list_reasons(session, "exclusion_reasons")},
        form=form,
        decision_form=DecisionForm(),
        history=list_history(session, "task", task.id),
        panels=shown_panels("task", viewer, task),
    )


def _exclusion_form() -> ExclusionForm:
    form = ExclusionForm()
    reasons = list_reasons(database.session(), "exclusion_reasons")
    decidable = [(one.code, name_of(one)) for one in reasons if one.code not in DECIDABLE_EXCEPT]
    form.reason.choices = choices(decidable, empty=_("— choose —"))
    return form


@blueprint.post("/tasks/<int:task_id>/exclusions")
@requires(Permission.DRAW_PREPARE)
def exclude(task_id: int) -> str | BaseResponse:
    """Record a request to leave an entity out."""
    session, viewer = database.session(), actor()
    task, form = task_queries.get_task(session, viewer, task_id), _exclusion_form()

    def record() -> None:
        unit = text(form.unit).upper()
        entity = find_by_unit(session, unit) or find_by_unit(session, REGISTRATION_PREFIX + unit)
        if entity is None:
            raise Invalid(
                "no-entity", "No entity of the register has this code. Copy the code from its page.", field="unit"
            )
        tasking.record_exclusion(
            session, task, entity, reason_code=text(form.reason), evidence=text(form.evidence), actor=viewer
        )

    if form.validate_on_submit() and tried(form, record):
        database.commit()
        flash(_("Recorded. It counts once the head has confirmed it."), "success")
        return redirect(url_for("tasks.show", task_id=task_id))
    return _shown(task, form)


@blueprint.post("/tasks/<int:task_id>/exclusions/<int:exclusion_id>")
@requires(Permission.PLAN_APPROVE)
def decide(task_id: int, exclusion_id: int) -> BaseResponse:
    """Confirm or refuse an exclusion."""
    session, form = database.session(), DecisionForm()
    task = task_queries.get_task(session, actor(), task_id)
    exclusion = task_queries.get_exclusion(session, task, exclusion_id)
    if not form.validate_on_submit() or form.decision.data not in {"confirm", "refuse"}:
        raise Invalid("decision", "Confirm or refuse the exclusion with the buttons of the page.")
    confirmed = form.decision.data == "confirm"
    tasking.decide_exclusion(session, task, exclusion, confirmed=confirmed, note=text(form.note), actor=actor())
    database.commit()
    flash(_("Exclusion confirmed.") if confirmed else _("Exclusion refused."), "success")
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/newest-version")
@requires(Permission.DRAW_PREPARE)
def move(task_id: int) -> BaseResponse:
    """Put a task under the newer version of its plan."""
    session = database.session()
    task = task_queries.get_task(session, actor(), task_id)
    tasking.move_to_newest_version(session, task, actor=actor())
    database.commit()
    flash(_("The task is now under version %(number)s of the plan.", number=task.plan_version.version_no), "success")
    return redirect(url_for("tasks.show", task_id=task_id))
