"""名录: who can be drawn and who cannot, over the whole register, each entity exactly once (R-1.11, R-1.12).

``registered = frame + excluded`` holds by construction: one pass over the register puts every entity on one side, and
:func:`supervision.plans.exclusions.exclusion_reason` gives exactly one reason. The scope is read in one
place, :func:`scope_conditions`, for the pool, the live count and the overlap finder alike.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any  # select statements over rows of several columns

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.identifiers import is_identifier
from supervision import clock
from supervision.entities.late_facts import tagged_by
from supervision.entities.models import Entity, EntityTag
from supervision.entities.risk_classes import class_by
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.errors import RuleBroken
from supervision.parameters.queries import get_number
from supervision.permits.models import Permit
from supervision.permits.rules import PermitState
from supervision.plans import facts
from supervision.plans.allocations import ALL, UNCLASSIFIED, stratum_of_industry
from supervision.plans.exclusions import Automatic, Standing, exclusion_reason
from supervision.plans.models import Exclusion, ExclusionDecision, PlanVersion, Task
from supervision.plans.rules import Stratification

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool of a task or plan on one day; both lists sorted by unit, as the draw's files want them."""

    registered: int
    frame: list[tuple[str, str]]  # unit, stratum
    excluded: list[tuple[str, str]]  # unit, reason code
    confidential: bool = False  # strata or scope speak of risk classes: nothing of it is published

    @property
    def strata(self) -> dict[str, int]:
        """Size of each stratum, sorted."""
        return dict(sorted(Counter(stratum for _, stratum in self.frame).items()))

    @property
    def excluded_counts(self) -> dict[str, int]:
        """How many are left out for each reason, most first."""
        return dict(Counter(reason for _, reason in self.excluded).most_common())


def build_pool(session: Session, of: Task | PlanVersion, *, on: date) -> Pool:
    """Return the pool of a task (with its confirmed exclusions) or of a plan version, as the facts stand on ``on``."""
    version = of.plan_version if isinstance(of, Task) else of
    decided = _confirmed_exclusions(session, of) if isinstance(of, Task) else {}
    past = _PastVisits.of(session, version, on=on)
    stratum_of = _stratum_reader(version)
    yearly_cap = get_number(session, "entity-yearly-cap", on=on)
    outside = Automatic.SCOPE.value
    register = _register(
        version,
        on=on,
        risk_class=class_in_force(session, version, on=on),
        tags_by=class_cutoff(session, on=on),
    )
    session.flush()
    # one statement, so that nobody moves in or out meanwhile; read as plain rows, which is quicker
    rows = session.connection().execute(register).all()
    # nearly the whole register ends here, before anything else is asked of it; names are sorted faster than pairs
    frame, excluded = [], [(unit, outside) for unit in sorted([row[1] for row in rows if not row[2]])]
    for number, unit, _in_scope, status, low_touch, stratum in (row for row in rows if row[2]):
        standing = Standing(
            in_scope=True,
            active=status == EntityStatus.ACTIVE,
            low_touch=low_touch,
            visits=past.visits.get(number, 0),
            same_item=number in past.same_item,
            decided=decided.get(number, ""),
        )
        reason = exclusion_reason(standing, yearly_cap=yearly_cap)
        if reason is None:
            frame.append((unit, stratum_of(stratum)))
        else:
            excluded.append((unit, reason))
    _check_identifiers(frame)
    return Pool(
        registered=len(frame) + len(excluded),
        frame=sorted(frame),
        excluded=sorted(excluded),
        confidential=version.confidential,
    )


def count_in_scope(session: Session, version: PlanVersion, *, on: date) -> int:
    """Count the entities that the scope of ``version`` names, whatever their status."""
    return session.scalar(sa.select(sa.func.count()).where(*scope_conditions(version, on=on))) or 0


def count_shared(session: Session, one: PlanVersion, other: PlanVersion, *, on: date) -> int:
    """Count the active entities that the scopes of both plans name."""
    conditions = (*scope_conditions(one, on=on), *scope_conditions(other, on=on))
    active = Entity.status == EntityStatus.ACTIVE
    return session.scalar(sa.select(sa.func.count()).where(active, Entity.low_touch.is_(False), *conditions)) or 0


def class_cutoff(session: Session, *, on: date) -> datetime:
    """Return until when a risk class or a tag must have been recorded to count for a pool of day ``on`` (T08)."""
    return clock.begin_of(on - timedelta(days=get_number(session, "risk-class-freeze-days", on=on)))


def class_in_force(session: Session, version: PlanVersion, *, on: date) -> sa.ColumnElement[Any]:
    """Return the risk class that counts for ``version``: of some days ago, where risk classes play a part."""
    return class_by(class_cutoff(session, on=on)) if version.uses_classes else Entity.risk_class.expression


def scope_conditions(
    version: PlanVersion, *, on: date, risk_class: sa.ColumnElement[Any] | None = None, tags_by: datetime | None = None
) -> list[Condition]:
    """Return what an entity must meet to be spoken of by ``version``.

    Counts go by the class and the tags of today, pools by those of some days ago (T08).

    Every department needs at least one item that applies to the entity's industry: without one its inspectors would
    have no authority there (R-1.01). The joint item's own industries and the plan's filter limit further.
    """
    scope = version.scope_of
    by_department: dict[int, list[str] | None] = {}
    for row in version.items:
        known = by_department.setdefault(row.item.department_id, [])
        limited = known is not None and bool(row.item.industries)
        by_department[row.item.department_id] = [*(known or []), *row.item.industries] if limited else None
    prefix_sets = [*by_department.values(), version.joint_item.industries if version.joint_item else None]
    conditions = [_industry_under(prefixes) for prefixes in (*prefix_sets, list(scope.industries)) if prefixes]
    for column, values in (
        (Entity.type_code, scope.types),
        (Entity.sub_district_code, scope.sub_districts),
        (
            Entity.risk_class if risk_class is None else risk_class,
            tuple(RiskClass(one) for one in scope.risk_classes),
        ),
    ):
        if values:
            conditions.append(column.in_(sorted(values)))
    if scope.all_tags and tags_by:
        conditions.append(tagged_by(tags_by, scope.all_tags))
    elif scope.all_tags:
        tagged = sa.select(EntityTag.entity_id).where(EntityTag.tag_code.in_(sorted(scope.all_tags)))
        conditions.append(Entity.id.in_(tagged))
    if scope.permit_names:
        conditions.append(Entity.id.in_(_holders(scope.permit_names, on=on)))
    return conditions or [sa.true()]


def _industry_under(prefixes: list[str]) -> Condition:
    return sa.or_(*(Entity.industry_code.startswith(prefix, autoescape=True) for prefix in sorted(set(prefixes))))


def _holders(names: tuple[str, ...], *, on: date) -> sa.Select[Any]:
    return sa.select(Permit.entity_id).where(
        Permit.certificate_name.in_(sorted(names)),
        Permit.state == PermitState.VALID,
        Permit.valid_from <= on,
        sa.or_(Permit.valid_until.is_(None), Permit.valid_until >= on),
    )


def _register(
    version: PlanVersion, *, on: date, risk_class: sa.ColumnElement[Any], tags_by: datetime
) -> sa.Select[Any]:
    stratum = {
        Stratification.TYPE: Entity.type_code,
        Stratification.INDUSTRY: Entity.industry_code,
        Stratification.SUB_DISTRICT: Entity.sub_district_code,
        Stratification.RISK: sa.cast(risk_class, sa.String),
    }.get(version.stratification, sa.literal(ALL))
    in_scope = sa.case((sa.and_(*scope_conditions(version, on=on, risk_class=risk_class, tags_by=tags_by)), 1), else_=0)
    return sa.select(
        Entity.id,
        Entity.unit_id,
        in_scope.label("in_scope"),
        sa.cast(Entity.status, sa.String).label("status"),
        Entity.low_touch,
        stratum.label("stratum"),
    )


def _stratum_reader(version: PlanVersion) -> Callable[[str | None], str]:
    if version.stratification is not Stratification.INDUSTRY:
        return lambda value: value or UNCLASSIFIED
    prefixes = version.scope_of.industries
    known: dict[str, str] = {}

    def part_of(code: str | None) -> str:
        code = code or UNCLASSIFIED
        if code not in known:
            known[code] = stratum_of_industry(code, prefixes)
        return known[code]

    return part_of


def _confirmed_exclusions(session: Session, task: Task) -> Mapping[int, str]:
    statement = (
        sa.select(Exclusion.entity_id, Exclusion.reason_code)
        .join(ExclusionDecision, ExclusionDecision.exclusion_id == Exclusion.id)
        .where(Exclusion.task_id == task.id, ExclusionDecision.confirmed)
        .order_by(Exclusion.id.desc())
    )
    return {row.entity_id: row.reason_code for row in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class _PastVisits:
    """Random inspections of this calendar year: how many per entity, and who has had one of the plan's items in full.

    Counted are visits begun, and those still to come under a list that everybody may see.
    """

    visits: Mapping[int, int]
    same_item: frozenset[int]

    @classmethod
    def of(cls, session: Session, version: PlanVersion, *, on: date) -> "_PastVisits":
        visits: Counter[int] = Counter()
        by_item: defaultdict[int, Counter[str]] = defaultdict(Counter)
        most = {row.item.code: row.item.max_per_year for row in version.items}
        past = facts.visits_between(session, date(on.year, 1, 1), on)
        for fact in [*past, *facts.visits_ahead(session, on.year)]:
            visits[fact.entity_id] += 1
            by_item[fact.entity_id].update(fact.item_codes & most.keys())
        full = (entity for entity, items in by_item.items() if any(items[code] >= most[code] for code in items))
        return cls(visits, frozenset(full))


def _check_identifiers(frame: list[tuple[str, str]]) -> None:
    for stratum in sorted({stratum for _, stratum in frame}):
        if not is_identifier(stratum):
            raise RuleBroken(
                "stratum-name",
                "The code %(code)s of the register cannot name a part of a draw. Ask the coordinator to correct it.",
                code=ascii(stratum),
            )
