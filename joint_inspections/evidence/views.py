"""Photos, documents and sounds of a visit: list, add, look, take out."""

from uuid import uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence import queries, services
from joint_inspections.evidence.forms import FilesForm, ReasonForm, SampleForm
from joint_inspections.evidence.handing_out import hand_out_original, read_sent, show_copy
from joint_inspections.evidence.models import Attachment
from joint_inspections.evidence.rules import IMAGES, MEGABYTE, purpose_of
from joint_inspections.evidence.samples import may_add_result
from joint_inspections.evidence.shown import Place, ShownFile, group_files, list_places, show_files
from joint_inspections.records.queries import list_sections, member_department
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import RECORDING
from supervision.errors import DomainError, Invalid, NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.refusals import told

blueprint = Blueprint("evidence", __name__, url_prefix="/visits/<int:visit_id>/evidence")
Page = str | BaseResponse
Incomplete = tuple[str, int]
READERS = (Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)
INCOMPLETE = 422
# several photos at once; each has its own limit besides
MOST_TOGETHER = 120 * MEGABYTE


@blueprint.url_value_preprocessor
def allow_large(endpoint: str | None, values: dict[str, object] | None) -> None:  # noqa: ARG001 - Flask's signature
    """Let inspectors send several photos at once: before anything reads the body, without holding the database."""
    if endpoint == "evidence.add":
        if actor().may(Permission.VISIT_INSPECT):
            request.max_content_length = MOST_TOGETHER
        database.end_transaction()


def begun_visit(visit_id: int) -> Visit:
    """Return a visit whose form exists, or refuse as if it did not exist."""
    visit = get_visit(database.session(), actor(), visit_id)
    if visit.visited_at is None:
        raise NotFound
    return visit


@blueprint.get("/")
@requires(*READERS)
def index(visit_id: int) -> str:
    """Show everything kept of a visit, by the places of its form."""
    visit = begun_visit(visit_id)
    return list_page(visit)


def list_page(visit: Visit, *, form: FilesForm | None = None, sample_form: SampleForm | None = None) -> str:
    """Return the page of a visit's evidence; a form that came back keeps what was typed."""
    session, viewer = database.session(), actor()
    sections = list_sections(session, visit)
    own = member_department(visit, viewer) if viewer.inspector_id is not None else None
    files = show_files(session, visit, viewer, detached=True)
    samples = queries.list_samples(session, visit)
    places = list_places(sections, department_id=own)
    adding = own is not None and visit.state in RECORDING
    return render_template(
        "evidence/index.html",
        visit=visit,
        groups=group_files([one for one in files if not one.attachment.detached], sections),
        removed=[one for one in files if one.attachment.detached],
        missing=[one.attachment.number for one in files if not (one.attachment.complete or one.attachment.detached)],
        samples=[(one, may_add_result(session, visit, one, viewer)) for one in samples],
        adding=adding,
        own=own,
        form=_with_places(form or FilesForm(place=request.args.get("place", "")), places) if adding else None,
        sample_form=with_item_places(sample_form or SampleForm(), places) if adding else None,
        reason_form=ReasonForm(),
        images=IMAGES,
    )


def _with_places(form: FilesForm, places: list[Place]) -> FilesForm:
    form.place.choices = choices([(place.value, _name_of_place(place)) for place in places])
    return form


def with_item_places(form: SampleForm, places: list[Place]) -> SampleForm:
    """Offer the items of the own section."""
    items = [place for place in places if place.item is not None and place.point is None]
    form.sample_place.choices = choices([(one.value, _name_of_place(one)) for one in items], empty=_("Choose …"))
    return form


def _name_of_place(place: Place) -> str:
    if place.section is None:
        return _("The visit as a whole")
    if place.item is None:
        return _("%(department)s: the section as a whole", department=name_of(place.section.department))
    if place.point is None:
        return name_of(place.item)
    return f"{name_of(place.item)} · {place.point.no}. {name_of(place.point, 'question')}"


@blueprint.post("/")
@requires(Permission.VISIT_INSPECT)
def add(visit_id: int) -> Page | Incomplete:
    """Keep the files that were sent, each for itself: one refused file does not lose the others."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    sections = list_sections(database.session(), visit)
    places = list_places(sections, department_id=member_department(visit, actor()))
    form = _with_places(FilesForm(), places)
    sent = [one for one in form.files.data or [] if isinstance(one, FileStorage) and one.filename]
    if not form.validate_on_submit() or not sent:
        if not sent:
            form.files.errors = [*form.files.errors, _("Choose at least one file.")]
        return list_page(visit, form=form), INCOMPLETE
    place = next(one for one in places if one.value == form.place.data)
    refused = [(one.filename, error) for one in sent if (error := _keep(visit, one, place, text(form.caption)))]
    database.commit()
    kept = len(sent) - len(refused)
    if kept:
        flash(_("Files added: %(count)s.", count=kept), "success")
    for name, error in refused:
        flash(_("“%(name)s” was not added: %(reason)s", name=name, reason=told(error)), "danger")
    return redirect(url_for("evidence.index", visit_id=visit_id))


def _keep(visit: Visit, sent: FileStorage, place: Place, caption: str) -> DomainError | None:
    """Keep one file; return why not when it is refused."""
    session = database.session()
    data, media_type = read_sent(sent)
    try:
        with session.begin_nested():
            sha256 = services.keep_bytes(session, data, media_type=media_type, actor=actor())
            ids = {name: one.id if one else None for name, one in
                   (("section", place.section), ("item", place.item), ("point", place.point))}  # fmt: skip
            services.attach(
                session, visit, id=uuid4(), sha256=sha256, purpose=purpose_of(media_type).value, caption=caption,
                taken_at=None, place=None, actor=actor(), **ids,
            )  # fmt: skip
    except DomainError as error:
        return error
    return None


@blueprint.get("/<attachment_id>")
@requires(*READERS)
def show(visit_id: int, attachment_id: str) -> str:
    """Show one file with its claims, what the platform itself knows, and where it was seen before."""
    visit = begun_visit(visit_id)
    return _show_page(visit, queries.get_attachment(database.session(), visit, attachment_id))


def _show_page(visit: Visit, attachment: Attachment, *, form: ReasonForm | None = None) -> str:
    viewer = actor()
    shown = next(
        one for one in show_files(database.session(), visit, viewer, detached=True)
        if one.attachment.id == attachment.id
    )  # fmt: skip
    return render_template(
        "evidence/show.html", visit=visit, shown=shown, attachment=attachment, images=IMAGES,
        form=form or ReasonForm(), may_detach=_may_detach(visit, shown),
    )  # fmt: skip


def _may_detach(visit: Visit, shown: ShownFile) -> bool:
    attachment, viewer = shown.attachment, actor()
    own = member_department(visit, viewer) if viewer.inspector_id is not None else None
    if own is None or visit.state not in RECORDING or attachment.detached:
        return False
    return attachment.section is None or attachment.section.department_id == own


@blueprint.post("/<attachment_id>/removal")
@requires(Permission.VISIT_INSPECT)
def remove(visit_id: int, attachment_id: str) -> Page | Incomplete:
    """Take a file out of the record; it stays kept."""
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    attachment = queries.get_attachment(database.session(), visit, attachment_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.detach(database.session(), attachment, reason=text(form.reason), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Taken out of the record; the file stays kept."), "success")
            return redirect(url_for("evidence.index", visit_id=visit_id))
    return _show_page(visit, attachment, form=form), INCOMPLETE


@blueprint.get("/<attachment_id>/<any(view, thumb):kind>.jpg")
@requires(*READERS)
def picture(visit_id: int, attachment_id: str, kind: str) -> Response:
    """Show a photo in a copy without EXIF."""
    visit = begun_visit(visit_id)
    return show_copy(queries.get_attachment(database.session(), visit, attachment_id).file, kind)


@blueprint.get("/<attachment_id>/original")
@requires(*READERS)
def original(visit_id: int, attachment_id: str) -> Response:
    """Hand out the original, noted."""
    visit = begun_visit(visit_id)
    attachment = queries.get_attachment(database.session(), visit, attachment_id)
    return hand_out_original(attachment.file, name=f"{visit.number}-{attachment.number}")
