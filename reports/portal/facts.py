"""What the public may know, named field by field: nothing else can reach a public page or file (domain 8.1, T38).

Pages and open data are both made from these values, never from database rows. A new column of the database is
invisible here until somebody names it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any  # rows of code tables have no type in common

from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import CreditList
from punishments.penalties.models import Penalty
from reports.portal.masking import public_name
from supervision.draws.models import Draw
from supervision.draws.rules import SHOWN, DrawState
from supervision.entities.rules import EntityStatus
from supervision.plans.models import PlanVersion
from supervision.plans.rules import PlanKind


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code and a name in both languages."""

    code: str
    name_zh: str
    name_en: str = ""


def named(thing: Any) -> Named:
    """Return code and names of a row of a code table or a department."""
    return Named(thing.code, thing.name_zh, thing.name_en)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A published plan, in the version in force, with what has come of it."""

    number: str
    version: int
    title: str
    kind: PlanKind
    year: int
    lead: Named
    departments: tuple[Named, ...]
    starts_on: date
    ends_on: date
    targeted: bool
    published_at: datetime | None
    digest: str
    planned: int
    drawn: int = 0
    visited: int = 0
    published: int = 0


def plan_facts(version: PlanVersion, counted: Iterable[tuple[int, int, int]] = ()) -> PlanFacts:
    """Return the facts of one published version; ``counted`` are drawn, visited, published of each department.

    Every department of a joint plan counts the same visits, so the largest number is the plan's; of the results the
    smallest is, because an inspection is published when every department has published its part.
    """
    columns = list(zip(*counted, strict=True)) or [(0,)] * 3
    drawn, visited, published = max(columns[0]), max(columns[1]), min(columns[2])
    plan = version.plan
    return PlanFacts(
        number=plan.number or "",
        version=version.version_no,
        title=version.title,
        kind=plan.kind,
        year=plan.year,
        lead=named(plan.lead_department),
        departments=tuple(named(one.department) for one in version.participants),
        starts_on=version.starts_on,
        ends_on=version.ends_on,
        targeted=version.scope_of.targeted,
        published_at=version.published_at,
        digest=version.digest or "",
        planned=version.planned_visits or 0,
        drawn=drawn,
        visited=visited,
        published=published,
    )


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """A draw as lists show it: counts and digests, never who."""

    number: str
    state: DrawState
    task_number: str
    task_title: str
    plan_number: str
    lead: Named
    registered: int
    pool: int
    selected: int
    confidential: bool
    commitment_digest: str
    record_digest: str
    frozen_at: datetime
    committed_at: datetime | None
    drawn_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    bundle_shown: bool
    overdue: bool
    # kind and public name of each witness from outside
    observers: tuple[tuple[str, str], ...]


def draw_facts(draw: Draw, *, overdue: bool, observers: tuple[tuple[str, str], ...] = ()) -> DrawFacts:
    """Return the facts of one draw."""
    plan = draw.task.plan_version.plan
    return DrawFacts(
        number=draw.number,
        state=draw.state,
        task_number=draw.task.number,
        task_title=draw.task.title,
        plan_number=plan.number or "",
        lead=named(plan.lead_department),
        registered=draw.registered,
        pool=draw.frame_size,
        selected=sum(count for _, count in draw.strata.values()),
        confidential=draw.confidential,
        commitment_digest=draw.commitment_digest or "",
        record_digest=draw.record_digest or "",
        frozen_at=draw.frozen_at,
        committed_at=draw.committed_at,
        drawn_at=draw.drawn_at,
        opened_at=draw.opened_at,
        ended_at=draw.ended_at,
        end_reason=draw.end_reason,
        bundle_shown=draw.state in SHOWN,
        overdue=overdue,
        observers=observers,
    )


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """An entity as the public register shows it."""

    unit_id: str
    name: str
    type: Named
    industry: Named
    sub_district: Named
    status: EntityStatus
    status_since: date


def entity_facts(entity: Any, *, kind: Named, industry: Named, sub_district: Named) -> EntityFacts:
    """Return the facts of one entity, given as a row of these columns; the words of its codes are handed in."""
    return EntityFacts(
        unit_id=entity.unit_id,
        name=public_name(entity.name),
        type=kind,
        industry=industry,
        sub_district=sub_district,
        status=entity.status,
        status_since=entity.status_since,
    )


@dataclass(frozen=True, slots=True)
class PenaltyFacts:
    """The summary of a penalty that may be shown (R-4.03)."""

    document_number: str
    violation_type: str
    content: str
    authority: Named
    decided_on: date
    shown_until: date | None


def penalty_facts(penalty: Penalty) -> PenaltyFacts:
    """Return the summary of one penalty."""
    return PenaltyFacts(
        document_number=penalty.document_number,
        violation_type=penalty.violation_type,
        content=penalty.content,
        authority=named(penalty.department),
        decided_on=penalty.decided_on,
        shown_until=penalty.public_until,
    )


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """A listing in force."""

    number: str
    credit_list: CreditList
    legal_basis: str
    authority: Named
    starts_on: date | None
    ends_on: date | None


def listing_facts(listing: Listing) -> ListingFacts:
    """Return what is public of one listing in force."""
    return ListingFacts(
        number=listing.number or "",
        credit_list=listing.credit_list,
        legal_basis=listing.legal_basis,
        authority=named(listing.penalty.department),
        starts_on=listing.starts_on,
        ends_on=listing.ends_on,
    )
