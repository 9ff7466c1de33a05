"""The record on the enterprise's own phone, reached by the code on the inspector's screen, without signing in."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence.handing_out import read_sent, show_copy
from joint_inspections.evidence.queries import get_attachment, list_attachments, list_samples
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.records.queries import list_result_codes, list_sections
from joint_inspections.records.shown import show_section
from joint_inspections.signatures import links
from joint_inspections.signatures.forms import OwnPhoneForm
from joint_inspections.signatures.models import PartyLink
from joint_inspections.signatures.queries import party_state
from joint_inspections.visits.queries import get_visit_for_change
from supervision.errors import DomainError, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import PUBLIC, Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.qr import qr_image, reachable
from supervision.web.refusals import told

blueprint = Blueprint("party_links", __name__)
Page = str | BaseResponse
Incomplete = tuple[str, int]
INCOMPLETE, GONE = 422, 410
LONGEST_TOKEN = 64


@blueprint.post("/visits/<int:visit_id>/signatures/code")
@requires(Permission.VISIT_INSPECT)
def make(visit_id: int) -> str:
    """Show the code by which the enterprise opens the record on its own phone; it stands on this page alone."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    state = party_state(session, visit)
    link, token = links.open_link(session, visit, seen=state.digest, actor=actor())
    page = render_template("signatures/code.html", visit=visit, link=link, image=_image(address_of(token)))
    database.commit()
    return page


def _image(address: str) -> tuple[str, Markup]:
    return address, qr_image(address, _("Code that opens the record on the enterprise's own phone"))


def address_of(token: str) -> str:
    """Return where a phone finds the record."""
    return reachable(url_for("party_links.show", token=token))


def _link(token: str, *, hold: bool = False) -> PartyLink:
    return links.get_link(database.session(), token[:LONGEST_TOKEN], hold=hold)


@blueprint.get("/sign/<token>")
@public
def show(token: str) -> Page | Incomplete:
    """Show the whole record to read, and the form to sign it or to say why not."""
    return _page(_link(token), token)


def _page(link: PartyLink, token: str, form: OwnPhoneForm | None = None) -> str | Incomplete:
    session, visit = database.session(), link.visit
    bar = links.bar_to_answering(session, link)
    if bar:
        return render_template("signatures/code_void.html", bar=bar), GONE
    return render_template(
        "signatures/own_phone.html",
        link=link,
        visit=visit,
        token=token,
        form=_with_choices(form or OwnPhoneForm()),
        sections=[show_section(visit, one, viewer=PUBLIC, department_id=None) for one in list_sections(session, visit)],
        result_codes=list_result_codes(session),
        outcomes={one.code: one for one in list_reasons(session, "visit_outcomes")},
        files=list_attachments(session, visit),
        samples=[one for one in list_samples(session, visit) if one.withdrawal is None],
        images=IMAGES,
    )


def _with_choices(form: OwnPhoneForm) -> OwnPhoneForm:
    form.how.choices = choices([("signed", _("I have read the record and sign it")), ("refused", _("I do not sign"))])
    return form


@blueprint.post("/sign/<token>")
@public
def answer(token: str) -> Page | Incomplete:
    """Take the signature, or why the person does not sign."""
    session = database.session()
    link = _link(token, hold=True)
    if links.bar_to_answering(session, link):
        return _page(link, token)
    form, link_id = _with_choices(OwnPhoneForm()), link.id
    if form.validate_on_submit():
        try:
            _take(link, form)
        except DomainError as error:
            _tell(form, error)
        else:
            links.count_attempt(session, link_id)
            database.commit()
            flash(_("Received. Thank you; the inspector sees it too."), "success")
            return redirect(url_for("party_links.show", token=token))
    # what was refused is counted apart: nothing else of the request is kept
    session.rollback()
    with database.written_now() as own:
        links.count_attempt(own, link_id)
    session.expire_all()
    page = _page(_link(token), token, form)
    return page if isinstance(page, tuple) else (page, INCOMPLETE)


def _take(link: PartyLink, form: OwnPhoneForm) -> None:
    session, name, role = database.session(), text(form.name), text(form.role)
    if form.how.data == "refused":
        links.refuse_by_link(session, link, name=name, role=role, reason=text(form.reason))
        return
    sha256 = None
    if form.drawing.data:
        data, media_type = read_sent(form.drawing.data)
        sha256 = keep_bytes(session, data, media_type=media_type, actor=PUBLIC) if data else None
    links.sign_by_link(session, link, name=name, role=role, file_sha256=sha256)


def _tell(form: OwnPhoneForm, error: DomainError) -> None:
    if getattr(error, "field", "") == "file":
        form.drawing.errors = [*form.drawing.errors, told(error)]
        return
    show_refusal(form, error)


@blueprint.get("/sign/<token>/files/<attachment_id>.jpg")
@public
def picture(token: str, attachment_id: str) -> Response:
    """Show a photo of the record while it can be signed."""
    session = database.session()
    link = _link(token)
    if links.bar_to_answering(session, link):
        raise NotFound
    attachment = get_attachment(session, link.visit, attachment_id)
    if attachment.detached:
        raise NotFound
    return show_copy(attachment.file, "view")
