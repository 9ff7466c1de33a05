"""The enterprise's side, reached by the code on its notice without signing in: send evidence, ask for more time."""

from contextlib import suppress
from uuid import uuid4

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.corrections import extending, queries, services, uploading
from joint_inspections.corrections.forms import ExtensionForm, SendingForm
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import OF_ENTERPRISE, EntryKind, Stage, begun, plain_name
from joint_inspections.corrections.services import Sending, SentFile
from joint_inspections.corrections.shown import DECIDED, extensions_of, rounds_of
from joint_inspections.evidence.handing_out import read_sent
from joint_inspections.evidence.rules import MEGABYTE, PIECE
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.follow_ups.rules import Card
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import get_by_token
from joint_inspections.papers.queries import find_order_at
from supervision import clock
from supervision.errors import DomainError, Invalid, NotFound
from supervision.parameters.queries import get_number
from supervision.permissions import PUBLIC
from supervision.web import database
from supervision.web.access import public
from supervision.web.forms import show_refusal, text
from supervision.web.refusals import told

blueprint = Blueprint("party_corrections", __name__, url_prefix="/notices/check/<token>/corrections/<int:follow_up_id>")
Page = str | BaseResponse
Incomplete = tuple[str, int]
INCOMPLETE = 422
LONGEST_TOKEN = 64
# several photos at once; each has its own limit besides
MOST_TOGETHER = 64 * MEGABYTE


@blueprint.url_value_preprocessor
def note_beginning(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Note when a sending began, before its body is read: what begins before midnight is in time however long it takes.

    Only who knows a code may send large bodies, and nobody holds the database while one comes in.
    """
    g.correction_begun_at = clock.now()
    if endpoint == "party_corrections.send" and values is not None:
        with suppress(NotFound):
            get_by_token(database.session(), str(values.get("token", ""))[:LONGEST_TOKEN])
            request.max_content_length = MOST_TOGETHER
        database.end_transaction()


def _notice(token: str) -> Notice:
    return get_by_token(database.session(), token[:LONGEST_TOKEN])


def _correction(token: str, follow_up_id: int, *, hold: bool = False) -> tuple[Notice, Correction]:
    notice = _notice(token)
    return notice, queries.get_by_code(database.session(), notice, follow_up_id, hold=hold)


@blueprint.get("/")
@public
def show(token: str, follow_up_id: int) -> str:
    """Show what is to be corrected by when, what was sent and decided, and the form for the next sending."""
    return _page(*_correction(token, follow_up_id))


def _page(notice: Notice, correction: Correction, form: SendingForm | None = None) -> str:
    session = database.session()
    # a page that came back keeps what was ticked; a fresh one ticks what has arrived since the last sending
    kept = request.form.getlist("uploads") if form else []
    waiting = uploading.waiting_uploads(session, correction, ticked=kept)
    ticked = kept if form else [one.sha256 for one in waiting if uploading.is_new(correction, one)]
    return render_template(
        "corrections/party.html",
        notice=notice,
        correction=correction,
        follow_up=correction.follow_up,
        rounds=rounds_of(correction),
        extensions=extensions_of(correction),
        form=(form or SendingForm(**_fresh())) if services.may_send(correction) else None,
        waiting=[(one, one.sha256 in ticked) for one in waiting],
        piece=PIECE,
        may_ask=extending.may_ask(session, correction),
        most=get_number(session, "correction-files", on=clock.today()),
        Card=Card,
        OF_ENTERPRISE=OF_ENTERPRISE,
        Stage=Stage,
        EntryKind=EntryKind,
    )


def _fresh() -> dict[str, object]:
    """Return what a page begins with: an identifier of its own, so that sending it twice is sending it once."""
    return {"formdata": None, "send_id": str(uuid4())}


@blueprint.post("/")
@public
def send(token: str, follow_up_id: int) -> Page | Incomplete:
    """Take what the enterprise sends, whole or not at all."""
    form, session = SendingForm(), database.session()
    correction = _correction(token, follow_up_id, hold=True)[1]
    if form.validate_on_submit():
        try:
            entry = services.send_evidence(session, correction, _sending(correction, form))
        except Invalid as error:
            _tell(form, error)
        else:
            number = entry.number
            database.commit()
            flash(_("Received. Keep the receipt; the department is told."), "success")
            return _to_receipt(token, follow_up_id, number)
    session.rollback()
    return _page(*_correction(token, follow_up_id), form), INCOMPLETE


def _to_receipt(token: str, follow_up_id: int, number: int) -> BaseResponse:
    return redirect(
        url_for("party_corrections.receipt", token=token[:LONGEST_TOKEN], follow_up_id=follow_up_id, number=number)
    )


def _sending(correction: Correction, form: SendingForm) -> Sending:
    """Put together what came in pieces before and what comes with the form itself; the same file twice is one."""
    sent = [one for one in form.files.data or [] if isinstance(one, FileStorage) and one.filename]
    arrived = uploading.get_arrived(database.session(), correction, request.form.getlist("uploads"))
    files = {one.sha256: one for one in [*(SentFile(one.sha256, one.name) for one in arrived), *map(_keep, sent)]}
    began = begun(g.correction_begun_at, [] if sent else [one.begun_at for one in arrived])
    return Sending(str(form.send_id.data), text(form.text), text(form.said_by), list(files.values()), began)


def _keep(sent: FileStorage) -> SentFile:
    """Keep one file; who is refused is told which."""
    name = plain_name(sent.filename or "")
    data, media_type = read_sent(sent)
    try:
        return SentFile(keep_bytes(database.session(), data, media_type=media_type, actor=PUBLIC), name)
    except DomainError as error:
        raise Invalid(
            "file-refused", "“%(name)s” was not taken: %(reason)s", field="files", name=name, reason=told(error)
        ) from error


def _tell(form: SendingForm, error: Invalid) -> None:
    if getattr(error, "field", "") == "files":
        form.files.errors = [*form.files.errors, told(error)]
        return
    show_refusal(form, error)


@blueprint.route("/extension", methods=["GET", "POST"])
@public
def extend(token: str, follow_up_id: int) -> Page | Incomplete:
    """Ask for more time."""
    session = database.session()
    notice, correction = _correction(token, follow_up_id, hold=request.method == "POST")
    if request.method == "GET":
        if not extending.may_ask(session, correction):
            return redirect(url_for("party_corrections.show", token=notice.token, follow_up_id=follow_up_id))
        return _extension_page(notice, correction, ExtensionForm(**_fresh()))
    form = ExtensionForm()
    if form.validate_on_submit() and form.day.data:
        asked = extending.Request(
            str(form.send_id.data), form.day.data, text(form.reason), text(form.said_by), g.correction_begun_at
        )
        try:
            entry = extending.ask_extension(session, correction, asked)
        except Invalid as error:
            show_refusal(form, error)
        else:
            number = entry.number
            database.commit()
            flash(_("Received. The head of the department decides; read the answer here."), "success")
            return _to_receipt(token, follow_up_id, number)
    return _extension_page(notice, correction, form), INCOMPLETE


def _extension_page(notice: Notice, correction: Correction, form: ExtensionForm) -> str:
    days = extending.days_to_grant(database.session(), correction)
    return render_template(
        "corrections/ask_extension.html", notice=notice, follow_up=correction.follow_up, form=form, days=days
    )


@blueprint.get("/receipts/<int:number>")
@public
def receipt(token: str, follow_up_id: int, number: int) -> str:
    """Show the receipt of something sent, or a decision, to print or to keep."""
    notice, correction = _correction(token, follow_up_id)
    entry, follow_up = queries.get_entry(correction, number), correction.follow_up
    said = {"notice": notice, "correction": correction, "follow_up": follow_up, "entry": entry, "EntryKind": EntryKind}
    if entry.kind in OF_ENTERPRISE:
        return render_template("corrections/receipt.html", **said)
    order = find_order_at(database.session(), follow_up.visit_id, follow_up.item.code, entry.made_at)
    return render_template("corrections/decision.html", **said, order=order, decided=DECIDED[entry.kind])
