"""The joint list as everybody reads it: field, items, objects, lead, partners, ratio and category (R-1.42)."""

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from supervision.departments.queries import list_departments
from supervision.errors import NotFound
from supervision.intake.downloads import register_header, register_rows
from supervision.items import queries
from supervision.items.import_values import joint_cells
from supervision.items.joint_imports import KIND
from supervision.items.joint_search import search_joint_items
from supervision.items.models import JointItem
from supervision.items.rules import ItemCategory
from supervision.items.views import blueprint, chosen_version, version_filter
from supervision.listing import Page
from supervision.permissions import PUBLIC, Actor, Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.exports import download
from supervision.web.languages import language, name_of
from supervision.web.listing import Column, Filter, Listing, read_query

__all__ = ["blueprint"]


@blueprint.get("/items/joint")
@requires(Permission.REGISTRY_VIEW)
def joint_index() -> str:
    """List the joint items of the version in force, or of another version."""
    return _index(actor(), "items.joint_show", "items.joint_export")


@blueprint.get("/public/items/joint")
@public
def public_joint_index() -> str:
    """Show the published joint list to everybody (R-1.40, R-1.42)."""
    return _index(PUBLIC, "items.public_joint_show", "")


def _index(viewer: Actor, endpoint: str, export_endpoint: str) -> str:
    filters = [
        version_filter(viewer),
        Filter(
            "department",
            lazy_gettext("Department"),
            [(one.code, name_of(one)) for one in list_departments(database.session())],
        ),
        Filter("category", lazy_gettext("Category"), [(one.value, _(one.label)) for one in ItemCategory]),
    ]
    query = read_query(filters)
    version = chosen_version(viewer, filters[0].value)
    page: Page[JointItem] = search_joint_items(database.session(), version.id, query) if version else Page([], 0)
    listing = Listing(
        query,
        page,
        [
            Column("code", lazy_gettext("Joint item code"), True),
            Column("name", lazy_gettext("Joint item"), True),
            Column("field", lazy_gettext("Field of supervision"), True),
            Column("objects", lazy_gettext("Objects")),
            Column("lead", lazy_gettext("Lead department"), True),
            Column("partners", lazy_gettext("Cooperating departments")),
            Column("category", lazy_gettext("Category")),
            Column("ratio", lazy_gettext("Ratio"), True, numeric=True),
        ],
        filters,
        lazy_gettext("Name, code, field, object or item"),
        export_endpoint if version else "",
    )
    return render_template(
        "items/joint_index.html", listing=listing, version=version, endpoint=endpoint, for_staff=viewer is not PUBLIC
    )


@blueprint.get("/items/joint/export/<any(csv, xlsx):format>")
@requires(Permission.REGISTRY_VIEW)
def joint_export(format: str) -> Response:  # noqa: A002 - the name in the address
    """Download the joint items of a version in the columns that the import reads."""
    chosen = version_filter(actor())
    read_query([chosen])
    version = chosen_version(actor(), chosen.value)
    if version is None:
        raise NotFound
    rows = register_rows(KIND, joint_cells(queries.list_joint_items(database.session(), version.id), language()))
    return download(format, f"{_('Joint items')}-{version.number}", register_header(KIND), rows)


@blueprint.get("/items/joint/<int:joint_item_id>")
@requires(Permission.REGISTRY_VIEW)
def joint_show(joint_item_id: int) -> str:
    """Show one joint item: its departments and the items each brings."""
    return _show(actor(), joint_item_id)


@blueprint.get("/public/items/joint/<int:joint_item_id>")
@public
def public_joint_show(joint_item_id: int) -> str:
    """Show one joint item of a published version to everybody."""
    return _show(PUBLIC, joint_item_id)


def _show(viewer: Actor, joint_item_id: int) -> str:
    joint, version = queries.get_visible_joint_item(database.session(), viewer, joint_item_id)
    return render_template("items/joint_show.html", joint=joint, version=version, for_staff=viewer is not PUBLIC)
