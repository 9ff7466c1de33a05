"""Taking in many inspectors at once, for imports; the import writes the one audit entry of the operation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.errors import DomainError, Forbidden, Invalid
from supervision.inspectors.models import Inspector
from supervision.inspectors.rules import InspectorRow, InspectorStatus, clean_certificate
from supervision.inspectors.services import department_item_codes, keep_qualifications, set_name_keys
from supervision.permissions import Actor, Permission


@dataclass(slots=True)
class Upserted:
    """What became of the rows; ``refused`` holds (position in the given rows, refusal)."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, DomainError]] = field(default_factory=list)


def upsert_many(session: Session, rows: Sequence[InspectorRow], *, actor: Actor) -> Upserted:
    """Enter or correct inspectors by certificate number; the same rows twice change nothing.

    A lead brings in the own department only; the coordinator brings in all. Status, absences and interests of those
    already entered stay as they are. Nothing is audited here: the import records one entry for the file.
    """
    outcome = Upserted()
    known = _known(session, rows)
    codes = {one: department_item_codes(session, one) for one in {row.department_id for row in rows}}
    seen: set[str] = set()
    for position, row in enumerate(rows):
        try:
            number = _checked(row, seen, codes[row.department_id], actor=actor)
            inspector = known.get(number)
            if inspector is not None and inspector.department_id != row.department_id:
                raise Invalid(
                    "other-department", "This certificate is entered in another department.", field="department"
                )
        except DomainError as error:
            outcome.refused.append((position, error))
            continue
        seen.add(number)
        _take(session, inspector, row, number=number, outcome=outcome)
    session.flush()
    return outcome


def _known(session: Session, rows: Sequence[InspectorRow]) -> dict[str, Inspector]:
    departments = {row.department_id for row in rows}
    numbers = [row.content.certificate_number.strip().upper().replace(" ", "") for row in rows]
    statement = sa.select(Inspector).where(
        sa.or_(Inspector.department_id.in_(departments), Inspector.certificate_number.in_(numbers))
    )
    return {one.certificate_number: one for one in session.scalars(statement)}


def _checked(row: InspectorRow, seen: set[str], allowed: frozenset[str], *, actor: Actor) -> str:
    own = actor.department_id == row.department_id or actor.sees_whole_district
    if not actor.may(Permission.REGISTRY_IMPORT) or not own:
        raise Forbidden("inspector-of-another", "Only the lead of the inspector's department keeps this entry.")
    number = clean_certificate(row.content.certificate_number)
    if number in seen:
        raise Invalid(
            "certificate-twice", "The certificate number stands in the file twice.", field="certificate_number"
        )
    if not row.content.name:
        raise Invalid("no-name", "Give the name.", field="name")
    if row.item_codes and (unknown := row.item_codes - allowed):
        raise Invalid(
            "unknown-item",
            "%(codes)s is not an item of this department in the published list.",
            field="item_codes",
            codes="、".join(sorted(unknown)),
        )
    return number


def _take(session: Session, inspector: Inspector | None, row: InspectorRow, *, number: str, outcome: Upserted) -> None:
    now = clock.now()
    if inspector is None:
        inspector = Inspector(
            department_id=row.department_id, status=InspectorStatus.ACTIVE, created_at=now, updated_at=now
        )
        session.add(inspector)
        outcome.created += 1
    elif _same(inspector, row):
        outcome.unchanged += 1
        return
    else:
        inspector.updated_at = now
        outcome.changed += 1
    inspector.certificate_number, inspector.name = number, row.content.name
    inspector.certificate_valid_until = row.content.certificate_valid_until
    inspector.issuing_body, inspector.post = row.content.issuing_body, row.content.post
    inspector.all_items = row.item_codes is None
    keep_qualifications(inspector, row.item_codes or frozenset())
    set_name_keys(inspector)


def _same(inspector: Inspector, row: InspectorRow) -> bool:
    held = None if inspector.all_items else frozenset(one.item_code for one in inspector.qualifications)
    content = row.content
    return (
        inspector.name == content.name
        and inspector.certificate_valid_until == content.certificate_valid_until
        and inspector.issuing_body == content.issuing_body
        and inspector.post == content.post
        and held == row.item_codes
    )
