"""Where packages are made: in front of a page when that is quick, else by the worker."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy.orm import Session

from joint_inspections.archive.gathering import count_bytes
from joint_inspections.archive.queries import get_closed_visit
from joint_inspections.archive.rules import AT_ONCE, PackageKind
from joint_inspections.archive.services import make_package
from joint_inspections.visits.models import Visit
from supervision.jobs import handlers
from supervision.jobs.handlers import Work
from supervision.jobs.models import Job
from supervision.jobs.services import enqueue
from supervision.labels import N_
from supervision.permissions import Actor

JOB = "archive-package"


def district_names(app: Flask) -> dict[str, str]:
    """Return the names of the district that stand on papers."""
    return {"zh": str(app.config["DISTRICT_NAME_ZH"]), "en": str(app.config["DISTRICT_NAME_EN"])}


def is_small(session: Session, visit: Visit) -> bool:
    """Say whether the package is made while somebody waits."""
    return count_bytes(session, visit) <= AT_ONCE


def ask_for_package(session: Session, visit: Visit, kind: PackageKind, *, actor: Actor) -> Job:
    """Let the worker make a package."""
    return enqueue(session, JOB, {"visit_id": visit.id, "kind": kind.value}, actor=actor)


def register_handlers(app: Flask) -> None:
    """Let workers make packages for those who may take them."""
    names: Mapping[str, str] = district_names(app)

    def carry(work: Work) -> object:
        """Make one package; done once more, it changes nothing."""
        kind = PackageKind(work.arguments["kind"])
        visit = get_closed_visit(work.session, work.actor, work.arguments["visit_id"], hold=True)
        package = make_package(work.session, visit, kind, district=names, actor=work.actor, progress=work.progress)
        return {"sha256": package.sha256, "version": package.version_no}

    handlers.register(JOB, carry, label=N_("Archive package of a visit"), link=("archive.show", "visit_id"))
