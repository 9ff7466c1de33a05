"""What happens by itself: with each commitment, and once a day by the worker."""

from sqlalchemy.orm import Session

from supervision.audit.anchors import anchor_with
from supervision.draws import hooks
from supervision.draws.models import Draw
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_
from supervision.transparency import queries, services
from supervision.transparency.keyring import keyring_of
from supervision.transparency.proofs import proofs_of

JOB = "log-daily"


def witness_commitment(session: Session, draw: Draw) -> None:  # noqa: ARG001 - a follower's signature
    """Anchor the audit log and sign, in the commitment's own transaction: witnesses see it before anything is drawn."""
    keyring = keyring_of(session)
    if keyring is not None:
        services.anchor_audit(session, region=keyring.region)
        services.make_checkpoint(session, keyring)


def carry(work: Work) -> object:
    """Anchor the audit log, log the register once a month, sign. Done once more, it changes nothing."""
    keyring = keyring_of(work.session)
    if keyring is None:
        return {"leaves": 0}
    leaves = services.anchor_daily(work.session, keyring)
    checkpoint = services.make_checkpoint(work.session, keyring)
    return {"leaves": len(leaves), "size": checkpoint.size}


def register() -> None:
    """Register for commitments, bundles, the check of the audit log, and the worker's day."""
    hooks.follow_commitment(witness_commitment)
    hooks.prove(proofs_of)
    hooks.watch(queries.watching)
    anchor_with(queries.audit_anchors)
    handlers.register(JOB, carry, label=N_("Anchors and checkpoint of the log"), daily=True)
