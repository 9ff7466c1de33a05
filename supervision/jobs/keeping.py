"""Keeping a worker alive beside a server: one that dies is started again, ever later while it keeps dying.

What it was doing is not lost: the jobs table is the truth, and its job is taken up again when the lease has ended.
"""

import logging
import subprocess
import time
from collections.abc import Mapping, Sequence

from supervision.config import PROJECT
from supervision.jobs.rules import LASTING_SECONDS, restart_delay

log = logging.getLogger(__name__)


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
