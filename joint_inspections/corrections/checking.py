"""Recomputing the chains of all corrections."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.corrections.chain import Fault, check_chain
from joint_inspections.corrections.models import CorrectionEntry
from joint_inspections.corrections.queries import read_correction
from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.records.rules import Disposal


@dataclass(frozen=True, slots=True)
class Checked:
    """How many chains and entries were recomputed, and where they do not hold."""

    chains: int
    entries: int
    faults: tuple[Fault, ...]


def check_all(session: Session) -> Checked:
    """Recompute every chain; one whose entries all vanished is found by what the audit log knows of it."""
    used = FollowUp.id.in_(sa.select(CorrectionEntry.follow_up_id))
    statement = sa.select(FollowUp).where(sa.or_(used, FollowUp.kind == Disposal.CORRECTION)).order_by(FollowUp.id)
    chains, entries, faults = 0, 0, list[Fault]()
    for follow_up in session.scalars(statement).unique():
        correction = read_correction(session, follow_up)
        faults += check_chain(session, correction)
        entries += len(correction.entries)
        chains += bool(correction.entries)
    return Checked(chains, entries, tuple(faults))
