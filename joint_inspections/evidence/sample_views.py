"""Samples of a visit and the reports of laboratories on them."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence import queries, samples, services
from joint_inspections.evidence.forms import ReasonForm, ResultForm, SampleForm
from joint_inspections.evidence.handing_out import hand_out_original, read_sent
from joint_inspections.evidence.models import Sample
from joint_inspections.evidence.rules import MEGABYTE, Verdict
from joint_inspections.evidence.shown import list_places
from joint_inspections.evidence.views import READERS, begun_visit, list_page, with_item_places
from joint_inspections.records.queries import list_sections, member_department
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit_for_change
from supervision.errors import DomainError, Forbidden, Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text

blueprint = Blueprint("samples", __name__, url_prefix="/visits/<int:visit_id>/samples")
Page = str | BaseResponse
Incomplete = tuple[str, int]
INCOMPLETE = 422
MOST = 24 * MEGABYTE


@blueprint.url_value_preprocessor
def allow_large(endpoint: str | None, values: dict[str, object] | None) -> None:  # noqa: ARG001 - Flask's signature
    """Let a scanned report come: before anything reads the body, without holding the database."""
    if endpoint == "samples.result" and request.method == "POST":
        if actor().may(Permission.VISIT_INSPECT) or actor().may(Permission.PLAN_DRAFT):
            request.max_content_length = MOST
        database.end_transaction()


@blueprint.post("/")
@requires(Permission.VISIT_INSPECT)
def take(visit_id: int) -> Page | Incomplete:
    """Record a sample."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    places = list_places(list_sections(session, visit), department_id=member_department(visit, actor()))
    form = with_item_places(SampleForm(), places)
    if form.validate_on_submit():
        place = next(one for one in places if one.value == form.sample_place.data)
        try:
            samples.take_sample(
                session, visit, section=place.section.id if place.section else 0,
                item=place.item.id if place.item else None, what=text(form.what), amount=text(form.amount),
                sealed=bool(form.sealed.data), seal_number=text(form.seal_number), given_to=text(form.given_to),
                actor=actor(),
            )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Sample recorded."), "success")
            return redirect(url_for("evidence.index", visit_id=visit_id) + "#samples-title")
    return list_page(visit, sample_form=form), INCOMPLETE


@blueprint.post("/<int:sample_id>/withdrawal")
@requires(Permission.VISIT_INSPECT)
def withdraw(visit_id: int, sample_id: int) -> BaseResponse:
    """Let a wrong entry count no longer."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    sample = queries.get_sample(database.session(), visit, sample_id)
    form = ReasonForm()
    if form.validate_on_submit():
        samples.withdraw_sample(database.session(), visit, sample, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("The entry counts no longer; it stays readable."), "success")
    else:
        flash(_("Give a reason."), "danger")
    return redirect(url_for("evidence.index", visit_id=visit_id) + "#samples-title")


@blueprint.route("/<int:sample_id>/results", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT, Permission.PLAN_DRAFT)
def result(visit_id: int, sample_id: int) -> Page | Incomplete:
    """Add the report of a laboratory, whatever has become of the record."""
    session = database.session()
    visit = begun_visit(visit_id)
    if request.method == "POST":
        visit = get_visit_for_change(session, actor(), visit_id)
    sample = queries.get_sample(session, visit, sample_id)
    if not samples.may_add_result(session, visit, sample, actor()):
        raise Forbidden("other-department", "Inspectors of this department on the team, or its lead, add the report.")
    form = ResultForm()
    form.verdict.choices = choices([(one.value, _(one.label)) for one in Verdict])
    if form.validate_on_submit():
        try:
            _add(visit, sample, form)
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Report added. The record itself stays as it is."), "success")
            return redirect(url_for("evidence.index", visit_id=visit_id) + "#samples-title")
    page = render_template("evidence/result.html", visit=visit, sample=sample, form=form)
    return (page, INCOMPLETE) if request.method == "POST" else page


def _add(visit: Visit, sample: Sample, form: ResultForm) -> None:
    session, reported_on = database.session(), form.reported_on.data
    data, media_type = read_sent(form.file.data)
    if reported_on is None:
        raise Invalid("day-needed", "Enter the day of the report.", field="reported_on")
    samples.add_result(
        session, visit, sample, laboratory=text(form.laboratory), report_number=text(form.report_number),
        reported_on=reported_on, verdict=Verdict(form.verdict.data), summary=text(form.summary),
        sha256=services.keep_bytes(session, data, media_type=media_type, actor=actor()), actor=actor(),
    )  # fmt: skip


@blueprint.get("/<int:sample_id>/results/<int:result_id>/report")
@requires(*READERS)
def report(visit_id: int, sample_id: int, result_id: int) -> Response:
    """Hand out the report of a laboratory, noted."""
    visit = begun_visit(visit_id)
    sample = queries.get_sample(database.session(), visit, sample_id)
    found = queries.get_result(database.session(), visit, result_id)
    file = queries.find_sealed(database.session(), found.sha256)
    return hand_out_original(file, name=f"{visit.number}-sample-{sample.number}-{found.id}")
