"""Reading fairness certificates."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sampling.fairness_chances import Limits
from supervision.draws.models import Draw
from supervision.fairness.models import FairnessCertificate
from supervision.fairness.rules import MILLION, PERCENT_BP
from supervision.jobs.models import Job
from supervision.jobs.rules import ENDED
from supervision.parameters.queries import get_number

MEASURE_JOB = "fairness-certificate"


def find_certificate(session: Session, draw: Draw) -> FairnessCertificate | None:
    """Return the certificate of a draw with the most runs, the newest of those."""
    statement = sa.select(FairnessCertificate).where(FairnessCertificate.draw_id == draw.id)
    return session.scalar(statement.order_by(FairnessCertificate.seeds.desc(), FairnessCertificate.id.desc()).limit(1))


def find_running(session: Session, draw: Draw) -> Job | None:
    """Return the job that is measuring this draw now, if any."""
    return next((job for job in _jobs(session, draw) if job.state not in ENDED), None)


def job_key(session: Session, draw: Draw) -> str:
    """Return the key of the next measurement of a draw: two clicks at once ask for the same one."""
    return f"{MEASURE_JOB}/{draw.id}/{sum(job.state in ENDED for job in _jobs(session, draw))}"


def _jobs(session: Session, draw: Draw) -> list[Job]:
    asked = Job.idempotency_key.startswith(f"{MEASURE_JOB}/{draw.id}/", autoescape=True)
    return list(session.scalars(sa.select(Job).where(Job.kind == MEASURE_JOB, asked).order_by(Job.id)))


def limits_on(session: Session, day: date) -> Limits:
    """Return from where on something is worth a warning, as the parameters of a day have it."""
    return Limits(
        gap_bp=get_number(session, "fairness-gap-percent", on=day) * PERCENT_BP,
        pair_bp=get_number(session, "fairness-pair-percent", on=day) * PERCENT_BP,
        level_ppm=MILLION // get_number(session, "fairness-alarm-one-in", on=day),
    )
