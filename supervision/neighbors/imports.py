"""Lent inspectors as the file of a neighboring area brings them, each row on a request that it granted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.errors import DomainError
from supervision.inspectors.models import Inspector, InspectorLoan
from supervision.intake.columns import Code, Column, Day, Parser, Text
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Values, wrong_from
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.neighbors import lending, people
from supervision.neighbors.queries import count_running, find_by_number
from supervision.neighbors.rules import LentPerson, LoanState
from supervision.permissions import Actor, Permission

NO_REQUEST = declare(
    "loan-unknown",
    N_("No granted request has this number."),
    N_("Copy the number from the page of the request, and enter the area's answer there first."),
)
TOO_MANY = declare(
    "loan-too-many",
    N_("The file brings more people for this request than the area granted."),
    N_("Leave out whom the area does not lend."),
)
COLUMNS = (
    Column("request_number", N_("Number of the request"), ("申请编号", "借用申请编号", "借用编号", "编号"),
           Code(most=24, pattern=re.compile(r"[0-9A-Z-]{5,24}")), required=True, sample="310106-JY-2026-0001"),
    Column(
        "certificate_number", N_("Certificate number"),
        ("执法证号", "执法证编号", "执法证件号", "证件号码", "证件号", "证号", "行政执法证号", "执法证件编号"),
        Code(most=20, pattern=re.compile(r"[0-9A-Z]{5,20}")), required=True, sample="09070012345",
        hint=N_("5 to 20 letters or digits, as text."),
    ),
    Column("name", N_("Name"), ("姓名", "人员姓名", "执法人员", "执法人员姓名"), Text(60), required=True,
           sample="李某某"),
    Column("certificate_valid_until", N_("Certificate valid until"),
           ("证件有效期至", "有效期至", "有效期", "证件有效期", "执法证有效期"), Day(), required=True,
           sample="2028-12-31"),
    Column("issuing_body", N_("Issuing body"), ("发证机关", "发证单位", "颁发机关"), Text(100),
           sample="上海市人民政府"),
    Column("starts_on", N_("Lent from"), ("借用起始日", "借用开始日期", "起始日期", "开始日期"), Day(), required=True,
           sample="2026-12-01"),
    Column("ends_on", N_("Lent until"), ("借用截止日", "借用结束日期", "截止日期", "结束日期"), Day(), required=True,
           sample="2026-12-31"),
)  # fmt: skip


class LentImport:
    """One import of lent inspectors."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor
        self.parsers: dict[str, Parser] = {}
        self.coming: dict[str, int] = {}

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """A certificate number belongs to one person."""
        return [("certificate_number", str(values["certificate_number"]))]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Say nothing yet: what a row means depends on its request."""
        del values
        return ()

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say who comes, who is here already, and what stands against it."""
        return [self._compared(session, row) for row in rows]

    def _compared(self, session: Session, row: Values) -> Finding:
        if _running(session, row) is not None:
            return Finding(Verdict.SAME)
        request = find_by_number(session, str(row["request_number"]))
        if request is None or request.state is not LoanState.GRANTED:
            return Finding(Verdict.WRONG, [Wrong(NO_REQUEST, "request_number")])
        try:
            people.check(session, request, _person(row))
        except DomainError as error:
            return Finding(Verdict.WRONG, [wrong_from(error)])
        self.coming[request.number] = self.coming.get(request.number, 0) + 1
        if count_running(session, request) + self.coming[request.number] > (request.granted or 0):
            return Finding(Verdict.WRONG, [Wrong(TOO_MANY, "request_number")])
        return Finding(Verdict.NEW)

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take the people who come, request by request."""
        counts = {Verdict.NEW: 0, Verdict.CHANGED: 0, Verdict.SAME: 0}
        wanted: dict[str, list[LentPerson]] = {}
        for row in rows:
            if _running(session, row) is not None:
                counts[Verdict.SAME] += 1
            else:
                wanted.setdefault(str(row["request_number"]), []).append(_person(row))
        for number, named in wanted.items():
            request = find_by_number(session, number)
            if request is None:
                raise LookupError(number)
            counts[Verdict.NEW] += len(lending.take_people(session, request, named, actor=self.actor))
        return counts


def _running(session: Session, row: Values) -> InspectorLoan | None:
    """Return the loan that this row has brought already."""
    statement = (
        sa.select(InspectorLoan)
        .join(Inspector)
        .where(
            Inspector.certificate_number == str(row["certificate_number"]),
            InspectorLoan.request_number == str(row["request_number"]),
            InspectorLoan.ended_on.is_(None),
        )
    )
    return session.scalar(statement)


def _person(row: Values) -> LentPerson:
    return LentPerson(
        certificate_number=str(row["certificate_number"]),
        name=str(row["name"]),
        certificate_valid_until=date.fromisoformat(str(row["certificate_valid_until"])),
        issuing_body=str(row.get("issuing_body") or ""),
        starts_on=date.fromisoformat(str(row["starts_on"])),
        ends_on=date.fromisoformat(str(row["ends_on"])),
    )


KIND = Kind(
    code="lent_inspectors",
    label=N_("Inspectors lent by a neighboring area"),
    permission=Permission.LOAN_ANSWER,
    columns=COLUMNS,
    open=LentImport,
    endpoint="neighbors.index",
    order=25,
    notes=(N_("Everybody in the file must be qualified for every item of the request, as the area's document says."),),
)
