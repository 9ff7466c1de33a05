"""Copying a whole version of the list into the draft of the next one."""

from typing import Any  # rows of any of the list's tables

from sqlalchemy.orm import Session

from supervision.items.models import CheckPoint, Item, ItemList, ItemPhrase, JointItem, JointItemPart, Material
from supervision.items.queries import list_items, list_joint_items

# what a copy gets anew
_OWN = frozenset({"id", "list_id", "item_id", "joint_item_id", "version"})


def copy_version(session: Session, source: ItemList, target: ItemList) -> None:
    """Copy items with check points, materials and wordings, then the joint items, which refer to the copies."""
    copies = {item.id: _copy_item(item, target) for item in list_items(session, source.id, with_suspended=True)}
    session.add_all(copies.values())
    session.flush()
    for joint in list_joint_items(session, source.id):
        copy = JointItem(list_id=target.id, **_values(joint))
        copy.lead_department = joint.lead_department
        copy.parts = [
            JointItemPart(item_id=copies[part.item_id].id, item=copies[part.item_id], position=part.position)
            for part in joint.parts
        ]
        session.add(copy)
    session.flush()


def _copy_item(item: Item, target: ItemList) -> Item:
    copy = Item(list_id=target.id, **_values(item))
    copy.department = item.department
    copy.check_points = [CheckPoint(**_values(point)) for point in item.check_points]
    copy.materials = [Material(**_values(material)) for material in item.materials]
    copy.phrases = [ItemPhrase(**_values(phrase)) for phrase in item.phrases]
    return copy


def _values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__table__.columns.keys() if name not in _OWN}  # noqa: SIM118 - columns are no mapping of names
