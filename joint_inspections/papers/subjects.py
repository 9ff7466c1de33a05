"""Which papers a visit can have now: what each rests on, whether its time has come, and who may issue it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from joint_inspections.follow_ups.models import FollowUp
from joint_inspections.follow_ups.queries import list_of_visit
from joint_inspections.follow_ups.rules import FollowUpState
from joint_inspections.papers.drafting import Frame
from joint_inspections.papers.models import SiteEntry
from joint_inspections.papers.queries import newest_entries
from joint_inspections.papers.rules import PaperData, PaperKind, SignedState, order_series, source_digest
from joint_inspections.records.models import RecordVersion
from joint_inspections.records.queries import newest_version
from joint_inspections.records.rules import Disposal, ReviewDecision
from joint_inspections.visits.models import Visit, VisitApproval
from joint_inspections.visits.rules import VisitState
from supervision.departments.models import Department
from supervision.labels import N_
from supervision.permissions import Actor, Permission

P = Permission
# beside the team: who of the paper's department may issue it
ISSUERS: dict[PaperKind, frozenset[Permission]] = {
    PaperKind.APPROVAL: frozenset({P.PLAN_APPROVE, P.PLAN_DRAFT}),
    PaperKind.RECORD: frozenset({P.RECORD_REVIEW, P.PLAN_DRAFT}),
    PaperKind.QUESTIONING: frozenset({P.PLAN_DRAFT}),
    PaperKind.INQUEST: frozenset({P.PLAN_DRAFT}),
    PaperKind.SAMPLING: frozenset({P.PLAN_DRAFT}),
    PaperKind.RESULT: frozenset({P.RECORD_REVIEW, P.PLAN_DRAFT}),
    PaperKind.ORDER: frozenset({P.FOLLOW_UP_CLOSE}),
    PaperKind.CLUE: frozenset({P.TRANSFER_SEND}),
    PaperKind.COPIED: frozenset({P.TRANSFER_SEND}),
}

# who issues, in words of the page
BY_WHOM: dict[PaperKind, str] = {
    PaperKind.APPROVAL: N_("head or lead of the department, or its inspectors on the team"),
    PaperKind.RECORD: N_("the team, a reviewer or a lead of a department taking part"),
    PaperKind.QUESTIONING: N_("inspectors of the department on the team, or its lead"),
    PaperKind.INQUEST: N_("inspectors of the department on the team, or its lead"),
    PaperKind.SAMPLING: N_("inspectors of the department on the team, or its lead"),
    PaperKind.RESULT: N_("the team, a reviewer or a lead of the department"),
    PaperKind.ORDER: N_("the department's lead, or its inspectors on the team"),
    PaperKind.CLUE: N_("a lead of the department that found it"),
    PaperKind.COPIED: N_("a lead of the department that found it"),
}
APPROVAL_WAITS = N_("The head of the department has yet to approve the inspection (R-3.08).")
RECORD_WAITS = N_(
    "The record has not been handed in yet; the paper is made from what was handed in, never from a draft."
)
RESULT_WAITS = N_("The result is told when a reviewer has approved the newest version of the record.")
APPROVAL_DUE = N_("Approved: the form belongs to the file of the visit before the team goes.")
RECORD_DUE = N_("Handed in: issue the record as it stands.")
WRITTEN_DUE = N_("Written down on site: print it and let it be signed.")
RESULT_DUE = N_("Approved: tell the enterprise the result in time (R-3.09).")
ORDER_DUE = N_("The approved record orders a correction: serve the order (R-1.35).")


class Drafted(Protocol):
    """What a paper of a room above rests on: it drafts itself."""

    def draft(self, frame: Frame) -> PaperData:
        """Return what the paper says."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A paper that this visit can have. ``waits`` says why its time has not come, "" when it has."""

    kind: PaperKind
    series: str
    # the bodies that give it; several for what the whole team gives
    departments: tuple[Department, ...]
    # why it is due, or what it waits for
    due: str
    waits: str
    # digest of what it rests on now, "" while it waits
    rests_on: str
    source: VisitApproval | RecordVersion | SiteEntry | FollowUp | Drafted | None = None
    # which entry of its kind, for what inspectors wrote down
    entry_no: int = 0

    @property
    def department(self) -> Department | None:
        """The one body that gives it alone."""
        return self.departments[0] if len(self.departments) == 1 else None


# lists the papers of a visit that a room above knows of
More = Callable[[Session, Visit], Sequence[Subject]]
_more: list[More] = []


def also(lister: More) -> None:
    """Register papers of a room above; registering the same lister again changes nothing."""
    if lister not in _more:
        _more.append(lister)


def list_subjects(session: Session, visit: Visit) -> tuple[Subject, ...]:
    """List the papers of a visit in the order in which they come about."""
    bodies = departments_of(visit)
    version = newest_version(session, visit)
    return (
        *_approvals(visit, bodies),
        _record(version, bodies),
        *(_written(entry) for entry in newest_entries(session, visit)),
        *_results(visit, version, bodies),
        *(_order(one) for one in list_of_visit(session, visit.id) if one.kind is Disposal.CORRECTION and _open(one)),
        *(subject for lister in _more for subject in lister(session, visit)),
    )


def departments_of(visit: Visit) -> tuple[Department, ...]:
    """Return the departments of a visit, the lead first."""
    parts = sorted(visit.plan_version.participants, key=lambda one: (not one.is_lead, one.position))
    return tuple(one.department for one in parts)


def _approvals(visit: Visit, bodies: Sequence[Department]) -> list[Subject]:
    given = visit.approved_departments
    found = []
    for body in bodies:
        approval = given.get(body.id)
        rests_on = source_digest("approval", approval.id, visit.planned_on) if approval else ""
        waits = "" if approval and visit.number else APPROVAL_WAITS
        series = f"approval:{body.code}"
        found.append(Subject(PaperKind.APPROVAL, series, (body,), APPROVAL_DUE, waits, rests_on, approval))
    return found


def _record(version: RecordVersion | None, bodies: tuple[Department, ...]) -> Subject:
    if version is None:
        return Subject(PaperKind.RECORD, "record", bodies, RECORD_DUE, RECORD_WAITS, "")
    rests_on = source_digest("record", version.digest, version.review.id if version.review else 0)
    return Subject(PaperKind.RECORD, "record", bodies, RECORD_DUE, "", rests_on, version)


def _written(entry: SiteEntry) -> Subject:
    # a signature on the printed paper leaves that paper as it is; a refusal belongs on a new one
    signed = "refused" if entry.signing and entry.signing.state is SignedState.REFUSED else ""
    rests_on = source_digest(entry.kind.value, entry.entry_no, entry.digest, signed)
    series = f"{entry.kind.value}:{entry.entry_no}"
    return Subject(entry.kind, series, (entry.department,), WRITTEN_DUE, "", rests_on, entry, entry.entry_no)


def _results(visit: Visit, version: RecordVersion | None, bodies: tuple[Department, ...]) -> list[Subject]:
    review = version.review if version else None
    told = (
        review is not None and review.decision is ReviewDecision.APPROVED and visit.state is not VisitState.CORRECTING
    )
    digest = version.digest if version and told else ""
    scopes: list[tuple[str, tuple[Department, ...]]] = [("result", bodies)]
    if len(bodies) > 1:
        scopes += [(f"result:{one.code}", (one,)) for one in bodies]
    return [
        Subject(
            PaperKind.RESULT,
            series,
            part,
            RESULT_DUE,
            "" if told else RESULT_WAITS,
            source_digest(series, digest) if told else "",
            version if told else None,
        )
        for series, part in scopes
    ]


def _open(follow_up: FollowUp) -> bool:
    return follow_up.state is FollowUpState.OPEN


def _order(follow_up: FollowUp) -> Subject:
    rests_on = source_digest("order", follow_up.id, follow_up.due_on, follow_up.problem)
    series = order_series(follow_up.item.code)
    return Subject(PaperKind.ORDER, series, (follow_up.department,), ORDER_DUE, "", rests_on, follow_up)


def may_issue(subject: Subject, visit: Visit, actor: Actor) -> bool:
    """Say whether the actor may issue this paper: the team for its own part, or those who answer for it."""
    bodies = {one.id for one in subject.departments}
    for member in visit.team_now:
        if actor.inspector_id is not None and member.inspector_id == actor.inspector_id:
            return member.department_id in bodies
    return actor.department_id in bodies and any(actor.may(one) for one in ISSUERS[subject.kind])
