"""The application with two kinds of work that let a test see a worker die; for ``FLASK_APP``."""

import os
import signal
import time
from pathlib import Path

from flask import Flask

import wsgi
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.jobs import handlers
from supervision.jobs.handlers import Work

SLOW, DEADLY = "test-slow", "test-deadly"


def be_slow(work: Work) -> object:
    """Say who carries the work, then wait until told to go on; write one entry in the job's transaction."""
    work.progress(1)
    folder = Path(work.arguments["folder"])
    (folder / f"carried-by-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.05)
    record(work.session, Event.DEMO_LOADED, actor=work.actor, subject=("test-slow", 1))
    return "done"


def die(work: Work) -> object:
    """Kill the worker in the middle of its work, whatever it has written."""
    record(work.session, Event.DEMO_LOADED, actor=work.actor, subject=("test-deadly", 1))
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def create_app() -> Flask:
    """Return the application that also carries these."""
    app = wsgi.create_app()
    handlers.register(SLOW, be_slow, label="x")
    handlers.register(DEADLY, die, label="x")
    return app
