"""Permits as files of the double-publicity standard bring them (XK_ fields of 2018)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast  # values of any column

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from supervision import clock
from supervision.db import insert_many
from supervision.departments.models import Department
from supervision.entities.models import Entity
from supervision.errors import Conflict, Forbidden
from supervision.intake.columns import Choice, Code, Column, Day, Parser, Text, word
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Values
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.permissions import Actor, Permission
from supervision.permits.models import Permit
from supervision.permits.rules import PermitKind, PermitState

NO_HOLDER = declare(
    "holder-unknown",
    N_("No entity with this code is registered."),
    N_("Check the code, or bring the entity into the register first."),
)
NO_HOLDER_CODE = declare(
    "holder-without-code",
    N_("Neither a credit code nor a registration number of the holder is filled in."),
    N_("Fill in one of the two. Permits of natural persons are not taken."),
)
HELD_BY_ANOTHER = declare(
    "permit-of-another-holder",
    N_("This document number is on record for another holder, %(holder)s."),
    N_("Correct the number or the code of the holder."),
)
ENDS_BEFORE = declare("ends-before-begin", N_("The permit ends before it begins."), N_("Correct one of the two dates."))
FUTURE_DECISION = declare("decided-in-future", N_("The decision lies in the future."), N_("Correct the date."))
OTHER_AUTHORITY = declare(
    "other-authority",
    N_("The authority in the file is not your department; the permit would be recorded as yours."),
    N_("Confirm only if your department answers for this permit under another name."),
    warning=True,
)
OTHER_NAME = declare(
    "other-holder-name",
    N_("The register knows the holder of this code as %(name)s."),
    N_("Make sure that the code is right; a changed name is corrected in the register of entities."),
    warning=True,
)

KIND_WORDS = {
    PermitKind.ORDINARY: ("普通", "普通许可", "一般许可"),
    PermitKind.CONCESSION: ("特许",),
    PermitKind.RECOGNITION: ("认可",),
    PermitKind.APPROVAL: ("核准",),
    PermitKind.REGISTRATION: ("登记", "备案", "登记备案"),
    PermitKind.OTHER: ("其他", "其它"),
}
STATE_WORDS = {
    PermitState.VALID: ("有效", "有效期内", "1", "正常", "在用"),
    PermitState.INVALID: ("无效", "2", "失效", "已失效", "注销", "已注销", "撤销", "吊销", "不再有效"),
}


def _options(words: Any) -> dict[str, tuple[str, ...]]:
    return {member.value: (*names, member.label) for member, names in words.items()}


COLUMNS = (
    Column(
        "holder_name", N_("Holder"), ("行政相对人名称", "被许可人", "持证人", "企业名称", "单位名称", "名称",
        "XK_XDR_MC"),
        Text(200), sample="上海样例餐饮管理有限公司",
    ),
    Column(
        "uscc", N_("Unified social credit code"),
        ("统一社会信用代码", "社会信用代码", "行政相对人代码_1(统一社会信用代码)", "信用代码", "XK_XDR_SHXYM"),
        Code(length=18), sample="91310106MA000CT71F",
    ),
    Column(
        "registration_number", N_("Registration number"),
        ("工商注册号", "注册号", "行政相对人代码_2(工商注册号)", "XK_XDR_GSZC"), Code(most=30),
    ),
    Column(
        "document_name", N_("Decision document"), ("行政许可决定文书名称", "文书名称", "决定文书名称", "XK_XKWS"),
        Text(200), sample="食品经营许可决定书",
    ),
    Column(
        "document_number", N_("Document number"), ("行政许可决定文书号", "文书号", "决定书文号", "许可决定文号",
        "XK_WSH"),
        Text(128), required=True, sample="静食许〔2026〕00001号",
    ),
    Column(
        "kind", N_("Kind of permit"), ("许可类别", "许可类型", "类别", "XK_XKLB"), Choice(_options(KIND_WORDS)),
        required=True, sample="普通",
    ),
    Column(
        "certificate_name", N_("Permit certificate"), ("许可证书名称", "证书名称", "许可证名称", "证件名称", "XK_XKZS"),
        Text(200),
        required=True, sample="食品经营许可证",
    ),
    Column(
        "permit_number", N_("Permit number"), ("许可编号", "许可证编号", "证书编号", "许可证号", "证件编号", "XK_XKBH"),
        Text(128), required=True, sample="JY23101060000001",
    ),
    Column(
        "content", N_("What is permitted"), ("许可内容", "许可项目", "许可范围", "XK_NR"), Text(4000, lines=True),
        sample="热食类食品制售",
    ),
    Column(
        "decided_on", N_("Decided on"), ("许可决定日期", "决定日期", "发证日期", "批准日期", "XK_JDRQ"), Day(),
        required=True,
        sample="2026-01-05",
    ),
    Column(
        "valid_from", N_("Valid from"), ("有效期自", "有效期起", "有效期起始", "生效日期", "XK_YXQZ"), Day(),
        required=True,
        sample="2026-01-05",
    ),
    Column(
        "valid_until", N_("Valid until"), ("有效期至", "有效期止", "有效期截止", "到期日期", "截止日期", "XK_YXQZI"),
        Day(open_end=True), sample="2031-01-04", hint=N_("Empty or 长期 for no end."),
    ),
    Column("authority", N_("Permit authority"), ("许可机关", "发证机关", "审批机关", "XK_XKJG"), Text(200)),
    Column(
        "state", N_("State"), ("当前状态", "许可状态", "状态", "XK_ZT"), Choice(_options(STATE_WORDS)), sample="有效"
    ),
)  # fmt: skip
DAYS = ("decided_on", "valid_from", "valid_until")
TEXTS = ("document_name", "document_number", "certificate_name", "permit_number", "content")


class PermitImport:
    """One import of permits of one department."""

    parsers: dict[str, Parser] = {}  # noqa: RUF012 - nothing here needs the database

    def __init__(self, session: Session, department_id: int) -> None:
        self.department_id = department_id
        department = session.get_one(Department, department_id)
        self.own_name = word(department.name_zh).removeprefix("区")
        self.own_names = {word(department.name_zh), word(department.name_en)}
        self.today = clock.today()

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """A department numbers its decisions once."""
        return [("document_number", str(values["document_number"]))]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Check holder, dates and authority."""
        if not (values.get("uscc") or values.get("registration_number")):
            yield Wrong(NO_HOLDER_CODE)
        if values.get("valid_until") and str(values["valid_until"]) < str(values["valid_from"]):
            yield Wrong(ENDS_BEFORE, "valid_until")
        if str(values["decided_on"]) > self.today.isoformat():
            yield Wrong(FUTURE_DECISION, "decided_on")
        authority = word(str(values.get("authority") or ""))
        if authority and self.own_name not in authority and authority not in self.own_names:
            yield Wrong(OTHER_AUTHORITY, "authority")

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Find the holders and say which permits are new, changed or the same."""
        holders = _holders(session, rows)
        known = self._known(session, rows)
        return [self._compared(row, holders, known) for row in rows]

    def _compared(self, row: Values, holders: dict[str, Entity], known: dict[str, Permit]) -> Finding:
        holder = _holder(row, holders)
        if holder is None:
            return Finding(Verdict.WRONG, [Wrong(NO_HOLDER, "uscc" if row.get("uscc") else "registration_number")])
        wrongs = []
        if row.get("holder_name") and word(str(row["holder_name"])) != word(holder.name):
            wrongs.append(Wrong(OTHER_NAME, "holder_name", name=holder.name))
        permit = known.get(str(row["document_number"]))
        if permit is None:
            return Finding(Verdict.NEW, wrongs)
        if permit.entity_id != holder.id:
            return Finding(
                Verdict.WRONG, [Wrong(HELD_BY_ANOTHER, "document_number", holder=permit.entity.name)]
            )  # fmt: skip
        wanted = _content(row)
        same = all(getattr(permit, name) == value for name, value in wanted.items())
        return Finding(Verdict.SAME if same else Verdict.CHANGED, [] if same else wrongs)

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Record new permits and correct changed ones."""
        holders, known = _holders(session, rows), self._known(session, rows)
        new: list[dict[str, Any]] = []
        counts: Counter[Verdict] = Counter()
        for row in rows:
            finding = self._compared(row, holders, known)
            for wrong in finding.wrongs:
                if not wrong.warning:
                    raise Conflict("permit-moved", "The register changed while the file was taken in. Send it again.")
            counts[finding.verdict] += 1
            if finding.verdict is Verdict.CHANGED:
                for name, value in _content(row).items():
                    setattr(known[str(row["document_number"])], name, value)
            elif finding.verdict is Verdict.NEW:
                new.append(self._new(row, holders))
        session.flush()
        if new:
            insert_many(session, cast("sa.Table", Permit.__table__), new)
        return counts

    def _new(self, row: Values, holders: dict[str, Entity]) -> dict[str, Any]:
        holder = cast("Entity", _holder(row, holders))
        defaults = {"document_name": "", "content": "", "valid_until": None, "state": PermitState.VALID}
        own = {"entity_id": holder.id, "department_id": self.department_id, "recorded_at": clock.now()}
        return {**defaults, **_content(row), **own, "version": 1}

    def _known(self, session: Session, rows: Sequence[Values]) -> dict[str, Permit]:
        numbers = [str(row["document_number"]) for row in rows]
        statement = sa.select(Permit).where(
            Permit.department_id == self.department_id, Permit.document_number.in_(numbers)
        )
        options = joinedload(Permit.entity)
        return {permit.document_number: permit for permit in session.scalars(statement.options(options))}


def _content(row: Values) -> dict[str, Any]:
    """Return the columns of a row that the file holds, as they are stored."""
    content: dict[str, Any] = {name: row[name] or "" for name in TEXTS if name in row}
    content |= {name: date.fromisoformat(str(row[name])) if row[name] else None for name in DAYS if name in row}
    content["kind"] = PermitKind(str(row["kind"]))
    if row.get("state"):
        content["state"] = PermitState(str(row["state"]))
    return content


def _holders(session: Session, rows: Sequence[Values]) -> dict[str, Entity]:
    """Return the entities these rows speak of, by credit code, and by registration number after REG-."""
    usccs = [str(row["uscc"]) for row in rows if row.get("uscc")]
    numbers = [str(row["registration_number"]) for row in rows if row.get("registration_number")]
    found: dict[str, Entity] = {}
    statement = sa.select(Entity).where(sa.or_(Entity.uscc.in_(usccs), Entity.registration_number.in_(numbers)))
    for entity in session.scalars(statement):
        found |= {code: entity for code in (entity.uscc, f"REG-{entity.registration_number}") if code}
    return found


def _holder(row: Values, holders: dict[str, Entity]) -> Entity | None:
    if row.get("uscc"):
        return holders.get(str(row["uscc"]))
    return holders.get(f"REG-{row.get('registration_number')}")


def _open(session: Session, actor: Actor) -> PermitImport:
    if actor.department_id is None:
        raise Forbidden("no-department", "Only people of a department import its permits.")
    return PermitImport(session, actor.department_id)


KIND = Kind(
    code="permits",
    label=N_("Permits"),
    permission=Permission.PERMIT_EDIT,
    columns=COLUMNS,
    open=_open,
    endpoint="permits.index",
    any_of=(("uscc", "registration_number"),),
    order=30,
)
