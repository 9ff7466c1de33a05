"""The workspace where leads draft the next version of the list and the coordinator publishes it."""

from collections.abc import Callable
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.errors import DomainError
from supervision.items import forming, queries, services
from supervision.items.comparison import compare_lists
from supervision.items.faults import publication_faults
from supervision.items.forms import (
    ItemForm,
    MaterialsForm,
    NewItemForm,
    PointsForm,
    PublishForm,
    SuspendForm,
    split_codes,
)
from supervision.items.models import Item
from supervision.items.rules import (
    AnswerKind,
    ItemCategory,
    ItemContent,
    ListFacts,
    ListState,
    MaterialContent,
    PointContent,
)
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of

blueprint = Blueprint("item_drafts", __name__, url_prefix="/items/draft")
Page = str | BaseResponse
BLANK_POINTS = 2
BLANK_MATERIALS = 3
# columns of a check point that are not plain text
POINT_VALUES = frozenset({"kind", "options", "veto", "photo"})


@blueprint.get("/")
@requires(Permission.ITEM_EDIT, Permission.ITEM_LIST_PUBLISH)
def index() -> str:
    """Show the draft: what is mine, what it changes so far, what keeps it from being published."""
    session, viewer = database.session(), actor()
    draft = queries.find_draft_list(session)
    if draft is None:
        return render_template("items/draft_none.html", published=queries.find_published_list(session))
    facts, published = queries.load_facts(session, draft), queries.find_published_list(session)
    old = queries.load_facts(session, published) if published else ListFacts(0, "", "", (), ())
    own = viewer.department_id if viewer.may(Permission.ITEM_EDIT) else None
    return render_template(
        "items/draft.html",
        draft=draft,
        items=queries.list_items(session, draft.id, department_id=own, with_suspended=True),
        joints=queries.list_joint_items(session, draft.id, department_id=own),
        changes={one.code: one.kind for one in compare_lists(old, facts)},
        faults=publication_faults(facts),
        viewer=viewer,
        may_publish=viewer.may(Permission.ITEM_LIST_PUBLISH),
        may_edit=viewer.may(Permission.ITEM_EDIT),
    )


@blueprint.post("/begin")
@requires(Permission.ITEM_EDIT, Permission.ITEM_LIST_PUBLISH)
def begin() -> BaseResponse:
    """Begin the draft of the next version."""
    draft = services.begin_draft(database.session(), actor=actor())
    database.commit()
    flash(_("Draft of version %(number)s begun.", number=draft.number), "success")
    return redirect(url_for("item_drafts.index"))


@blueprint.route("/items/new", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def add() -> Page:
    """Add an item of one's own department."""
    draft = queries.get_draft_list(database.session())
    form = _with_choices(NewItemForm(max_per_year=1, min_inspectors=2, duration_minutes=60))
    if form.validate_on_submit() and _tried(
        form,
        lambda: services.add_item(database.session(), draft, _content(form), code=text(form.code), actor=actor()),
    ):
        item = queries.get_item_by_code(database.session(), draft.id, text(form.code))
        return _saved(item, _("Item added. Now enter its check points."))
    return render_template("items/item_form.html", form=form, item=None)


@blueprint.route("/items/<int:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def edit(item_id: int) -> Page:
    """Word an item of the draft anew."""
    item = _own_item(item_id)
    form = _with_choices(ItemForm(data=_form_values(item)))
    if form.validate_on_submit() and _tried(
        form,
        lambda: services.change_item(database.session(), item, _content(form), version=_version(form), actor=actor()),
    ):
        return _saved(item, _("Item saved."))
    return render_template("items/item_form.html", form=form, item=item)


@blueprint.route("/items/<int:item_id>/check-points", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def check_points(item_id: int) -> Page:
    """Edit all questions of an item on one page: change, add, put in order, remove."""
    item = _own_item(item_id)
    form = PointsForm(data={"version": item.version, "rows": _point_rows(item)})
    for row in form.rows:
        row.form.kind.choices = choices([(one.value, _(one.label)) for one in AnswerKind])
    if form.validate_on_submit() and _tried(
        form,
        lambda: forming.change_check_points(
            database.session(), item, _points(form), version=_version(form), actor=actor()
        ),
    ):
        return _saved(item, _("Check points saved."))
    return render_template("items/points_form.html", form=form, item=item)


@blueprint.route("/items/<int:item_id>/materials", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def materials(item_id: int) -> Page:
    """Edit the papers an enterprise is told to have ready."""
    item = _own_item(item_id)
    form = MaterialsForm(data={"version": item.version, "rows": _material_rows(item)})
    if form.validate_on_submit() and _tried(
        form,
        lambda: services.change_materials(
            database.session(), item, _materials(form), version=_version(form), actor=actor()
        ),
    ):
        return _saved(item, _("Materials saved."))
    return render_template("items/materials_form.html", form=form, item=item)


@blueprint.route("/items/<int:item_id>/suspend", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT)
def suspend(item_id: int) -> Page:
    """Take an item out of use in the next version, or back into it."""
    item = _own_item(item_id)
    form = SuspendForm(version=item.version)
    if form.validate_on_submit() and _tried(
        form,
        lambda: services.suspend_item(
            database.session(),
            item,
            suspended=not item.suspended,
            reason=text(form.reason),
            version=_version(form),
            actor=actor(),
        ),
    ):
        return _saved(item, _("Item saved."))
    return render_template("items/suspend_form.html", form=form, item=item)


@blueprint.route("/publish", methods=["GET", "POST"])
@requires(Permission.ITEM_LIST_PUBLISH)
def publish() -> Page:
    """Publish the draft under its document number."""
    session = database.session()
    draft, form = queries.get_draft_list(session), PublishForm()
    if form.validate_on_submit():
        services.publish_list(
            session, draft, document_number=text(form.document_number), note=text(form.note), actor=actor()
        )
        database.commit()
        flash(_("Version %(number)s is published and in force.", number=draft.number), "success")
        return redirect(url_for("items.version_show", number=draft.number))
    facts, published = queries.load_facts(session, draft), queries.find_published_list(session)
    changed = len(compare_lists(queries.load_facts(session, published), facts)) if published else len(facts.items)
    return render_template(
        "items/publish_form.html", form=form, draft=draft, faults=publication_faults(facts), changed=changed
    )


def _own_item(item_id: int) -> Item:
    """Load an item of the draft; of a published version there is nothing to edit."""
    item, version = queries.get_visible_item(database.session(), actor(), item_id)
    if version.state is not ListState.DRAFT or item.department_id != actor().department_id:
        raise services.not_yours()
    return item


def _tried(form: ItemForm | PointsForm | MaterialsForm | SuspendForm, step: Callable[[], object]) -> bool:
    """Take the step; a refusal is shown in the form."""
    try:
        step()
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _saved(item: Item, message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("items.show", item_id=item.id))


def _version(form: ItemForm | PointsForm | MaterialsForm | SuspendForm) -> int:
    seen = text(form.version)
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _with_choices(form: ItemForm) -> ItemForm:
    form.category.choices = choices([(one.value, _(one.label)) for one in ItemCategory])
    results = queries.list_result_codes(database.session())
    form.allowed_results.choices = choices([(one.code, f"{one.code} {name_of(one)}") for one in results])
    return form


def _form_values(item: Item) -> dict[str, object]:
    names = ("name_zh", "name_en", "object_type", "method", "category", "legal_basis", "max_per_year")
    values = {name: getattr(item, name) for name in (*names, "min_inspectors", "duration_minutes", "version")}
    return {
        **values,
        "category": item.category.value,
        "ratio": f"{item.ratio_bp / 100:g}",
        "industries": "、".join(item.industries),
        "allowed_results": item.allowed_results,
    }


def _content(form: ItemForm) -> ItemContent:
    return ItemContent(
        name_zh=text(form.name_zh),
        name_en=text(form.name_en),
        object_type=text(form.object_type),
        method=text(form.method),
        category=ItemCategory(form.category.data),
        legal_basis=text(form.legal_basis),
        ratio_bp=int(Decimal(text(form.ratio)) * 100),
        max_per_year=form.max_per_year.data or 0,
        min_inspectors=form.min_inspectors.data or 0,
        industries=split_codes(text(form.industries)),
        allowed_results=tuple(form.allowed_results.data or ()),
        duration_minutes=form.duration_minutes.data or 0,
    )


def _point_rows(item: Item) -> list[dict[str, object]]:
    names = [name for name in PointContent.__slots__ if name not in {"options", "kind"}]
    rows: list[dict[str, object]] = [
        {
            "no": point.no,
            "kind": point.kind.value,
            "options": "\n".join(point.options),
            **{name: getattr(point, name) for name in names},
        }
        for point in item.check_points
    ]
    count = len(rows)
    return rows + [{"no": count + number, "kind": AnswerKind.YES_NO.value} for number in range(1, BLANK_POINTS + 1)]


def _points(form: PointsForm) -> list[PointContent]:
    rows = [row.form for row in form.rows if not row.form.remove.data]
    filled = [row for row in rows if any(text(row[name]) for name in ("question_zh", "question_en", "options"))]
    return [
        PointContent(
            kind=AnswerKind(row.kind.data),
            options=tuple(line.strip() for line in text(row.options).splitlines() if line.strip()),
            veto=bool(row.veto.data),
            photo=bool(row.photo.data),
            **{name: text(row[name]) for name in PointContent.__slots__ if name not in POINT_VALUES},
        )
        for row in sorted(filled, key=lambda one: one.no.data or 0)
    ]


def _material_rows(item: Item) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"no": one.no, "name_zh": one.name_zh, "name_en": one.name_en} for one in item.materials
    ]
    count = len(rows)
    return rows + [{"no": count + number} for number in range(1, BLANK_MATERIALS + 1)]


def _materials(form: MaterialsForm) -> list[MaterialContent]:
    rows = [row.form for row in form.rows if not row.form.remove.data]
    filled = [row for row in rows if text(row.name_zh) or text(row.name_en)]
    return [
        MaterialContent(text(row.name_zh), text(row.name_en))
        for row in sorted(filled, key=lambda one: one.no.data or 0)
    ]
