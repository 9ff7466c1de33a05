"""Importing a register: choose, send, look at what it would mean, decide, see the outcome."""

from pathlib import Path
from typing import Any, BinaryIO, cast  # an upload is a file-like object

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from supervision.audit.queries import list_history
from supervision.errors import Invalid, NotFound
from supervision.intake import downloads, kinds, queries, services, store
from supervision.intake.forms import DecisionForm, DiscardForm, UploadForm
from supervision.intake.kinds import Kind
from supervision.intake.models import Upload
from supervision.intake.reading import ending_of
from supervision.intake.rules import MOST_UPLOAD_BYTES, Policy, UploadState, Verdict
from supervision.jobs.queries import get_job
from supervision.jobs.views import shown as shown_job
from supervision.listing import Page
from supervision.permissions import Permission
from supervision.web import database, exports
from supervision.web.access import actor, requires, signed_in
from supervision.web.forms import choices, text
from supervision.web.languages import language
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query
from supervision.web.refusals import told

blueprint = Blueprint("intake", __name__, url_prefix="/imports")


def folder() -> Path:
    """Return the instance folder."""
    return Path(current_app.instance_path)


@blueprint.url_value_preprocessor
def allow_large_files(endpoint: str | None, values: dict[str, Any] | None) -> None:  # noqa: ARG001 - Flask's signature
    """Let those who may import send 64 MB: before anything reads the body, and without holding the database."""
    if endpoint == "intake.create" and request.method == "POST":
        if kinds.open_to(actor()):
            request.max_content_length = MOST_UPLOAD_BYTES + (1 << 20)
        database.end_transaction()


@blueprint.get("/")
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def index() -> str:
    """Show the registers one may import and one's own files."""
    offered = kinds.open_to(actor())
    filters = [
        Filter("kind", lazy_gettext("Register"), [(kind.code, _(kind.label)) for kind in offered]),
        Filter("state", lazy_gettext("State"), [(state.value, _(state.label)) for state in UploadState]),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_uploads(database.session(), actor(), query),
        [
            Column("filename", lazy_gettext("File"), True),
            Column("kind", lazy_gettext("Register")),
            Column("state", lazy_gettext("State")),
            Column("rows", lazy_gettext("Rows read"), False, True),
            Column("created", lazy_gettext("Sent"), True),
        ],
        filters,
        lazy_gettext("File name"),
    )
    return render_template("intake/index.html", listing=listing, kinds=offered, labels=_labels())


@blueprint.route("/new/<kind>", methods=["GET", "POST"])
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def create(kind: str) -> str | BaseResponse:
    """Take a file for one register."""
    chosen, form = kinds.get_for(actor(), kind), UploadForm()
    missing = chosen.missing(database.session()) if chosen.missing else None
    if missing is None and form.validate_on_submit():
        upload = _receive(chosen, form)
        if upload is not None:
            return redirect(url_for("intake.show", upload_id=upload.id))
    refused = 409 if missing and request.method == "POST" else 200
    page = render_template(
        "intake/create.html",
        kind=chosen,
        form=form,
        missing=missing,
        column_name=downloads.column_name,
        alternatives={key for group in chosen.any_of for key in group},
    )
    return Response(page, 422 if form.errors else refused)


def _receive(kind: Kind, form: UploadForm) -> Upload | None:
    """Keep the file on disk first, outside any transaction; then note it."""
    sent = cast("FileStorage", form.file.data)
    database.end_transaction()
    try:
        ending_of(sent.filename or "")
        digest, size = store.keep(folder(), cast("BinaryIO", sent.stream))
    except Invalid as error:
        form.file.errors = [told(error)]
        return None
    finally:
        sent.close()
    upload = services.receive(
        database.session(), kind.code, filename=sent.filename or "", digest=digest, size=size, actor=actor()
    )
    database.commit()
    return upload


@blueprint.get("/new/<kind>/template.<format>")
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def template(kind: str, format: str) -> Response:  # noqa: A002 - the word in the address
    """Download an empty file with the right columns and a sample row."""
    chosen = kinds.get_for(actor(), kind)
    _check_format(format)
    name = _("Template – %(register)s", register=_(chosen.label))
    header, rows = downloads.template_header(chosen), downloads.template_rows(chosen)
    if format == "xlsx":
        return downloads.template_workbook(name, header, rows, help_rows=downloads.help_rows(chosen))
    return exports.download(format, name, header, rows)


@blueprint.get("/new/<kind>/register.<format>")
@signed_in
def register(kind: str, format: str) -> Response:  # noqa: A002 - the word in the address
    """Download what is registered now in the columns of the import: to change it there and send it back."""
    chosen = kinds.get(kind)
    if not chosen.read_by_all:
        chosen = kinds.get_for(actor(), kind)
    _check_format(format)
    if chosen.rows is None:
        raise NotFound
    rows = downloads.register_rows(chosen, chosen.rows(database.session(), actor(), language()))
    return exports.download(format, _(chosen.label), downloads.register_header(chosen), rows)


@blueprint.get("/<int:upload_id>")
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def show(upload_id: int) -> str:
    """Show one's file: its progress, what it would mean, or what it did."""
    upload = queries.get_upload(database.session(), actor(), upload_id)
    return _page(upload, _decision_form())


@blueprint.post("/<int:upload_id>/decision")
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def decide(upload_id: int) -> BaseResponse | tuple[str, int]:
    """Take the rows the person chose."""
    upload = queries.get_upload(database.session(), actor(), upload_id, lock=True)
    form = _decision_form()
    if form.validate_on_submit():
        try:
            services.decide(
                database.session(),
                upload,
                policy=Policy(form.policy.data),
                confirm_warnings=bool(form.confirm_warnings.data),
                reason=text(form.reason),
                actor=actor(),
            )
        except Invalid as error:
            form[error.field].errors = [*form[error.field].errors, told(error)]
        else:
            database.commit()
            return redirect(url_for("intake.show", upload_id=upload_id))
    return _page(upload, form), 422


@blueprint.post("/<int:upload_id>/discard")
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def discard(upload_id: int) -> BaseResponse:
    """Put a file away."""
    upload = queries.get_upload(database.session(), actor(), upload_id, lock=True)
    if DiscardForm().validate_on_submit():
        services.discard(upload)
        database.commit()
        store.drop(folder(), upload_id)
        flash(_("The file was put away; nothing was taken from it."), "success")
    return redirect(url_for("intake.index"))


@blueprint.get("/<int:upload_id>/mistakes.<format>")
@requires(Permission.REGISTRY_IMPORT, Permission.DEPARTMENT_EDIT)
def mistakes(upload_id: int, format: str) -> Response:  # noqa: A002 - the word in the address
    """Download the wrong and doubtful rows of one's own file, each with its reason."""
    upload = queries.get_upload(database.session(), actor(), upload_id)
    _check_format(format)
    rows = downloads.mistakes_rows(upload, folder(), _names(upload))
    name = _("Rows to correct – %(file)s", file=upload.filename.rpartition(".")[0])
    return exports.download(format, name, downloads.mistakes_header(upload), rows)


def _check_format(format: str) -> None:  # noqa: A002 - the word in the address
    if format not in EXPORT_FORMATS:
        raise NotFound


def _labels() -> dict[str, str]:
    return {kind.code: _(kind.label) for kind in kinds.open_to(actor())}


def _names(upload: Upload) -> dict[str, str]:
    return {column.key: downloads.column_name(column) for column in kinds.get(upload.kind).columns}


def _decision_form() -> DecisionForm:
    form = DecisionForm()
    form.policy.choices = choices([(policy.value, _(policy.label)) for policy in Policy])
    if not form.is_submitted():
        form.policy.data = Policy.ALL.value
    return form


def _page(upload: Upload, form: DecisionForm) -> str:
    summary, names = upload.summary or {}, _names(upload)
    query = read_query()
    lines = store.read_lines(store.mistakes_path(folder(), upload.id), skip=query.offset, most=query.size)
    listing = Listing(
        query,
        Page(list(lines), summary.get("mistakes", 0)),
        [
            Column("row", lazy_gettext("Row in the file"), False, True),
            Column("column", lazy_gettext("Column")),
            Column("value", lazy_gettext("Value")),
            Column("reason", lazy_gettext("Reason")),
            Column("remedy", lazy_gettext("What to do")),
        ],
    )
    job = get_job(database.session(), actor(), upload.job_id) if upload.job_id else None
    return render_template(
        "intake/show.html",
        upload=upload,
        summary=summary,
        kind=kinds.get(upload.kind),
        form=form,
        listing=listing,
        names=names,
        absent=[names[key] for key in summary.get("absent", []) if key in names],
        places={key: place for place, _name, key in summary.get("columns", [])},
        said=downloads.said,
        UploadState=UploadState,
        verdicts=Verdict,
        offer_xlsx=summary.get("mistakes", 0) <= downloads.MOST_XLSX_ROWS,
        history=list_history(database.session(), "upload", upload.id),
        job=job,
        **(shown_job(job) if job else {}),
    )
