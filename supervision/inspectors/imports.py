"""Inspectors as files bring them: a lead brings in the own department."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.departments.models import Department
from supervision.errors import Forbidden
from supervision.inspectors.bulk import upsert_many
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import InspectorContent, InspectorRow
from supervision.inspectors.services import department_item_codes
from supervision.intake.columns import Choice, Code, Column, Day, Parser, Several, Text
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Values
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.permissions import Actor, Permission

OTHER_DEPARTMENT = declare(
    "inspector-of-another-department",
    N_("This certificate is entered in another department."),
    N_("Ask that department to note that the inspector has left, or correct the number."),
)
FOREIGN_ROW = declare(
    "row-of-another-department",
    N_("The row names another department than yours."),
    N_("Leave it to that department's lead."),
)
EXPIRED = declare(
    "certificate-expired",
    N_("The certificate has expired; the inspector cannot be drawn."),
    N_("Enter the renewed certificate, or confirm that the entry is only kept on record."),
    warning=True,
)
ALL_ITEMS = ("*", "全部", "所有", "全部事项", "all")

COLUMNS = (
    Column(
        "certificate_number", N_("Certificate number"),
        ("执法证号", "执法证编号", "执法证件号", "证件号码", "证件号", "证号", "行政执法证号", "执法证件编号"),
        Code(most=20, pattern=re.compile(r"[0-9A-Z]{5,20}")), required=True, sample="09060012345",
        hint=N_("5 to 20 letters or digits, as text."),
    ),
    Column("name", N_("Name"), ("姓名", "人员姓名", "执法人员", "执法人员姓名", "检查人员姓名"), Text(60),
    required=True,
           sample="李某某"),
    Column(
        "certificate_valid_until", N_("Certificate valid until"),
        ("证件有效期至", "有效期至", "有效期", "证件有效期", "有效期截止", "到期日期", "执法证有效期"), Day(),
        required=True,
        sample="2028-12-31",
    ),
    Column("issuing_body", N_("Issuing body"), ("发证机关", "发证单位", "颁发机关"), Text(100),
    sample="上海市人民政府"),
    Column("department", N_("Department"), ("部门", "所属部门", "单位", "所在单位", "执法单位", "工作单位"), Text(100),
           hint=N_("Only rows of your own department are taken.")),
    Column("post", N_("Post"), ("职务", "岗位", "职务(岗位)"), Text(60), sample="一级科员"),
    Column(
        "items", N_("Qualified items"), ("可检查事项", "资质事项", "事项编码", "执法事项", "检查事项", "业务类型"),
        Text(2000),
        sample="全部", hint=N_("Item codes separated by 、, or 全部 (all) for every item of the department."),
    ),
)  # fmt: skip


class InspectorImport:
    """One import of inspectors of one department."""

    def __init__(self, session: Session, actor: Actor, department: Department) -> None:
        self.actor = actor
        self.department_id = department.id
        own = Choice({department.code: (department.name_zh, department.name_zh.removeprefix("区"), department.name_en)})
        self.department_choice = own
        options: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(department_item_codes(session, department.id)), ())
        several = Several(Choice({"*": ALL_ITEMS, **options}))
        self.parsers: dict[str, Parser] = {"items": several}

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """A certificate number belongs to one person."""
        return [("certificate_number", str(values["certificate_number"]))]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Refuse rows of other departments, ask about expired certificates."""
        if values.get("department") and not self._is_own(str(values["department"])):
            yield Wrong(FOREIGN_ROW, "department")
        if str(values["certificate_valid_until"]) < clock.today().isoformat():
            yield Wrong(EXPIRED, "certificate_valid_until")

    def _is_own(self, text: str) -> bool:
        try:
            self.department_choice(text)
        except Wrong:
            return False
        return True

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say which inspectors are new, changed or the same."""
        known = _known(session, rows)
        return [self._compared(row, known.get(str(row["certificate_number"]))) for row in rows]

    def _compared(self, row: Values, inspector: Inspector | None) -> Finding:
        if inspector is None:
            return Finding(Verdict.NEW)
        if inspector.department_id != self.department_id:
            return Finding(Verdict.WRONG, [Wrong(OTHER_DEPARTMENT, "certificate_number")])
        wanted, held = self._row(row, inspector), _held(inspector)
        same = wanted.item_codes == held and all(
            getattr(inspector, name) == getattr(wanted.content, name) for name in InspectorContent.__slots__
        )
        return Finding(Verdict.SAME if same else Verdict.CHANGED)

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Enter new inspectors and correct changed ones."""
        known = _known(session, rows)
        wanted = [self._row(row, known.get(str(row["certificate_number"]))) for row in rows]
        outcome = upsert_many(session, wanted, actor=self.actor)
        for _, refusal in outcome.refused:
            raise refusal
        done = {Verdict.NEW: outcome.created, Verdict.CHANGED: outcome.changed}
        return {**done, Verdict.SAME: outcome.unchanged}

    def _row(self, row: Values, inspector: Inspector | None) -> InspectorRow:
        """Return a row as the register takes it; columns that are not in the file keep what is recorded."""
        content = InspectorContent(
            certificate_number=str(row["certificate_number"]),
            certificate_valid_until=date.fromisoformat(str(row["certificate_valid_until"])),
            name=str(row["name"]),
            issuing_body=_kept(row, "issuing_body", inspector),
            post=_kept(row, "post", inspector),
        )
        return InspectorRow(content, self.department_id, self._items(row, inspector))

    def _items(self, row: Values, inspector: Inspector | None) -> frozenset[str] | None:
        if "items" not in row:
            return _held(inspector) if inspector else frozenset()
        codes = row["items"]
        chosen = frozenset(str(code) for code in codes) if isinstance(codes, list) else frozenset()
        return None if "*" in chosen else chosen


def _kept(row: Values, key: str, inspector: Inspector | None) -> str:
    return str(row[key] or "") if key in row else str(getattr(inspector, key, "") or "")


def _held(inspector: Inspector) -> frozenset[str] | None:
    return None if inspector.all_items else frozenset(one.item_code for one in inspector.qualifications)


def _known(session: Session, rows: Sequence[Values]) -> dict[str, Inspector]:
    numbers = [str(row["certificate_number"]) for row in rows]
    statement = sa.select(Inspector).where(Inspector.certificate_number.in_(numbers))
    return {one.certificate_number: one for one in session.scalars(statement)}


def _open(session: Session, actor: Actor) -> InspectorImport:
    if actor.department_id is None:
        raise Forbidden("no-department", "Only people of a department import its inspectors.")
    return InspectorImport(session, actor, session.get_one(Department, actor.department_id))


KIND = Kind(
    code="inspectors",
    label=N_("Inspectors"),
    permission=Permission.INSPECTOR_EDIT,
    columns=COLUMNS,
    open=_open,
    endpoint="inspectors.index",
    order=20,
)
