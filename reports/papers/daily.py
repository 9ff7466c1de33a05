"""Papers that nobody has asked for yet, once a day by the worker: they are evidence of what was so at the time."""

from flask import Flask

from reports.papers.office import office_of
from reports.papers.queries import list_without
from reports.papers.rules import PaperKind
from reports.papers.services import Prepared, compose, keep, prepare
from supervision.draws.rules import SHOWN, DrawState
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_
from supervision.permissions import system_actor

JOB = "papers-issue"
# a day's work is short; what is left comes the next day, or when somebody asks for it
MOST_AT_ONCE = 10
_DUE = (
    (PaperKind.COMMITMENT, frozenset({DrawState.COMMITTED})),
    (PaperKind.SEALED, frozenset({DrawState.DRAWN})),
    (PaperKind.OPENED, SHOWN),
)


def register_handlers(app: Flask) -> None:
    """Let workers issue what is missing each day."""

    def carry(work: Work) -> object:
        """Issue the papers of draws that have none; done once more, it changes nothing."""
        office = office_of(app)
        due: list[Prepared] = []
        with work.reading() as session:
            for kind, states in _DUE:
                draws = list_without(session, kind, states, limit=MOST_AT_ONCE - len(due))
                due += [prepare(session, draw, kind, office) for draw in draws]
        drawn = []
        for done, prepared in enumerate(due):
            drawn.append(compose(prepared, office))
            work.progress(done + 1, len(due))
        return {"issued": len([keep(work.session, one, actor=system_actor()) for one in drawn])}

    handlers.register(JOB, carry, label=N_("Papers about draws"), daily=True)
