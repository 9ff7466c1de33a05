"""The page on which team and enterprise sign: the whole record to read, then three ways to answer it."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence.handing_out import hand_out_original, read_sent, show_copy
from joint_inspections.evidence.queries import find_sealed, list_samples
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.evidence.services import keep_bytes
from joint_inspections.evidence.shown import group_files, show_files
from joint_inspections.records.queries import get_section, list_result_codes, list_sections, member_department
from joint_inspections.records.services import stored_digest
from joint_inspections.records.shown import show_section
from joint_inspections.signatures import queries, services
from joint_inspections.signatures.confirming import bar_to_confirming, confirm_refusal, tell_afterwards
from joint_inspections.signatures.forms import ConfirmationForm, DrawingForm, PartyForm
from joint_inspections.signatures.links import refusal_said
from joint_inspections.signatures.models import PartyEntry
from joint_inspections.signatures.rules import PartyAnswer, Standing, is_asked, may_be_shown
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import RECORDING, SectionState
from supervision import clock
from supervision.errors import DomainError, Invalid, NotFound
from supervision.parameters.queries import get_number, list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, small_number, text
from supervision.web.refusals import told

blueprint = Blueprint("signatures", __name__, url_prefix="/visits/<int:visit_id>/signatures")
Page = str | BaseResponse
Incomplete = tuple[str, int]
READERS = (Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)
INCOMPLETE = 422


@blueprint.get("/")
@requires(*READERS)
def index(visit_id: int) -> str:
    """Show the record as it stands, who signed it, and how to sign it."""
    return _page(_begun(visit_id))


def _begun(visit_id: int) -> Visit:
    visit = get_visit(database.session(), actor(), visit_id)
    if visit.visited_at is None:
        raise NotFound
    return visit


def _page(visit: Visit, form: PartyForm | None = None, confirmation: ConfirmationForm | None = None) -> str:
    session, viewer = database.session(), actor()
    sections = list_sections(session, visit)
    own = member_department(visit, viewer) if viewer.inspector_id is not None else None
    state = queries.party_state(session, visit)
    signing = own is not None and visit.state in RECORDING
    all_signed = all(one.state is SectionState.SIGNED for one in sections)
    ready = may_be_shown(visit.outcome_code, all_signed=all_signed)
    return render_template(
        "signatures/index.html",
        visit=visit,
        sections=[show_section(visit, one, viewer=viewer, department_id=None) for one in sections],
        result_codes=list_result_codes(session),
        outcomes={one.code: one for one in list_reasons(session, "visit_outcomes")},
        groups=group_files(show_files(session, visit, viewer), sections),
        samples=[one for one in list_samples(session, visit) if one.withdrawal is None],
        images=IMAGES,
        state=state,
        entries=queries.list_party_entries(session, visit),
        drawn=queries.valid_signatures(session, sections),
        digests={one.id: stored_digest(one) for one in sections},
        signing=signing,
        all_signed=all_signed,
        viewer=viewer,
        drawing_form=DrawingForm(),
        refusal_said=refusal_said(session, visit) if signing else None,
        confirmation=_confirmation_form(visit, state.entry, confirmation),
        form=_party_form(visit, form or PartyForm(), (state.digest, state.samples)) if signing and ready else None,
        asked=is_asked(visit.outcome_code, required=_required()),
        Standing=Standing,
        PartyAnswer=PartyAnswer,
    )


def _required() -> bool:
    return bool(get_number(database.session(), "party-signature-required", on=clock.today()))


def _confirmation_form(
    visit: Visit, entry: PartyEntry | None, form: ConfirmationForm | None = None
) -> ConfirmationForm | None:
    """Return the form by which the viewer confirms a refusal as its second officer, if that is theirs to do."""
    if visit.state not in RECORDING or bar_to_confirming(entry, actor()):
        return None
    form = form or ConfirmationForm()
    form.agrees.choices = choices([("yes", _("Yes: I was there, and it is as noted")), ("no", _("No"))])
    return form


def _party_form(visit: Visit, form: PartyForm, shown: tuple[str, str]) -> PartyForm:
    # whoever sends the page again after a change has read the newer record by then: it is shown above the form
    form.seen.data, form.seen_samples.data = shown
    form.how.choices = choices(
        [
            (PartyAnswer.SIGNED.value, _("It signs here on the screen")),
            (PartyAnswer.PAPER.value, _("It signed on paper")),
            (PartyAnswer.REFUSED.value, _("It does not sign")),
        ]
    )
    mates = [one for one in visit.team_now if one.inspector_id != actor().inspector_id]
    form.second.choices = choices([(str(one.inspector_id), one.inspector.name) for one in mates], empty=_("Choose …"))
    return form


@blueprint.post("/")
@requires(Permission.VISIT_INSPECT)
def answer(visit_id: int) -> Page | Incomplete:
    """Note what the enterprise did with the record."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    form = PartyForm()
    seen = (text(form.seen), text(form.seen_samples))
    _party_form(visit, form, seen)
    if form.validate_on_submit():
        try:
            _note(visit, form, seen)
        except DomainError as error:
            _show(form, error)
        else:
            database.commit()
            flash(_("Noted. Any change of the record from now on asks the enterprise again."), "success")
            return redirect(url_for("signatures.index", visit_id=visit_id))
    return _page(visit, form), INCOMPLETE


def _note(visit: Visit, form: PartyForm, seen: tuple[str, str]) -> None:
    sent = {PartyAnswer.SIGNED: form.drawing, PartyAnswer.PAPER: form.paper}.get(PartyAnswer(form.how.data))
    services.sign_by_party(
        database.session(), visit, how=form.how.data, seen=seen[0], seen_samples=seen[1], name=text(form.name),
        role=text(form.role), file_sha256=_keep(sent) if sent is not None else None, reason=text(form.reason),
        second_inspector_id=small_number(text(form.second)), actor=actor(),
    )  # fmt: skip


def _keep(field: FileField) -> str | None:
    """Keep the file of a field; None when there is none."""
    if not field.data:
        return None
    data, media_type = read_sent(field.data)
    return keep_bytes(database.session(), data, media_type=media_type, actor=actor()) if data else None


def _show(form: PartyForm, error: DomainError) -> None:
    """Show a refusal at the field that mends it."""
    if getattr(error, "field", "") == "file":
        database.session().rollback()
        field = form.paper if form.how.data == PartyAnswer.PAPER else form.drawing
        field.errors = [*field.errors, told(error)]
        return
    show_refusal(form, error)


@blueprint.post("/<int:entry_id>/confirmation")
@requires(Permission.VISIT_INSPECT)
def confirm(visit_id: int, entry_id: int) -> Page | Incomplete:
    """Say as the second officer, by the own account, whether a refusal is noted rightly."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    entry = queries.get_party_entry(session, visit, entry_id)
    form = _confirmation_form(visit, entry) or ConfirmationForm()
    if form.agrees.choices and not form.validate_on_submit():
        return _page(visit, confirmation=form), INCOMPLETE
    try:
        confirm_refusal(
            session, visit, entry, agrees=form.agrees.data == "yes", remark=text(form.remark), actor=actor()
        )
    except Invalid as error:
        show_refusal(form, error)
        return _page(visit, confirmation=form), INCOMPLETE
    tell_afterwards(session, visit, actor=actor())
    database.commit()
    flash(_("Noted. Your colleagues can see what you said."), "success")
    return redirect(url_for("signatures.index", visit_id=visit_id))


@blueprint.post("/sections/<int:section_id>")
@requires(Permission.VISIT_INSPECT)
def draw(visit_id: int, section_id: int) -> BaseResponse:
    """Add one's drawn signature under the section one signed off."""
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    section = get_section(session, visit, section_id)
    form = DrawingForm()
    sha256 = _keep(form.drawing) if form.validate_on_submit() else None
    if sha256 is None:
        flash(_("Sign in the field, or add a picture of your signature."), "danger")
    else:
        services.draw_signature(session, visit, section, seen=text(form.seen), file_sha256=sha256, actor=actor())
        database.commit()
        flash(_("Signature added."), "success")
    return redirect(url_for("signatures.index", visit_id=visit_id))


@blueprint.get("/<int:entry_id>/picture.jpg")
@requires(*READERS)
def party_picture(visit_id: int, entry_id: int) -> Response:
    """Show the drawn signature of the enterprise, or the photo of its paper."""
    entry = queries.get_party_entry(database.session(), _begun(visit_id), entry_id)
    return show_copy(find_sealed(database.session(), entry.sha256), "view")


@blueprint.get("/<int:entry_id>/original")
@requires(*READERS)
def party_original(visit_id: int, entry_id: int) -> Response:
    """Hand out what the enterprise signed as it came, noted."""
    visit = _begun(visit_id)
    entry = queries.get_party_entry(database.session(), visit, entry_id)
    return hand_out_original(find_sealed(database.session(), entry.sha256), name=f"{visit.number}-signature-{entry.id}")


@blueprint.get("/drawn/<int:signature_id>/picture.jpg")
@requires(*READERS)
def drawn_picture(visit_id: int, signature_id: int) -> Response:
    """Show the drawn signature of an inspector."""
    drawn = queries.get_drawn(database.session(), _begun(visit_id), signature_id)
    return show_copy(find_sealed(database.session(), drawn.sha256), "thumb")
