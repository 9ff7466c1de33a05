"""Permits: the list, one permit, and what the lead of the authority does to it."""

from collections.abc import Iterator
from typing import Any, cast  # form data of any field

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.departments.queries import list_departments
from supervision.entities.models import Entity
from supervision.entities.queries import find_by_registration_number, find_by_unit, find_by_uscc
from supervision.entities.rules import normalize_code
from supervision.errors import DomainError, Invalid
from supervision.permissions import Permission
from supervision.permits import queries, services
from supervision.permits.forms import CorrectionForm, EndForm, NewPermitForm, PermitForm
from supervision.permits.history import changes
from supervision.permits.models import Permit
from supervision.permits.rules import PermitContent, PermitKind, Standing
from supervision.web import database, exports
from supervision.web.access import actor, requires
from supervision.web.forms import choices, text
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query
from supervision.web.refusals import told
from supervision.web.templating import show_label

blueprint = Blueprint("permits", __name__, url_prefix="/permits")
Page = str | BaseResponse | tuple[str, int]


def _filters() -> list[Filter]:
    departments = list_departments(database.session())
    return [
        Filter("department", lazy_gettext("Permit authority"), [(one.code, name_of(one)) for one in departments]),
        Filter("kind", lazy_gettext("Kind of permit"), [(one.value, _(one.label)) for one in PermitKind]),
        Filter("standing", lazy_gettext("Validity"), [(one.value, _(one.label)) for one in Standing]),
    ]


@blueprint.get("/")
@requires(Permission.REGISTRY_VIEW)
def index() -> str:
    """List permits with search, filters and sorting."""
    filters = _filters()
    query = read_query(filters)
    today = clock.today()
    listing = Listing(
        query,
        queries.list_permits(database.session(), actor(), query, on=today),
        [
            Column("certificate", lazy_gettext("Permit certificate"), True),
            Column("entity", lazy_gettext("Holder"), True),
            Column("department", lazy_gettext("Permit authority")),
            Column("decided", lazy_gettext("Decided on"), True),
            Column("until", lazy_gettext("Valid until"), True),
            Column("standing", lazy_gettext("Validity")),
        ],
        filters,
        lazy_gettext("Holder, pinyin initials, certificate, permit number or credit code"),
        export_endpoint="permits.export",
    )
    may_add = actor().may(Permission.PERMIT_EDIT) and actor().department_id is not None
    return render_template(
        "permits/index.html", listing=listing, standing_of=queries.standing_of, on=today, may_add=may_add
    )


@blueprint.get("/export")
@requires(Permission.REGISTRY_VIEW)
def export() -> Response:
    """Download what the list finds, under the names that the import reads back."""
    kind = request.args.get("format", "csv")
    header = [
        _("Holder"),
        _("Unified social credit code"),
        _("Registration number"),
        _("Decision document"),
        _("Document number"),
        _("Kind of permit"),
        _("Permit certificate"),
        _("Permit number"),
        _("What is permitted"),
        _("Decided on"),
        _("Valid from"),
        _("Valid until"),
        _("Permit authority"),
        _("State"),
    ]
    filename = f"{_('permits')}-{clock.today().isoformat()}"
    return exports.download(kind if kind in EXPORT_FORMATS else "csv", filename, header, _export_rows())


def _export_rows() -> Iterator[list[object]]:
    query = read_query(_filters())
    for permit in queries.iterate_permits(database.session(), actor(), query, on=clock.today()):
        yield [
            permit.entity.name,
            permit.entity.uscc,
            permit.entity.registration_number,
            permit.document_name,
            permit.document_number,
            show_label(permit.kind),
            permit.certificate_name,
            permit.permit_number,
            permit.content,
            permit.decided_on,
            permit.valid_from,
            permit.valid_until,
            name_of(permit.department),
            show_label(permit.state),
        ]


@blueprint.get("/<int:permit_id>")
@requires(Permission.REGISTRY_VIEW)
def show(permit_id: int) -> str:
    """Show one permit and what was done to it."""
    permit = queries.get_permit(database.session(), permit_id)
    return _show(permit, EndForm(formdata=None, version=permit.version))


def _show(permit: Permit, form: EndForm) -> str:
    return render_template(
        "permits/show.html",
        permit=permit,
        standing=queries.standing_of(permit, on=clock.today()),
        may_edit=queries.may_edit(actor(), permit),
        form=form,
        history=[(entry, changes(entry)) for entry in list_history(database.session(), "permit", permit.id)],
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.PERMIT_EDIT)
def create() -> Page:
    """Record a permit of one's own department."""
    form = _fill(NewPermitForm(code=request.args.get("code", "")[:40]))
    if form.validate_on_submit():
        try:
            holder = _holder(text(form.code))
            permit = services.record_permit(database.session(), holder, _content(form), actor=actor())
        except Invalid as error:
            _complain(form, error)
        else:
            database.commit()
            flash(_("The permit was recorded."), "success")
            return redirect(url_for("permits.show", permit_id=permit.id))
    return render_template("permits/edit.html", form=form, permit=None), 422 if form.errors else 200


@blueprint.route("/<int:permit_id>/correct", methods=["GET", "POST"])
@requires(Permission.PERMIT_EDIT)
def correct(permit_id: int) -> Page:
    """Correct a permit of one's own department."""
    permit = queries.get_permit(database.session(), permit_id)
    form = _fill(CorrectionForm(obj=permit))
    if form.validate_on_submit():
        try:
            services.correct(
                database.session(),
                permit,
                _content(form),
                version=cast("int", form.version.data),
                reason=text(form.reason),
                actor=actor(),
            )
        except Invalid as error:
            _complain(form, error)
        else:
            database.commit()
            flash(_("The permit was corrected."), "success")
            return redirect(url_for("permits.show", permit_id=permit_id))
    return render_template("permits/edit.html", form=form, permit=permit), 422 if form.errors else 200


@blueprint.post("/<int:permit_id>/end")
@requires(Permission.PERMIT_EDIT)
def end(permit_id: int) -> Page:
    """End a permit before its last day."""
    permit, form = queries.get_permit(database.session(), permit_id), EndForm()
    if form.validate_on_submit():
        version = cast("int", form.version.data)
        services.expire(database.session(), permit, version=version, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("The permit is recorded as no longer valid."), "success")
        return redirect(url_for("permits.show", permit_id=permit_id))
    return _show(permit, form), 422


def _fill(form: Any) -> Any:
    form.kind.choices = choices([(one.value, _(one.label)) for one in PermitKind])
    return form


def _content(form: PermitForm) -> PermitContent:
    return PermitContent(
        document_number=text(form.document_number),
        certificate_name=text(form.certificate_name),
        permit_number=text(form.permit_number),
        kind=PermitKind(form.kind.data),
        decided_on=cast("Any", form.decided_on.data),
        valid_from=cast("Any", form.valid_from.data),
        valid_until=form.valid_until.data,
        document_name=text(form.document_name),
        content=text(form.content),
    )


def _holder(typed: str) -> Entity:
    session, code = database.session(), normalize_code(typed)
    found = find_by_uscc(session, code) or find_by_unit(session, code) or find_by_registration_number(session, code)
    if found is None:
        raise Invalid(
            "holder-unknown",
            "No entity with this code is registered. Check the code, or register the entity first.",
            field="code",
        )
    return found


def _complain(form: PermitForm, error: DomainError) -> None:
    field = getattr(form, getattr(error, "field", ""), None) or form.document_number
    field.errors = [*field.errors, told(error)]
