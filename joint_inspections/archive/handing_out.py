"""Handing a package out: the entry in the audit log first, then a copy that bears who took it."""

import hashlib
from collections.abc import Iterator
from typing import IO

from flask import Response

from joint_inspections.archive.models import ArchivePackage
from joint_inspections.archive.packing import marked_copy, path_of
from joint_inspections.archive.rules import package_name
from joint_inspections.visits.models import Visit
from supervision.audit.disclosing import watermark
from supervision.audit.disclosure import record_export
from supervision.audit.events import DisclosedList
from supervision.errors import Conflict
from supervision.web import database, exports
from supervision.web.access import actor

PIECE = 1 << 16


def hand_out_package(visit: Visit, package: ArchivePackage) -> Response:
    """Return the package with the mark of who takes it."""
    viewer, path = actor(), path_of(database.session(), package.sha256)
    if not path.exists():
        raise Conflict(
            "package-lost", "The file of this package is not here. Make the package again; what was in it is kept."
        )
    copy = marked_copy(path, exports_mark(package))
    try:
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
        with database.written_now() as session:
            record_export(
                session, actor=viewer, what=DisclosedList.PACKAGES, subject=visit.id,
                filters={"kind": package.kind.value, "version": str(package.version_no), "package": package.sha256},
                rows=package.files, digest=digest,
            )  # fmt: skip
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    response = Response(_pieces(copy), mimetype="application/zip")
    response.call_on_close(copy.close)
    name = package_name(visit.number or str(visit.id), package.kind, package.version_no)
    response.headers["Content-Disposition"] = exports.disposition(name)
    return response


def exports_mark(package: ArchivePackage) -> str:
    """Say who takes the copy, when and under which request, and which package it is a copy of."""
    return f"{watermark(actor(), DisclosedList.PACKAGES).text}\nSHA-256 {package.sha256}"


def _pieces(copy: IO[bytes]) -> Iterator[bytes]:
    with copy:
        while piece := copy.read(PIECE):
            yield piece
