"""Asking for a fairness certificate and keeping it."""

from sqlalchemy.orm import Session

from sampling.canonical import canonical_bytes
from sampling.fairness_chances import FairnessReport
from sampling.hashing import hex_digest
from supervision import clock
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.draws.models import Draw
from supervision.draws.services import leads
from supervision.errors import Forbidden
from supervision.fairness.models import FairnessCertificate
from supervision.fairness.queries import MEASURE_JOB, find_running, job_key
from supervision.fairness.rules import check_measurable
from supervision.jobs.models import Job
from supervision.jobs.services import enqueue
from supervision.labels import N_
from supervision.parameters.queries import get_number
from supervision.permissions import Actor, Permission


def may_measure(draw: Draw, actor: Actor) -> bool:
    """Say whether ``actor`` may have the chances measured: the lead of the lead department, or oversight."""
    return leads(draw.task, actor) or actor.may(Permission.OVERSIGHT_VIEW)


def ask(session: Session, draw: Draw, *, actor: Actor) -> Job:
    """Ask for a certificate; asking while one is being made returns that job."""
    if not may_measure(draw, actor):
        raise Forbidden(
            "measure-refused", N_("Only the lead of the lead department or oversight has the chances measured.")
        )
    check_measurable(draw.state)
    runs = get_number(session, "fairness-runs", on=clock.today())
    running = find_running(session, draw)
    if running is not None:
        return running
    arguments = {"draw_id": draw.id, "runs": runs}
    key = job_key(session, draw)
    return enqueue(session, MEASURE_JOB, arguments, total=runs, idempotency_key=key, actor=actor)


def keep(session: Session, draw: Draw, report: FairnessReport, *, actor: Actor) -> FairnessCertificate:
    """Keep a certificate for ever, with the digests of what it was measured on and of what it says."""
    content = report.to_json()
    certificate = FairnessCertificate(
        draw_id=draw.id,
        inputs_digest=report.inputs_digest,
        seeds=report.runs,
        content=content,
        digest=hex_digest(draw.hash_name, canonical_bytes(content)),
        made_by=actor.user_id,
        made_at=clock.now(),
    )
    session.add(certificate)
    session.flush()
    record(
        session,
        Event.FAIRNESS_MEASURED,
        actor=actor,
        subject=("draw", draw.id),
        details={"number": draw.number, "runs": report.runs, "digest": certificate.digest},
    )
    return certificate
