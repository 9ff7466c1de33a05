"""Freezing: pool, roster, ties and rules become files that never change again (draw protocol, section 2)."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling import freezing as engine
from sampling.bundle import FROZEN_FILES
from sampling.explanation import capacity
from sampling.hashing import PROTOCOL
from sampling.rules import CONFIDENTIAL, PUBLIC, RULES, Rules, parse_rules
from sampling.seeds import contribution_digest
from sampling.strata import allocate
from sampling.tables import EXCLUDED, FRAME, MAPPING, ROSTER, TIES
from sampling.teams import agents_of
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.seals import seal_of_lines
from supervision.audit.services import record
from supervision.draws.bundles import store_file
from supervision.draws.class_changes import keep_set_aside
from supervision.draws.hooks import after_freeze
from supervision.draws.late_changes import keep_late_changes
from supervision.draws.log import append_leaf, lock_log, log_moment
from supervision.draws.models import Contribution, Draw, DrawPseudonym
from supervision.draws.queries import find_abandoned_beside, find_alive_draw, find_latest_draw
from supervision.draws.rosters import Listed, build_roster, build_ties, item_codes
from supervision.draws.rules import SYSTEM, DrawState, LogEvent, draw_number, parties_of
from supervision.draws.services.redrawing import rule_for
from supervision.draws.services.rights import check_leads
from supervision.draws.vault import Operator
from supervision.errors import Conflict, RuleBroken, WrongState
from supervision.labels import N_
from supervision.permissions import Actor
from supervision.plans.allocations import allocation_for
from supervision.plans.models import PlanVersion, Task
from supervision.plans.pools import Pool, build_pool
from supervision.plans.rules import PlanState, TeamMode
from supervision.plans.services import mark_drawing

HASH = "sha256"
# what the seal of a roster's people is made over
PSEUDONYMS = "draw_pseudonyms"


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that is frozen together, before it is written down."""

    pool: Pool
    roster: tuple[Listed, ...]
    rules: Rules
    files: Mapping[str, bytes]


def freeze(session: Session, task: Task, *, actor: Actor, operator: Operator) -> Draw:
    """Freeze the pool of a task and begin its draw; every step after this one is public.

    The draw's number is reserved here because the rules bear it. The system's own contribution is fixed first
    of all, in the same leaf of the log, so that it cannot answer to anybody else's.
    """
    lock_log(session)
    # nobody confirms an exclusion or moves the task to another version while the pool is read
    session.execute(sa.select(Task.id).where(Task.id == task.id).with_for_update())
    session.refresh(task)
    check_leads(task, actor)
    rule_for(session, task, _check_ready(session, task))
    return freeze_pool(session, task, build_pool(session, task, on=clock.today()), actor=actor, operator=operator)


def freeze_pool(session: Session, task: Task, pool: Pool, *, actor: Actor, operator: Operator) -> Draw:
    """Freeze ``pool`` as :func:`freeze` does; only the demonstration hands in a pool of a past day."""
    lock_log(session)
    session.execute(sa.select(Task.id).where(Task.id == task.id).with_for_update())
    session.refresh(task)
    check_leads(task, actor)
    parent = _check_ready(session, task)
    beacon_rule = rule_for(session, task, parent)
    mark_drawing(session, task)
    departments = [one.department.code for one in task.plan_version.participants]
    parties = parties_of(departments)
    number = _next_number(session, region=operator.region)
    frozen = _frozen(session, task, pool, number=number)
    secret = secrets.token_hex(32)
    digest = contribution_digest(hash_name=HASH, draw=number, by=SYSTEM, secret=secret)
    draw = _new_draw(task, frozen, number=number, parent=parent, actor=actor)
    draw.frozen_digest = engine.frozen_digest(frozen.files, digest, HASH)
    draw.beacon_rule = beacon_rule
    draw.system_secret = operator.lock_up(secret, draw=number)
    draw.contributions = [Contribution(by=by, digest=digest if by == SYSTEM else None) for by in parties]
    session.add(draw)
    session.flush()
    _keep(session, draw, frozen)
    set_aside = keep_set_aside(session, draw, {unit for unit, _ in pool.frame})
    set_aside |= keep_late_changes(session, draw, pool)
    told: dict[str, object] = {"parent": parent.number} if parent else {}
    # the form of the draw is fixed here: nobody turns the public value off, or on, before the commitment
    told |= {"rule": beacon_rule} if beacon_rule else {}
    # an exception stands in the open: how many of a department's lines are people lent by a neighbor
    told |= _lent(frozen.roster)
    leaf = append_leaf(session, draw, LogEvent.FROZEN, digest=draw.frozen_digest, fields=told)
    draw.frozen_at = max(draw.frozen_at, leaf.at)
    record(
        session,
        Event.DRAW_FROZEN,
        actor=actor,
        subject=("draw", draw.id),
        details={
            "number": number,
            "task": task.number,
            "digest": draw.frozen_digest,
            "pool": draw.frame_size,
            "people": seal_of_lines(session, sorted(_who_is_who(frozen)), what=PSEUDONYMS),
            **set_aside,
        },
    )
    after_freeze(session, draw)
    return draw


def _check_ready(session: Session, task: Task) -> Draw | None:
    """Refuse a task that cannot be drawn now; return its last draw, which the next one names as its parent."""
    version = task.plan_version
    if version.state is not PlanState.PUBLISHED or version.digest is None:
        raise WrongState("plan-not-published", N_("Only a task of an approved and published plan can be drawn."))
    alive = find_alive_draw(session, task.id)
    if alive is not None:
        raise Conflict(
            "draw-alive", N_("Draw %(number)s of this task is under way or done. Open it."), number=alive.number
        )
    if clock.local(log_moment(session)).date() > task.ends_on:
        raise RuleBroken("task-over", N_("The period of this task has ended. Make a task with a later period."))
    return find_abandoned_beside(session, task) or find_latest_draw(session, task.id)


def _next_number(session: Session, *, region: str) -> str:
    """Return the next number of the year; the lock of the log makes them consecutive."""
    year = clock.local(log_moment(session)).year
    numbers = session.scalars(sa.select(Draw.number).where(Draw.number.like(f"{region}-{year:04d}-%")))
    newest = max((int(number.rpartition("-")[2]) for number in numbers), default=0)
    return draw_number(region, year, newest + 1)


def _frozen(session: Session, task: Task, pool: Pool, *, number: str) -> Frozen:
    today = clock.today()
    if not pool.frame:
        raise RuleBroken(
            "pool-empty",
            N_("The pool is empty: the plan's scope and the exclusions leave nobody to draw. Correct the plan."),
            rule="R-1.12",
        )
    if pool.registered != len(pool.frame) + len(pool.excluded):
        raise RuleBroken("pool-incomplete", N_("The pool and the exclusions do not add up to the register."))
    roster = build_roster(session, task, on=today)
    rules_file = engine.rules_json(_rules(task.plan_version, pool, number=number))
    rules = parse_rules(rules_file)
    _check_capacity(rules, roster, pool)
    units = {unit for unit, _ in pool.frame}
    files = {
        FRAME: engine.frame_tsv(_frame_rows(pool, confidential=rules.confidential)),
        EXCLUDED: engine.excluded_tsv(pool.excluded),
        ROSTER: engine.roster_tsv(one.line for one in roster),
        TIES: engine.ties_tsv(build_ties(session, roster, units, on=today)),
        MAPPING: engine.mapping_tsv((one.line.inspector, one.certificate, one.salt) for one in roster),
        RULES: rules_file,
    }
    return Frozen(pool=pool, roster=roster, rules=rules, files=files)


def _frame_rows(pool: Pool, *, confidential: bool) -> list[tuple[str, ...]]:
    if not confidential:
        return [(unit, stratum) for unit, stratum in pool.frame]
    return [(unit, stratum, secrets.token_hex(16)) for unit, stratum in pool.frame]


def _rules(version: PlanVersion, pool: Pool, *, number: str) -> dict[str, object]:
    """Return rules.json as the published plan has it."""
    departments = [
        {
            "code": one.department.code,
            "lead": one.is_lead,
            "per_team": one.per_team,
            "qualifications": list(item_codes(version, one.department_id)),
        }
        for one in version.participants
    ]
    teams: dict[str, object] = {"mode": version.team_mode.value, "departments": departments}
    if version.team_mode is TeamMode.GROUP:
        teams |= {"groups": version.group_count, "group_capacity": version.group_capacity}
    return {
        "protocol": PROTOCOL,
        "hash": HASH,
        "draw": number,
        "strata": CONFIDENTIAL if version.confidential else PUBLIC,
        "allocation": allocation_for(version.allocation, {stratum for _, stratum in pool.frame}),
        "reserve": version.reserve,
        "teams": teams,
    }


def _counts(rules: Rules, pool: Pool) -> dict[str, tuple[int, int]]:
    """Return (N, n) of every stratum: the rules and sizes decide, no randomness does."""
    sizes = Counter(stratum for _, stratum in pool.frame)
    return {stratum: (sizes[stratum], n) for stratum, n in allocate(sizes, rules.allocation).items()}


def _check_capacity(rules: Rules, roster: Sequence[Listed], pool: Pool) -> None:
    """Refuse a draw that is sure to leave places empty: two inspectors of each department must go (R-1.20)."""
    expected = sum(n for _, n in _counts(rules, pool).values())
    if not expected:
        raise RuleBroken("nothing-to-draw", N_("The rates of the plan draw nobody from this pool. Correct the plan."))
    for found in capacity(rules.teams, roster=[one.line for one in roster], expected_units=expected):
        if not found.sufficient:
            raise RuleBroken(
                "too-few-inspectors",
                N_(
                    "Department %(department)s needs %(needed)s places, but its %(agents)s certified and qualified "
                    "inspectors can fill only %(available)s. Add inspectors to the register, ask a neighboring area "
                    "for some on the page of the task, or change the plan."
                ),
                rule="R-1.20",
                department=found.department,
                needed=found.needed,
                agents=found.agents,
                available=found.available,
            )


def _new_draw(task: Task, frozen: Frozen, *, number: str, parent: Draw | None, actor: Actor) -> Draw:
    lines = [one.line for one in frozen.roster]
    return Draw(
        number=number,
        task=task,
        parent=parent,
        state=DrawState.FROZEN,
        hash_name=HASH,
        confidential=frozen.rules.confidential,
        registered=frozen.pool.registered,
        frame_size=len(frozen.pool.frame),
        excluded_counts=dict(sorted(Counter(reason for _, reason in frozen.pool.excluded).items())),
        strata={stratum: list(pair) for stratum, pair in _counts(frozen.rules, frozen.pool).items()},
        roster_sizes={
            rule.code: [sum(line.department == rule.code for line in lines), len(agents_of(rule, lines))]
            for rule in frozen.rules.departments
        },
        unfilled_counts={},
        frozen_by=actor.user_id,
        frozen_at=clock.now(),
    )


def _lent(roster: Sequence[Listed]) -> dict[str, object]:
    counts = Counter(one.line.department for one in roster if one.lent)
    return {"lent": dict(sorted(counts.items()))} if counts else {}


def _who_is_who(frozen: Frozen) -> list[str]:
    """Return the lines whose seal binds pseudonyms to inspectors, should a certificate number be corrected later."""
    return [f"{one.line.inspector} {one.inspector_id}" for one in frozen.roster]


def _keep(session: Session, draw: Draw, frozen: Frozen) -> None:
    for name in FROZEN_FILES:
        store_file(session, draw, name, frozen.files[name])
    session.add_all(
        DrawPseudonym(draw_id=draw.id, pseudonym=one.line.inspector, inspector_id=one.inspector_id)
        for one in frozen.roster
    )
    session.flush()
