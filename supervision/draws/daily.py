"""The deadlines of draws once a day by the worker, should nobody run ``flask draws expire`` more often."""

import logging

from supervision.draws import fetched_values, services
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_

JOB = "draws-expire"
log = logging.getLogger(__name__)


def carry(work: Work) -> object:
    """Declare void what was not revealed in time, open what stayed sealed too long, finish tasks that wait for nobody.

    Links of witnesses that nobody needs any more end too, and how to reach their holders is forgotten. Public values
    are fetched before all else, so that no round lapses whose value is there.

    Done once more, it changes nothing.
    """
    fetched = _fetch_values(work)
    void = services.expire_reveals(work.session)
    opened = services.open_overdue(work.session)
    finished = services.finish_tasks(work.session)
    links = services.end_links(work.session)
    moved = services.declare_lapses(work.session)
    counts = {"void": len(void), "opened": len(opened), "finished": len(finished), "moved": len(moved)}
    return {**counts, "links": links, "fetched": fetched}


def _fetch_values(work: Work) -> int:
    """Fetch the public values that are due; return how many were. The writing transaction begins after the last."""
    if not fetched_values.may_fetch():
        return 0
    with work.reading() as looking:
        rounds = services.list_to_fetch(looking)
    answers: list[services.Answer] = []
    for answer in services.fetch_answers(rounds):
        answers.append(answer)
        work.progress(len(answers), len(rounds))
    if not answers:
        return 0
    settled = 0
    for good, line in fetched_values.take_answers(work.session, answers, actor=work.actor):
        log.log(logging.INFO if good else logging.WARNING, line)
        settled += good
    return settled


def register_handlers() -> None:
    """Let workers ask for it each day."""
    handlers.register(JOB, carry, label=N_("Deadlines of draws"), daily=True)
