"""A district whose draws stand in every state, with everything that can be proposed, decided and changed about them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any  # keyword arguments of services

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from sampling.seeds import contribution_digest
from supervision import clock
from supervision.beacons.models import BeaconRule
from supervision.draws import hooks, services
from supervision.draws.models import Draw, DrawMember, DrawUnit
from supervision.draws.queries.beacons import attempts_of
from supervision.draws.rules import OVERSIGHT, UnitState
from supervision.draws.services.beacons import declare_lapses, type_in
from supervision.draws.witness_models import Witness
from supervision.entities.rules import EntityStatus
from supervision.permissions import Actor
from supervision.plans.models import Task
from supervision.plans.rules import Stratification, TeamMode
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, make_world


@contextmanager
def only_visits(follower: Visits) -> Iterator[Visits]:
    """Let ``follower`` be all that follows draws inside the block."""
    before = (hooks._followers, hooks._abandonment_followers, hooks._visits)
    hooks._followers, hooks._abandonment_followers, hooks._visits = [follower], [], [follower.open_visits]
    try:
        yield follower
    finally:
        hooks._followers, hooks._abandonment_followers, hooks._visits = before


def visits_to_come() -> Visits:
    """Visits that lie ahead and are disclosed."""
    follower = Visits(disclosed=True)
    follower.day = clock.today() + timedelta(days=20)
    return follower


def small_world(make: Make, **options: Any) -> World:
    """Two departments, twelve units, a tight roster."""
    settings = {"units": 12, "inspectors": 5, "visit_cap": 6, "allocation": _thirds(), **options}
    world = make_world(make, **settings)
    world.task.ends_on = max(world.task.ends_on, clock.today() + timedelta(days=30))
    return world


def _thirds() -> dict[str, Any]:
    from supervision.plans.allocations import ALL, rate_allocation  # noqa: PLC0415 - beside its only use

    return rate_allocation({ALL: 3000}, otherwise=3000)


def head(world: World, place: int) -> Actor:
    """The head of one of the departments."""
    return world.actor(f"head {world.departments[place].code}")


def another_task(world: World) -> World:
    """The same district with a further task of the same plan, in a period of its own."""
    task = world.make.task(plan=world.task.plan_version.plan, ends_on=world.task.ends_on)
    return World(world.session, world.make, world.departments, world.entities, world.inspectors, task, world.users)


def unit_of(world: World, draw: Draw) -> DrawUnit:
    """A drawn unit that is still on the list."""
    statement = sa.select(DrawUnit).where(DrawUnit.draw_id == draw.id, DrawUnit.state != UnitState.STRUCK)
    return world.session.scalars(statement.order_by(DrawUnit.entity_id)).first() or _none()


def _none() -> DrawUnit:
    raise LookupError("nobody is drawn")


def strike_on_register(world: World, draw: Draw) -> None:
    """The register shows that a drawn enterprise is gone: the next of its list follows."""
    entity = unit_of(world, draw).entity
    entity.status, entity.updated_at = EntityStatus.DEREGISTERED, clock.now()
    world.session.flush()
    services.strike_on_register(
        world.session, draw, entity_id=entity.id, ground="deregistered", evidence="", actor=head(world, 0)
    )


def strike_on_document(world: World, draw: Draw, *, agreed: bool) -> None:
    """One body proposes a strike on a document; another agrees, or refuses."""
    proposal = services.propose_strike(
        world.session,
        draw,
        entity_id=unit_of(world, draw).entity_id,
        ground="legal-exemption",
        evidence="decree 3",
        evidence_on=clock.today(),
        actor=head(world, 0),
    )
    if agreed:
        services.agree_to_strike(world.session, draw, proposal, actor=head(world, 1))
    else:
        services.refuse_strike(world.session, draw, proposal, note="no such decree", actor=head(world, 1))


def replace_somebody(world: World, draw: Draw) -> None:
    """A head takes an inspector off a team for an urgent duty."""
    statement = sa.select(DrawMember).where(DrawMember.draw_id == draw.id, DrawMember.left.is_(False))
    member = world.session.scalars(statement.order_by(DrawMember.id)).first()
    if member is None:
        raise LookupError("no team has members")
    services.replace_inspector(
        world.session,
        draw,
        team=member.team,
        inspector_id=member.inspector_id,
        ground="emergency",
        evidence="flood",
        actor=world.actor(OVERSIGHT),
    )


def void(world: World, draw: Draw) -> None:
    """Two bodies make a draw void."""
    services.propose_void(world.session, draw, reason="wrong-rules", note="rates", actor=head(world, 0))
    services.approve_void(world.session, draw, actor=head(world, 1))


def abandon(world: World, draw: Draw) -> None:
    """Two bodies give up a drawn list."""
    proposal = services.propose_abandonment(
        world.session, draw, reason="list-leaked", note="press", actor=head(world, 0)
    )
    services.agree_to_abandon(world.session, draw, proposal, actor=head(world, 1))


def settle(engine: Engine) -> None:
    """Fill an empty database: draws frozen, sealed, committed, drawn, changed, opened, void and abandoned."""
    with Session(engine, expire_on_commit=False) as session, only_visits(visits_to_come()) as visits:
        make = Make(session, password=PASSWORD)
        world = small_world(make)
        opened = world.drawn()
        strike_on_register(world, opened)
        strike_on_document(world, opened, agreed=True)
        strike_on_document(world, opened, agreed=False)
        replace_somebody(world, opened)
        visits.done = True
        services.open_draw(session, opened, actor=world.lead)
        visits.done = False
        ended = another_task(world)
        void(ended, ended.committed())
        abandon(ended, ended.drawn())
        waiting = _other_plan(world, make, team_mode=TeamMode.GROUP, group_count=2)
        sealed = waiting.drawn()
        strike_on_register(waiting, sealed)
        services.propose_abandonment(session, sealed, reason="list-leaked", note="rumor", actor=head(waiting, 1))
        confidential = _other_plan(world, make, stratification=Stratification.RISK)
        confidential.committed()
        for place in (0, 1):
            unfinished = another_task(waiting)
            draw = unfinished.freeze()
            if place:
                unfinished.seal_all(draw)
                services.propose_void(session, draw, reason="wrong-rules", note="rates", actor=head(unfinished, 0))
        witnessed(waiting)
        with_public_value(_other_plan(world, make, beacon_rule=lottery_rule(session)))
        session.commit()


def witnessed(world: World) -> None:
    """A draw with two witnesses, one of whom never comes."""
    world = another_task(world)
    draw = world.freeze()
    coming = name_witness(world, draw, "notary", "公证处")
    missing = name_witness(world, draw, "press", "日报社")
    secret = secrets.token_hex(32)
    digest = contribution_digest(hash_name=draw.hash_name, draw=draw.number, by=coming.by, secret=secret)
    services.seal_as_witness(world.session, coming, digest=digest)
    services.renew_link(world.session, coming, actor=world.actor(OVERSIGHT))
    services.remove_witness(world.session, missing, reason="did-not-come", actor=world.lead)
    for by in world.bodies(draw):
        services.seal(world.session, draw, digest=world.digest(draw, by), actor=world.actor(by))
    services.commit(world.session, draw, actor=world.lead)
    services.reveal_as_witness(world.session, coming, secret=secret)


def name_witness(world: World, draw: Draw, kind: str, name: str) -> Witness:
    """Name a witness."""
    new = services.NewWitness(kind=kind, name=name, is_person=False)
    return services.name_witness(world.session, draw, new, actor=world.lead)[0]


def lottery_rule(session: Session) -> str:
    """Return the rule by which lottery results are typed."""
    return session.scalars(sa.select(BeaconRule.identifier).where(BeaconRule.code == "lotteries-cn")).one()


def with_public_value(world: World) -> None:
    """A draw whose first round passes without a value; of the second two people first type different results."""
    draw = world.freeze()
    seal_with_secrets(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    first, second = attempts_of(world.session, draw)[:2]
    with clock.at(max(first.lapses_at or second.round.due_at, second.round.due_at) + timedelta(minutes=1)):
        declare_lapses(world.session)
        for number, place in ((1, 0), (2, 1), (3, 0), (3, 1)):
            type_in(world.session, draw, results=results(number), actor=world.actor(world.departments[place].code))
        services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)


def seal_with_secrets(world: World, draw: Draw) -> None:
    """Let every body seal and hand its secret over, as the beacon form asks."""
    for by in world.bodies(draw):
        digest = world.digest(draw, by)
        services.seal(world.session, draw, digest=digest, secret=world.secrets[by], actor=world.actor(by))


def results(number: int) -> dict[str, str]:
    """Return results of the three lotteries."""
    return {"ssq": f"1 5 9 14 22 31 {number}", "dlt": f"3 12 18 29 35 4 {number + 4}", "qlc": "1 4 9 12 18 25 30"}


def _other_plan(world: World, make: Make, **version: Any) -> World:
    """The same district with another plan and its task."""
    items = [make.item(body) for body in world.departments]
    settings = {"visit_cap": 6, "reserve": 1, "allocation": _thirds(), **version}
    task: Task = make.task(plan=make.plan(*items, **settings), ends_on=world.task.ends_on)
    return World(world.session, world.make, world.departments, world.entities, world.inspectors, task, world.users)


__all__ = ["OPERATOR", "only_visits", "settle", "small_world", "visits_to_come"]
