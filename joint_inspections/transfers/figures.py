"""Figures by department: how many clues were sent and received, and how soon they were answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from joint_inspections.transfers.rules import Spell, Sums, sums
from supervision.departments.models import Department
from supervision.departments.queries import list_register


@dataclass(frozen=True, slots=True)
class Row:
    """One department: what it sent, what it was sent."""

    department: Department
    sent: Sums
    received: Sums


def by_department(session: Session, spells: Sequence[Spell]) -> list[Row]:
    """Add up by department; those that neither sent nor received anything are left out."""
    found = []
    for department in list_register(session):
        sent = [one for one in spells if one.sender == department.id]
        received = [one for one in spells if one.receiver == department.id]
        if sent or received:
            found.append(Row(department, sums(sent), sums(received)))
    return found
