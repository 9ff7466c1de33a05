"""Files between browsers and the store: what they send, copies to look at, originals once it is noted who took them."""

from flask import Response
from werkzeug.datastructures import FileStorage

from joint_inspections.evidence.models import SealedFile
from joint_inspections.evidence.rules import ENDINGS, HEAD, IMAGES, recognise
from joint_inspections.evidence.store import store_of
from supervision.audit.disclosure import record_export
from supervision.audit.events import DisclosedList
from supervision.errors import NotFound
from supervision.web import database
from supervision.web.access import actor

# nothing in a kept file may run, even if a browser took it for a page
SANDBOX = "default-src 'none'; sandbox"


def read_sent(sent: FileStorage) -> tuple[bytes, str]:
    """Return the bytes of a file that a page sent and the type they speak for, or the one it was given."""
    data = sent.stream.read()
    sent.close()
    return data, recognise(data[:HEAD]) or sent.mimetype


def show_copy(file: SealedFile | None, kind: str) -> Response:
    """Return the viewable copy of an image: made by us, without what the camera wrote into it."""
    if file is None or file.media_type not in IMAGES:
        raise NotFound
    path = store_of(database.session()).copy(file.sha256, kind)
    if not path.exists():
        raise NotFound
    response = Response(path.read_bytes(), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def hand_out_original(file: SealedFile | None, *, name: str) -> Response:
    """Return the original as a file to save; the entry in the audit log first, then the file."""
    if file is None:
        raise NotFound
    viewer = actor()
    with database.written_now() as session:
        record_export(
            session, actor=viewer, what=DisclosedList.ORIGINALS, subject=name, filters={}, rows=1, digest=file.sha256
        )
    path = store_of(database.session()).original(file.sha256)
    if not path.exists():
        raise NotFound
    response = Response(path.read_bytes(), mimetype=file.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{ENDINGS[file.media_type]}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
