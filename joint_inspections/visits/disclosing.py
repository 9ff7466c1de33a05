"""Noting who reads which enterprise is about to be visited, on pages that speak of one visit (security sheet, T13)."""

from flask import request

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision.audit.disclosing import note_view
from supervision.audit.events import DisclosedList

SHOWN_FIRST = ("GET", "HEAD")


def note_named(visit: Visit) -> None:
    """Note that a page is about to name a visit not yet begun; a form sent back was noted when it was opened."""
    if request.method in SHOWN_FIRST and visit.state in BEFORE_VISIT:
        note_view(DisclosedList.VISIT, subject=visit.id, count=1)
