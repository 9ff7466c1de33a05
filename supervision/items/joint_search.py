"""Searching the joint list."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.items.models import Item, JointItem, JointItemPart
from supervision.items.rules import ItemCategory
from supervision.listing import ListQuery, Page, load_page


def search_joint_items(session: Session, list_id: int, query: ListQuery) -> Page[JointItem]:
    """Return a page of one version's joint items: search by code, name, field, object or item; filter by department."""
    statement = (
        sa.select(JointItem)
        .join(Department, JointItem.lead_department_id == Department.id)
        .where(JointItem.list_id == list_id)
    )
    if query.q:
        statement = statement.where(_says_joint(query.q))
    if code := query.filters.get("department"):
        statement = statement.where(sa.or_(Department.code == code, JointItem.id.in_(_joint_ids_of(code))))
    if category := query.filters.get("category"):
        inside = sa.select(JointItemPart.joint_item_id).join(Item, JointItemPart.item_id == Item.id)
        key = JointItem.id.in_(inside.where(Item.category == ItemCategory.KEY))
        statement = statement.where(key if category == ItemCategory.KEY else ~key)
    return load_page(
        session,
        statement,
        query,
        sorts={
            "code": JointItem.code,
            "field": JointItem.field,
            "name": JointItem.name_zh,
            "lead": Department.id,
            "ratio": JointItem.ratio_bp,
        },
        default_sort="code",
        tie_breaker=JointItem.id,
    )


def _says_joint(words: str) -> sa.ColumnElement[bool]:
    """Find joint items by their own words or by those of an item in them."""
    inside = sa.select(JointItemPart.joint_item_id).join(Item, JointItemPart.item_id == Item.id)
    items = (Item.code, Item.name_zh, Item.name_en, Item.object_type)
    own = (JointItem.code, JointItem.name_zh, JointItem.name_en, JointItem.field)
    found = inside.where(sa.or_(*(one.icontains(words, autoescape=True) for one in items)))
    return sa.or_(JointItem.id.in_(found), *(one.icontains(words, autoescape=True) for one in own))


def _joint_ids_of(department_code: str) -> sa.Select[int]:
    return (
        sa.select(JointItemPart.joint_item_id)
        .join(Item, JointItemPart.item_id == Item.id)
        .join(Department, Item.department_id == Department.id)
        .where(Department.code == department_code)
    )
