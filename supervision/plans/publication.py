"""The published form of a plan: canonical JSON (RFC 8785) and its SHA-256, to which every draw commits.

Risk classes (R-2.01) and some tags are internal. A plan limited to them publishes only a salted digest of that limit,
so that oversight can check later what was meant, and nobody can read a class or tag off the list of those drawn.
"""

import hashlib
from typing import Any  # published documents are JSON

from sqlalchemy import DDL, event

from sampling.canonical import canonical_bytes
from supervision.db import Base
from supervision.plans.models import PlanItem, PlanParticipant, PlanVersion

FORMAT = "supervision-plan/1"

# all that a published version says; state and revision alone may change after publication
FROZEN_COLUMNS = tuple(
    column.name for column in PlanVersion.__table__.columns if column.name not in {"id", "state", "revision"}
)


def plan_document(version: PlanVersion) -> dict[str, Any]:
    """Return what is published of ``version``; lists are in a fixed order, so equal plans have equal bytes."""
    plan = version.plan
    document: dict[str, Any] = {
        "format": FORMAT,
        "number": plan.number,
        "version": version.version_no,
        "year": plan.year,
        "kind": plan.kind.value,
        "title": version.title,
        "description": version.description,
        "change_reason": version.change_reason,
        "lead": plan.lead_department.code,
        "departments": [_department(one) for one in version.participants],
        "item_list": {"number": version.item_list.number, "digest": version.item_list.digest},
        "joint_item": version.joint_item.code if version.joint_item else None,
        "items": [_item(one) for one in version.items],
        "period": {"from": version.starts_on.isoformat(), "to": version.ends_on.isoformat()},
        "targeted": version.scope_of.targeted,
        "scope": version.scope_of.to_public_json(),
        "confidential_scope_digest": sealed_scope(version),
        "stratification": version.stratification.value,
        "class_rate_replaces": version.class_rate_replaces,
        "allocation": version.allocation,
        "teams": _teams(version),
        "reserve": version.reserve,
        "publish_list_before": version.publish_list_before,
        "expected_pool": version.expected_pool,
        "planned_visits": version.planned_visits,
    }
    if version.beacon_rule:
        # only where a public value is mixed in: plans of before keep their bytes; the identifier binds the rule's text
        document["beacon_rule"] = version.beacon_rule
    if version.published_late:
        # only where there is something to say: what was published in time keeps its bytes
        document["late_publication"] = {
            "due": str(version.publication_due_on),
            "ground": version.late_ground,
            "note": version.late_note,
        }
    return document


def sealed_scope(version: PlanVersion) -> str | None:
    """Return the digest that binds the limit by risk class and internal tag without showing it, None without one."""
    scope = version.scope_of
    if not scope.confidential:
        return None
    sealed: dict[str, Any] = {"salt": version.confidential_salt, "risk_classes": sorted(scope.risk_classes)}
    if scope.internal_tags:
        sealed["tags"] = sorted(scope.internal_tags)
    return hashlib.sha256(canonical_bytes(sealed)).hexdigest()


def document_bytes(version: PlanVersion) -> bytes:
    """Return the canonical bytes of the published document."""
    return canonical_bytes(plan_document(version))


def _department(participant: PlanParticipant) -> dict[str, Any]:
    return {
        "code": participant.department.code,
        "name": participant.department.name_zh,
        "lead": participant.is_lead,
        "per_team": participant.per_team,
    }


def _item(row: PlanItem) -> dict[str, Any]:
    return {
        "code": row.item.code,
        "name": row.item.name_zh,
        "department": row.item.department.code,
        "category": row.item.category.value,
        "legal_basis": row.item.legal_basis,
        "ratio_bp": row.item.ratio_bp,
        "industries": sorted(row.item.industries),
    }


def _teams(version: PlanVersion) -> dict[str, Any]:
    return {
        "mode": version.team_mode.value,
        "groups": version.group_count,
        "group_capacity": version.group_capacity,
        "visit_cap": version.visit_cap,
    }


def guards(dialect: str) -> dict[str, list[str]]:
    """Return, by table, the DDL that keeps a published version as it is; migrations use it too."""
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FROZEN_COLUMNS)
    rules = {"plan_versions": (f"OLD.published_at IS NOT NULL AND NOT ({same})", "OLD.published_at IS NOT NULL")}
    published = "EXISTS (SELECT 1 FROM plan_versions WHERE id = OLD.plan_version_id AND published_at IS NOT NULL)"
    rules |= dict.fromkeys(("plan_items", "plan_participants"), (published, published))
    return {
        table: _statements(table, {"update": update, "delete": delete}, dialect)
        for table, (update, delete) in rules.items()
    }


def _statements(table: str, conditions: dict[str, str], dialect: str) -> list[str]:
    text = f"{table}: a published plan never changes"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_published_no_{verb} BEFORE {verb.upper()} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
            for verb, condition in conditions.items()
        ]
    made = []
    for verb, condition in conditions.items():
        name = f"{table}_published_no_{verb}"
        kept = "NEW" if verb == "update" else "OLD"
        made += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{text}'; END IF; RETURN {kept}; END $$",
            f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return made


def _install() -> None:
    for dialect in ("sqlite", "postgresql"):
        for name, statements in guards(dialect).items():
            for statement in statements:
                guard = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # DDL's signature is untyped
                event.listen(Base.metadata.tables[name], "after_create", guard.execute_if(dialect=dialect))


_install()
