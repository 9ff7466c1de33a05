"""Taking whole files into the draft: many items and joint items in one transaction, audited by the import."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from supervision.departments.models import Department
from supervision.errors import Forbidden
from supervision.items.form_changes import check_form, fill_form, note_change
from supervision.items.models import Item, JointItem
from supervision.items.queries import form_content, item_facts, joint_facts
from supervision.items.rules import FormContent, FormStep, ItemFacts, JointFacts
from supervision.items.services import (
    check_content,
    check_joint_right,
    fill_item,
    fill_joint,
    fill_materials,
    not_yours,
    open_draft,
)
from supervision.permissions import Actor, Permission


@dataclass(slots=True)
class Taken:
    """What became of the entries of a file."""

    new: int = 0
    changed: int = 0
    same: int = 0


def known_items(session: Session, draft_id: int, codes: Sequence[str]) -> dict[str, Item]:
    """Return the items of the draft with these codes, with all that belongs to them."""
    statement = (
        sa.select(Item)
        .where(Item.list_id == draft_id, Item.code.in_(codes))
        .options(selectinload(Item.check_points), selectinload(Item.materials), selectinload(Item.phrases))
    )
    return {item.code: item for item in session.scalars(statement)}


def known_joint_items(session: Session, draft_id: int, codes: Sequence[str]) -> dict[str, JointItem]:
    """Return the joint items of the draft with these codes."""
    statement = sa.select(JointItem).where(JointItem.list_id == draft_id, JointItem.code.in_(codes))
    return {joint.code: joint for joint in session.scalars(statement)}


def take_items(session: Session, draft_id: int, wanted: Sequence[ItemFacts], *, actor: Actor) -> Taken:
    """Let the draft hold these items of the actor's own department; every rule of the form holds here too."""
    draft = open_draft(session, draft_id)
    if actor.department_id is None or not actor.may(Permission.ITEM_EDIT):
        raise not_yours()
    department = session.get_one(Department, actor.department_id)
    known, taken = known_items(session, draft.id, [facts.code for facts in wanted]), Taken()
    for facts in wanted:
        item = known.get(facts.code)
        if item is not None and item.department_id != department.id:
            raise not_yours()
        if item is not None and item_facts(item) == facts:
            taken.same += 1
            continue
        _count(taken, is_new=item is None)
        item = item or Item(list_id=draft.id, code=facts.code, department=department, version=0)
        _take_item(session, item, facts, actor=actor)
    session.flush()
    return taken


def _take_item(session: Session, item: Item, facts: ItemFacts, *, actor: Actor) -> None:
    check_content(session, facts.content)
    wanted = FormContent(facts.check_points, facts.phrases)
    check_form(wanted)
    before = form_content(item)
    fill_item(item, facts.content)
    item.suspended = facts.suspended
    item.version += 1
    session.add(item)
    fill_form(session, item, wanted)
    fill_materials(session, item, facts.materials)
    session.flush()
    note_change(session, item, before, wanted, step=FormStep.IMPORTED, actor=actor)


def take_joint_items(session: Session, draft_id: int, wanted: Sequence[JointFacts], *, actor: Actor) -> Taken:
    """Let the draft hold these joint items: by their lead departments, or by the coordinator."""
    draft = open_draft(session, draft_id)
    known, taken = known_joint_items(session, draft.id, [facts.code for facts in wanted]), Taken()
    leads = {one.code: one for one in session.scalars(sa.select(Department).where(Department.active))}
    for facts in wanted:
        joint = known.get(facts.code)
        if joint is not None and _same_joint(joint_facts(joint), facts):
            taken.same += 1
            continue
        lead = joint.lead_department if joint else leads[facts.lead_department]
        if lead.code != facts.lead_department:
            raise Forbidden("lead-fixed", "The lead department of a joint item does not change.")
        check_joint_right(actor, lead.id)
        _count(taken, is_new=joint is None)
        joint = joint or JointItem(
            list_id=draft.id, code=facts.code, lead_department=lead, ratio_bp=0, industries=[], name_zh="", version=0
        )
        joint.version += 1
        session.add(joint)
        fill_joint(session, joint, facts.content)
    session.flush()
    return taken


def _same_joint(one: JointFacts, other: JointFacts) -> bool:
    return (one.lead_department, one.content) == (other.lead_department, other.content)


def _count(taken: Taken, *, is_new: bool) -> None:
    if is_new:
        taken.new += 1
    else:
        taken.changed += 1
