"""Versions of a record, the reviewers' queue and decision, corrections."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.records import queries, reviewing
from joint_inspections.records.comparing import differences
from joint_inspections.records.forms import CorrectionForm, ReviewForm
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.reading import read_version
from joint_inspections.records.rules import PLACE_LABELS, Disposal, ReviewDecision
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import VisitState, clock_state
from supervision import clock
from supervision.errors import Invalid
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.panels import shown_panels

blueprint = Blueprint("reviews", __name__)
Page = str | BaseResponse
INCOMPLETE = 422
READERS = (Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)


@blueprint.get("/reviews/")
@requires(Permission.RECORD_REVIEW)
def index() -> str:
    """List the records that wait for this reviewer."""
    today = clock.today()
    waiting = [
        (visit, version, clock_state(version.review_due_on, done_on=None, today=today))
        for visit, version in queries.list_to_review(database.session(), actor())
    ]
    return render_template("records/reviews.html", waiting=waiting)


@blueprint.get("/visits/<int:visit_id>/record/<int:version_no>")
@requires(*READERS)
def version(visit_id: int, version_no: int) -> str:
    """Show one version of the record as it was handed in, and how it differs from the one before."""
    session = database.session()
    visit = get_visit(session, actor(), visit_id)
    return _version_page(visit, queries.get_version(session, visit, version_no))


def _version_page(visit: Visit, shown: RecordVersion, *, form: ReviewForm | None = None) -> str:
    """Return the page of a version; a decision that came back keeps what was typed."""
    versions = queries.list_versions(database.session(), visit)
    before = next((one for one in versions if one.version_no == shown.version_no - 1), None)
    reviewable = shown is versions[0] and visit.state is VisitState.SUBMITTED
    bar = reviewing.bar_to_review(visit, shown, actor()) if reviewable else ""
    return render_template(
        "records/version.html",
        versions=versions,
        labels=PLACE_LABELS,
        changes=differences(json.loads(before.content), json.loads(shown.content)) if before else [],
        before=before,
        form=(form or _review_form(visit)) if reviewable and not bar else None,
        bar=bar,
        panels=shown_panels("record_version", actor(), visit),
        **_reading(visit, shown),
    )


def _reading(visit: Visit, shown: RecordVersion) -> dict[str, object]:
    """Return what both the page and the paper of a version need."""
    session = database.session()
    lists = ("visit_outcomes", "correction_reasons", "return_reasons")
    outcomes, corrections, returns = ({one.code: one for one in list_reasons(session, code)} for code in lists)
    return {
        "visit": visit,
        "version": shown,
        "reading": read_version(shown),
        "disposals": {one.value: one for one in Disposal},
        "result_codes": queries.list_result_codes(session),
        "outcomes": outcomes,
        "corrections": corrections,
        "returns": returns,
    }


@blueprint.get("/visits/<int:visit_id>/record/<int:version_no>/paper")
@requires(*READERS)
def paper(visit_id: int, version_no: int) -> str:
    """Show one version as a document to print: for the file, for the party, for a judge."""
    visit = get_visit(database.session(), actor(), visit_id)
    shown = queries.get_version(database.session(), visit, version_no)
    return render_template(
        "records/paper.html",
        back_url=url_for("reviews.version", visit_id=visit_id, version_no=version_no),
        printed_at=clock.now(),
        **_reading(visit, shown),
    )


@blueprint.get("/visits/<int:visit_id>/record/<int:version_no>.json")
@requires(*READERS)
def content(visit_id: int, version_no: int) -> Response:
    """Hand out the bytes of one version, from which anybody recomputes its digest."""
    visit = get_visit(database.session(), actor(), visit_id)
    shown = queries.get_version(database.session(), visit, version_no)
    response = Response(shown.content, mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename=record-{visit.number}-{version_no}.json"
    return response


def _review_form(visit: Visit) -> ReviewForm:
    form = ReviewForm()
    form.decision.choices = choices(
        [
            (ReviewDecision.APPROVED.value, _("Approve the record as it stands")),
            (ReviewDecision.RETURNED.value, _("Return it to the team")),
        ]
    )
    reasons = list_reasons(database.session(), "return_reasons")
    form.reason.choices = choices([(one.code, name_of(one)) for one in reasons], empty=_("Choose …"))
    bodies = [(one.department.code, name_of(one.department)) for one in visit.plan_version.participants]
    form.faults.choices = choices([*bodies, (reviewing.OUTCOME, _("Outcome of the visit"))])
    return form


@blueprint.post("/visits/<int:visit_id>/review")
@requires(Permission.RECORD_REVIEW)
def decide(visit_id: int) -> Page | tuple[str, int]:
    """Approve or return the newest version."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    newest = queries.newest_version(session, visit)
    form = _review_form(visit)
    if newest is None or not form.validate_on_submit():
        flash(_("Choose whether to approve or return the record."), "danger")
        return redirect(url_for("visits.show", visit_id=visit_id))
    version_no = newest.version_no
    back = url_for("reviews.version", visit_id=visit_id, version_no=version_no)
    # who may not review at all is told so by the service
    if not reviewing.bar_to_review(visit, newest, actor()) and request.form.get("digest") != newest.digest:
        flash(_("A newer version was handed in meanwhile. Please read it before you decide."), "warning")
        return redirect(back)
    try:
        _carry_out(visit, form)
    except Invalid as error:
        show_refusal(form, error)
        visit = get_visit(session, actor(), visit_id)
        return _version_page(visit, queries.get_version(session, visit, version_no), form=form), INCOMPLETE
    database.commit()
    flash(_("Decision recorded."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))


def _carry_out(visit: Visit, form: ReviewForm) -> None:
    session, note = database.session(), text(form.note)
    if form.decision.data == ReviewDecision.APPROVED.value:
        reviewing.approve_record(session, visit, note=note, actor=actor())
    else:
        reason, faults = text(form.reason), form.faults.data or []
        reviewing.return_record(session, visit, reason_code=reason, note=note, faults=faults, actor=actor())


@blueprint.route("/visits/<int:visit_id>/correction", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT, Permission.PLAN_DRAFT)
def correct(visit_id: int) -> Page:
    """Open an approved record for correction."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    form = CorrectionForm()
    reasons = list_reasons(session, "correction_reasons")
    form.reason.choices = choices([(one.code, name_of(one)) for one in reasons])
    if form.validate_on_submit():
        try:
            reviewing.begin_correction(
                session, visit, reason_code=text(form.reason), note=text(form.note), actor=actor()
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(
                _("Correction begun. Departments reopen their section, the leader hands the record in again."),
                "success",
            )
            return redirect(url_for("visits.show", visit_id=visit_id))
    return render_template("records/correct.html", form=form, visit=visit)
