"""Where the entries of a draw stand in the public log: the earliest checkpoint that holds them all."""

import logging

from sqlalchemy.orm import Session

from reports.documents.draw_paper import CheckpointLine
from supervision.errors import DomainError
from supervision.transparency.proofs import newest_checkpoint
from supervision.transparency.queries import first_checkpoint_with
from supervision.transparency.rules import FEWEST_WITNESSES

log = logging.getLogger(__name__)


def let_log_sign(session: Session) -> None:
    """Have the log sign what it holds now, so that the paper can name a checkpoint.

    A log that cannot be signed hinders no paper: it then says that no checkpoint held the entries yet.
    """
    try:
        newest_checkpoint(session)
    except DomainError as error:
        log.exception("no checkpoint for a paper: %s", error.code)


def checkpoint_over(session: Session, index: int) -> CheckpointLine | None:
    """Return the earliest checkpoint that holds this entry, cosigned by witnesses where there is one."""
    found = first_checkpoint_with(session, index, witnesses=FEWEST_WITNESSES)
    if found is None:
        return None
    return CheckpointLine(origin=found.note.partition("\n")[0], size=found.size, root=found.head)
