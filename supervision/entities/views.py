"""The register of entities: its list, its download and one entity with all that belongs to it."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.entities import code_tables, queries, services, versions
from supervision.entities.duplicates import list_decisions
from supervision.entities.history import changes, file_changes
from supervision.entities.models import EntityType, Industry, SubDistrict, Tag
from supervision.entities.rules import EntityStatus, RiskClass, check_uscc
from supervision.listing import ListQuery
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.languages import language
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels
from supervision.web.templating import show_label

blueprint = Blueprint("entities", __name__, url_prefix="/entities")


def _named(rows: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return (code, name) in this request's language."""
    place = 2 if language() == "en" else 1
    return [(row[0], row[place]) for row in rows]


def _filters() -> list[Filter]:
    session = database.session()
    section = request.args.get("industry", "")[:1]
    industries = _named(code_tables.list_industry_choices(session, within=section if section.isalpha() else ""))
    filters = [
        Filter("status", lazy_gettext("Status"), [(one.value, _(one.label)) for one in EntityStatus]),
        Filter("type", lazy_gettext("Type"), _named(code_tables.list_choices(session, EntityType))),
        Filter("industry", lazy_gettext("Industry"), [(code, f"{code} {name}") for code, name in industries]),
        Filter("sub_district", lazy_gettext("Sub-district"), _named(code_tables.list_choices(session, SubDistrict))),
        Filter("low_touch", lazy_gettext("Low-touch list"), [("yes", _("On the list")), ("no", _("Not on the list"))]),
    ]
    if tags := _named(code_tables.list_choices(session, Tag)):
        filters.append(Filter("tag", lazy_gettext("Tag"), tags))
    if queries.may_see_risk(actor()):
        filters.append(Filter("risk", lazy_gettext("Risk class"), [(one.value, _(one.label)) for one in RiskClass]))
    return filters


@blueprint.get("/")
@requires(Permission.REGISTRY_VIEW)
def index() -> str:
    """List entities with search, filters and sorting."""
    filters = _filters()
    query = read_query(filters)
    columns = [
        Column("name", lazy_gettext("Name of entity"), True),
        Column("unit_id", lazy_gettext("Code"), True),
        Column("type", lazy_gettext("Type")),
        Column("industry", lazy_gettext("Industry")),
        Column("sub_district", lazy_gettext("Sub-district")),
        Column("registered_on", lazy_gettext("Registered on"), True),
        Column("status_since", lazy_gettext("Status"), True),
    ]
    if queries.may_see_risk(actor()):
        columns.append(Column("risk", lazy_gettext("Risk class")))
    page = queries.list_entities(database.session(), actor(), query)
    listing = Listing(
        query,
        page,
        columns,
        filters,
        lazy_gettext("Part of the name, code, or pinyin initials"),
        export_endpoint="entities.export",
    )
    known = {one.key: dict(one.options) for one in filters}
    return render_template(
        "entities/index.html",
        listing=listing,
        types=known["type"],
        sub_districts=known["sub_district"],
        industries=code_tables.name_industries(database.session(), (row.industry_code for row in page.items)),
        place=1 if language() == "en" else 0,
        sees_risk=queries.may_see_risk(actor()),
        may_edit=actor().may(Permission.ENTITY_EDIT),
        may_import=actor().may(Permission.REGISTRY_IMPORT),
    )


@blueprint.get("/export")
@requires(Permission.REGISTRY_VIEW)
def export() -> Response:
    """Download everything the list shows with its search and filters; never telephone numbers."""
    kind = request.args.get("format", "csv")
    header = [
        _("Code"),
        _("Name of entity"),
        _("Unified social credit code"),
        _("Registration number"),
        _("Type of entity"),
        _("Industry code"),
        _("Industry"),
        _("Sub-district"),
        _("Address (place of business)"),
        _("Legal representative"),
        _("Registered on"),
        _("Status"),
        _("Since"),
        _("Low-touch list"),
    ]
    if queries.may_see_risk(actor()):
        header.append(_("Risk class"))
    filename = _("entities") + f"-{clock.today().isoformat()}"
    filters = _filters()
    query = read_query(filters)
    kind = kind if kind in EXPORT_FORMATS else "csv"
    return hand_out(kind, filename, header, _export_rows(filters, query), what=DisclosedList.ENTITIES, query=query)


def _export_rows(filters: list[Filter], query: ListQuery) -> Iterator[list[object]]:
    viewer = actor()
    known = {one.key: dict(one.options) for one in filters}
    industries = dict(_named(code_tables.list_choices(database.session(), Industry)))
    statuses = {one: show_label(one) for one in EntityStatus}
    sees_risk = queries.may_see_risk(viewer)
    for row in queries.stream_entities(database.session(), viewer, query):
        yield [
            row.unit_id,
            row.name,
            row.uscc,
            row.registration_number,
            known["type"].get(row.type_code),
            row.industry_code,
            industries.get(row.industry_code),
            known["sub_district"].get(row.sub_district_code),
            row.address,
            row.legal_representative,
            row.registered_on,
            statuses[row.status],
            row.status_since,
            _("yes") if row.low_touch else _("no"),
            *([row.risk_class.value if row.risk_class else None] if sees_risk else []),
        ]


@blueprint.get("/<int:entity_id>")
@requires(Permission.REGISTRY_VIEW)
def show(entity_id: int) -> str:
    """Show one entity: identity, state, tags, what other rooms know of it, and its history."""
    session, viewer = database.session(), actor()
    entity = queries.get_entity(session, entity_id)
    by_hand = queries.list_changes(session, viewer, entity)
    return render_template(
        "entities/show.html",
        entity=entity,
        code=check_uscc(entity.uscc) if entity.uscc else None,
        tags=queries.list_tags_of(session, entity),
        look_alikes=queries.list_look_alikes(session, entity.name, except_id=entity.id, limit=5),
        sees_risk=queries.may_see_risk(viewer),
        risk_classes=queries.list_risk_classes(session, viewer, entity),
        may_edit=viewer.may(Permission.ENTITY_EDIT),
        may_withhold=viewer.may(Permission.ENTITY_WITHHOLD),
        may_change_status=viewer.may(Permission.ENTITY_EDIT) and services.statuses_for(entity.status, viewer),
        panels=shown_panels("entity", viewer, entity),
        history=[(entry, changes(entry)) for entry in by_hand],
        file_changes=[(one.at, file_changes(one)) for one in versions.list_file_changes(session, entity, by_hand)],
        duplicates=list_decisions(session, entity=entity),
    )
