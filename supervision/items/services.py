"""Drafting the next version of the item list and publishing it. A published version is never touched (R-1.03)."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.departments.models import Department
from supervision.errors import Conflict, Forbidden, Invalid, RuleBroken
from supervision.items.copying import copy_version
from supervision.items.faults import publication_faults
from supervision.items.models import Item, ItemList, JointItem, JointItemPart, Material
from supervision.items.queries import (
    find_draft_list,
    find_item,
    find_published_list,
    list_items,
    list_result_codes,
    load_facts,
)
from supervision.items.rules import (
    FEWEST_DEPARTMENTS,
    ItemContent,
    JointContent,
    ListState,
    MaterialContent,
    check_draft,
    check_item,
    check_joint,
    check_transition,
    joint_mode,
    list_digest,
)
from supervision.permissions import Actor, Permission


def begin_draft(session: Session, *, actor: Actor) -> ItemList:
    """Begin the next version as a whole copy of the one in force; there is one draft at a time."""
    if find_draft_list(session) is not None:
        raise _draft_open()
    number = (session.scalar(sa.select(sa.func.max(ItemList.number))) or 0) + 1
    draft = ItemList(number=number, state=ListState.DRAFT, created_at=clock.now())
    session.add(draft)
    try:
        session.flush()
    except IntegrityError as error:
        raise _draft_open() from error
    published = find_published_list(session)
    if published is not None:
        copy_version(session, published, draft)
    record(session, Event.ITEM_LIST_DRAFTED, actor=actor, subject=("item_list", draft.id), details={"number": number})
    return draft


def _draft_open() -> Conflict:
    return Conflict("draft-open", "A draft is already open. Change that one; it becomes the next version.")


def add_item(session: Session, draft: ItemList, content: ItemContent, *, code: str, actor: Actor) -> Item:
    """Add an item of the actor's own department to the draft."""
    open_draft(session, draft.id)
    if actor.department_id is None or not actor.may(Permission.ITEM_EDIT):
        raise not_yours()
    check_content(session, content)
    if find_item(session, draft.id, code):
        raise Conflict("item-code-taken", "The draft already has an item with the code %(code)s.", code=code)
    item = Item(list_id=draft.id, code=code, department=session.get_one(Department, actor.department_id))
    fill_item(item, content)
    session.add(item)
    session.flush()
    record_item(session, item, {"added": True}, actor=actor)
    return item


def change_item(session: Session, item: Item, content: ItemContent, *, version: int, actor: Actor) -> None:
    """Word an item of the draft anew; ``version`` is the state the person saw."""
    own_draft_item(session, item, version=version, actor=actor)
    check_content(session, content)
    changed = [name for name in content.__slots__ if _plain(getattr(item, name)) != _plain(getattr(content, name))]
    fill_item(item, content)
    item.version += 1
    record_item(session, item, {"changed": changed}, actor=actor)


def suspend_item(session: Session, item: Item, *, suspended: bool, reason: str, version: int, actor: Actor) -> None:
    """Take an item of the draft out of use, or back into it; it stays in the list with its history."""
    own_draft_item(session, item, version=version, actor=actor)
    item.suspended = suspended
    item.version += 1
    record_item(session, item, {"suspended": suspended}, actor=actor, reason=reason)


def change_materials(
    session: Session, item: Item, materials: Sequence[MaterialContent], *, version: int, actor: Actor
) -> None:
    """Replace the papers the enterprise is told to have ready, in their order."""
    own_draft_item(session, item, version=version, actor=actor)
    if any(not material.name_zh for material in materials):
        raise Invalid("no-material-name", "Name the material in Chinese, or remove the row.", field="name_zh")
    before = len(item.materials)
    fill_materials(session, item, materials)
    item.version += 1
    record_item(session, item, {"materials": [before, len(materials)]}, actor=actor)


def add_joint_item(
    session: Session, draft: ItemList, content: JointContent, *, code: str, lead: Department, actor: Actor
) -> JointItem:
    """Add a joint item led by ``lead`` to the draft: by that department's lead, or by the coordinator."""
    open_draft(session, draft.id)
    check_joint_right(actor, lead.id)
    if session.scalar(sa.select(JointItem.id).where(JointItem.list_id == draft.id, JointItem.code == code)):
        raise Conflict("item-code-taken", "The draft already has an item with the code %(code)s.", code=code)
    joint = JointItem(list_id=draft.id, code=code, lead_department=lead, ratio_bp=0, industries=[], name_zh="")
    session.add(joint)
    fill_joint(session, joint, content)
    _record_joint(session, joint, {"added": True}, actor=actor)
    return joint


def change_joint_item(session: Session, joint: JointItem, content: JointContent, *, version: int, actor: Actor) -> None:
    """Word a joint item of the draft anew and choose its items."""
    open_draft(session, joint.list_id)
    check_joint_right(actor, joint.lead_department_id)
    _check_version(joint.version, version)
    fill_joint(session, joint, content)
    joint.version += 1
    _record_joint(session, joint, {"items": list(content.item_codes)}, actor=actor)


def remove_joint_item(session: Session, joint: JointItem, *, reason: str, version: int, actor: Actor) -> None:
    """Take a joint item out of the draft; earlier versions keep it."""
    open_draft(session, joint.list_id)
    check_joint_right(actor, joint.lead_department_id)
    _check_version(joint.version, version)
    _record_joint(session, joint, {"removed": joint.code}, actor=actor, reason=reason)
    session.delete(joint)
    session.flush()


def publish_list(session: Session, draft: ItemList, *, document_number: str, note: str, actor: Actor) -> ItemList:
    """Publish the draft under its document number; the version in force until now is superseded (R-1.01, R-1.40)."""
    if not actor.may(Permission.ITEM_LIST_PUBLISH):
        raise Forbidden("publish-only-coordinator", "Only the district coordinator publishes the item list.")
    draft = open_draft(session, draft.id)
    check_transition(draft.state, ListState.PUBLISHED)
    if not document_number:
        raise Invalid("no-document-number", "Give the number of the document.", field="document_number")
    today = clock.today()
    facts = replace(load_facts(session, draft), document_number=document_number, published_on=today.isoformat())
    faults = publication_faults(facts)
    if faults or not facts.items:
        raise RuleBroken(
            "list-faulty",
            "The list cannot be published yet: %(count)s faults. The draft's page names each one.",
            rule="R-1.01",
            count=len(faults) or 1,
        )
    published = find_published_list(session)
    if published is not None:
        check_transition(published.state, ListState.SUPERSEDED)
        published.state = ListState.SUPERSEDED
        session.flush()
    draft.document_number, draft.note, draft.published_on = document_number, note, today
    draft.digest, draft.state = list_digest(facts), ListState.PUBLISHED
    details = {"number": draft.number, "document_number": document_number, "digest": draft.digest}
    record(session, Event.ITEM_LIST_PUBLISHED, actor=actor, subject=("item_list", draft.id), details=details)
    return draft


def open_draft(session: Session, list_id: int) -> ItemList:
    """Lock the version, so that nobody publishes it while it is changed; refuse a published one."""
    version = session.get_one(ItemList, list_id, with_for_update=True, populate_existing=True)
    check_draft(version.state)
    return version


def own_draft_item(session: Session, item: Item, *, version: int, actor: Actor) -> None:
    """Refuse who does not own the item, what is published, and a change of what somebody else changed meanwhile."""
    open_draft(session, item.list_id)
    if not actor.may(Permission.ITEM_EDIT) or item.department_id != actor.department_id:
        raise not_yours()
    _check_version(item.version, version)


def not_yours() -> Forbidden:
    """Return the refusal of somebody who does not own the item."""
    return Forbidden("item-of-another", "Only the lead of the department that owns an item may change it.")


def _check_version(stored: int, seen: int) -> None:
    if stored != seen:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this meanwhile. Open the page again, look at the change, and enter yours once more.",
        )


def check_joint_right(actor: Actor, lead_id: int) -> None:
    """Refuse who neither leads the joint item nor publishes the list."""
    own = actor.may(Permission.ITEM_EDIT) and actor.department_id == lead_id
    if not (own or actor.may(Permission.ITEM_LIST_PUBLISH)):
        raise Forbidden(
            "joint-item-of-another", "Only the lead department or the district coordinator may change a joint item."
        )


def check_content(session: Session, content: ItemContent) -> None:
    """Refuse values that no draft may hold, and results that are not on the national list."""
    check_item(content)
    known = {one.code for one in list_result_codes(session)}
    if not set(content.allowed_results) <= known:
        raise Invalid("unknown-result", "Choose results from the national list.", field="allowed_results")


def fill_item(item: Item, content: ItemContent) -> None:
    """Let an item say ``content``."""
    for name in content.__slots__:
        setattr(item, name, _plain(getattr(content, name)))


def fill_materials(session: Session, item: Item, materials: Sequence[MaterialContent]) -> None:
    """Replace the papers of an item, in their order."""
    item.materials.clear()
    session.flush()
    item.materials = [Material(no=no, name_zh=one.name_zh, name_en=one.name_en) for no, one in enumerate(materials, 1)]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def fill_joint(session: Session, joint: JointItem, content: JointContent) -> None:
    """Let a joint item say ``content``; its pattern follows from who owns its items."""
    check_joint(content)
    items = list_items(session, joint.list_id, codes=content.item_codes)
    if len(items) != len(set(content.item_codes)):
        raise Invalid("unknown-item", "Choose items that are in this draft and in use.", field="item_codes")
    departments = {item.department_id for item in items} | {joint.lead_department.id}
    if len(departments) < FEWEST_DEPARTMENTS:
        raise Invalid("one-department", "A joint item needs items of at least two departments.", field="item_codes")
    items = sorted(items, key=lambda item: (item.department_id != joint.lead_department.id, item.code))
    joint.name_zh, joint.name_en, joint.field = content.name_zh, content.name_en, content.field
    joint.industries, joint.ratio_bp = list(content.industries), content.ratio_bp
    joint.mode = joint_mode(len(departments))
    joint.parts.clear()
    session.flush()
    joint.parts = [JointItemPart(item_id=item.id, item=item, position=no) for no, item in enumerate(items, 1)]


def record_item(session: Session, item: Item, details: dict[str, object], *, actor: Actor, reason: str = "") -> None:
    """Note a change of an item of the draft."""
    details = {"code": item.code, **details}
    record(session, Event.ITEM_CHANGED, actor=actor, subject=("item", item.code), reason=reason, details=details)


def _record_joint(
    session: Session, joint: JointItem, details: dict[str, object], *, actor: Actor, reason: str = ""
) -> None:
    session.flush()
    details = {"code": joint.code, **details}
    subject = ("joint_item", joint.code)
    record(session, Event.JOINT_ITEM_CHANGED, actor=actor, subject=subject, reason=reason, details=details)
