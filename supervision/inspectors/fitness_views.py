"""What makes an inspector fit for a visit: qualifications, absences, interests."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.entities.models import Entity
from supervision.entities.queries import find_by_registration_number, find_by_unit
from supervision.errors import DomainError, Forbidden, Invalid
from supervision.inspectors import queries, services
from supervision.inspectors.forms import AbsenceForm, QualificationsForm, TieForm, WithdrawForm
from supervision.inspectors.rules import AbsenceKind, TieKind
from supervision.inspectors.views import own_inspector, saved, seen_version
from supervision.items.queries import find_published_list, list_items
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of

blueprint = Blueprint("inspector_fitness", __name__, url_prefix="/inspectors/<int:inspector_id>")
Page = str | BaseResponse


@blueprint.route("/qualifications", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def qualifications(inspector_id: int) -> Page:
    """Say which items an inspector is qualified for."""
    session, inspector = database.session(), own_inspector(inspector_id)
    version = find_published_list(session)
    items = list_items(session, version.id, department_id=inspector.department_id) if version else []
    held = [one.item_code for one in inspector.qualifications]
    form = QualificationsForm(version=inspector.version, all_items=inspector.all_items, item_codes=held)
    form.item_codes.choices = choices([(item.code, f"{item.code} {name_of(item)}") for item in items])
    if form.validate_on_submit():
        try:
            services.set_qualifications(
                session,
                inspector,
                form.item_codes.data or [],
                all_items=bool(form.all_items.data),
                version=seen_version(form),
                reason=text(form.reason),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return saved(inspector_id, _("Qualifications set."))
    return render_template("inspectors/qualifications_form.html", form=form, inspector=inspector)


@blueprint.route("/absences/new", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def add_absence(inspector_id: int) -> Page:
    """Note days on which an inspector cannot be drawn."""
    inspector, form = own_inspector(inspector_id), AbsenceForm()
    form.kind.choices = choices([(one.value, _(one.label)) for one in AbsenceKind])
    if form.validate_on_submit():
        try:
            services.record_absence(
                database.session(),
                inspector,
                AbsenceKind(form.kind.data),
                starts_on=form.starts_on.data or clock.today(),
                ends_on=form.ends_on.data or clock.today(),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return saved(inspector_id, _("Absence recorded."))
    return render_template("inspectors/absence_form.html", form=form, inspector=inspector)


@blueprint.post("/absences/<int:absence_id>/cancel")
@requires(Permission.INSPECTOR_EDIT)
def cancel_absence(inspector_id: int, absence_id: int) -> BaseResponse:
    """Take an absence back."""
    inspector = own_inspector(inspector_id)
    absence = queries.get_absence(database.session(), inspector, absence_id)
    services.cancel_absence(database.session(), inspector, absence, actor=actor())
    return saved(inspector_id, _("Absence canceled."))


@blueprint.route("/interests/new", methods=["GET", "POST"])
@requires(Permission.REGISTRY_VIEW)
def declare_tie(inspector_id: int) -> Page:
    """Declare an interest: the inspector, or the lead for the department."""
    inspector = queries.get_inspector(database.session(), inspector_id)
    if not queries.may_declare_tie(actor(), inspector):
        raise Forbidden("tie-of-another", "Only the inspector and the department's lead declare an interest.")
    form = TieForm()
    form.kind.choices = choices([(one.value, _(one.label)) for one in TieKind])
    if form.validate_on_submit():
        try:
            services.declare_tie(
                database.session(),
                inspector,
                TieKind(form.kind.data),
                entity=_entity(text(form.unit_id)),
                person_name=text(form.person_name),
                statement=text(form.statement),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return saved(inspector_id, _("Interest declared."))
    return render_template("inspectors/tie_form.html", form=form, inspector=inspector)


@blueprint.route("/interests/<int:tie_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_EDIT)
def withdraw_tie(inspector_id: int, tie_id: int) -> Page:
    """End an interest; the lead does it."""
    inspector, form = own_inspector(inspector_id), WithdrawForm()
    tie = queries.get_tie(database.session(), inspector, tie_id)
    if form.validate_on_submit():
        try:
            services.withdraw_tie(database.session(), inspector, tie, reason=text(form.reason), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return saved(inspector_id, _("Interest withdrawn."))
    return render_template("inspectors/withdraw_form.html", form=form, inspector=inspector, tie=tie)


def _entity(code: str) -> Entity | None:
    """Return the enterprise with this credit code or registration number; None when nothing was typed."""
    if not code:
        return None
    session, code = database.session(), code.upper().replace(" ", "")
    found = find_by_unit(session, code) or find_by_registration_number(session, code)
    if found is None:
        raise Invalid(
            "unknown-entity",
            "No enterprise in the register has this code. Check it, or give the name of the person instead.",
            field="unit_id",
        )
    return found
