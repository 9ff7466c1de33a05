"""What two bodies proposed and decided: each row against the seal in the entry of its last step."""

from collections.abc import Iterator, Mapping
from typing import Any  # raw values

from sqlalchemy.orm import Session

from supervision.audit.events import Event
from supervision.audit.seals import SEAL, seal_of_values
from supervision.draws.checking.audit_part import AuditFacts, Noted
from supervision.draws.checking.findings import Bad, changed, missing, surplus
from supervision.draws.checking.rows import Row, read, table_of
from supervision.draws.models import DrawProposal, VoidProposal

PROPOSALS, VOIDS = table_of(DrawProposal), table_of(VoidProposal)


def check_proposals(session: Session, audit: AuditFacts, *, numbers: Mapping[int, str]) -> Iterator[Bad]:
    """Check every proposal about the draws ``numbers`` (numbers by id)."""
    seals = audit.last_seals()
    rows = {row["id"]: row for row in read(session, PROPOSALS)}
    for number in sorted(rows.keys() | seals.keys()):
        step = seals.get(number)
        if step is not None and _draw_of(step) not in numbers.values():
            continue
        if number not in rows:
            yield missing(PROPOSALS.name, number, step.evidence if step else "audit log")
        elif step is None:
            if rows[number]["draw_id"] in numbers:
                yield surplus(PROPOSALS.name, number, "audit log")
        elif seal_of_values(session, PROPOSALS.name, rows[number]) != step.details[SEAL]:
            column = _changed_column(session, PROPOSALS.name, rows[number], step, _facts(rows[number], step, audit))
            yield changed(PROPOSALS.name, number, column, step.evidence)


def _draw_of(step: Noted) -> str:
    return str(step.details.get("number", step.details.get("draw", "")))


def _facts(row: Row, last: Noted, audit: AuditFacts) -> dict[str, Any]:
    """Return what entries tell openly of a proposal, to find the column that was changed."""
    first = next(step for step in audit.steps if step.details.get("proposal") == row["id"])
    facts: dict[str, Any] = {"proposed_by": first.actor_id}
    if first.subject_kind == "draw":
        facts["draw_id"] = int(first.subject_id)
    if "code" in first.details:
        facts["reason_code"] = first.details["code"]
    if first is not last:
        facts["decided_by"] = last.actor_id
    return facts


def _changed_column(session: Session, table: str, row: Row, step: Noted, facts: Mapping[str, Any]) -> str:
    """Return the one column that, put right by what is known openly, makes the row fit its seal again."""
    for column, value in facts.items():
        if row[column] != value and seal_of_values(session, table, {**row, column: value}) == step.details[SEAL]:
            return column
    return ""


def check_voids(session: Session, draw: Row, *, audit: AuditFacts) -> Iterator[Bad]:
    """Check the proposal that a draw be void."""
    number = str(draw["number"])
    row = next(iter(list(read(session, VOIDS, VoidProposal.draw_id == draw["id"]))), None)
    proposed = audit.of(Event.DRAW_VOID_PROPOSED, number)
    agreed = [step for step in audit.of(Event.DRAW_VOIDED, number) if SEAL in step.details]
    steps = [*proposed, *agreed]
    if row is None:
        if steps:
            yield missing(VOIDS.name, number, steps[-1].evidence)
        return
    if not steps:
        yield surplus(VOIDS.name, number, "audit log")
        return
    facts: dict[str, Any] = {
        "reason_code": steps[0].details.get("code"),
        "note": steps[0].reason,
        "proposed_by": steps[0].actor_id,
    }
    facts |= {"approved_by": agreed[-1].actor_id} if agreed else {}
    step = steps[-1]
    if SEAL in step.details and seal_of_values(session, VOIDS.name, row) != step.details[SEAL]:
        yield changed(VOIDS.name, number, _changed_column(session, VOIDS.name, row, step, facts), step.evidence)
