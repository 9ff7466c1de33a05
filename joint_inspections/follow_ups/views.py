"""The register of follow-ups, and one follow-up with what can be done to it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.follow_ups import queries, services
from joint_inspections.follow_ups.forms import ClosingForm, DeadlineForm
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.rules import ENDINGS, FollowUpEnding, FollowUpState, is_overdue
from joint_inspections.records.rules import Disposal
from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.departments.queries import list_departments
from supervision.errors import Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, small_number, text
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

blueprint = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")
Page = str | BaseResponse


@blueprint.get("/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List follow-ups; those still open unless asked otherwise."""
    filters = _filters()
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_follow_ups(database.session(), actor(), query),
        [
            Column("entity", lazy_gettext("Entity"), True),
            Column("item", lazy_gettext("Item")),
            Column("department", lazy_gettext("Department"), True),
            Column("kind", lazy_gettext("What follows")),
            Column("due", lazy_gettext("To be closed by"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Name, credit code or number of the visit"),
        export_endpoint="follow_ups.export",
    )
    return render_template(
        "follow_ups/index.html",
        listing=listing,
        counts=queries.count_open(database.session(), actor()),
        viewer_sees_all=actor().sees_whole_district,
        due_state=_due_state,
    )


@blueprint.get("/export")
@requires(Permission.PLAN_VIEW)
def export() -> BaseResponse:
    """Download what the list finds."""
    header = [
        _("Visit number"),
        _("Entity"),
        _("Credit code"),
        _("Item"),
        _("Department"),
        _("Problem found"),
        _("What follows"),
        _("To be closed by"),
        _("State"),
        _("How it ended"),
        _("Closed on"),
    ]
    kind, query = request.args.get("format", "csv"), read_query(_filters())
    rows = map(_exported, queries.iterate_follow_ups(database.session(), actor(), query))
    filename = f"{_('Follow-ups')}-{clock.today().isoformat()}"
    kind = kind if kind in EXPORT_FORMATS else "csv"
    return hand_out(kind, filename, header, rows, what=DisclosedList.FOLLOW_UPS, query=query)


def _exported(one: FollowUp) -> list[object]:
    return [
        one.visit.number,
        one.visit.entity.name,
        one.visit.entity.unit_id,
        name_of(one.item),
        name_of(one.department),
        one.problem,
        _(one.kind.label),
        one.due_on,
        _(one.state.label),
        _(one.ending.label) if one.ending else "",
        one.closed_on or "",
    ]


def _filters() -> list[Filter]:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    return [
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in FollowUpState]),
        Filter("department", lazy_gettext("Department"), departments),
        Filter(
            "kind",
            lazy_gettext("What follows"),
            [(one.value, _(one.label)) for one in Disposal if one is not Disposal.NONE],
        ),
        Filter(
            "mark",
            lazy_gettext("Deadline"),
            [("overdue", _("Overdue only")), ("moved", _("Moved after it had passed"))],
        ),
    ]


def _due_state(follow_up: FollowUp) -> str:
    if follow_up.state is FollowUpState.CLOSED:
        return ""
    return "overdue" if is_overdue(follow_up.state, follow_up.next_due_on, today=clock.today()) else "open"


@blueprint.get("/<int:follow_up_id>")
@requires(Permission.PLAN_VIEW)
def show(follow_up_id: int) -> str:
    """Show one follow-up with its history."""
    return _page(queries.get_follow_up(database.session(), actor(), follow_up_id))


def _page(
    follow_up: FollowUp, *, closing_form: ClosingForm | None = None, deadline_form: DeadlineForm | None = None
) -> str:
    return render_template(
        "follow_ups/show.html",
        follow_up=follow_up,
        changes=queries.list_changes(database.session(), follow_up),
        may_change=services.may_change(follow_up, actor()),
        closing_form=closing_form or _closing_form(follow_up, closed_on=clock.today()),
        deadline_form=deadline_form or DeadlineForm(formdata=None),
        due_state=_due_state(follow_up),
        panels=shown_panels("follow_up", actor(), follow_up),
        FollowUpState=FollowUpState,
    )


def _closing_form(follow_up: FollowUp, **given: object) -> ClosingForm:
    form = ClosingForm(formdata=None, **given) if given else ClosingForm()
    form.ending.choices = choices([(one.value, _(one.label)) for one in ENDINGS[follow_up.kind]])
    return form


def _version() -> int:
    return small_number(request.form.get("version", "")) or 0


@blueprint.post("/<int:follow_up_id>/closing")
@requires(Permission.FOLLOW_UP_CLOSE)
def close(follow_up_id: int) -> Page:
    """Close a follow-up."""
    follow_up = queries.get_for_change(database.session(), actor(), follow_up_id)
    form = _closing_form(follow_up)
    if form.validate_on_submit() and form.closed_on.data:
        closing = services.Closing(FollowUpEnding(form.ending.data), text(form.note), form.closed_on.data)
        try:
            services.close_follow_up(database.session(), follow_up, closing, version=_version(), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Follow-up closed."), "success")
            return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id))
    return _page(follow_up, closing_form=form)


@blueprint.post("/<int:follow_up_id>/deadline")
@requires(Permission.FOLLOW_UP_CLOSE)
def move(follow_up_id: int) -> Page:
    """Set another deadline."""
    return _with_deadline(follow_up_id, services.move_deadline, _("Deadline moved."))


@blueprint.post("/<int:follow_up_id>/reopening")
@requires(Permission.FOLLOW_UP_CLOSE)
def reopen(follow_up_id: int) -> Page:
    """Open a closed follow-up again."""
    return _with_deadline(follow_up_id, services.reopen_follow_up, _("Follow-up opened again."))


def _with_deadline(follow_up_id: int, step: Callable[..., None], done: str) -> Page:
    session = database.session()
    follow_up = queries.get_for_change(session, actor(), follow_up_id)
    form = DeadlineForm()
    if form.validate_on_submit():
        try:
            step(
                session, follow_up, reason=text(form.reason), due_on=form.due_on.data, version=_version(), actor=actor()
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(done, "success")
            return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id))
    return _page(follow_up, deadline_form=form)
