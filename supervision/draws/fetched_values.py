"""Public values that commands and workers fetch by themselves: answers are handed in, and each is told in one line."""

from collections.abc import Iterable, Iterator

from flask import current_app
from sqlalchemy.orm import Session

from supervision.draws import services
from supervision.draws.services import Answer
from supervision.errors import DomainError
from supervision.labels import N_
from supervision.permissions import Actor
from supervision.web.commands import both, in_both

FETCHED = N_("%(number)s: the public value of round %(round)s was fetched from its source.")
NOT_FETCHED = N_("%(number)s: the public value of round %(round)s could not be fetched. %(why)s")


def may_fetch() -> bool:
    """Say whether this installation may ask sources itself; a closed network never does, nor does work without one."""
    return bool(current_app) and bool(current_app.config["BEACON_FETCH"])


def take_answers(session: Session, answers: Iterable[Answer], *, actor: Actor) -> Iterator[tuple[bool, str]]:
    """Hand in answers one after the other; yield for each whether it settled its draw, and a line in both languages.

    A refusal undoes only its own answer, so the caller may commit after each.
    """
    for answer in answers:
        try:
            services.take_answer(session, answer, actor=actor)
        except DomainError as error:
            yield False, _refusal(answer, error)
        else:
            yield True, both(FETCHED, number=answer.due.number, round=answer.due.name)


def _refusal(answer: Answer, error: DomainError) -> str:
    said = []
    for place, why in enumerate(in_both(error.message, **error.parameters)):
        said.append(in_both(NOT_FETCHED, number=answer.due.number, round=answer.due.name, why=why)[place])
    return " ".join(said)
