"""Killed without warning while somebody commits, reveals, draws or opens; then the same is asked for once more.

The child tells of each step only after its transaction, as a client knows only what was answered.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # results of steps

from sqlalchemy.orm import Session

from supervision.db import make_engine
from supervision.draws import services
from supervision.draws.checking.check import check_all
from supervision.draws.models import Draw
from supervision.draws.rules import DrawState
from supervision.draws.services.drawing import recomputed
from supervision.permissions import Actor
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.proofs.district import OPERATOR, only_visits, small_world, visits_to_come
from tests.proofs.stages import Stage
from tests.proofs.tampering import KEY

FORK = multiprocessing.get_context("fork")
STEPS = ("commit", "reveal", "draw", "open")


@dataclass(frozen=True)
class Plan:
    """Who does what to which draw."""

    draw: int
    lead: Actor
    parties: dict[str, tuple[Actor, str]]


def set_the_stage(folder: Path) -> tuple[Stage, Plan]:
    """Make a database in which every party of one draw has sealed."""
    stage = Stage(folder)
    engine = stage.open()
    with Session(engine, expire_on_commit=False) as session, only_visits(visits_to_come()):
        world = small_world(Make(session, password=PASSWORD), units=40, inspectors=9)
        draw = world.freeze()
        world.seal_all(draw)
        parties = {by: (world.actor(by), world.secrets[by]) for by in world.parties(draw)}
        session.commit()
        plan = Plan(draw.id, world.lead, parties)
    engine.dispose()
    return stage, plan


def steps_of(session: Session, plan: Plan) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each step with its work, in the order of the protocol."""
    draw = session.get_one(Draw, plan.draw)
    yield "commit", lambda: services.commit(session, draw, actor=plan.lead).commitment_digest
    for by, (actor, secret) in plan.parties.items():
        yield f"reveal {by}", lambda a=actor, s=secret: services.reveal(session, draw, secret=s, actor=a).digest
    yield "draw", lambda: services.carry_out(session, draw, actor=plan.lead, operator=OPERATOR).record_digest
    yield "open", lambda: services.open_draw(session, draw, actor=plan.lead).record_digest


def take_steps(url: str, plan: Plan, told: Path) -> None:
    """Take every step in a transaction of its own, and tell of each once it is lasting."""
    engine = make_engine(url, audit_key=KEY)
    follower = visits_to_come()
    follower.done = True
    with only_visits(follower), told.open("a", encoding="utf-8") as answers:
        with Session(engine) as session:
            names = [name for name, _ in steps_of(session, plan)]
        for name in names:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                result = dict(steps_of(session, plan))[name]()
            answers.write(f"{name}\t{result}\n")
            answers.flush()
            os.fsync(answers.fileno())
    engine.dispose()


def answers_in(told: Path) -> dict[str, str]:
    """Return what was answered, by step."""
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return dict(line.split("\t") for line in lines if "\t" in line)


def kill_after(url: str, plan: Plan, told: Path, *, seconds: float) -> bool:
    """Let a child take the steps and kill it after a while; say whether it was still at work."""
    child = FORK.Process(target=take_steps, args=(url, plan, told))
    child.start()
    time.sleep(seconds)
    at_work = child.is_alive()
    if at_work:
        os.kill(int(child.pid or 0), signal.SIGKILL)
    child.join()
    return at_work


def whole_time(stage: Stage, plan: Plan, folder: Path) -> float:
    """Return how long all steps take here once everything is warm, so that a kill can fall into any of them."""
    return min(_time_once(stage, plan, folder / f"measured{number}") for number in range(3))


def _time_once(stage: Stage, plan: Plan, told: Path) -> float:
    with stage.copy() as url:
        begun = time.perf_counter()
        child = FORK.Process(target=take_steps, args=(url, plan, told))
        child.start()
        child.join()
        assert child.exitcode == 0
        return time.perf_counter() - begun


def fault_after(url: str, plan: Plan, told: Path) -> str:
    """Say what a kill has broken, or nothing: before and after the steps are asked for once more."""
    answered = answers_in(told)
    engine = make_engine(url, audit_key=KEY)
    try:
        fault = _fault(engine, plan, answered)
        if fault:
            return fault
        take_steps(url, plan, told)
        again = answers_in(told)
        if any(again[name] != value for name, value in answered.items()):
            return f"answered differently: {answered} then {again}"
        return _fault(engine, plan, again) or _unfinished(engine, plan)
    finally:
        engine.dispose()


def _fault(engine: Any, plan: Plan, answered: dict[str, str]) -> str:
    with Session(engine) as session:
        bad = check_all(session, OPERATOR).bad
        if bad:
            return f"partial: {bad[0]}"
        draw = session.get_one(Draw, plan.draw)
        kept = {
            "commit": draw.commitment_digest,
            "draw": draw.record_digest,
            "open": draw.record_digest if draw.state is DrawState.OPENED else None,
        }
        kept |= {f"reveal {one.by}": one.digest for one in draw.contributions if one.handed_over}
        lost = [name for name, value in answered.items() if kept.get(name) != value]
        return f"lost: {lost}" if lost else ""


def _unfinished(engine: Any, plan: Plan) -> str:
    with Session(engine) as session:
        draw = session.get_one(Draw, plan.draw)
        whole = draw.state is DrawState.OPENED and recomputed(session, draw).digest == draw.record_digest
        return "" if whole else f"not finished by asking again: {draw.state}"
