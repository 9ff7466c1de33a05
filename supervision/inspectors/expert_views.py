"""The register of experts: list, export, and keeping an entry."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.audit.queries import list_history
from supervision.departments.queries import get_department, list_departments
from supervision.errors import DomainError, Forbidden
from supervision.inspectors import expert_queries, expert_services
from supervision.inspectors.forms import ExpertCorrectionForm, ExpertForm, StatusForm
from supervision.inspectors.history import changes
from supervision.inspectors.models import Expert
from supervision.inspectors.rules import TRANSITIONS, ExpertContent, InspectorStatus
from supervision.inspectors.views import seen_version
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("experts", __name__, url_prefix="/experts")
Page = str | BaseResponse


def _filters() -> list[Filter]:
    departments = list_departments(database.session())
    return [
        Filter("department", lazy_gettext("Engaged by"), [(one.code, name_of(one)) for one in departments]),
        Filter("status", lazy_gettext("Status"), [(one.value, _(one.label)) for one in InspectorStatus]),
        Filter(
            "engaged", lazy_gettext("Engagement"), [("yes", _("Engagement runs")), ("no", _("Engagement has ended"))]
        ),
    ]


@blueprint.get("/")
@requires(Permission.REGISTRY_VIEW)
def index() -> str:
    """List experts."""
    filters = _filters()
    query = read_query(filters)
    listing = Listing(
        query,
        expert_queries.list_experts(database.session(), query),
        [
            Column("name", lazy_gettext("Name"), True),
            Column("organization", lazy_gettext("Organization"), True),
            Column("fields", lazy_gettext("Special fields")),
            Column("department", lazy_gettext("Engaged by"), True),
            Column("engaged_until", lazy_gettext("Engaged until"), True),
            Column("status", lazy_gettext("Status")),
        ],
        filters,
        lazy_gettext("Name, pinyin initials, organization or field"),
        "experts.export",
    )
    may_create = actor().may(Permission.INSPECTOR_EDIT) and actor().department_id is not None
    return render_template("inspectors/experts.html", listing=listing, may_create=may_create, today=clock.today())


@blueprint.get("/export/<any(csv, xlsx):format>")
@requires(Permission.REGISTRY_VIEW)
def export(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the list as filtered."""
    query = read_query(_filters())
    header = [
        _("Name"), _("Organization"), _("Professional title"), _("Special fields"), _("Engaged by"),
        _("Engaged until"), _("Status"),
    ]  # fmt: skip
    rows = (
        [one.name, one.organization, one.title, one.fields, name_of(one.department), one.engaged_until,
         _(one.status.label)]
        for one in expert_queries.iterate_experts(database.session(), query)
    )  # fmt: skip
    return hand_out(format, _("Experts"), header, rows, what=DisclosedList.INSPECTORS, subject="experts", query=query)


@blueprint.get("/<int:expert_id>")
@requires(Permission.REGISTRY_VIEW)
def show(expert_id: int) -> str:
    """Show an entry and what was done to it."""
    expert = expert_queries.get_expert(database.session(), expert_id)
    editable = expert_queries.may_edit(actor(), expert)
    known = editable or actor().sees_whole_district
    history = list_history(database.session(), expert_services.SUBJECT, expert.id) if known else []
    return render_template(
        "inspectors/expert.html",
        expert=expert,
        editable=editable,
        known=known,
        today=clock.today(),
        history=[(entry, changes(entry, with_ties=False)) for entry in history],
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def create() -> Page:
    """Enter an expert engaged by one's own department."""
    session, viewer, form = database.session(), actor(), ExpertForm()
    if viewer.department_id is None:
        raise Forbidden("no-department", "Your account belongs to no department, so there is nobody to enter.")
    if form.validate_on_submit():
        try:
            department = get_department(session, viewer.department_code)
            expert = expert_services.enter_expert(session, _content(form), department=department, actor=viewer)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(expert, _("Expert entered."))
    return render_template("inspectors/expert_form.html", form=form, expert=None)


@blueprint.route("/<int:expert_id>/correct", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def correct(expert_id: int) -> Page:
    """Correct an entry."""
    expert = _own(expert_id)
    form = ExpertCorrectionForm(obj=expert)
    if form.validate_on_submit():
        try:
            changed = expert_services.correct_expert(
                database.session(),
                expert,
                _content(form),
                version=seen_version(form),
                reason=text(form.reason),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(expert, _("Entry corrected.") if changed else _("Nothing was different; nothing was saved."))
    return render_template("inspectors/expert_form.html", form=form, expert=expert)


@blueprint.route("/<int:expert_id>/status", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def status(expert_id: int) -> Page:
    """Suspend, resume, or note that the engagement has ended."""
    expert = _own(expert_id)
    form = StatusForm(version=expert.version)
    form.status.choices = choices(
        [(one.value, _(one.label)) for one in InspectorStatus if one in TRANSITIONS[expert.status]]
    )
    if form.validate_on_submit():
        try:
            expert_services.set_expert_status(
                database.session(),
                expert,
                InspectorStatus(form.status.data),
                version=seen_version(form),
                reason=text(form.reason),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(expert, _("Status changed."))
    return render_template("inspectors/expert_status.html", form=form, expert=expert)


def _own(expert_id: int) -> Expert:
    expert = expert_queries.get_expert(database.session(), expert_id)
    if not expert_queries.may_edit(actor(), expert):
        raise Forbidden("expert-of-another", "Only the lead of the department that engaged the expert keeps the entry.")
    return expert


def _content(form: ExpertForm) -> ExpertContent:
    return ExpertContent(
        name=text(form.name),
        organization=text(form.organization),
        title=text(form.title),
        fields=text(form.fields),
        engaged_until=form.engaged_until.data or clock.today(),
    )


def _saved(expert: Expert, message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("experts.show", expert_id=expert.id))
