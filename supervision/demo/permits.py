"""48,483 permits, matched to the trade of their holders by the licence catalogue."""

import random
from datetime import date, timedelta
from typing import Any  # rows for bulk inserts

import sqlalchemy as sa

from supervision import clock
from supervision.db import insert_many
from supervision.demo.entities import read_rows
from supervision.demo.registry import CATALOGUES, Demo
from supervision.departments.models import Department
from supervision.entities.rules import EntityStatus
from supervision.permits.models import Permit
from supervision.permits.rules import PermitKind, PermitState

PERMITS = 48_483


def load(demo: Demo) -> None:
    """Give entities the permits their trade needs, then further ones until the number is reached."""
    source = demo.random("permits")
    departments = {row.code: row.id for row in demo.session.execute(sa.select(Department.code, Department.id))}
    licences = [row for row in read_rows(CATALOGUES / "license_catalogue.csv") if row["authority_code"] in departments]
    by_prefix: dict[str, list[dict[str, str]]] = {}
    for licence in licences:
        for prefix in licence["gb4754_code"].split(";"):
            by_prefix.setdefault(prefix, []).append(licence)
    entities = demo.shared["entities"]
    fitting = [
        (entity, [one for length in range(1, 6) for one in by_prefix.get(entity[2][:length], [])])
        for entity in entities
    ]
    wanted = [(entity, found) for entity, found in fitting if found]
    source.shuffle(wanted)
    count = demo.amount(PERMITS)
    rows: list[dict[str, Any]] = []
    while len(rows) < count:
        for entity, found in wanted[: count - len(rows)]:
            licence = source.choice(found)
            rows.append(_permit(demo, entity, licence, number=len(rows) + 1, source=source,
                                department_id=departments[licence["authority_code"]]))  # fmt: skip
    insert_many(demo.session, Permit, rows)


def _permit(
    demo: Demo, entity: Any, licence: dict[str, str], *, number: int, department_id: int, source: random.Random
) -> dict[str, Any]:
    entity_id, _unit, _industry, _type, status, _risk, registered = entity
    age = max(1, (demo.today - registered).days)
    decided = demo.today - timedelta(days=source.randrange(1, min(age, 5 * 365) + 1))
    years = int(licence["validity_years"] or 0)
    until = _years_later(decided, years) if years else None
    valid = status is EntityStatus.ACTIVE and (until is None or until >= demo.today)
    authority = licence["authority_code"]
    return {
        "id": number, "entity_id": entity_id, "department_id": department_id,
        "document_name": f"准予{licence['permit_zh'].split('/')[0]}决定书"[:200],
        "document_number": f"静{authority}许准字〔{decided.year}〕第{number:06d}号",
        "certificate_name": licence["permit_zh"].split("/")[0], "permit_number": f"{authority}310106{number:08d}",
        "kind": PermitKind.ORDINARY if licence["mode"].startswith("许可") else PermitKind.REGISTRATION,
        "content": licence["business_scope_keyword"], "decided_on": decided, "valid_from": decided,
        "valid_until": until, "state": PermitState.VALID if valid else PermitState.INVALID, "recorded_at": clock.now(),
    }  # fmt: skip


def _years_later(day: date, years: int) -> date:
    last = day - timedelta(days=1)
    return last.replace(year=last.year + years, day=min(last.day, 28))
