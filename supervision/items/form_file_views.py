"""Forms as files of ODK and Kobo (XLSForm): handed out, sent in, looked at and taken into the draft."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast  # an upload is a file-like object

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from supervision.departments.queries import get_department
from supervision.errors import Conflict, DomainError, Invalid, NotFound
from supervision.intake import store
from supervision.intake.complaints import FileRefused
from supervision.intake.reading import refusal
from supervision.intake.rules import MEGABYTE
from supervision.items import forming, queries
from supervision.items.builder_forms import FormFileForm, TakeForm
from supervision.items.builder_views import form_differences, seen_version
from supervision.items.comparison import LABELS, FieldChange
from supervision.items.models import FormFile, Item, ItemList
from supervision.items.rules import FormContent
from supervision.items.views import change_words, chosen_version
from supervision.items.xlsform_reading import FormReading, ReadItem, read_form_file
from supervision.items.xlsform_tables import Remark
from supervision.items.xlsform_words import slug
from supervision.items.xlsform_writing import form_sheets, workbook
from supervision.labels import N_
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import MIME_TYPES, disposition
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.refusals import told

blueprint = Blueprint("form_files", __name__, url_prefix="/items")
Page = str | BaseResponse
MOST_FILE_BYTES = 5 * MEGABYTE


@blueprint.get("/<int:item_id>/form.xlsx")
@requires(Permission.REGISTRY_VIEW)
def item_file(item_id: int) -> Response:
    """Hand out the form of one item."""
    item, version = queries.get_visible_item(database.session(), actor(), item_id)
    return _file([item], version, title=f"{item.code} {item.name_zh}", key=slug(item.code), grouped=False)


@blueprint.get("/joint/<int:joint_item_id>/form.xlsx")
@requires(Permission.REGISTRY_VIEW)
def joint_file(joint_item_id: int) -> Response:
    """Hand out the forms of a joint item as one, with a group for each department."""
    joint, version = queries.get_visible_joint_item(database.session(), actor(), joint_item_id)
    items = [part.item for part in joint.parts]
    return _file(items, version, title=f"{joint.code} {joint.name_zh}", key=slug(joint.code), grouped=True)


@blueprint.get("/forms/<department>.xlsx")
@requires(Permission.REGISTRY_VIEW)
def department_file(department: str) -> Response:
    """Hand out the forms of all items of a department in one version as one form."""
    owner = get_department(database.session(), department)
    number = request.args.get("list", "")
    version = chosen_version(actor(), number if number.isascii() and number.isdigit() and len(number) < 9 else "")
    if version is None:
        raise NotFound
    items = queries.list_items(database.session(), version.id, department_id=owner.id, whole=True)
    if not items:
        raise NotFound
    return _file(items, version, title=owner.name_zh, key=owner.code, grouped=True)


def _file(items: Sequence[Item], version: ItemList, *, title: str, key: str, grouped: bool) -> Response:
    results = {one.code: one for one in queries.list_result_codes(database.session())}
    sheets = form_sheets(
        items,
        title=title,
        form_id=f"inspection_{key}",
        version=f"{version.number}.{max(item.version for item in items)}",
        results=results,
        grouped=grouped,
    )
    response = Response(workbook(sheets), mimetype=MIME_TYPES["xlsx"])
    response.headers["Content-Disposition"] = disposition(f"{key}-{version.number}.xlsx")
    return response


@blueprint.route("/draft/forms/send", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def send(item: str = "") -> Page:
    """Take a form file; what it would change is shown before anything is taken."""
    form = FormFileForm(item=request.args.get("item", item))
    draft = queries.get_draft_list(database.session())
    own = queries.list_items(database.session(), draft.id, department_id=actor().department_id, with_suspended=True)
    form.item.choices = choices(
        [(one.code, f"{one.code} {name_of(one)}") for one in own],
        empty=_("As the groups of the file say (item_SCJG_03 …)"),
    )
    if form.validate_on_submit() and (kept := _receive(form)) is not None:
        return redirect(url_for("form_files.show", file_id=kept))
    return Response(render_template("items/form_file_send.html", form=form), 422 if form.errors else 200)


def _receive(form: FormFileForm) -> int | None:
    """Keep the file on disk first, outside any transaction; then note it."""
    sent = cast("FileStorage", form.file.data)
    filename, code = sent.filename or "", text(form.item)
    database.end_transaction()
    try:
        digest, size = store.keep(_folder(), cast("BinaryIO", sent.stream))
        if size > MOST_FILE_BYTES:
            raise refusal("too-large")
        read_form_file(store.original(_folder(), digest), filename, target=code)
        kept = forming.keep_form_file(
            database.session(), filename=filename, digest=digest, size=size, item_code=code, actor=actor()
        )
    except Invalid as error:
        form.file.errors = [told(error)]
        return None
    finally:
        sent.close()
    file_id = kept.id
    database.commit()
    return file_id


def _folder() -> Path:
    return Path(current_app.instance_path)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a file means for one item of the draft."""

    item: Item
    form: FormContent
    results: tuple[str, ...] | None
    changes: tuple[FieldChange, ...]


@blueprint.route("/draft/forms/<int:file_id>", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def show(file_id: int) -> Page:
    """Show what a form file would change, and take it once somebody has looked at it."""
    kept = _own_file(file_id)
    path, filename, target = store.original(_folder(), kept.digest), kept.filename, kept.item_code
    database.end_transaction()
    reading = _read(path, filename, target)
    meant = _meant(reading)
    form = TakeForm(versions=" ".join(f"{one.item.id}:{one.item.version}" for one in meant))
    lost = [one for one in reading.remarks if not one.wrong]
    if form.validate_on_submit() and _taken(form, file_id, reading, meant, confirmed=bool(form.seen.data) or not lost):
        return redirect(url_for("item_drafts.index"))
    page = render_template(
        "items/form_file_show.html",
        kept=_own_file(file_id),
        form=form,
        reading=reading,
        meant=meant,
        lost=lost,
        wrongs=[one for one in reading.remarks if one.wrong],
        words=change_words,
    )
    return Response(page, 422 if form.errors else 200)


def _own_file(file_id: int) -> FormFile:
    kept = database.session().get(FormFile, file_id)
    if kept is None or kept.department_id != actor().department_id:
        raise NotFound
    return kept


def _read(path: Path, filename: str, target: str) -> FormReading:
    try:
        return read_form_file(path, filename, target=target)
    except (FileRefused, OSError) as error:
        raise NotFound("form-file-gone", "The file can no longer be read. Send it again.") from error


def _meant(reading: FormReading) -> list[Meant]:
    """Compare the file with the draft; what cannot be taken is added to the remarks."""
    session = database.session()
    draft, found = queries.get_draft_list(session), []
    known = {one.code for one in queries.list_result_codes(session)}
    for code, read in reading.items.items():
        item = queries.find_item(session, draft.id, code)
        if item is None:
            _say(reading, N_("There is no item %(code)s in the draft. Correct the name of its group."), code=code)
        elif item.department_id != actor().department_id:
            _say(reading, N_("Item %(code)s belongs to another department: it is left out."), wrong=False, code=code)
        elif read.results is not None and not (read.results and set(read.results) <= known):
            _say(reading, N_("Item %(code)s: choose results from the national list."), code=code)
        elif not read.points:
            _say(reading, N_("Item %(code)s has no check points in the file."), code=code)
        else:
            found.append(_compared(item, read))
    if not found and not reading.wrong:
        _say(reading, N_("The file holds no check points of your department."))
    return found


def _say(reading: FormReading, message: str, *, wrong: bool = True, **parameters: object) -> None:
    reading.remarks.append(Remark("survey", 0, "", message, wrong, parameters))


def _compared(item: Item, read: ReadItem) -> Meant:
    before = queries.form_content(item)
    form = read.form(before)
    changes = form_differences(before, form)
    if read.results is not None and set(read.results) != set(item.allowed_results):
        old, new = tuple(item.allowed_results), read.results
        changes.append(FieldChange("allowed_results", LABELS["allowed_results"], old, new))
    return Meant(item, form, read.results, tuple(changes))


def _taken(form: TakeForm, file_id: int, reading: FormReading, meant: Iterable[Meant], *, confirmed: bool) -> bool:
    """Take the file if it may be taken; a refusal is shown in the form."""
    if reading.wrong:
        form.seen.errors = [_("Correct the places named below in the file, then send it again.")]
        return False
    if not confirmed:
        form.seen.errors = [_("Read what will be left out, then tick this box.")]
        return False
    try:
        seen = _versions(text(form.versions))
        for one in meant:
            if one.changes:
                version = seen.get(one.item.id, 0)
                forming.take_form(database.session(), one.item, one.form, one.results, version=version, actor=actor())
        forming.close_form_file(database.session(), _own_file(file_id))
    except DomainError as error:
        show_refusal(form, error)
        if isinstance(error, Conflict):
            form.versions.data = None
        return False
    database.commit()
    flash(_("Taken into the draft. Every item's form can be taken back in its builder."), "success")
    return True


def _versions(sent: str) -> Mapping[int, int]:
    pairs = (part.partition(":") for part in sent.split()[:200])
    return {seen_version(number): seen_version(version) for number, _sign, version in pairs}
