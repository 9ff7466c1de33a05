"""Demonstration: 10,740 penalties and listings at each step, one in force with its measure waiting."""

import random
from datetime import date, timedelta
from typing import Any  # rows for bulk inserts

import sqlalchemy as sa

from punishments.credit_lists.hearing import Grounds, Heard, Served, hear_party, serve_notice
from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import CreditList, ListingState, Response
from punishments.credit_lists.services import Decision, decide_listing, serve_decision
from punishments.measures.catalogue import load_measures
from punishments.measures.models import MeasureDefinition
from punishments.measures.services import Asked, intend_with_measure
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
RECIPIENT = "当事人收件人员（法定代表人委托）"
MEASURE, IMPLEMENTING = "C01-2", "CZJ"
# how far the listings of the demonstration have come, one each
REACHED = (ListingState.IN_FORCE, ListingState.PROPOSED, ListingState.NOTICED, ListingState.INTENDED)


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
    lead = _actor(demo, "lead.scjg")
    statement = (
        sa.select(Penalty)
        .where(Penalty.department_id == lead.department_id, Penalty.severity == Severity.SERIOUS, Penalty.fine_fen > 0)
        .order_by(Penalty.decided_on.desc(), Penalty.id)
        .limit(len(REACHED))
    )
    definition = demo.session.scalars(sa.select(MeasureDefinition).where(MeasureDefinition.code == MEASURE)).one()
    department = demo.session.scalars(sa.select(Department).where(Department.code == IMPLEMENTING)).one()
    for reached, penalty in zip(REACHED, demo.session.scalars(statement), strict=False):
        listing = intend_with_measure(
            demo.session, penalty, credit_list=CreditList.SERIOUS_SAMR,
            grounds=Grounds(
                "当事人受到较重行政处罚，情节严重，符合列入条件。", "《市场监督管理严重违法失信名单管理办法》"
            ),
            asked=Asked(definition, department), actor=lead,
        )  # fmt: skip
        _carry(demo, listing, reached, lead=lead)


def _carry(demo: Demo, listing: Listing, reached: ListingState, *, lead: Actor) -> None:
    """Take a listing as far as ``reached``; its notice ran together with the penalty procedure unless it is the end."""
    session, penalty, today = demo.session, listing.penalty, demo.today
    if reached is ListingState.INTENDED:
        return
    together = reached is not ListingState.NOTICED
    told = min(penalty.decided_on, today) - timedelta(days=15) if together else today
    number = f"沪市监静列告〔{told.year}〕{listing.id:03d}号"
    served = Served("direct", told, RECIPIENT, f"送达回证静市监送〔{told.year}〕{listing.id:03d}号", number)
    serve_notice(session, listing, served, actor=lead)
    if reached is ListingState.NOTICED:
        return
    hear_party(session, listing, _heard(told, spoke=reached is ListingState.PROPOSED), actor=lead)
    if reached is ListingState.PROPOSED:
        return
    decision = Decision(accepted=True, note="同意列入。", superior_approval=f"沪市监信批〔{today.year}〕12号")
    decide_listing(session, listing, decision, region=demo.district_code, actor=_actor(demo, "head.scjg"))
    proof = f"送达回证静市监送〔{today.year}〕{900 + listing.id}号"
    serve_decision(session, listing, Served("direct", today, RECIPIENT, proof), actor=lead)


def _heard(told: date, *, spoke: bool) -> Heard:
    authority, court = "上海市静安区人民政府", "有管辖权的人民法院"
    if not spoke:
        return Heard(Response.NONE, authority, court)
    return Heard(
        Response.STATEMENT, authority, court, told + timedelta(days=3),
        "当事人称经营困难，请求不予列入。", "经营困难不影响违法事实和情节的认定，陈述理由不成立，不予采纳。",
    )  # fmt: skip


def _actor(demo: Demo, username: str) -> Actor:
    user = find_user(demo.session, username)
    if user is None:
        raise LookupError(username)
    return actor_of(user)
