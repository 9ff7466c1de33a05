"""The day by which annual plans are to be public, and what a plan that comes later must say (domain 1.3).

The day is a parameter, not a law of this platform. Temporary tasks are something else: they rest on a published plan.
"""

from datetime import date

from sqlalchemy.orm import Session

from supervision.errors import Invalid
from supervision.labels import N_
from supervision.parameters.models import Reason
from supervision.parameters.queries import check_reason, get_parameter, list_reasons
from supervision.plans.findings import Finding
from supervision.plans.models import PlanVersion
from supervision.plans.rules import DraftStep

LATE_GROUNDS = "late_plan_grounds"
REMINDER_DAYS = 30


def due_on(session: Session, year: int, *, on: date) -> date:
    """Return the day by which the plans of a year are to be public, by the parameter in force on ``on``."""
    month, day = get_parameter(session, "plan-publication-deadline", on=on).value.split("-")
    return date(year, int(month), int(day))


def never_published(version: PlanVersion) -> bool:
    """Say whether the plan has no published version yet: only its first publication can be late."""
    return version.plan.number is None


def obstacles(session: Session, version: PlanVersion, *, on: date) -> list[Finding]:
    """A first publication after the day needs a ground, which is published with the plan."""
    due = due_on(session, version.plan.year, on=on)
    if not never_published(version) or on <= due or version.late_ground:
        return []
    message = N_(
        "Annual plans of %(year)s were to be published by %(day)s. State under “Title and period” why this one comes "
        "later; the ground is published with the plan."
    )
    words = {"year": version.plan.year, "day": due.isoformat()}
    return [Finding("late-ground-missing", message, DraftStep.PERIOD, blocking=True, rule="1.3", parameters=words)]


def cautions(session: Session, version: PlanVersion, *, on: date) -> list[Finding]:
    """Remind of the day before it comes, and of what is published when it is over."""
    due = due_on(session, version.plan.year, on=on)
    if not never_published(version) or (due - on).days > REMINDER_DAYS:
        return []
    words = {"year": version.plan.year, "day": due.isoformat()}
    if on > due:
        message = N_(
            "Annual plans of %(year)s were to be published by %(day)s, as the district's parameters say. The ground "
            "you gave is published with the plan."
        )
        return [Finding("publication-late", message, DraftStep.PERIOD, rule="1.3", parameters=words)]
    message = N_(
        "Annual plans of %(year)s are to be published by %(day)s, as the district's parameters say. A plan approved "
        "later must state why."
    )
    return [Finding("publication-due", message, DraftStep.PERIOD, rule="1.3", parameters=words)]


def set_ground(session: Session, version: PlanVersion, ground: str, note: str) -> None:
    """Set why a plan comes late, ground and facts together; after the first publication nothing changes any more."""
    if not never_published(version):
        return
    if ground:
        check_reason(session, LATE_GROUNDS, ground, field="late_ground")
        if not note:
            raise Invalid("late-note", "Say in one or two sentences why the plan comes later.", field="late_note")
    elif note:
        raise Invalid("late-ground", "Choose the ground under which this reason falls.", field="late_ground")
    version.late_ground, version.late_note = ground, note


def ground_of(session: Session, version: PlanVersion) -> Reason | None:
    """Return the ground of a late publication in words, None for a plan in time."""
    reasons = list_reasons(session, LATE_GROUNDS) if version.late_ground else []
    return next((one for one in reasons if one.code == version.late_ground), None)


def settle(session: Session, version: PlanVersion, *, on: date) -> None:
    """Fix at the first publication which day held; a plan in time carries no ground."""
    if not never_published(version):
        return
    version.publication_due_on = due_on(session, version.plan.year, on=on)
    if on <= version.publication_due_on:
        version.late_ground, version.late_note = "", ""
