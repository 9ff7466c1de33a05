"""Sixteen processes at once, on one draw and on different tasks: one record, no number twice, no gap, no error."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any  # what workers are told and tell

import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.db import make_engine
from supervision.draws import services
from supervision.draws.checking.check import check_all
from supervision.draws.models import Draw, LogLeaf
from supervision.errors import DomainError
from supervision.permissions import Actor
from supervision.plans.models import Task
from tests.conftest import PASSWORD
from tests.factories import Make
from tests.proofs.district import OPERATOR, another_task, only_visits, small_world, visits_to_come
from tests.proofs.effort import effort, proof
from tests.proofs.stages import Stage
from tests.proofs.tampering import KEY

FORK = multiprocessing.get_context("fork")
WORKERS = 16

Work = Callable[[Session, int, int], Any]


def crowd(url: str, rounds: int, work: Work) -> list[list[str]]:
    """Let the workers begin each round together; return what each was answered, round by round."""
    barrier, queue = FORK.Barrier(WORKERS), FORK.Queue()

    def run(place: int) -> None:
        engine = make_engine(url, audit_key=KEY)
        with only_visits(visits_to_come()):
            for number in range(rounds):
                barrier.wait()
                queue.put((number, place, _answer(engine, lambda s, n=number: work(s, place, n))))
        engine.dispose()

    # should one never answer, the others must not keep this process waiting at its end
    workers = [FORK.Process(target=run, args=(place,), daemon=True) for place in range(WORKERS)]
    for worker in workers:
        worker.start()
    answers = [["no answer" for _ in range(WORKERS)] for _ in range(rounds)]
    with suppress(Empty):
        for _ in range(rounds * WORKERS):
            number, place, answer = queue.get(timeout=120)
            answers[number][place] = answer
    for worker in workers:
        worker.join(timeout=5)
        worker.kill()
    return answers


def _answer(engine: Any, work: Callable[[Session], Any]) -> str:
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            return str(work(session))
    except DomainError as error:
        return f"refused: {error.code}"
    except Exception as error:  # noqa: BLE001 - a worker tells what it met
        return f"fault: {type(error).__name__} {error}"[:300]


def prepare(stage: Stage, rounds: int) -> tuple[Actor, list[int], list[int], list[int]]:
    """Make draws ready to be carried out, tasks for each worker, and tasks that all want; return their ids."""
    engine = stage.open()
    with Session(engine, expire_on_commit=False) as session, only_visits(visits_to_come()):
        world = small_world(Make(session, password=PASSWORD))
        draws = []
        for _ in range(rounds):
            one = another_task(world)
            draw = one.committed()
            one.reveal_all(draw)
            draws.append(draw.id)
        own = [another_task(world).task.id for _ in range(rounds * WORKERS)]
        wanted = [another_task(world).task.id for _ in range(rounds)]
        session.commit()
        lead = world.lead
    engine.dispose()
    return lead, draws, own, wanted


def test_sixteen_at_once_make_one_record_and_consecutive_numbers(tmp_path: Path) -> None:
    rounds, stage = effort(2, 50), Stage(tmp_path)
    lead, draws, own, wanted = prepare(stage, rounds)

    def carry_out(session: Session, _place: int, number: int) -> object:
        draw = session.get_one(Draw, draws[number])
        return services.carry_out(session, draw, actor=lead, operator=OPERATOR).record_digest

    def freeze_own(session: Session, place: int, number: int) -> object:
        task = session.get_one(Task, own[number * WORKERS + place])
        return services.freeze(session, task, actor=lead, operator=OPERATOR).number

    def freeze_wanted(session: Session, _place: int, number: int) -> object:
        task = session.get_one(Task, wanted[number])
        return services.freeze(session, task, actor=lead, operator=OPERATOR).number

    with proof("crowds", workers=WORKERS, rounds=rounds) as tally:
        for answers in crowd(stage.template, rounds, carry_out):
            tally.note(right=len(set(answers)) == 1 and len(answers[0]) == 64, what=str(Counter(answers)))
        numbers = [answer for answers in crowd(stage.template, rounds, freeze_own) for answer in answers]
        for number in numbers:
            tally.note(right=number.startswith("310106-") and numbers.count(number) == 1, what=number)
        for answers in crowd(stage.template, rounds, freeze_wanted):
            made = [answer for answer in answers if not answer.startswith("refused: draw-alive")]
            tally.note(right=len(made) == 1 and made[0].startswith("310106-"), what=str(Counter(answers)))
        tally.note(right=not _gaps(stage), what=_gaps(stage))
    stage.close()


def _gaps(stage: Stage) -> str:
    """Say what is wrong with the numbers, the log or the rows as a whole."""
    engine = stage.open()
    with Session(engine) as session:
        serials = sorted(int(number.rpartition("-")[2]) for number in session.scalars(sa.select(Draw.number)))
        indexes = list(session.scalars(sa.select(LogLeaf.index).order_by(LogLeaf.index)))
        bad = check_all(session, OPERATOR).bad
    engine.dispose()
    if serials != list(range(1, len(serials) + 1)) or indexes != list(range(len(indexes))):
        return f"a gap: {serials} {indexes}"
    return str(bad[0]) if bad else ""
