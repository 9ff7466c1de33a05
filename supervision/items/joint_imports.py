"""The joint list as files bring it: by the lead department or the district coordinator, into the draft."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from supervision.departments.queries import list_departments, list_register
from supervision.errors import DomainError
from supervision.intake.columns import Choice, Parser, Several
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Parts, Values, wrong_from
from supervision.intake.rules import Verdict
from supervision.items.bulk import known_joint_items, take_joint_items
from supervision.items.import_columns import JOINT_COLUMNS
from supervision.items.import_values import joint_cells, joint_from_row, parts_of
from supervision.items.imports import CANNOT_BE_EMPTY, department_choice, industries_parser, no_draft, open_draft_id
from supervision.items.models import Item, JointItem
from supervision.items.queries import joint_facts, list_items, list_joint_items
from supervision.items.rules import FEWEST_DEPARTMENTS, JointFacts, check_joint
from supervision.labels import N_
from supervision.permissions import Actor, Permission

FOREIGN_JOINT = declare(
    "joint-item-of-another-lead",
    N_("Another department leads this joint item."),
    N_("Leave it to that department's lead or to the coordinator."),
)
LEAD_FIXED = declare(
    "joint-lead-fixed",
    N_("The draft names another lead department (%(lead)s), and that does not change."),
    N_("Correct the lead, or give the joint item a new code."),
)
NEEDED_FOR_NEW = declare(
    "needed-for-new-joint-item",
    N_("This joint item is not in the draft yet, and a new one needs this value."),
    N_("Fill in this cell, or correct the code if the joint item should be known."),
)
ONE_DEPARTMENT = declare(
    "joint-one-department",
    N_("All items belong to one department."),
    N_("Add an item of another department; otherwise it is no joint item."),
)
PARTNERS_DIFFER = declare(
    "joint-partners-differ",
    N_("The items belong to these cooperating departments: %(owners)s."),
    N_("Name exactly those, leave the cell empty, or correct the items."),
)
NEEDED = ("name_zh", "ratio", "lead")


class JointImport:
    """One import of joint items into the draft that is open now."""

    def __init__(self, session: Session, actor: Actor, *, draft_id: int) -> None:
        self.actor, self.draft_id = actor, draft_id
        choice = department_choice(list_departments(session))
        # items of the draft may belong to a department that is out of use by now
        self.names = {one.code: one.name_zh for one in list_register(session)}
        items = list_items(session, draft_id)
        self.owners = {item.code: item.department.code for item in items}
        self.parsers: dict[str, Parser] = {
            "lead": choice,
            "partners": Several(choice),
            "industries": industries_parser(),
            "items": Several(_item_choice(items)),
        }

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """A joint item stands in a file once."""
        return [("code", str(values["code"]))]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Refuse what no joint item can be without."""
        for key in NEEDED:
            if key in values and not values[key]:
                yield Wrong(CANNOT_BE_EMPTY, key)

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say which joint items are new in the draft, changed or the same."""
        known = known_joint_items(session, self.draft_id, [str(row["code"]) for row in rows])
        return [self._compared(row, known.get(str(row["code"]))) for row in rows]

    def _compared(self, row: Values, joint: JointItem | None) -> Finding:
        before = joint_facts(joint) if joint else None
        if before is None and (lacking := [key for key in NEEDED if key not in row]):
            return Finding(Verdict.WRONG, [Wrong(NEEDED_FOR_NEW, key) for key in lacking])
        after = joint_from_row(row, before)
        if wrongs := list(self._refusals(row, before, after)):
            return Finding(Verdict.WRONG, wrongs)
        if before is None:
            return Finding(Verdict.NEW)
        return Finding(Verdict.SAME if before == after else Verdict.CHANGED)

    def _refusals(self, row: Values, before: JointFacts | None, after: JointFacts) -> Iterable[Wrong]:
        if before and before.lead_department != after.lead_department:
            yield Wrong(LEAD_FIXED, "lead", lead=self.names.get(before.lead_department, before.lead_department))
        elif not self._may_change(after.lead_department):
            yield Wrong(FOREIGN_JOINT, "lead" if row.get("lead") else "code")
        try:
            check_joint(after.content)
        except DomainError as error:
            yield wrong_from(error, "ratio" if error.code == "ratio-range" else "name_zh")
        yield from self._department_refusals(row, after)

    def _department_refusals(self, row: Values, after: JointFacts) -> Iterable[Wrong]:
        owners = {self.owners[code] for code in after.content.item_codes if code in self.owners}
        others = owners - {after.lead_department}
        if len(others) + 1 < FEWEST_DEPARTMENTS:
            yield Wrong(ONE_DEPARTMENT if after.content.item_codes else NEEDED_FOR_NEW, "items")
        partners = {code for part in parts_of(row, "parts") for code in part.get("partners") or ()}
        if partners and partners - {after.lead_department} != others:
            yield Wrong(PARTNERS_DIFFER, "partners", owners="、".join(self.names[code] for code in sorted(others)))

    def _may_change(self, lead: str) -> bool:
        own = self.actor.may(Permission.ITEM_EDIT) and lead == self.actor.department_code
        return own or self.actor.may(Permission.ITEM_LIST_PUBLISH)

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take new and changed joint items into the draft."""
        known = known_joint_items(session, self.draft_id, [str(row["code"]) for row in rows])
        before = {code: joint_facts(joint) for code, joint in known.items()}
        wanted = [joint_from_row(row, before.get(str(row["code"]))) for row in rows]
        taken = take_joint_items(session, self.draft_id, wanted, actor=self.actor)
        return {Verdict.NEW: taken.new, Verdict.CHANGED: taken.changed, Verdict.SAME: taken.same}


def _item_choice(items: Sequence[Item]) -> Choice:
    """Read an item of the draft by code, or by a name that only one item has."""
    names = [name for item in items for name in {item.name_zh, item.name_en}]
    return Choice({
        item.code: (item.code, *(name for name in (item.name_zh, item.name_en) if name and names.count(name) == 1))
        for item in items
    })  # fmt: skip


def _open(session: Session, actor: Actor) -> JointImport:
    return JointImport(session, actor, draft_id=open_draft_id(session))


def _rows(session: Session, viewer: Actor, words: str) -> Iterable[Mapping[str, object]]:
    """Yield the joint items of the draft that the person may change."""
    joints = list_joint_items(session, open_draft_id(session))
    everything = viewer.may(Permission.ITEM_LIST_PUBLISH)
    return joint_cells([one for one in joints if everything or one.lead_department_id == viewer.department_id], words)


KIND = Kind(
    code="joint_items",
    label=N_("Joint items"),
    permission=Permission.ITEM_EDIT,
    also=(Permission.ITEM_LIST_PUBLISH,),
    columns=JOINT_COLUMNS,
    open=_open,
    endpoint="item_drafts.index",
    order=50,
    parts=Parts("code", frozenset({"items", "partners"})),
    counted=N_("Joint items read"),
    rows=_rows,
    missing=no_draft,
    notes=(
        N_(
            "One row for each joint item with all its items in one cell, or one row for each item with the other "
            "cells merged, repeated or left empty. Import the items first: a joint item can only hold items of the "
            "draft."
        ),
        N_(
            "A lead department brings in the joint items it leads, the coordinator those of every department. "
            "Objects and category are those of the items and need no column."
        ),
    ),
)
