"""The demonstration's authority has a signing key; papers themselves are made when somebody asks for them."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from reports.papers.signing import keep_key, load_key, make_key
from supervision.audit.events import Event
from supervision.audit.services import record
from supervision.demo.registry import Demo
from supervision.permissions import system_actor


def load_into(app: Flask) -> Callable[[Demo], None]:
    """Return the step for the folder of this installation."""

    def load(demo: Demo) -> None:
        """Make a key unless there is one."""
        instance = Path(app.instance_path)
        if load_key(instance) is not None:
            return
        key = make_key(name=app.config["DISTRICT_NAME_ZH"], organization=app.config["DISTRICT_NAME_EN"])
        details = {"fingerprint": key.fingerprint, "subject": key.subject}
        record(
            demo.session, Event.PAPER_KEY_CHANGED, actor=system_actor(), subject=("paper_key", key.fingerprint[:16]),
            reason="demonstration", details=details,
        )  # fmt: skip
        keep_key(instance, key, replace=False)

    return load
