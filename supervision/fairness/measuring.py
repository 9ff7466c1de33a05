"""The measurement itself, as a background job or a command: the engine on dummy seeds over the frozen files."""

import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from sampling.fairness import MEASURED_FILES, Inputs, Measurement, paced
from sampling.fairness_chances import FairnessReport, Limits
from sampling.fairness_report import report
from supervision import clock
from supervision.draws.bundles import read_files
from supervision.draws.models import Draw
from supervision.fairness import services
from supervision.fairness.queries import MEASURE_JOB, limits_on
from supervision.fairness.rules import check_measurable
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.labels import N_
from supervision.parameters.queries import get_number

Progress = Callable[[int, int], None]


def register_handlers() -> None:
    """Let workers measure."""
    link = ("fairness.show", "draw_id")
    handlers.register(MEASURE_JOB, carry, label=N_("Measuring the chances of a draw"), link=link)


def carry(work: Work) -> object:
    """Measure outside any transaction, then keep what was found; nothing of the draw itself changes."""
    with work.reading() as session:
        draw = session.get_one(Draw, work.arguments["draw_id"])
        inputs, limits, seconds = frozen_inputs(session, draw)
    found = measured(inputs, runs=int(work.arguments["runs"]), limits=limits, seconds=seconds, progress=work.progress)
    draw = work.session.get_one(Draw, work.arguments["draw_id"])
    services.keep(work.session, draw, found, actor=work.actor)
    return {"runs": found.runs}


def frozen_inputs(session: Session, draw: Draw) -> tuple[Inputs, Limits, int]:
    """Return the frozen files that decide, the limits of today, and how long it may take."""
    check_measurable(draw.state)
    today = clock.today()
    seconds = get_number(session, "fairness-seconds", on=today)
    return Inputs.from_files(read_files(session, draw, MEASURED_FILES)), limits_on(session, today), seconds


def measured(inputs: Inputs, *, runs: int, limits: Limits, seconds: int, progress: Progress) -> FairnessReport:
    """Carry out as many dummy runs as fit into the time, and put them into a report."""
    measurement = Measurement(inputs)
    paced(measurement, asked=runs, seconds=seconds, now=time.perf_counter, progress=progress)
    return report(measurement, asked=runs, limits=limits)
