"""Files of the enterprise in pieces, by its code: announce one or ask where to go on, then send piece by piece.

The page works without this: it then sends its files with the form.
"""

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from joint_inspections.corrections import queries, uploading
from joint_inspections.corrections.queries import Correction
from joint_inspections.corrections.rules import plain_name
from joint_inspections.corrections.uploading import Announced, Received
from joint_inspections.evidence.rules import PIECE
from joint_inspections.notices.queries import get_by_token
from supervision.web import database
from supervision.web.access import public
from supervision.web.forms import small_number

# answers are data, refusals too: the ending says so to the pages of errors
blueprint = Blueprint("party_files", __name__, url_prefix="/notices/check/<token>/corrections/<int:follow_up_id>/files")
LONGEST_TOKEN, LONGEST_WORD = 64, 64
OFFSET = "Upload-Offset"


def _held(token: str, follow_up_id: int) -> Correction:
    session = database.session()
    notice = get_by_token(session, token[:LONGEST_TOKEN])
    return queries.get_by_code(session, notice, follow_up_id, hold=True)


def _told(received: Received) -> Response:
    database.commit()
    return jsonify(received=received.received, complete=received.complete)


@blueprint.post("/begin.json")
@public
def begin(token: str, follow_up_id: int) -> Response:
    """Announce a file, or ask where to go on with it."""
    said = request.form
    announced = Announced(
        said.get("sha256", "")[: LONGEST_WORD + 1],
        small_number(said.get("size", "")) or 0,
        said.get("type", ""),
        plain_name(said.get("name", "")),
    )
    return _told(uploading.begin_upload(database.session(), _held(token, follow_up_id), announced))


@blueprint.put("/<sha256>.json")
@public
def add_piece(token: str, follow_up_id: int, sha256: str) -> Response:
    """Add a piece at the place where the last one ended; its body is read before anything is held."""
    if (request.content_length or 0) > PIECE:
        raise RequestEntityTooLarge
    data = request.get_data(cache=False)
    offset = small_number(request.headers.get(OFFSET, "")) or 0
    correction = _held(token, follow_up_id)
    return _told(uploading.add_piece(database.session(), correction, sha256, offset, data))
