"""Reading the item list: versions, items, joint items, result codes, and a version as a value."""

from collections.abc import Collection, Sequence
from typing import Any  # select statements over any row type

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from supervision.departments.models import Department
from supervision.errors import NotFound
from supervision.items.models import Item, ItemList, JointItem, JointItemPart, ResultCode
from supervision.items.rules import (
    FormContent,
    ItemCategory,
    ItemContent,
    ItemFacts,
    JointContent,
    JointFacts,
    ListFacts,
    ListState,
    MaterialContent,
    PhraseContent,
    PointContent,
)
from supervision.listing import ListQuery, Page, load_page
from supervision.permissions import Actor, Permission


def find_published_list(session: Session) -> ItemList | None:
    """Return the version in force, if one was published."""
    return session.scalar(sa.select(ItemList).where(ItemList.state == ListState.PUBLISHED))


def get_published_list(session: Session) -> ItemList:
    """Return the version in force or refuse."""
    found = find_published_list(session)
    if found is None:
        raise NotFound("no-item-list", "No item list has been published yet.")
    return found


def find_draft_list(session: Session) -> ItemList | None:
    """Return the draft of the next version, if one was begun."""
    return session.scalar(sa.select(ItemList).where(ItemList.state == ListState.DRAFT))


def get_draft_list(session: Session) -> ItemList:
    """Return the draft or refuse."""
    found = find_draft_list(session)
    if found is None:
        raise NotFound("no-draft", "No draft of the item list is open.")
    return found


def list_lists(session: Session, viewer: Actor) -> Sequence[ItemList]:
    """List the versions this viewer may see, newest first."""
    found: Sequence[ItemList] = session.scalars(_visible_lists(viewer).order_by(ItemList.number.desc())).all()
    return found


def get_list(session: Session, viewer: Actor, number: int) -> ItemList:
    """Return the version with this number or refuse."""
    found: ItemList | None = session.scalar(_visible_lists(viewer).where(ItemList.number == number))
    if found is None:
        raise NotFound
    return found


def _visible_lists(viewer: Actor) -> sa.Select[Any]:
    statement = sa.select(ItemList)
    return statement if may_see_draft(viewer) else statement.where(ItemList.state != ListState.DRAFT)


def may_see_draft(viewer: Actor) -> bool:
    """Say whether this viewer works on drafts; everybody else sees published versions only (R-1.40)."""
    return viewer.may(Permission.ITEM_EDIT) or viewer.may(Permission.ITEM_LIST_PUBLISH)


# an item with its form and its papers: files hand out all of them, and must not ask for each
_WHOLE = (selectinload(Item.check_points), selectinload(Item.materials), selectinload(Item.phrases))


def list_items(
    session: Session,
    list_id: int,
    *,
    department_id: int | None = None,
    codes: Collection[str] | None = None,
    with_suspended: bool = False,
    whole: bool = False,
) -> Sequence[Item]:
    """List the items of one version by code; suspended ones, and all that belongs to them, only when asked for."""
    statement = sa.select(Item).where(Item.list_id == list_id).options(*(_WHOLE if whole else ()))
    if department_id is not None:
        statement = statement.where(Item.department_id == department_id)
    if codes is not None:
        statement = statement.where(Item.code.in_(codes))
    if not with_suspended:
        statement = statement.where(Item.suspended.is_(False))
    return session.scalars(statement.order_by(Item.code)).all()


def search_items(session: Session, list_id: int, query: ListQuery, *, whole: bool = False) -> Page[Item]:
    """Return a page of one version's items: search by code, name or basis; filters department, category, industry."""
    statement = sa.select(Item).join(Department, Item.department_id == Department.id).where(Item.list_id == list_id)
    return load_page(
        session,
        _filtered(statement, query).options(*(_WHOLE if whole else ())),
        query,
        sorts={
            "code": Item.code,
            "name": Item.name_zh,
            "department": Department.id,
            "ratio": Item.ratio_bp,
            "category": Item.category,
        },
        default_sort="code",
        tie_breaker=Item.id,
    )


def _filtered(statement: sa.Select[Any], query: ListQuery) -> sa.Select[Any]:
    if query.q:
        columns = (Item.code, Item.name_zh, Item.name_en, Item.legal_basis)
        statement = statement.where(sa.or_(*(one.icontains(query.q, autoescape=True) for one in columns)))
    if code := query.filters.get("department"):
        statement = statement.where(Department.code == code)
    if category := query.filters.get("category"):
        statement = statement.where(Item.category == ItemCategory(category))
    if prefix := query.filters.get("industry"):
        # industries are stored as JSON text: a quoted code begins with the prefix, an empty list means every industry
        listed = Item.industries.cast(sa.Text)
        statement = statement.where(sa.or_(listed.contains(f'"{prefix}', autoescape=True), listed == "[]"))
    return statement


def find_item(session: Session, list_id: int, code: str) -> Item | None:
    """Return the item with this code in one version."""
    return session.scalar(sa.select(Item).where(Item.list_id == list_id, Item.code == code))


def get_item_by_code(session: Session, list_id: int, code: str) -> Item:
    """Return the item with this code in one version or refuse."""
    found = find_item(session, list_id, code)
    if found is None:
        raise NotFound
    return found


def get_item(session: Session, item_id: int) -> Item:
    """Return the item or refuse."""
    found = session.get(Item, item_id)
    if found is None:
        raise NotFound
    return found


def get_visible_item(session: Session, viewer: Actor, item_id: int) -> tuple[Item, ItemList]:
    """Return an item with its version, if this viewer may see that version."""
    item = get_item(session, item_id)
    version = session.get_one(ItemList, item.list_id)
    if version.state is ListState.DRAFT and not may_see_draft(viewer):
        raise NotFound
    return item, version


def list_joint_items(session: Session, list_id: int, *, department_id: int | None = None) -> Sequence[JointItem]:
    """List the joint items of one version by code; with ``department_id`` those it leads or takes part in."""
    statement = sa.select(JointItem).where(JointItem.list_id == list_id).order_by(JointItem.code)
    if department_id is not None:
        taking_part = (
            sa.select(JointItemPart.joint_item_id)
            .join(Item, JointItemPart.item_id == Item.id)
            .where(Item.department_id == department_id)
        )
        statement = statement.where(
            sa.or_(JointItem.lead_department_id == department_id, JointItem.id.in_(taking_part))
        )
    return session.scalars(statement).all()


def get_joint_item(session: Session, joint_item_id: int) -> JointItem:
    """Return the joint item or refuse."""
    found = session.get(JointItem, joint_item_id)
    if found is None:
        raise NotFound
    return found


def get_visible_joint_item(session: Session, viewer: Actor, joint_item_id: int) -> tuple[JointItem, ItemList]:
    """Return a joint item with its version, if this viewer may see that version."""
    joint = get_joint_item(session, joint_item_id)
    version = session.get_one(ItemList, joint.list_id)
    if version.state is ListState.DRAFT and not may_see_draft(viewer):
        raise NotFound
    return joint, version


def list_joint_items_with(session: Session, item: Item) -> Sequence[JointItem]:
    """List the joint items of the same version that contain ``item``."""
    inside = sa.select(JointItemPart.joint_item_id).where(JointItemPart.item_id == item.id)
    return session.scalars(sa.select(JointItem).where(JointItem.id.in_(inside)).order_by(JointItem.code)).all()


def list_result_codes(session: Session, *, codes: Collection[str] | None = None) -> Sequence[ResultCode]:
    """List the result codes in the national order; with ``codes`` only those."""
    statement = sa.select(ResultCode).order_by(ResultCode.position, ResultCode.code)
    if codes is not None:
        statement = statement.where(ResultCode.code.in_(codes))
    return session.scalars(statement).all()


def count_items(session: Session, list_id: int) -> tuple[int, int]:
    """Return how many items and how many joint items a version has."""
    items = session.scalar(sa.select(sa.func.count()).where(Item.list_id == list_id))
    joints = session.scalar(sa.select(sa.func.count()).where(JointItem.list_id == list_id))
    return items or 0, joints or 0


def load_facts(session: Session, version: ItemList) -> ListFacts:
    """Return a whole version as a value: what its digest covers and what versions are compared by."""
    items = session.scalars(
        sa.select(Item).where(Item.list_id == version.id).options(*_WHOLE).order_by(Item.code)
    ).all()
    return ListFacts(
        number=version.number,
        document_number=version.document_number,
        published_on=version.published_on.isoformat() if version.published_on else "",
        items=tuple(item_facts(item) for item in sorted(items, key=lambda one: one.code)),
        joint_items=tuple(
            joint_facts(joint) for joint in sorted(list_joint_items(session, version.id), key=lambda one: one.code)
        ),
        format=version.format,
    )


def item_facts(item: Item) -> ItemFacts:
    """Return one item as a value."""
    return ItemFacts(
        code=item.code,
        department=item.department.code,
        content=_content(item, ItemContent),
        suspended=item.suspended,
        check_points=tuple(_content(point, PointContent) for point in item.check_points),
        materials=tuple(_content(material, MaterialContent) for material in item.materials),
        phrases=tuple(_content(phrase, PhraseContent) for phrase in item.phrases),
    )


def form_content(item: Item) -> FormContent:
    """Return the form of one item as a value."""
    return FormContent(
        points=tuple(_content(point, PointContent) for point in item.check_points),
        phrases=tuple(_content(phrase, PhraseContent) for phrase in item.phrases),
    )


def joint_facts(joint: JointItem) -> JointFacts:
    """Return one joint item as a value."""
    content = JointContent(
        name_zh=joint.name_zh,
        name_en=joint.name_en,
        field=joint.field,
        industries=tuple(joint.industries),
        ratio_bp=joint.ratio_bp,
        item_codes=tuple(part.item.code for part in joint.parts),
    )
    return JointFacts(joint.code, joint.lead_department.code, joint.mode, content)


def _content(row: object, kind: Any) -> Any:
    values = {name: getattr(row, name) for name in kind.__slots__}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
