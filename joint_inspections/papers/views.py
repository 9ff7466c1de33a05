"""The papers of a visit: which there are, which are due and why; issuing, downloading, checking by the code."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.notices.queries import list_notices
from joint_inspections.papers import queries, services
from joint_inspections.papers.forms import IssueForm
from joint_inspections.papers.listing import list_shown
from joint_inspections.papers.rules import BLANK, WRITTEN, PaperKind
from joint_inspections.papers.services import NAMES, Letterhead, Order
from joint_inspections.papers.subjects import BY_WHOM
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import BEFORE_VISIT, RECORDING
from supervision.audit.disclosing import note_view
from supervision.audit.events import DisclosedList
from supervision.errors import Invalid, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.exports import disposition
from supervision.web.forms import show_refusal, text
from supervision.web.languages import language

blueprint = Blueprint("visit_papers", __name__)
READERS = (Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)
ISSUERS = (
    Permission.VISIT_INSPECT,
    Permission.RECORD_REVIEW,
    Permission.PLAN_APPROVE,
    Permission.PLAN_DRAFT,
    Permission.FOLLOW_UP_CLOSE,
)
INCOMPLETE = 422
Page = str | BaseResponse | tuple[str, int]


def letterhead() -> Letterhead:
    """Return the district's names and how addresses for checking are made: the installation's, never a request's."""
    address = str(current_app.config.get("PUBLIC_URL") or request.host_url).rstrip("/")
    return Letterhead(
        district={"zh": current_app.config["DISTRICT_NAME_ZH"], "en": current_app.config["DISTRICT_NAME_EN"]},
        verify_url=lambda token: address + url_for("visit_papers.check", token=token),
    )


@blueprint.get("/visits/<int:visit_id>/papers")
@requires(*READERS)
def index(visit_id: int) -> str:
    """Show every paper that this visit has or can have, and what each waits for."""
    visit = get_visit(database.session(), actor(), visit_id)
    _note(visit)
    return _page(visit, IssueForm(formdata=None))


def _note(visit: Visit) -> None:
    on_team = any(one.inspector_id == actor().inspector_id for one in visit.team_now if one.inspector_id)
    if visit.state in BEFORE_VISIT and not on_team:
        note_view(DisclosedList.VISIT, subject=visit.id, count=1)


def _page(visit: Visit, form: IssueForm, *, asked: str = "") -> str:
    session, viewer = database.session(), actor()
    member = next((one for one in visit.team_now if one.inspector_id == viewer.inspector_id), None)
    writing = viewer.inspector_id is not None and member is not None and visit.state in RECORDING
    return render_template(
        "papers/index.html",
        visit=visit,
        shown=list_shown(session, visit, viewer),
        notices=list_notices(session, visit),
        names={one.code: one for one in list_reasons(session, NAMES)},
        by_whom=BY_WHOM,
        kinds_to_write=WRITTEN if writing else (),
        blanks=BLANK,
        form=form,
        asked=asked,
        PaperKind=PaperKind,
    )


@blueprint.post("/visits/<int:visit_id>/papers")
@requires(*ISSUERS)
def issue(visit_id: int) -> Page:
    """Issue a paper in the chosen language."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    form, series = IssueForm(), request.form.get("series", "")[:64]
    if not form.validate_on_submit():
        return _page(visit, form, asked=series), INCOMPLETE
    order = Order(series, request.form.get("language", "zh"), reason=text(form.reason), demand=text(form.demand))
    try:
        paper = services.issue_paper(session, visit, order, letterhead=letterhead(), actor=actor())
    except Invalid as error:
        show_refusal(form, error)
        return _page(get_visit(session, actor(), visit_id), form, asked=series), INCOMPLETE
    database.commit()
    flash(_("Paper %(number)s issued. It is kept as it is; print it from the list.", number=paper.number), "success")
    return redirect(url_for("visit_papers.index", visit_id=visit_id))


@blueprint.get("/visits/<int:visit_id>/papers/<int:paper_id>.pdf")
@requires(*READERS)
def download(visit_id: int, paper_id: int) -> Response:
    """Show a paper byte for byte as it was issued."""
    visit = get_visit(database.session(), actor(), visit_id)
    paper = queries.get_paper(database.session(), visit, paper_id)
    _note(visit)
    return _pdf(paper.pdf, paper.number)


@blueprint.get("/visits/<int:visit_id>/papers/blank/<kind>.pdf")
@requires(*READERS)
def blank(visit_id: int, kind: str) -> Response:
    """Draw a form of this visit to fill in by hand."""
    visit = get_visit(database.session(), actor(), visit_id)
    if kind not in {one.value for one in BLANK}:
        raise NotFound
    _note(visit)
    wanted = "en" if request.args.get("language", language()) == "en" else "zh"
    pdf = services.blank_form(database.session(), visit, PaperKind(kind), language=wanted, letterhead=letterhead())
    return _pdf(pdf, f"{visit.number or visit.id}-{kind}")


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"{name}.pdf").replace("attachment", "inline", 1)
    return response


@blueprint.get("/papers/check/<token>")
@public
def check(token: str) -> str:
    """Let whoever holds a paper check whether it is genuine and current. The address cannot be guessed."""
    session = database.session()
    paper = queries.get_by_token(session, token[:64])
    standing = services.standing(session, paper)
    return render_template("papers/check.html", paper=paper, said=paper.facts, standing=standing)
