"""The item list and the joint list in force as open data: what may be inspected at all, and by which law (R-1.40)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time

from sqlalchemy.orm import Session

from reports.open_data.datasets import JOIN, Dataset, Field, Row
from reports.portal.queries import newest_change
from supervision.clock import SHANGHAI
from supervision.items.import_values import ratio_text
from supervision.items.models import Item, ItemList, JointItem
from supervision.items.queries import find_published_list, list_items, list_joint_items
from supervision.labels import N_
from supervision.listing import ListQuery

CHANGED = "item_list"
# 检查层级: this platform is a district's
LEVEL = "district"


def changes(session: Session) -> dict[str, datetime | None]:
    """Return when plans, draws, results and the list last changed."""
    return {**newest_change(session), CHANGED: _changed_at(session)}


def _changed_at(session: Session) -> datetime | None:
    """Return the beginning of the day on which the version in force was published."""
    version = find_published_list(session)
    if version is None or version.published_on is None:
        return None
    return datetime.combine(version.published_on, time.min, SHANGHAI)


def _head(version: ItemList) -> dict[str, str | int | bool | None]:
    return {
        "version": version.number,
        "document_number": version.document_number,
        "published_on": version.published_on.isoformat() if version.published_on else None,
    }


def _items(session: Session, query: ListQuery) -> Iterator[Row]:  # noqa: ARG001 - the whole list, never a part
    version = find_published_list(session)
    if version is not None:
        head = _head(version)
        for item in list_items(session, version.id, with_suspended=True, whole=True):
            yield {**head, **_item(item)}


def _item(item: Item) -> Row:
    return {
        "code": item.code,
        "department": item.department.code,
        "department_name": item.department.name_zh,
        "name": item.name_zh,
        "name_en": item.name_en,
        "objects": item.object_type,
        "method": item.method,
        "category": item.category.value,
        "legal_basis": item.legal_basis,
        "ratio": ratio_text(item.ratio_bp),
        "times_a_year": item.max_per_year,
        "fewest_inspectors": item.min_inspectors,
        "industries": JOIN.join(item.industries),
        "allowed_results": JOIN.join(item.allowed_results),
        "check_points": "\n".join(point.question_zh for point in item.check_points),
        "materials": "\n".join(material.name_zh for material in item.materials),
        "suspended": item.suspended,
    }


def _joint_items(session: Session, query: ListQuery) -> Iterator[Row]:  # noqa: ARG001 - the whole list, never a part
    version = find_published_list(session)
    if version is not None:
        head = _head(version)
        for joint in list_joint_items(session, version.id):
            yield {**head, **_joint(joint)}


def _joint(joint: JointItem) -> Row:
    lead, *partners = joint.departments
    return {
        "code": joint.code,
        "field": joint.field,
        "name": joint.name_zh,
        "name_en": joint.name_en,
        "items": JOIN.join(part.item.code for part in joint.parts),
        "objects": JOIN.join(joint.object_types),
        "lead": lead.code,
        "lead_name": lead.name_zh,
        "partners": JOIN.join(one.code for one in partners),
        "partner_names": JOIN.join(one.name_zh for one in partners),
        "level": LEVEL,
        "ratio": ratio_text(joint.ratio_bp),
        "category": joint.category.value,
        "industries": JOIN.join(joint.industries),
    }


_HEAD = (
    Field("version", N_("Number of the version of the list")),
    Field("document_number", N_("Number of the document that published it")),
    Field("published_on", N_("Day of publication")),
)
ITEM_LIST = Dataset(
    "item_list",
    N_("Item list"),
    N_("One row for each inspection item of the version in force, suspended ones too."),
    (
        *_HEAD,
        Field("code", N_("Code of the item; it never changes")),
        Field("department", N_("Code of the inspecting department")),
        Field("department_name", N_("Name of the inspecting department")),
        Field("name", N_("Name of the item, in Chinese")),
        Field("name_en", N_("Name of the item, in English")),
        Field("objects", N_("Who or what is inspected")),
        Field("method", N_("How it is inspected")),
        Field("category", N_("general or key (key: safety, quality or the public interest)")),
        Field("legal_basis", N_("Legal basis of the item, in Chinese")),
        Field("ratio", N_("Share of the pool that is drawn, unless a plan says otherwise")),
        Field("times_a_year", N_("How often at most one entity is inspected for it in a year")),
        Field("fewest_inspectors", N_("Fewest inspectors of the department at a visit")),
        Field("industries", N_("Industries by GB/T 4754; empty means every industry")),
        Field("allowed_results", N_("Codes of the results it can have")),
        Field("check_points", N_("Questions of the form, one a line, in Chinese")),
        Field("materials", N_("What an entity should have ready, one a line, in Chinese")),
        Field("suspended", N_("Whether the item is out of use at present")),
    ),
    (
        N_("Nothing outside this list may be inspected; that an item is on it does not mean that it is planned."),
        N_("Earlier versions are kept with their digests on the page of versions."),
    ),
    CHANGED,
    _items,
)
JOINT_LIST = Dataset(
    "joint_list",
    N_("Joint list"),
    N_("One row for each joint item of the version in force."),
    (
        *_HEAD,
        Field("code", N_("Code of the joint item; it never changes")),
        Field("field", N_("Field of supervision")),
        Field("name", N_("Name of the joint item, in Chinese")),
        Field("name_en", N_("Name of the joint item, in English")),
        Field("items", N_("Codes of its items, in the item list")),
        Field("objects", N_("Who or what is inspected")),
        Field("lead", N_("Code of the lead department")),
        Field("lead_name", N_("Name of the lead department")),
        Field("partners", N_("Codes of the cooperating departments")),
        Field("partner_names", N_("Names of the cooperating departments")),
        Field("level", N_("Level at which it is carried out: district")),
        Field("ratio", N_("Share of the pool that is drawn, unless a plan says otherwise")),
        Field("category", N_("key as soon as one of its items is key, else general")),
        Field("industries", N_("Industries by GB/T 4754; empty means every industry")),
    ),
    (N_("The cooperating departments are those that own its items."),),
    CHANGED,
    _joint_items,
)
ITEM_DATASETS: Mapping[str, Dataset] = {one.key: one for one in (ITEM_LIST, JOINT_LIST)}
