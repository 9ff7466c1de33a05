"""The item list as everybody reads it: the version in force, its items, joint items, versions and what changed."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from supervision.departments.queries import list_departments
from supervision.errors import NotFound
from supervision.intake.downloads import register_header, register_rows
from supervision.items import queries
from supervision.items.comparison import POINT_LABELS, FieldChange, compare_lists
from supervision.items.import_values import item_cells
from supervision.items.imports import KIND as ITEM_KIND
from supervision.items.industries import industry_names, sections
from supervision.items.models import Item, ItemList
from supervision.items.rules import AnswerKind, ItemCategory, ListState, list_bytes, list_digest, option_name
from supervision.items.units import unit_names
from supervision.labels import Labeled
from supervision.listing import ListQuery, Page
from supervision.permissions import PUBLIC, Actor, Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.exports import download
from supervision.web.languages import colon, language, name_of
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("items", __name__)
EXPORT_ROWS = 10_000


@blueprint.app_template_filter("percent")
def percent(basis_points: int | None) -> str:
    """Show hundredths of a percent as a percentage without idle zeros."""
    return "—" if basis_points is None else f"{basis_points / 100:g} %"


@blueprint.app_template_filter("industry_list")
def industry_list(codes: Sequence[str]) -> str:
    """Show industry codes with their names; none means every industry."""
    if not codes:
        return str(_("Every industry"))
    known = industry_names()
    return "、".join(f"{code} {name_of(known[code])}" if code in known else code for code in codes)


@blueprint.app_template_filter("option_name")
def shown_option(option: str) -> str:
    """Show one choice of a check point in this request's language."""
    return option_name(option, language())


@blueprint.get("/items/")
@requires(Permission.REGISTRY_VIEW)
def index() -> str:
    """Show the items of the version in force, or of another version."""
    return _index(actor(), "items.show", "items.export")


@blueprint.get("/public/items")
@public
def public_index() -> str:
    """Show the published list to everybody (R-1.40)."""
    return _index(PUBLIC, "items.public_show", "items.public_export")


def _index(viewer: Actor, endpoint: str, export_endpoint: str) -> str:
    filters = _filters(viewer)
    query = read_query(filters)
    version = chosen_version(viewer, filters[0].value)
    page: Page[Item] = queries.search_items(database.session(), version.id, query) if version else Page([], 0)
    listing = Listing(
        query,
        page,
        [
            Column("code", lazy_gettext("Item code"), True),
            Column("name", lazy_gettext("Item"), True),
            Column("department", lazy_gettext("Department"), True),
            Column("category", lazy_gettext("Category"), True),
            Column("ratio", lazy_gettext("Ratio"), True, numeric=True),
        ],
        filters,
        lazy_gettext("Name, code or legal basis"),
        export_endpoint if version else "",
    )
    counts = queries.count_items(database.session(), version.id) if version else (0, 0)
    return render_template("items/index.html", listing=listing, version=version, counts=counts, endpoint=endpoint)


def _filters(viewer: Actor) -> list[Filter]:
    departments = list_departments(database.session())
    return [
        version_filter(viewer),
        Filter("department", lazy_gettext("Department"), [(one.code, name_of(one)) for one in departments]),
        Filter("category", lazy_gettext("Category"), [(one.value, _(one.label)) for one in ItemCategory]),
        Filter("industry", lazy_gettext("Industry"), [(one.code, f"{one.code} {name_of(one)}") for one in sections()]),
    ]


def version_filter(viewer: Actor) -> Filter:
    """Return the choice of the version, in force where none is chosen."""
    versions = queries.list_lists(database.session(), viewer)
    in_force = ("", lazy_gettext("Version in force"))
    return Filter(
        "list", lazy_gettext("Version"), [in_force, *((str(one.number), version_name(one)) for one in versions)]
    )


def version_name(version: ItemList) -> str:
    """Return a version's number and state."""
    return f"{_('Version %(number)s', number=version.number)} · {_(version.state.label)}"


def chosen_version(viewer: Actor, number: str) -> ItemList | None:
    """Return the version with this number, or the one in force."""
    if number:
        return queries.get_list(database.session(), viewer, int(number))
    return queries.find_published_list(database.session())


@blueprint.get("/items/export/<any(csv, xlsx):format>")
@requires(Permission.REGISTRY_VIEW)
def export(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the list as filtered, with its check points, in the columns that the import reads."""
    version, items = _filtered_items(actor())
    rows = register_rows(ITEM_KIND, item_cells(items, language()))
    return download(format, f"{_('Inspection items')}-{version.number}", register_header(ITEM_KIND), rows)


@blueprint.get("/public/items/export/<any(csv, xlsx):format>")
@public
def public_export(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the published list."""
    version, items = _filtered_items(PUBLIC)
    header = [
        _("Item code"), _("Chinese name"), _("English name"), _("Department"), _("Objects"), _("Method"), _("Category"),
        _("Legal basis"), _("Ratio"), _("Times a year"), _("Fewest inspectors"), _("Industries"), _("Allowed results"),
        _("Suspended"),
    ]  # fmt: skip
    rows = (
        [
            item.code, item.name_zh, item.name_en, name_of(item.department), item.object_type, item.method,
            _(item.category.label), item.legal_basis, percent(item.ratio_bp), item.max_per_year, item.min_inspectors,
            "、".join(item.industries), "、".join(item.allowed_results), _("Yes") if item.suspended else _("No"),
        ]
        for item in items
    )  # fmt: skip
    return download(format, f"{_('Inspection items')}-{version.number}", header, rows)


def _filtered_items(viewer: Actor) -> tuple[ItemList, Sequence[Item]]:
    """Return the version asked for and all its items that the filters leave."""
    filters = _filters(viewer)
    query = read_query(filters)
    version = chosen_version(viewer, filters[0].value)
    if version is None:
        raise NotFound
    everything = ListQuery(query.q, query.sort, query.descending, 1, EXPORT_ROWS, query.filters)
    return version, queries.search_items(database.session(), version.id, everything, whole=True).items


@blueprint.get("/items/<int:item_id>")
@requires(Permission.REGISTRY_VIEW)
def show(item_id: int) -> str:
    """Show one item with its check points, materials and allowed results."""
    return _show(actor(), item_id)


@blueprint.get("/public/items/<int:item_id>")
@public
def public_show(item_id: int) -> str:
    """Show one item of a published version to everybody."""
    return _show(PUBLIC, item_id)


def _show(viewer: Actor, item_id: int) -> str:
    session = database.session()
    item, version = queries.get_visible_item(session, viewer, item_id)
    return render_template(
        "items/show.html",
        item=item,
        version=version,
        results=queries.list_result_codes(session, codes=item.allowed_results),
        joints=queries.list_joint_items_with(session, item),
        for_staff=viewer is not PUBLIC,
        editable=version.state is ListState.DRAFT and viewer.department_id == item.department_id,
        AnswerKind=AnswerKind,
    )


@blueprint.get("/items/lists")
@public
def lists() -> str:
    """List the versions with document number and digest."""
    versions = queries.list_lists(database.session(), actor())
    counts = {one.id: queries.count_items(database.session(), one.id) for one in versions}
    return render_template("items/lists.html", versions=versions, counts=counts, ListState=ListState)


@blueprint.get("/items/lists/<int:number>.json")
@public
def version_json(number: int) -> Response:
    """Hand out the canonical JSON of a published version: the very bytes its digest is of."""
    version = queries.get_list(database.session(), PUBLIC, number)
    data = list_bytes(queries.load_facts(database.session(), version))
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="item-list-{number}.json"'
    return response


@blueprint.get("/items/lists/<int:number>")
@public
def version_show(number: int) -> str:
    """Show one version: its digest computed again now, and what it changed."""
    session, viewer = database.session(), actor()
    version = queries.get_list(session, viewer, number)
    others = [one for one in queries.list_lists(session, viewer) if one.number < number]
    wanted = request.args.get("before", "")
    old = next((one for one in others if str(one.number) == wanted), others[0] if others else None)
    facts = queries.load_facts(session, version)
    differences = compare_lists(queries.load_facts(session, old), facts) if old else []
    return render_template(
        "items/version.html",
        version=version,
        old=old,
        others=others,
        differences=differences,
        counts=(len(facts.items), len(facts.joint_items)),
        whole=version.digest == list_digest(facts),
        ListState=ListState,
        words=change_words,
    )


@blueprint.app_template_filter("unit")
def unit_here(unit: str | None) -> str:
    """Return a unit of measurement in the language of the page."""
    return unit_names(unit or "")[language() == "en"]


def change_words(change: FieldChange, value: object) -> str:
    """Show one side of a change as people read it."""
    if change.field == "ratio_bp" and isinstance(value, int):
        return percent(value)
    if change.field == "industries" and isinstance(value, tuple):
        return industry_list(value)
    if change.field == "point_changed" and isinstance(value, tuple):
        question, *parts = value
        said = ((label, _part_words(label, part)) for label, part in parts)
        return "\n".join([question, *(f"{_(label)}{colon()}{words or '—'}" for label, words in said)])
    return _plain_words(value)


def _part_words(label: str, part: object) -> str:
    return unit_here(part) if label == POINT_LABELS["unit"] and isinstance(part, str) else _plain_words(part)


def _plain_words(value: object) -> str:
    if isinstance(value, Labeled):
        return str(_(value.label))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return "、".join(value) if isinstance(value, tuple) else str(value)
