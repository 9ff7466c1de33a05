"""The item list as files bring it: a row for each check point, into the draft, by the department that owns the item."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from supervision.departments.models import Department
from supervision.departments.queries import list_departments
from supervision.errors import DomainError, Forbidden, WrongState
from supervision.intake import complaints
from supervision.intake.columns import Choice, Parser, Several
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Missing, Parts, Values, wrong_from
from supervision.intake.rules import Verdict
from supervision.items.bulk import known_items, take_items
from supervision.items.import_columns import ITEM_COLUMNS, POINT_COLUMNS, SECOND_POINT
from supervision.items.import_values import item_cells, item_from_row
from supervision.items.industries import industry_names
from supervision.items.models import Item
from supervision.items.queries import find_draft_list, item_facts, list_items, list_result_codes
from supervision.items.rules import MOST_POINTS, ItemFacts, check_item, check_point
from supervision.labels import N_
from supervision.permissions import Actor, Permission

FOREIGN_ITEM = declare(
    "item-of-another-department",
    N_("This item belongs to another department than yours."),
    N_("Leave it to that department's lead."),
)
NEEDED_FOR_NEW = declare(
    "needed-for-new-item",
    N_("This item is not in the draft yet, and a new one needs this value."),
    N_("Fill in this cell, or correct the code if the item should be known."),
)
CANNOT_BE_EMPTY = declare(
    "cannot-be-empty", N_("An item cannot be without this value."), N_("Fill in this cell, or leave the column out.")
)
TOO_MANY_POINTS = declare(
    "too-many-points",
    N_("The item has %(found)s check points, at most %(most)s."),
    N_("Ask less: the form is filled in on the spot."),
)
TAKEN_OUT_OF_USE = declare(
    "item-suspended-by-file",
    N_("This row takes the item out of use, or back into it."),
    N_("Confirm it and say why; the reason is kept in the audit log."),
    warning=True,
)
NEEDED = ("name_zh", "object_type", "method", "category", "legal_basis", "ratio")
PARTS = Parts("code", frozenset(column.key for column in POINT_COLUMNS), "points")
# which cell a refusal of the rules speaks of
POINT_CELLS = {
    "few-options": "options",
    "limits-without-number": "minimum",
    "limits-crossed": "minimum",
    "limit-not-a-number": "minimum",
}
ITEM_CELLS = {"ratio-range": "ratio", "two-inspectors": "min_inspectors", "yearly-frequency": "max_per_year"}
ALL_RESULTS = ("全部", "所有", "all", "*")


class ItemImport:
    """One import of one department's items into the draft that is open now."""

    def __init__(self, session: Session, actor: Actor, department: Department, *, draft_id: int) -> None:
        self.actor, self.department, self.draft_id = actor, department, draft_id
        results = list_result_codes(session)
        self.national = tuple(sorted(one.code for one in results if one.scope == "national"))
        self.parsers: dict[str, Parser] = {
            "department": department_choice(list_departments(session)),
            "industries": industries_parser(),
            "allowed_results": Several(
                Choice({"*": ALL_RESULTS, **{one.code: (one.name_zh, one.name_en) for one in results}})
            ),
        }

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """An item stands in a file once; its check points follow each other."""
        return [("code", str(values["code"]))]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Refuse rows of other departments and what no item can be without."""
        if values.get("department") not in (None, self.department.code):
            yield Wrong(FOREIGN_ITEM, "department")
        for key in NEEDED:
            if key in values and not values[key]:
                yield Wrong(CANNOT_BE_EMPTY, key)
        points = values.get("points")
        if not isinstance(points, list):
            return
        if len(points) > MOST_POINTS:
            yield Wrong(TOO_MANY_POINTS, found=len(points), most=MOST_POINTS)
        for place, point in enumerate(points):
            if isinstance(point, dict) and not point.get("question_zh"):
                yield Wrong(complaints.MISSING, "question_zh").of_part(place)

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say which items are new in the draft, changed or the same."""
        known = known_items(session, self.draft_id, [str(row["code"]) for row in rows])
        return [self._compared(row, known.get(str(row["code"]))) for row in rows]

    def _compared(self, row: Values, item: Item | None) -> Finding:
        if item is not None and item.department_id != self.department.id:
            return Finding(Verdict.WRONG, [Wrong(FOREIGN_ITEM, "code")])
        if item is None and (lacking := [key for key in NEEDED if key not in row]):
            return Finding(Verdict.WRONG, [Wrong(NEEDED_FOR_NEW, key) for key in lacking])
        before = item_facts(item) if item else None
        after = self._wanted(row, item)
        if wrongs := list(_refusals(after)):
            return Finding(Verdict.WRONG, wrongs)
        if before == after:
            return Finding(Verdict.SAME)
        moved = (before.suspended if before else False) != after.suspended
        warnings = [Wrong(TAKEN_OUT_OF_USE, "suspended")] if moved else []
        return Finding(Verdict.CHANGED if before else Verdict.NEW, warnings)

    def _wanted(self, row: Values, item: Item | None) -> ItemFacts:
        before = item_facts(item) if item else None
        return item_from_row(row, before, department=self.department.code, national=self.national)

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take new and changed items into the draft."""
        known = known_items(session, self.draft_id, [str(row["code"]) for row in rows])
        wanted = [self._wanted(row, known.get(str(row["code"]))) for row in rows]
        taken = take_items(session, self.draft_id, wanted, actor=self.actor)
        return {Verdict.NEW: taken.new, Verdict.CHANGED: taken.changed, Verdict.SAME: taken.same}


def _refusals(facts: ItemFacts) -> Iterable[Wrong]:
    """Say what the rules of the list refuse, at the cell it speaks of."""
    try:
        check_item(facts.content)
    except DomainError as error:
        yield wrong_from(error, ITEM_CELLS.get(error.code, ""))
    for place, point in enumerate(facts.check_points):
        try:
            check_point(point, number=place + 1)
        except DomainError as error:
            yield wrong_from(error, POINT_CELLS.get(error.code, "question_zh")).of_part(place)


def department_choice(departments: Sequence[Department]) -> Choice:
    """Read a department by code or name, with or without 区 before it."""
    return Choice({one.code: (one.name_zh, one.name_zh.removeprefix("区"), one.name_en) for one in departments})


def industries_parser() -> Parser:
    """Read industries by code or name; a code above the listed ones (P831) will do."""
    names = industry_names()
    above = {code[:length] for code in names for length in range(1, len(code))} - set(names)
    every = {"": ("全部", "全部行业", "不限", "all")}
    listed = {code: tuple(filter(None, (one.name_zh, one.name_en))) for code, one in reversed(names.items())}
    known = Several(Choice({**listed, **dict.fromkeys(sorted(above), ()), **every}))
    return lambda cell: [code for code in _list(known(cell)) if code]


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def no_draft(session: Session) -> Missing | None:
    """Say that a draft must be open: a published list never changes (R-1.03)."""
    if find_draft_list(session) is not None:
        return None
    return Missing(
        N_("No draft of the item list is open. Files go only into a draft; the published list never changes."),
        N_("Go to the draft"),
        "item_drafts.index",
    )


def open_draft_id(session: Session) -> int:
    """Return the draft that is open, or refuse."""
    draft = find_draft_list(session)
    if draft is None:
        raise WrongState("no-draft-open", "No draft of the item list is open. Begin one, then send the file again.")
    return draft.id


def _open(session: Session, actor: Actor) -> ItemImport:
    if actor.department_id is None:
        raise Forbidden("no-department-items", "Only people of a department import its items.")
    department = session.get_one(Department, actor.department_id)
    return ItemImport(session, actor, department, draft_id=open_draft_id(session))


def _rows(session: Session, viewer: Actor, words: str) -> Iterable[Mapping[str, object]]:
    """Yield the own department's items of the draft, to change them in a spreadsheet and send them back."""
    return item_cells(
        list_items(
            session, open_draft_id(session), department_id=viewer.department_id, with_suspended=True, whole=True
        ),
        words,
    )


KIND = Kind(
    code="items",
    label=N_("Inspection items"),
    permission=Permission.ITEM_EDIT,
    columns=ITEM_COLUMNS,
    open=_open,
    endpoint="item_drafts.index",
    order=40,
    parts=PARTS,
    counted=N_("Items read"),
    samples=({"code": "SCJG-98", **SECOND_POINT},),
    rows=_rows,
    missing=no_draft,
    notes=(
        N_(
            "One row for each check point. What belongs to the whole item (name, ratio, basis …) stands in its first "
            "row; in the rows below leave it empty, repeat it, or merge the cells. The rows of an item follow each "
            "other."
        ),
        N_(
            "The check points of an item are replaced by those in the file, in their order; an item without any in "
            "the file keeps those it has. What stands in a column that the file lacks is kept too."
        ),
        N_(
            "Everything goes into the open draft of the list; items that are not in the file stay as they are. "
            "Nothing is in force before the coordinator publishes the draft."
        ),
    ),
)
