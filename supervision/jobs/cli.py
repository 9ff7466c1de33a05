"""`flask jobs work`: the worker's command."""

import logging
import signal
import time
from datetime import date
from pathlib import Path
from types import FrameType

import click
from flask import Blueprint, Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from supervision import clock
from supervision.db import is_busy
from supervision.jobs import keeping, ticks
from supervision.jobs.rules import ask_delay
from supervision.jobs.services import enqueue_daily
from supervision.jobs.worker import run_next
from supervision.web.database import open_session

blueprint = Blueprint("job_commands", __name__, cli_group="jobs")
log = logging.getLogger(__name__)
IDLE_SECONDS = 1.0


def run_waiting(app: Flask) -> int:
    """Carry everything that waits now; return how many jobs."""

    def opened(only_reads: bool) -> Session:
        return open_session(app, only_reads=only_reads)

    count = 0
    while run_next(opened, Path(app.instance_path)) is not None:
        count += 1
    return count


def ask_daily(app: Flask) -> date | None:
    """Put the daily work of today into the queue; return the day, or None when the database is busy."""
    today = clock.today()
    try:
        with open_session(app) as session:
            enqueue_daily(session, on=today)
            session.commit()
    except OperationalError as error:  # ask again later: the queue goes on, whatever is wrong
        if not is_busy(error):
            log.exception("the daily work could not be asked for")
        return None
    return today


class DailyAsking:
    """Asks for the daily work once a day; while that fails, ever more rarely, so that a lasting fault fills no log."""

    def __init__(self) -> None:
        self._asked_on: date | None = None
        self._faults = 0
        self._ask_at = 0.0

    def look(self, app: Flask) -> None:
        """Ask when today has not been asked for and the pause after a fault is over."""
        moment = time.monotonic()
        if self._asked_on == clock.today() or moment < self._ask_at:
            return
        self._asked_on = ask_daily(app)
        self._faults = 0 if self._asked_on else self._faults + 1
        self._ask_at = moment + ask_delay(self._faults) if self._faults else 0.0


class Stop:
    """Remembers that the worker was asked to end after the job in hand."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's signature
        self.asked = True


@blueprint.cli.command("work")
@click.option("--once", is_flag=True, help="Carry what waits now, then end.")
def work(once: bool) -> None:
    """Carry background jobs: imports and other long work. Run one beside the web server."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way out
    if once:
        click.echo(f"{run_waiting(app)} jobs carried")
        return
    stop = Stop()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    daily = DailyAsking()
    while not stop.asked and not keeping.is_orphaned():
        daily.look(app)
        ticks.look(app)
        if not run_waiting(app):
            time.sleep(IDLE_SECONDS)
