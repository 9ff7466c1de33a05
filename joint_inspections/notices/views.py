"""Issuing and downloading the notice, and the page an entity reaches by scanning its code."""

from datetime import date

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.notices import queries, services
from joint_inspections.notices.rules import Standing
from joint_inspections.notices.services import LANGUAGES, Letterhead
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.requested_recusals import list_askable_by_code, list_by_code
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.exports import disposition
from supervision.web.panels import shown_panels

blueprint = Blueprint("notices", __name__)


def letterhead() -> Letterhead:
    """Return the district's names and how addresses for checking are made."""
    return Letterhead(
        district={"zh": current_app.config["DISTRICT_NAME_ZH"], "en": current_app.config["DISTRICT_NAME_EN"]},
        verify_url=lambda token: url_for("notices.check", token=token, _external=True),
        draw_url=lambda number: url_for("public_verify.show", number=number, _external=True),
    )


@blueprint.post("/visits/<int:visit_id>/notices")
@requires(Permission.VISIT_INSPECT, Permission.PLAN_DRAFT)
def issue(visit_id: int) -> BaseResponse:
    """Issue the notice in the chosen language."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    language = request.form.get("language", LANGUAGES[0])
    notice = services.issue_notice(database.session(), visit, language=language, letterhead=letterhead(), actor=actor())
    database.commit()
    flash(_("Notice %(number)s issued. Hand it over at the door.", number=notice.number), "success")
    return redirect(url_for("visits.show", visit_id=visit_id))


@blueprint.get("/visits/<int:visit_id>/notices/<int:notice_id>.pdf")
@requires(Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)
def download(visit_id: int, notice_id: int) -> Response:
    """Show the notice byte for byte as it was issued."""
    visit = get_visit(database.session(), actor(), visit_id)
    notice = queries.get_notice(database.session(), visit, notice_id)
    response = Response(notice.pdf, mimetype="application/pdf")
    name = disposition(f"{notice.number}.pdf")
    response.headers["Content-Disposition"] = name.replace("attachment", "inline", 1)
    return response


@blueprint.get("/notices/check/<token>")
@public
def check(token: str) -> str:
    """Let whoever holds a notice check it: what is inspected, by whom, on what basis. The address cannot be guessed."""
    notice = queries.get_by_token(database.session(), token[:64])
    language = "en" if str(get_locale()) == "en" else "zh"
    standing = queries.standing(notice)
    said = services.facts_of_notice(database.session(), notice, language=language, letterhead=letterhead())
    return render_template(
        "notices/check.html",
        notice=notice,
        said=said,
        planned_on=date.fromisoformat(said["planned_on"]),
        standing=standing,
        may_ask=standing is Standing.HOLDS and bool(list_askable_by_code(database.session(), notice.visit)),
        requests=list_by_code(database.session(), notice.visit),
        panels=shown_panels("notice_code", actor(), notice),
    )
