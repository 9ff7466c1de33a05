"""The register of inspectors: list, export, entry, one's own page, and keeping an entry."""

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.audit.queries import list_history
from supervision.departments.queries import get_department, list_departments
from supervision.errors import DomainError, Forbidden
from supervision.inspectors import queries, services
from supervision.inspectors.forms import CorrectionForm, ExpertForm, InspectorForm, QualificationsForm, StatusForm
from supervision.inspectors.history import changes
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import (
    TRANSITIONS,
    AbsenceKind,
    InspectorContent,
    InspectorStatus,
    Validity,
    validity,
)
from supervision.items.queries import find_published_list, list_items
from supervision.permissions import Permission, Role
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

PERIODS = (30, 60, 90, 180)

blueprint = Blueprint("inspectors", __name__, url_prefix="/inspectors")
Page = str | BaseResponse


@blueprint.app_template_filter("validity")
def shown_validity(inspector: Inspector) -> Validity:
    """Say how an inspector's certificate stands today."""
    today = clock.today()
    days: int | None = g.get("certificate_warning_days")
    if days is None:  # asked for once a page, not once a row
        days = g.certificate_warning_days = queries.warning_days(database.session(), on=today)
    return validity(inspector.certificate_valid_until, on=today, warning_days=days)


def _filters() -> list[Filter]:
    viewer, session = actor(), database.session()
    periods = sorted({*PERIODS, queries.warning_days(session, on=clock.today())})
    filters = [
        Filter(
            "department", lazy_gettext("Department"), [(one.code, name_of(one)) for one in list_departments(session)]
        ),
        Filter("status", lazy_gettext("Status"), [(one.value, _(one.label)) for one in InspectorStatus]),
        Filter("validity", lazy_gettext("Certificate"), [(one.value, _(one.label)) for one in Validity]),
        Filter(
            "ends_within",
            lazy_gettext("Certificate ends"),
            [(str(days), _("within %(days)s days, or has ended", days=days)) for days in periods],
        ),
    ]
    version = find_published_list(session)
    knows = viewer.sees_whole_district or viewer.may(Permission.INSPECTOR_EDIT)
    if version is not None and knows:
        department = None if viewer.sees_whole_district else viewer.department_id
        items = list_items(session, version.id, department_id=department)
        options = [(item.code, f"{item.code} {name_of(item)}") for item in items]
        filters.append(Filter("item", lazy_gettext("Qualified for"), options))
    if viewer.roles & {Role.LEAD, Role.HEAD, Role.OVERSIGHT}:
        filters.append(
            Filter("interest", lazy_gettext("Declared interests"), [("yes", _("With an interest in force"))])
        )
    if knows:
        presence = [("present", _("Present today")), ("absent", _("Absent today"))]
        filters.append(Filter("presence", lazy_gettext("Presence"), presence))
    return filters


@blueprint.get("/")
@requires(Permission.REGISTRY_VIEW)
def index() -> str:
    """List inspectors."""
    filters, viewer = _filters(), actor()
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_inspectors(database.session(), viewer, query),
        [
            Column("name", lazy_gettext("Name"), True),
            Column("department", lazy_gettext("Department"), True),
            Column("certificate", lazy_gettext("Certificate number"), True),
            Column("valid_until", lazy_gettext("Valid until"), True),
            Column("status", lazy_gettext("Status")),
        ],
        filters,
        lazy_gettext("Name, pinyin initials or certificate number"),
        "inspectors.export",
    )
    return render_template(
        "inspectors/index.html",
        listing=listing,
        may_create=viewer.may(Permission.INSPECTOR_EDIT) and viewer.department_id is not None,
        may_import=viewer.may(Permission.REGISTRY_IMPORT) and viewer.may(Permission.INSPECTOR_EDIT),
        absent_until=queries.list_absent_until(database.session(), viewer, listing.items, on=clock.today()),
    )


@blueprint.get("/export/<any(csv, xlsx):format>")
@requires(Permission.REGISTRY_VIEW)
def export(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the list as filtered; qualifications only where the viewer may see them."""
    viewer, query = actor(), read_query(_filters())
    header = [
        _("Name"), _("Department"), _("Certificate number"), _("Valid until"), _("Issuing body"), _("Status"),
        _("Post"), _("Qualifications"),
    ]  # fmt: skip
    rows = (
        [
            one.name, name_of(one.department), one.certificate_number, one.certificate_valid_until, one.issuing_body,
            _(one.status.label), *_details(one, known=queries.may_see_details(viewer, one)),
        ]
        for one in queries.iterate_inspectors(database.session(), viewer, query)
    )  # fmt: skip
    return hand_out(format, _("Inspectors"), header, rows, what=DisclosedList.INSPECTORS, query=query)


def _details(inspector: Inspector, *, known: bool) -> tuple[str, str]:
    """Return post and qualifications, empty for who may not know them."""
    if not known:
        return "", ""
    held = "*" if inspector.all_items else "、".join(one.item_code for one in inspector.qualifications)
    return inspector.post, held


@blueprint.get("/mine")
@requires(Permission.VISIT_INSPECT)
def mine() -> str:
    """Show an inspector's own entry and let them declare interests."""
    own = actor().inspector_id
    if own is None:
        return render_template("inspectors/not_linked.html")
    return _show(queries.get_inspector(database.session(), own))


@blueprint.get("/<int:inspector_id>")
@requires(Permission.REGISTRY_VIEW)
def show(inspector_id: int) -> str:
    """Show an entry, as much of it as concerns the viewer."""
    return _show(queries.get_inspector(database.session(), inspector_id))


def _show(inspector: Inspector) -> str:
    session, viewer = database.session(), actor()
    details, ties = queries.may_see_details(viewer, inspector), queries.may_see_ties(viewer, inspector)
    version = find_published_list(session)
    items = list_items(session, version.id, department_id=inspector.department_id) if version else []
    return render_template(
        "inspectors/show.html",
        inspector=inspector,
        own=viewer.inspector_id == inspector.id,
        details=details,
        editable=queries.may_edit(viewer, inspector),
        may_declare=queries.may_declare_tie(viewer, inspector),
        may_withdraw=queries.may_edit(viewer, inspector) and viewer.inspector_id != inspector.id,
        item_names={item.code: name_of(item) for item in items},
        absences=queries.list_absences(session, inspector) if details else [],
        ties=queries.list_declared_ties(session, inspector) if ties else None,
        history=[(entry, changes(entry, with_ties=ties)) for entry in list_history(session, "inspector", inspector.id)]
        if details
        else [],
        panels=shown_panels("inspector", viewer, inspector),
        AbsenceKind=AbsenceKind,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def create() -> Page:
    """Enter an inspector of one's own department."""
    session, viewer, form = database.session(), actor(), InspectorForm()
    if viewer.department_id is None:
        raise Forbidden("no-department", "Your account belongs to no department, so there is nobody to enter.")
    if form.validate_on_submit():
        try:
            department = get_department(session, viewer.department_code)
            inspector = services.create_inspector(session, content_of(form), department=department, actor=viewer)
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Inspector entered. Now set the qualifications."), "success")
            return redirect(url_for("inspector_fitness.qualifications", inspector_id=inspector.id))
    return render_template("inspectors/form.html", form=form, inspector=None)


@blueprint.route("/<int:inspector_id>/correct", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def correct(inspector_id: int) -> Page:
    """Correct an entry."""
    inspector = own_inspector(inspector_id)
    form = CorrectionForm(obj=inspector)
    if form.validate_on_submit():
        try:
            changed = services.correct_inspector(
                database.session(),
                inspector,
                content_of(form),
                version=seen_version(form),
                reason=text(form.reason),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return saved(
                inspector_id, _("Entry corrected.") if changed else _("Nothing was different; nothing was saved.")
            )
    return render_template("inspectors/form.html", form=form, inspector=inspector)


@blueprint.route("/<int:inspector_id>/status", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def status(inspector_id: int) -> Page:
    """Suspend, resume, or note that an inspector left."""
    inspector = own_inspector(inspector_id)
    form = StatusForm(version=inspector.version)
    possible = [one for one in InspectorStatus if one in TRANSITIONS[inspector.status]]
    form.status.choices = choices([(one.value, _(one.label)) for one in possible])
    if form.validate_on_submit():
        try:
            services.set_status(
                database.session(),
                inspector,
                InspectorStatus(form.status.data),
                reason=text(form.reason),
                version=seen_version(form),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return saved(inspector_id, _("Status changed."))
    return render_template("inspectors/status_form.html", form=form, inspector=inspector, possible=possible)


def own_inspector(inspector_id: int) -> Inspector:
    """Load an inspector whose entry the viewer keeps."""
    inspector = queries.get_inspector(database.session(), inspector_id)
    if not queries.may_edit(actor(), inspector):
        raise Forbidden("inspector-of-another", "Only the lead of the inspector's department keeps this entry.")
    return inspector


def content_of(form: InspectorForm) -> InspectorContent:
    """Return what was typed."""
    return InspectorContent(
        certificate_number=text(form.certificate_number),
        certificate_valid_until=form.certificate_valid_until.data or clock.today(),
        name=text(form.name),
        issuing_body=text(form.issuing_body),
        post=text(form.post),
    )


def seen_version(form: InspectorForm | StatusForm | QualificationsForm | ExpertForm) -> int:
    """Return the state of the entry the person saw; 0, which no entry has, for anything unreadable."""
    seen = text(form.version)
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def saved(inspector_id: int, message: str) -> BaseResponse:
    """Commit, say so, and go back to the entry."""
    database.commit()
    flash(message, "success")
    return redirect(url_for("inspectors.show", inspector_id=inspector_id))
