"""In- and outbox of transferred clues, one transfer with its letter and evidence, and figures by department."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence.handing_out import hand_out_original, show_copy
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.papers.models import VisitPaper
from joint_inspections.papers.queries import newest_of_series
from joint_inspections.transfers import queries
from joint_inspections.transfers.figures import by_department
from joint_inspections.transfers.models import Transfer
from joint_inspections.transfers.paper import series_of
from joint_inspections.transfers.rules import Extension, TransferKind, TransferState
from joint_inspections.transfers.services import NO_CASE_REASONS, RETURN_REASONS
from joint_inspections.transfers.shown import Forms, due_state, stages, steps_of
from joint_inspections.visits.queries import may_see
from supervision import clock
from supervision.audit.disclosing import hand_out, note_view
from supervision.audit.disclosure import record_export
from supervision.audit.events import DisclosedList
from supervision.departments.queries import list_departments
from supervision.errors import NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import disposition
from supervision.web.forms import Form
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query

blueprint = Blueprint("transfers", __name__, url_prefix="/transfers")
P = Permission


def _boxes() -> list[tuple[str, str]]:
    """Return the boxes this viewer has, the one with the most to do first."""
    viewer, found = actor(), []
    if viewer.may(P.TRANSFER_ROUTE):
        found.append(("decide", _("To be decided")))
    if viewer.department_id is not None and not viewer.sees_whole_district:
        found += [("in", _("Received")), ("out", _("Sent by us"))]
    return [*found, ("all", _("All transfers"))]


def _box() -> tuple[str, list[tuple[str, str]]]:
    boxes = _boxes()
    asked = request.args.get("box", "")
    names = [name for name, _label in boxes]
    return (asked if asked in names else names[0]), boxes


@blueprint.get("/")
@requires(P.TRANSFER_VIEW)
def index() -> str:
    """List transfers of a box, those due first at the top."""
    filters, (box, boxes) = _filters(), _box()
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_transfers(database.session(), actor(), query, box=box),
        [
            Column("number", lazy_gettext("Transfer"), True),
            Column("entity", lazy_gettext("Entity"), True),
            Column("sender", lazy_gettext("Sender")),
            Column("receiver", lazy_gettext("Receiver")),
            Column("sent", lazy_gettext("Sent on"), True),
            Column("due", lazy_gettext("Next step by"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Name, credit code or number of the transfer"),
        export_endpoint="transfers.export",
        hidden=[("box", box)],
    )
    note_view(DisclosedList.TRANSFERS, count=len(listing.items))
    counts = queries.count_waiting(database.session(), actor())
    return render_template(
        "transfers/index.html", listing=listing, box=box, boxes=boxes, counts=counts, due_state=due_state
    )


def _filters() -> list[Filter]:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    states = [(one.value, _(one.label)) for one in TransferState]
    return [
        Filter("state", lazy_gettext("State"), [("open", _("Not answered yet")), *states]),
        Filter("kind", lazy_gettext("What is handed over"), [(one.value, _(one.label)) for one in TransferKind]),
        Filter("department", lazy_gettext("Department"), departments),
        Filter("mark", lazy_gettext("Deadline"), [("overdue", _("Overdue only"))]),
    ]


@blueprint.get("/export")
@requires(P.TRANSFER_VIEW)
def export() -> BaseResponse:
    """Download what the list finds."""
    header = [
        _("Transfer"), _("What is handed over"), _("Entity"), _("Credit code"), _("Sender"), _("Receiver"),
        _("Sent on"), _("State"), _("Next step by"), _("Answer due"), _("Outcome of the clue"),
        _("Number of the case or letter"), _("Answered on"),
    ]  # fmt: skip
    kind, query = request.args.get("format", "csv"), read_query(_filters())
    rows = map(_exported, queries.iterate_transfers(database.session(), actor(), query, box=_box()[0]))
    filename = f"{_('Transferred clues')}-{clock.today().isoformat()}"
    kind = kind if kind in EXPORT_FORMATS else "csv"
    return hand_out(kind, filename, header, rows, what=DisclosedList.TRANSFERS, query=query)


def _exported(one: Transfer) -> list[object]:
    answer = one.answer
    return [
        one.number, _(one.kind.label), one.visit.entity.name, one.visit.entity.unit_id, name_of(one.sender),
        name_of(one.receiver), clock.local(one.sent_at).date(), _(one.state.label),
        one.next_due_on if one.open else "", one.due_on, _(answer.outcome.label) if answer else "",
        answer.number if answer else "", clock.local(answer.answered_at).date() if answer else "",
    ]  # fmt: skip


@blueprint.get("/figures")
@requires(P.TRANSFER_VIEW)
def figures() -> str:
    """Show by department what was sent and answered in a year."""
    today = clock.today()
    year = request.args.get("year", type=int) or today.year
    year = year if today.year - 20 <= year <= today.year else today.year
    spells = queries.load_spells(database.session(), actor(), first=date(year, 1, 1), last=date(year, 12, 31))
    rows = by_department(database.session(), spells)
    return render_template("transfers/figures.html", rows=rows, year=year, this_year=today.year)


@blueprint.get("/<int:transfer_id>")
@requires(P.TRANSFER_VIEW)
def show(transfer_id: int) -> str:
    """Show one transfer: what was handed over, what was done, and what comes next."""
    return page(queries.get_transfer(database.session(), actor(), transfer_id))


def page(transfer: Transfer, *, sent: Form | None = None) -> str:
    """Return the page of a transfer; a form that came back keeps what was typed."""
    session, viewer = database.session(), actor()
    note_view(DisclosedList.TRANSFER, subject=transfer.id, count=1)
    reasons = {one.code: one for code in (RETURN_REASONS, NO_CASE_REASONS) for one in list_reasons(session, code)}
    return render_template(
        "transfers/show.html",
        transfer=transfer,
        entity=transfer.visit.entity,
        visit=transfer.visit if may_see(session, viewer, transfer.visit_id) else None,
        files=queries.list_files(session, transfer),
        images=IMAGES,
        changes=queries.list_changes(session, transfer),
        steps=steps_of(transfer, viewer),
        stages=stages(transfer),
        forms_of=Forms(session, transfer, sent),
        sent=sent,
        paper=_paper(transfer),
        due_state=due_state(transfer),
        reasons=reasons,
        own=viewer.department_id == transfer.sender_id,
        Extension=Extension,
        TransferState=TransferState,
    )


def _paper(transfer: Transfer) -> VisitPaper | None:
    return newest_of_series(database.session(), transfer.visit, series_of(transfer), "zh")


@blueprint.get("/<int:transfer_id>/letter.pdf")
@requires(P.TRANSFER_VIEW)
def letter(transfer_id: int) -> Response:
    """Hand out the letter byte for byte as it was issued, noted."""
    transfer = queries.get_transfer(database.session(), actor(), transfer_id)
    paper = _paper(transfer)
    if paper is None:
        raise NotFound
    with database.written_now() as session:
        record_export(
            session, actor=actor(), what=DisclosedList.TRANSFER, subject=str(transfer.id), filters={}, rows=1,
            digest=paper.digest,
        )  # fmt: skip
    response = Response(paper.pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"{paper.number}.pdf").replace("attachment", "inline", 1)
    return response


@blueprint.get("/<int:transfer_id>/files/<int:number>.jpg")
@requires(P.TRANSFER_VIEW)
def picture(transfer_id: int, number: int) -> Response:
    """Show a photo that goes along, in a copy without EXIF."""
    transfer = queries.get_transfer(database.session(), actor(), transfer_id)
    file = queries.get_file(database.session(), transfer, number)
    note_view(DisclosedList.TRANSFER, subject=f"{transfer.id}-{number}", count=1)
    return show_copy(file, "view")


@blueprint.get("/<int:transfer_id>/files/<int:number>/original")
@requires(P.TRANSFER_VIEW)
def original(transfer_id: int, number: int) -> Response:
    """Hand out an original that goes along, noted."""
    transfer = queries.get_transfer(database.session(), actor(), transfer_id)
    file = queries.get_file(database.session(), transfer, number)
    return hand_out_original(file, name=f"{transfer.number}-{number}")
