"""The end of listings once a day by the worker, should nobody run ``flask punishments end-due``."""

from punishments.credit_lists.services import end_due
from supervision import clock
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_

JOB = "listings-end-due"


def carry(work: Work) -> object:
    """Note the end of listings whose term has run out and lift their measures; again changes nothing."""
    return {"ended": end_due(work.session, on=clock.today(), actor=work.actor)}


def register_handlers() -> None:
    """Let workers ask for it each day."""
    handlers.register(JOB, carry, label=N_("End of listings whose term has run out"), daily=True)
