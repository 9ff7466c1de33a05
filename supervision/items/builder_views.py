"""The builder: a department's form, check point by check point, with preview, comparison, undo and history."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.audit.queries import list_history
from supervision.errors import DomainError, NotFound
from supervision.items import building, forming, queries, services
from supervision.items.builder_forms import (
    POINT_FIELDS,
    CopyForm,
    PhrasesForm,
    PointForm,
    phrase_rows,
    point_values,
    typed_phrases,
    typed_point,
)
from supervision.items.comparison import LABELS, FieldChange, phrase_changes, point_changes
from supervision.items.form_changes import last_change, list_changes, read_form
from supervision.items.models import FormChange, Item
from supervision.items.rules import (
    MOST_POINTS,
    AnswerKind,
    FormContent,
    FormStep,
    ListState,
    PhraseContent,
    PointContent,
    check_point,
)
from supervision.items.views import change_words
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import Form, choices, show_refusal, small_number, text
from supervision.web.languages import name_of
from supervision.web.refusals import told

blueprint = Blueprint("item_forms", __name__, url_prefix="/items/draft/items/<int:item_id>/form")
Page = str | BaseResponse
BLANK_PHRASES = 3


@blueprint.get("")
@requires(Permission.ITEM_EDIT)
def builder(item_id: int) -> str:
    """Show the form of an item with everything that can be done to it, and how the inspector will see it."""
    item, session = own_item(item_id), database.session()
    form = queries.form_content(item)
    return render_template(
        "items/builder.html",
        item=item,
        points=form.points,
        results=queries.list_result_codes(session, codes=item.allowed_results),
        advice=building.advice(form),
        changes=_since_published(item, form),
        last=last_change(session, item),
        words=change_words,
        most=MOST_POINTS,
    )


def _since_published(item: Item, form: FormContent) -> list[FieldChange] | None:
    """Compare with the version in force; None where the item is new."""
    published = queries.find_published_list(database.session())
    old = queries.find_item(database.session(), published.id, item.code) if published else None
    return form_differences(queries.form_content(old), form) if old else None


def form_differences(old: FormContent, new: FormContent) -> list[FieldChange]:
    """Return what became of check points and wordings from ``old`` to ``new``."""
    return point_changes(old.points, new.points) + phrase_changes(old.phrases, new.phrases)


def own_item(item_id: int) -> Item:
    """Load an item of the draft that the viewer's department owns; of a published version there is nothing to edit."""
    item, version = queries.get_visible_item(database.session(), actor(), item_id)
    if version.state is not ListState.DRAFT or item.department_id != actor().department_id:
        raise services.not_yours()
    return item


@blueprint.route("/points/new", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def add_point(item_id: int) -> Page:
    """Put in a check point, at the end or after another."""
    item = own_item(item_id)
    content = queries.form_content(item)
    after = small_number(request.args.get("after", "")) or len(content.points)
    form = _point_form(item, {"no": min(after, len(content.points)) + 1, "kind": AnswerKind.YES_NO.value})
    return _point_page(
        item, form, None, lambda point: building.with_point(content, point, place=form.no.data or 1), FormStep.ADDED
    )


@blueprint.route("/points/<int:no>", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def edit_point(item_id: int, no: int) -> Page:
    """Word a check point anew, or give it another place."""
    item = own_item(item_id)
    content = queries.form_content(item)
    if no > len(content.points) or no < 1:
        raise NotFound
    form = _point_form(item, point_values(content.points[no - 1], place=no))
    return _point_page(
        item,
        form,
        no,
        lambda point: building.with_changed_point(content, point, number=no, place=form.no.data or no),
        FormStep.CHANGED,
    )


def _point_form(item: Item, values: dict[str, object]) -> PointForm:
    form = PointForm(data={**values, "version": item.version})
    form.kind.choices = choices([(one.value, _(one.label)) for one in AnswerKind])
    return form


def _point_page(
    item: Item, form: PointForm, no: int | None, built: Callable[[PointContent], FormContent], step: FormStep
) -> Page:
    looking = "preview" in request.form
    if form.validate_on_submit() and not looking and change(item, form, lambda: built(typed_point(form)), step=step):
        return _back(item, _("Check point saved."))
    page = render_template(
        "items/point_form.html",
        item=item,
        form=form,
        no=no,
        point=typed_point(form) if form.kind.data in set(AnswerKind) else None,
        fault=_fault(form) if looking else "",
    )
    return BaseResponse(page, 422, mimetype="text/html") if form.errors else page


@blueprint.post("/preview")
@requires(Permission.ITEM_EDIT)
def preview(item_id: int) -> str:
    """Show a check point as typed so far, as the inspector would see it; nothing is saved."""
    form = _point_form(own_item(item_id), {})
    known = form.kind.data in set(AnswerKind)
    return render_template(
        "items/point_preview.html",
        point=typed_point(form) if known else None,
        no=small_number(text(form.no)) or 1,
        fault=_fault(form) if known else "",
    )


def _fault(form: PointForm) -> str:
    try:
        check_point(typed_point(form), number=small_number(text(form.no)) or 1)
    except DomainError as error:
        return str(told(error))
    return ""


def change(item: Item, form: Form, built: Callable[[], FormContent], *, step: FormStep) -> bool:
    """Change the form of the item; a refusal is shown at the field it speaks of."""
    try:
        forming.change_form(
            database.session(), item, built(), version=seen_version(text(form["version"])), step=step, actor=actor()
        )
    except DomainError as error:
        show_refusal(form, error)
        field = POINT_FIELDS.get(error.code, "")
        if field in form:
            first = next(one for one in form if one.errors)
            form[field].errors, first.errors = first.errors, [] if first.name != field else first.errors
        return False
    return True


def seen_version(sent: str) -> int:
    """Return the version of the item that the page was made from; 0 for nonsense, which never matches."""
    return small_number(sent) or 0


def _back(item: Item, message: str, *, anchor: str | None = None) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("item_forms.builder", item_id=item.id, _anchor=anchor))


@blueprint.post("/points/<int:no>/move")
@requires(Permission.ITEM_EDIT)
def move_point(item_id: int, no: int) -> BaseResponse:
    """Give a check point another place."""
    item = own_item(item_id)
    place = small_number(request.form.get("to", "")) or no
    built = building.with_moved_point(queries.form_content(item), number=no, place=place)
    return _stepped(item, built, FormStep.MOVED, _("Check point moved."), anchor=f"point-{place}")


@blueprint.post("/points/<int:no>/remove")
@requires(Permission.ITEM_EDIT)
def remove_point(item_id: int, no: int) -> BaseResponse:
    """Take a check point out of the form."""
    item = own_item(item_id)
    built = building.without_point(queries.form_content(item), no)
    return _stepped(item, built, FormStep.REMOVED, _("Check point taken out. “Take back” brings it back."))


def _stepped(item: Item, form: FormContent, step: FormStep, message: str, *, anchor: str | None = None) -> BaseResponse:
    version = seen_version(request.form.get("version", ""))
    forming.change_form(database.session(), item, form, version=version, step=step, actor=actor())
    return _back(item, message, anchor=anchor)


@blueprint.post("/undo")
@requires(Permission.ITEM_EDIT)
def undo(item_id: int) -> BaseResponse:
    """Take the last change back."""
    item = own_item(item_id)
    version = seen_version(request.form.get("version", ""))
    forming.undo_change(database.session(), item, version=version, actor=actor())
    return _back(item, _("The last change was taken back."))


@blueprint.route("/phrases", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def phrases(item_id: int) -> Page:
    """Word the problems that inspectors can tick."""
    item = own_item(item_id)
    content = queries.form_content(item)
    form = PhrasesForm(data={"version": item.version, "rows": phrase_rows(content.phrases, blank=BLANK_PHRASES)})
    if form.validate_on_submit() and change(
        item, form, lambda: FormContent(content.points, typed_phrases(form)), step=FormStep.PHRASES
    ):
        return _back(item, _("Standard wordings saved."), anchor="phrases")
    return render_template("items/phrases_form.html", item=item, form=form)


@blueprint.route("/copy", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def copy(item_id: int) -> Page:
    """Choose check points and wordings of another item of the draft and copy them here."""
    item = own_item(item_id)
    code = request.args.get("source", "")
    source = queries.find_item(database.session(), item.list_id, code) if code else None
    content, offered = queries.form_content(item), queries.form_content(source) if source else FormContent()
    form = CopyForm(data={"version": item.version})
    form.points.choices = choices([(str(no), f"{no}. {name_of(one, 'question')}") for no, one in _numbered(source)])
    form.phrases.choices = choices(
        [(str(no), name_of(one, "text")) for no, one in enumerate(source.phrases if source else (), 1)]
    )
    if form.validate_on_submit() and change(
        item, form, lambda: building.with_copies(content, *_chosen(form, offered)), step=FormStep.COPIED
    ):
        return _back(item, _("Copied. What the form had already was not copied again."))
    others = [one for one in queries.list_items(database.session(), item.list_id) if one.id != item.id]
    others.sort(key=lambda one: (one.department_id != item.department_id, one.code))
    return render_template("items/copy_form.html", item=item, form=form, source=source, others=others)


def _numbered(source: Item | None) -> list[tuple[int, object]]:
    return [(point.no, point) for point in source.check_points] if source else []


def _chosen(form: CopyForm, offered: FormContent) -> tuple[list[PointContent], list[PhraseContent]]:
    points = [offered.points[int(no) - 1] for no in form.points.data or ()]
    return points, [offered.phrases[int(no) - 1] for no in form.phrases.data or ()]


@blueprint.get("/history")
@requires(Permission.ITEM_EDIT)
def history(item_id: int) -> str:
    """Show who changed what in the form and in the item."""
    item, session = own_item(item_id), database.session()
    return render_template(
        "items/form_history.html",
        item=item,
        changes=[(one, _differences(one)) for one in list_changes(session, item)],
        entries=[one for one in list_history(session, "item", item.code) if "form" not in one.details],
        words=change_words,
        labels=LABELS,
    )


def _differences(change: FormChange) -> list[FieldChange]:
    return form_differences(read_form(change.before), read_form(change.after))
