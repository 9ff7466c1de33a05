"""Keeping a worker alive beside a server: one that dies is started again, ever later while it keeps dying.

A keeper killed outright can end nobody; those it started see that it is gone and end by themselves.
What a worker was doing is not lost: the jobs table is the truth, and its job is taken up again when the lease has
ended.
"""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

from supervision.config import PROJECT
from supervision.jobs.rules import LASTING_SECONDS, restart_delay

log = logging.getLogger(__name__)
# the process that started server and worker and ends them; unset where each is kept by the system itself
KEEPER = "KEPT_BY"
ORPHAN_LOOK_EVERY = 1.0


def is_orphaned() -> bool:
    """Say whether the process that kept this one is gone (``kill -9``), so that nobody would ever end this one."""
    keeper = os.environ.get(KEEPER, "")
    return keeper.isdigit() and os.getppid() != int(keeper)


def end_when_orphaned() -> None:
    """Let this process ask itself to end, orderly, once its keeper is gone."""

    def watch() -> None:
        while not is_orphaned():
            time.sleep(ORPHAN_LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    if os.environ.get(KEEPER):
        threading.Thread(target=watch, name="orphan-watch", daemon=True).start()


class KeptWorker:
    """One worker process and its successors; ``look`` is called again and again by whoever waits anyway."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.command = list(command)
        self.environment = dict(environment)
        self._deaths = 0
        self._start_at = 0.0
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=PROJECT)  # noqa: S603 - our own command
        self._started = time.monotonic()
        self._waiting = False

    def look(self) -> None:
        """Start a dead worker again when its waiting time is over; say so in the log."""
        moment = time.monotonic()
        if self._waiting:
            if moment >= self._start_at:
                self._start()
                log.warning("the job worker runs again, process %s", self.process.pid)
            return
        code = self.process.poll()
        if code is None:
            return
        self._deaths = 1 if moment - self._started > LASTING_SECONDS else self._deaths + 1
        delay = restart_delay(self._deaths)
        self._start_at, self._waiting = moment + delay, True
        log.warning("the job worker %s ended (%s); it is started again in %s s", self.process.pid, _how(code), delay)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"
