"""The deadlines of draws once a day by the worker, should nobody run ``flask draws expire`` more often."""

from supervision.draws import services
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_

JOB = "draws-expire"


def carry(work: Work) -> object:
    """Declare void what was not revealed in time, open what stayed sealed too long, finish tasks that wait for nobody.

    Done once more, it changes nothing.
    """
    void = services.expire_reveals(work.session)
    opened = services.open_overdue(work.session)
    finished = services.finish_tasks(work.session)
    return {"void": len(void), "opened": len(opened), "finished": len(finished)}


def register_handlers() -> None:
    """Let workers ask for it each day."""
    handlers.register(JOB, carry, label=N_("Deadlines of draws"), daily=True)
