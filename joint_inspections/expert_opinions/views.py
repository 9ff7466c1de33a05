"""The page on which an expert writes, adds files and signs; and the files, for whoever may see them."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence.handing_out import hand_out_original, read_sent, show_copy
from joint_inspections.evidence.rules import IMAGES
from joint_inspections.expert_opinions import queries, services
from joint_inspections.expert_opinions.forms import FilesForm, OpinionForm, SignForm
from joint_inspections.expert_opinions.rules import SignedState
from joint_inspections.experts.models import ExpertPlace
from supervision.errors import DomainError, Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.refusals import told

blueprint = Blueprint("expert_opinions", __name__)
Page = str | BaseResponse | tuple[str, int]
INCOMPLETE = 422
WHOLE = ""
READERS = (
    Permission.PLAN_VIEW, Permission.VISIT_INSPECT, Permission.RECORD_REVIEW, Permission.EXPERT_ASSIST,
)  # fmt: skip


def _items(place: ExpertPlace) -> list[tuple[str, str]]:
    return [(str(row.item_id), f"{row.item.code} {name_of(row.item)}") for row in place.visit.plan_version.items]


def _opinion_form(place: ExpertPlace) -> OpinionForm:
    form = OpinionForm()
    form.item.choices = choices(_items(place), empty=_("The visit as a whole"))
    return form


def _files_form(place: ExpertPlace) -> FilesForm:
    form = FilesForm()
    form.file_item.choices = choices(_items(place), empty=_("The visit as a whole"))
    return form


@blueprint.route("/expert-work/<int:place_id>/opinion", methods=["GET", "POST"])
@requires(Permission.EXPERT_ASSIST)
def write(place_id: int) -> Page:
    """Write on an item, or on the visit as a whole; what was written before stays beside it."""
    session, viewer = database.session(), actor()
    place = queries.get_writing_place(session, viewer, place_id)
    form = _opinion_form(place)
    if form.validate_on_submit():
        try:
            services.save_opinion(
                session, place, item_id=_item_of(form.item.data), text=text(form.text), actor=viewer
            )  # fmt: skip
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Kept. Sign when everything is written."), "success")
            return redirect(url_for("expert_opinions.write", place_id=place_id))
    return _page(place, form=form)


def _item_of(value: str | None) -> int | None:
    return int(value) if value else None


def _page(place: ExpertPlace, *, form: OpinionForm | None = None, files_form: FilesForm | None = None) -> Page:
    opinion = queries.load_opinion(database.session(), place)
    errors = bool((form and form.errors) or (files_form and files_form.errors))
    page = render_template(
        "expert_opinions/write.html",
        place=place,
        visit=place.visit,
        opinion=opinion,
        open=services.may_write(place),
        form=form or _opinion_form(place),
        files_form=files_form or _files_form(place),
        images=IMAGES,
        SignedState=SignedState,
    )
    return (page, INCOMPLETE) if errors else page


@blueprint.post("/expert-work/<int:place_id>/files")
@requires(Permission.EXPERT_ASSIST)
def add_files(place_id: int) -> Page:
    """Keep the files that were sent, each for itself: one refused file does not lose the others."""
    place = queries.get_writing_place(database.session(), actor(), place_id)
    form = _files_form(place)
    sent = [one for one in form.files.data or [] if isinstance(one, FileStorage) and one.filename]
    if not form.validate_on_submit() or not sent:
        if not sent:
            form.files.errors = [*form.files.errors, _("Choose at least one file.")]
        return _page(place, files_form=form)
    item = _item_of(form.file_item.data)
    refused = [(one.filename, error) for one in sent if (error := _keep(place, one, item, text(form.caption)))]
    database.commit()
    if len(sent) > len(refused):
        flash(_("Files added: %(count)s.", count=len(sent) - len(refused)), "success")
    for name, error in refused:
        flash(_("“%(name)s” was not added: %(reason)s", name=name, reason=told(error)), "danger")
    return redirect(url_for("expert_opinions.write", place_id=place_id))


def _keep(place: ExpertPlace, sent: FileStorage, item: int | None, caption: str) -> DomainError | None:
    """Keep one file; return why not when it is refused."""
    session = database.session()
    data, media_type = read_sent(sent)
    try:
        with session.begin_nested():
            services.add_file(
                session, place, data=data, media_type=media_type, item_id=item, caption=caption, actor=actor()
            )
    except DomainError as error:
        return error
    return None


@blueprint.post("/expert-work/<int:place_id>/signature")
@requires(Permission.EXPERT_ASSIST)
def sign(place_id: int) -> BaseResponse:
    """Sign everything as it was read."""
    session, viewer, form = database.session(), actor(), SignForm()
    place = queries.get_writing_place(session, viewer, place_id)
    if form.validate_on_submit():
        services.sign(session, place, seen=text(form.seen), actor=viewer)
        database.commit()
        flash(_("Signed. The team and the reviewer read it with the record."), "success")
    return redirect(url_for("expert_opinions.write", place_id=place_id))


@blueprint.get("/visits/<int:visit_id>/expert-files/<int:file_id>.jpg")
@requires(*READERS)
def picture(visit_id: int, file_id: int) -> Response:
    """Show a photo of an expert in a copy without EXIF."""
    return show_copy(queries.get_file(database.session(), actor(), visit_id, file_id).file, "view")


@blueprint.get("/visits/<int:visit_id>/expert-files/<int:file_id>/original")
@requires(*READERS)
def original(visit_id: int, file_id: int) -> Response:
    """Hand out the original, noted."""
    found = queries.get_file(database.session(), actor(), visit_id, file_id)
    return hand_out_original(found.file, name=f"{found.place.visit.number}-expert-{found.id}")
