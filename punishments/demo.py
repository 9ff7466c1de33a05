"""Demonstration: 10,740 penalties, one listing with its measure waiting, one proposed."""

import random
from datetime import date, timedelta
from typing import Any  # rows for bulk inserts

import sqlalchemy as sa

from punishments.credit_lists.rules import CreditList
from punishments.credit_lists.services import Decision, Grounds, decide_listing
from punishments.measures.catalogue import load_measures
from punishments.measures.models import MeasureDefinition
from punishments.measures.services import Asked, propose_listing
from punishments.penalties.models import Penalty
from punishments.penalties.queries import compute_publicity
from punishments.penalties.rules import PenaltyKind, PenaltyState, Procedure, Severity
from supervision import clock
from supervision.accounts.queries import actor_of, find_user
from supervision.catalogue_files import read_catalogue
from supervision.db import insert_many
from supervision.demo.registry import CATALOGUES, WORDS, Demo
from supervision.departments.models import Department
from supervision.entities.rules import EntityStatus
from supervision.permissions import Actor

PENALTIES = 10_740
FEN = 100
# shares of how a violation of the severity is punished
HEAVY = (PenaltyKind.FINE, PenaltyKind.SUSPEND_BUSINESS)
MEASURE, IMPLEMENTING = "C01-2", "CZJ"


def load(demo: Demo) -> None:
    """Write the measure list, the penalties, and two listings on their way."""
    load_measures(demo.session, CATALOGUES)
    insert_many(demo.session, Penalty, _penalties(demo))
    demo.session.flush()
    _listings(demo)


def _penalties(demo: Demo) -> list[dict[str, Any]]:
    source = demo.random("penalties")
    departments = {row.code: row.id for row in demo.session.execute(sa.select(Department.code, Department.id))}
    violations = [row for row in read_catalogue(CATALOGUES, "violation_types") if row["department_code"] in departments]
    templates: dict[str, list[str]] = {}
    for row in read_catalogue(WORDS, "penalty_facts"):
        templates.setdefault(row["violation_code"], []).append(row["fact_template"])
    known = [entity for entity in demo.shared["entities"] if entity[4] is not EntityStatus.DEREGISTERED]
    # repeated penalties are real: one in eight goes to somebody already punished
    punished: list[Any] = []
    rows = []
    for number in range(1, demo.amount(PENALTIES) + 1):
        entity = source.choice(punished) if punished and source.random() < 0.12 else source.choice(known)
        punished.append(entity)
        violation = source.choice(violations)
        facts = source.choice(templates.get(violation["code"], ["检查发现当事人存在上述违法行为。"]))
        rows.append(_penalty(demo, source, entity, violation, number=number, facts=facts,
                             department_id=departments[violation["department_code"]]))  # fmt: skip
    return rows


def _penalty(demo: Demo, source: random.Random, entity: Any, violation: dict[str, str], *, number: int, facts: str,
             department_id: int) -> dict[str, Any]:  # fmt: skip
    severity = Severity(violation["severity"])
    summary = severity is Severity.MINOR and source.random() < 0.5
    procedure = Procedure.SUMMARY if summary else Procedure.ORDINARY
    decided = _decided_on(demo, source, entity[6])
    low, high = int(violation["typical_fine_low"] or 0), int(violation["typical_fine_high"] or 0)
    fine = 0 if severity is Severity.MINOR or high == 0 else source.randrange(low, high + 1, 100)
    kinds = [PenaltyKind.FINE.value] if fine else [PenaltyKind.WARNING.value]
    if severity is Severity.SERIOUS and fine and source.random() < 0.2:
        kinds = [kind.value for kind in HEAVY]
    period = compute_publicity(
        demo.session, severity=severity, kinds=kinds, procedure=procedure, safety_field=False, decided_on=decided
    )
    content = f"罚款人民币{fine:,}元" if fine else "警告"
    return {
        "id": number, "entity_id": entity[0], "department_id": department_id,
        "document_number": _number(violation["department_code"], decided.year, number),
        "violation_type": violation["name_zh"], "facts": facts, "legal_basis": violation["legal_basis"],
        "kinds": kinds, "content": content, "fine_fen": fine * FEN, "confiscated_fen": 0, "procedure": procedure,
        "severity": severity, "safety_field": False, "decided_on": decided, "public_from": period.starts_on,
        "public_until": period.ends_on, "earliest_repair_on": period.earliest_repair_on,
        "regime": period.regime.value, "state": PenaltyState.IN_FORCE, "revoke_reason": "",
        "recorded_at": clock.now(),
    }  # fmt: skip


def _number(department: str, year: int, number: int) -> str:
    if department == "SCJG":
        return f"沪市监静处〔{year}〕06{year}{number:06d}号"
    return f"静{department}罚决〔{year}〕{number:06d}号"


def _decided_on(demo: Demo, source: random.Random, registered: date) -> date:
    days = max(2, min((demo.today - registered).days, 4 * 365))
    # more of what is collected is recent
    return demo.today - timedelta(days=1 + int(days * source.random() ** 1.7))


def _listings(demo: Demo) -> None:
    lead, head = _actor(demo, "lead.scjg"), _actor(demo, "head.scjg")
    statement = (
        sa.select(Penalty)
        .where(Penalty.department_id == lead.department_id, Penalty.severity == Severity.SERIOUS, Penalty.fine_fen > 0)
        .order_by(Penalty.decided_on.desc(), Penalty.id)
        .limit(2)
    )
    definition = demo.session.scalars(sa.select(MeasureDefinition).where(MeasureDefinition.code == MEASURE)).one()
    department = demo.session.scalars(sa.select(Department).where(Department.code == IMPLEMENTING)).one()
    for number, penalty in enumerate(demo.session.scalars(statement)):
        grounds = Grounds(
            grounds="当事人受到较重行政处罚，情节严重，符合列入条件。",
            legal_basis="《市场监督管理严重违法失信名单管理办法》", noticed_on=penalty.decided_on,
            statement="当事人未提出陈述、申辩。",
        )  # fmt: skip
        listing = propose_listing(
            demo.session, penalty, credit_list=CreditList.SERIOUS_SAMR, grounds=grounds,
            asked=Asked(definition, department), actor=lead,
        )  # fmt: skip
        if number == 0:
            decision = Decision(accepted=True, note="同意列入。", superior_approval="沪市监信批〔2026〕12号")
            decide_listing(demo.session, listing, decision, region=demo.district_code, actor=head)


def _actor(demo: Demo, username: str) -> Actor:
    user = find_user(demo.session, username)
    if user is None:
        raise LookupError(username)
    return actor_of(user)
