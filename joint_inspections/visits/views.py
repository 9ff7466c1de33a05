"""The list of visits for those who answer for them, and the page of one visit."""

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.visits import queries, services
from joint_inspections.visits.forms import DayForm, RecusalForm
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT, NOT_DECLARED, OPEN_FOR_TEAM, VisitKind, VisitState, clock_state
from supervision import clock
from supervision.audit.disclosing import hand_out, note_view
from supervision.audit.events import DisclosedList
from supervision.departments.queries import list_departments
from supervision.errors import Invalid
from supervision.listing import PAGE_SIZES, ListQuery
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

blueprint = Blueprint("visits", __name__, url_prefix="/visits")
Page = str | BaseResponse
PARTICIPANTS = (Permission.PLAN_VIEW, Permission.VISIT_INSPECT, Permission.RECORD_REVIEW)


def _filters() -> list[Filter]:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    return [
        Filter("state", lazy_gettext("State"), [(state.value, _(state.label)) for state in VisitState]),
        Filter("kind", lazy_gettext("Kind of inspection"), [(kind.value, _(kind.label)) for kind in VisitKind]),
        Filter("department", lazy_gettext("Department"), departments),
        Filter("late", lazy_gettext("Deadline"), [("yes", _("Overdue only"))]),
    ]


@blueprint.get("/all")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List disclosed visits for leads, heads, coordinator and oversight; later ones are one number."""
    filters = _filters()
    query = read_query(filters)
    page = queries.list_visits(database.session(), actor(), query)
    note_view(DisclosedList.VISITS, count=sum(one.state in BEFORE_VISIT for one in page.items))
    listing = Listing(
        query,
        page,
        [
            Column("number", lazy_gettext("Visit number"), True),
            Column("entity", lazy_gettext("Entity"), True),
            Column("planned_on", lazy_gettext("Planned on"), True),
            Column("draw", lazy_gettext("Draw or order")),
            Column("record_due", lazy_gettext("Record due"), True),
            Column("state", lazy_gettext("State"), True),
        ],
        filters,
        lazy_gettext("Name, credit code or number of the visit"),
        export_endpoint="visits.export",
    )
    counts = queries.count_visits(database.session(), actor())
    return render_template(
        "visits/index.html", listing=listing, counts=counts, VisitState=VisitState, due_state=record_clock
    )


def record_clock(visit: Visit) -> str:
    """Say how the clock of a visit's record stands."""
    handed_in = clock.local(visit.submitted_at).date() if visit.submitted_at else None
    return clock_state(visit.record_due_on, done_on=handed_in, today=clock.today())


@blueprint.get("/all/export")
@requires(Permission.PLAN_VIEW)
def export() -> BaseResponse:
    """Download the list as it is filtered."""
    kind = request.args.get("format", "csv")
    header = [
        _("Visit number"), _("Entity"), _("Credit code"), _("Kind of inspection"), _("Planned on"), _("Draw or order"),
        _("Record due"), _("State"),
    ]  # fmt: skip
    filename = _("visits") + f"-{clock.today().isoformat()}"
    kind, query = kind if kind in EXPORT_FORMATS else "csv", read_query(_filters())
    return hand_out(kind, filename, header, _rows(actor(), query), what=DisclosedList.VISITS, query=query)


def _rows(viewer: Actor, query: ListQuery) -> Iterator[list[object]]:
    size = PAGE_SIZES[-1]
    page = 1
    while True:
        asked = ListQuery(
            q=query.q, sort=query.sort, descending=query.descending, page=page, size=size, filters=query.filters
        )
        found = queries.list_visits(database.session(), viewer, asked).items
        for one in found:
            yield [
                one.number or "",
                one.entity.name,
                one.entity.unit_id,
                _(one.kind.label),
                one.planned_on,
                one.source_number,
                one.record_due_on or "",
                _(one.state.label),
            ]
        if len(found) < size:
            return
        page += 1


@blueprint.get("/<int:visit_id>")
@requires(*PARTICIPANTS)
def show(visit_id: int) -> str:
    """Show one visit: where it stands, whose turn it is, and what the viewer can do now."""
    viewer = actor()
    visit = queries.get_visit(database.session(), viewer, visit_id)
    own = own_member(visit, viewer)
    if visit.state in BEFORE_VISIT and own is None:
        note_view(DisclosedList.VISIT, subject=visit.id, count=1)
    return render_template(
        "visits/show.html",
        visit=visit,
        viewer=viewer,
        own=own,
        on_phone=own is not None and visit.number is not None and visit.state in OPEN_FOR_TEAM,
        progress=shown_panels("visit_progress", viewer, visit),
        recusals=queries.list_recusals_of_visit(database.session(), visit),
        panels=shown_panels("visit", viewer, visit),
    )


def own_member(visit: Visit, viewer: Actor) -> object:
    """Return the viewer's place on the team, or None."""
    if viewer.inspector_id is None:
        return None
    return next((one for one in visit.team_now if one.inspector_id == viewer.inspector_id), None)


@blueprint.post("/<int:visit_id>/acceptance")
@requires(Permission.VISIT_INSPECT)
def accept(visit_id: int) -> BaseResponse:
    """Accept the assignment."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    services.accept_assignment(database.session(), visit, actor=actor())
    database.commit()
    flash(_("Accepted. You are told here when the inspection is approved."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))


@blueprint.route("/<int:visit_id>/recusal", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT)
def declare(visit_id: int) -> Page:
    """Declare a relation that may affect fairness."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    services.own_part(visit, actor())
    form = RecusalForm()
    form.reason.choices = choices(
        [
            (one.code, name_of(one))
            for one in list_reasons(database.session(), "recusal_reasons")
            if one.code not in NOT_DECLARED
        ]
    )
    if form.validate_on_submit():
        try:
            services.declare_recusal(
                database.session(),
                visit,
                reason_code=form.reason.data,
                statement=text(form.statement),
                actor=actor(),
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Recusal declared. The head of your department decides; you do not go until then."), "success")
            return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("visits/declare.html", form=form, visit=visit)


@blueprint.route("/<int:visit_id>/day", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT)
def reschedule(visit_id: int) -> Page:
    """Let the leader put the visit on another day."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    services.require_leader(visit, actor())
    form = DayForm(planned_on=visit.planned_on)
    if form.validate_on_submit():
        try:
            services.reschedule_visit(
                database.session(),
                visit,
                planned_on=form.planned_on.data or visit.planned_on,
                reason=text(form.reason),
                actor=actor(),
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Day changed. Issue a new notice for it."), "success")
            return redirect(url_for("assignments.index"))
    return render_template("visits/day.html", form=form, visit=visit)
