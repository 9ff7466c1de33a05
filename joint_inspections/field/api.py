"""What phones call (docs/field-work.md): session, devices, package, operations, files."""

import gzip
from typing import Any  # bodies are JSON

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask import session as browser_session
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from joint_inspections.evidence import services as files
from joint_inspections.evidence.rules import PIECE
from joint_inspections.field import packing, problems, queries, reading, services
from joint_inspections.field.models import FieldDevice
from joint_inspections.field.packing import Desk
from joint_inspections.field.problems import say
from joint_inspections.field.rules import LARGEST_CALL, MOST_ANSWERED, PACKAGE_HOURS, DeviceState, digest_of, later
from joint_inspections.signatures.links import open_link
from joint_inspections.visits.queries import get_visit_for_change
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision import clock
from supervision.accounts.browser_sessions import session_key
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.languages import LANGUAGES
from supervision.web.qr import qr_address, reachable

blueprint = Blueprint("field", __name__, url_prefix="/field/api")
problems.init_blueprint(blueprint)
OK = 200
CLASH = 409
OFFSET = "Upload-Offset"


def _body(read: reading.Read) -> Any:
    """Read the body strictly; a type that only a script can send keeps forms of other sites out."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    return read(reading.read_json(_data(LARGEST_CALL)), "")


def _data(most: int) -> bytes:
    """Return the body, at most so many bytes of it."""
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    data = request.get_data(cache=False)
    if len(data) > most:
        raise RequestEntityTooLarge
    return data


def _argument(name: str, read: reading.Read) -> Any:
    return read(request.args.get(name), name)


@blueprint.get("/session")
@public
def session() -> Response:
    """Say who is signed in, and give the token that writing needs."""
    person = actor()
    user = None
    if person.user_id is not None:
        inspects = person.inspector_id is not None and person.may(Permission.VISIT_INSPECT)
        user = {"id": person.user_id, "name": person.name, "inspector": person.inspector_id if inspects else None}
    config = current_app.config
    district = {"code": config["DISTRICT_CODE"], "zh": config["DISTRICT_NAME_ZH"], "en": config["DISTRICT_NAME_EN"]}
    now = clock.local(clock.now()).isoformat()
    return jsonify(user=user, csrf=generate_csrf(), now=now, district=district, languages=list(LANGUAGES))


@blueprint.post("/devices")
@requires(Permission.VISIT_INSPECT)
def register() -> Response:
    """Register this phone for the person signed in on it."""
    said = _body(reading.DEVICE)
    device = services.register_device(
        database.session(), device_id=said["id"], name=said["name"], actor=actor(),
        browser=request.headers.get("User-Agent", ""), signed_in=session_key(browser_session),
    )  # fmt: skip
    database.commit()
    return jsonify(id=device.id, state=device.state.value)


@blueprint.get("/devices/<device_id>")
@public
def device(device_id: str) -> Response:
    """Say whether a phone must wipe itself; whoever knows its number may ask."""
    reading.UUID_FIELD(device_id, "id")
    state, told = queries.find_state(database.session(), device_id)
    if state is DeviceState.REVOKED and not told:
        with database.written_now() as own:
            services.note_told(own, device_id)
    return jsonify(state=state.value)


@blueprint.get("/package")
@requires(Permission.VISIT_INSPECT)
def package() -> Response:
    """Hand out everything needed at the door without signal; who sees which visit is on record first."""
    opened, viewer = database.session(), actor()
    device = queries.get_active_device(opened, viewer, _argument("device", reading.UUID_FIELD))
    visits = queries.list_carried(opened, viewer)
    content = {
        "user": {"id": viewer.user_id, "name": viewer.name, "inspector": viewer.inspector_id},
        "device": device.id,
        **packing.pack_common(opened, desk=_desk()),
        "visits": packing.pack_visits(opened, viewer, visits, desk=_desk()),
    }
    _note(device, [one.id for one in visits if one.state in BEFORE_VISIT])
    tag, made_at = digest_of(content), clock.now()
    expires_at = clock.local(later(made_at, hours=PACKAGE_HOURS)).isoformat(timespec="seconds")
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = jsonify(made_at=clock.local(made_at).isoformat(timespec="seconds"), expires_at=expires_at, **content)
    # what is the same as before holds for another day too
    response.headers["Package-Expires"] = expires_at
    response.set_etag(tag)
    return _packed(response)


def _packed(response: Response) -> Response:
    """Send a package in a tenth of its bytes: the same questions and texts stand in it for each visit."""
    response.headers.add("Vary", "Accept-Encoding")
    if response.status_code == OK and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _note(device: FieldDevice, visit_ids: list[int]) -> None:
    """Note which visits not yet begun the phone is about to show, and that it was in contact."""
    viewer, opened = actor(), database.session()
    fresh, stale = queries.unnoted(opened, viewer, visit_ids), device.seen_at < services.stale_since()
    signed_in = session_key(browser_session)
    if not fresh and not stale and queries.session_noted(opened, device.id, signed_in):
        return
    with database.written_now() as own:
        services.note_package(own, device.id, fresh, actor=viewer, signed_in=signed_in)


def _desk() -> Desk:
    def told(message: str) -> tuple[str, str]:
        said = say(message)
        return said["zh"], said["en"]

    return Desk(told, lambda token: url_for("notices.check", token=token, _external=True))


@blueprint.post("/operations")
@requires(Permission.VISIT_INSPECT)
def operations() -> Response:
    """Take what a phone sends; one answer for each operation, and the visits as they are stored now."""
    said = _body(reading.OPERATIONS)
    opened = database.session()
    answers, touched = services.take_operations(
        opened, said["device"], said["operations"], actor=actor(), signed_in=session_key(browser_session)
    )
    body = {"results": [_result(one) for one in answers], "visits": _visits(said["device"], touched)}
    database.commit()
    if queries.get_device(opened, actor(), said["device"]).revoked_at is not None:
        # all was kept, nothing carried out; the answer is the same as to every other call
        refusal = queries.device_revoked()
        return problems.problem(refusal.status, refusal.code, say(refusal.message), **body)
    clashes = [one for one in answers if one.clash]
    if clashes:
        verdict = clashes[0].verdict
        return problems.problem(CLASH, verdict.code, say(verdict.message), **body)
    return jsonify(body)


def _visits(device_id: str, ids: list[int]) -> list[dict[str, object]]:
    """Pack the visits that changes were about; a phone may see one here before its package, so that is noted too."""
    opened, viewer = database.session(), actor()
    visits = queries.list_carried(opened, viewer, only=ids)
    fresh = queries.unnoted(opened, viewer, [one.id for one in visits if one.state in BEFORE_VISIT])
    if fresh:
        services.note_package(opened, device_id, fresh, actor=viewer)
    return packing.pack_visits(opened, viewer, visits, desk=_desk())


def _result(one: services.Answer) -> dict[str, object]:
    verdict = one.verdict
    return {
        "id": one.uuid,
        "outcome": verdict.outcome.value,
        "code": verdict.code,
        **say(verdict.message, dict(verdict.parameters)),
        "stored": verdict.stored,
        "at": clock.local(one.at).isoformat(),
    }


@blueprint.get("/operations")
@requires(Permission.VISIT_INSPECT)
def answered() -> Response:
    """Say what became of operations already sent, for a phone whose answer got lost."""
    after = request.args.get("after")
    if after is not None:
        reading.UUID_FIELD(after, "after")
    device = queries.get_active_device(database.session(), actor(), _argument("device", reading.UUID_FIELD))
    rows = queries.list_answers(database.session(), device, after=after)
    answers = services.answers_of(rows[:MOST_ANSWERED])
    return jsonify(results=[_result(one) for one in answers], more=len(rows) > MOST_ANSWERED)


@blueprint.post("/visits/<int:visit_id>/party-link")
@requires(Permission.VISIT_INSPECT)
def open_party(visit_id: int) -> Response:
    """Open the record to the enterprise's own phone, by a code that this phone shows."""
    opened = database.session()
    visit = get_visit_for_change(opened, actor(), visit_id)
    said = _body(reading.PARTY_LINK)
    queries.get_active_device(opened, actor(), said["device"])
    link, token = open_link(opened, visit, seen=said["seen"], actor=actor())
    database.commit()
    address = reachable(url_for("party_links.show", token=token))
    expires_at = clock.local(link.expires_at).isoformat(timespec="seconds")
    return jsonify(url=address, qr=qr_address(address), expires_at=expires_at)


@blueprint.post("/files")
@requires(Permission.VISIT_INSPECT)
def begin_file() -> Response:
    """Announce a file, or ask where to go on with it."""
    said, opened = _body(reading.FILE), database.session()
    queries.get_active_device(opened, actor(), said["device"])
    file = files.begin_file(opened, sha256=said["sha256"], size=said["size"], media_type=said["type"], actor=actor())
    services.note_session(opened, said["device"], session_key(browser_session))
    return _told_of_file(said["sha256"], files.received_bytes(opened, file, actor=actor()))


@blueprint.put("/files/<sha256>")
@requires(Permission.VISIT_INSPECT)
def add_piece(sha256: str) -> Response:
    """Add a piece at the place where the last one ended."""
    reading.SHA_FIELD(sha256, "sha256")
    offset, opened = _offset(), database.session()
    named = request.headers.get(problems.DEVICE_HEADER)
    if named is not None:
        queries.get_active_device(opened, actor(), reading.UUID_FIELD(named, problems.DEVICE_HEADER))
    data = _data(PIECE)
    file = queries.find_declared(opened, actor(), sha256)
    return _told_of_file(sha256, files.add_piece(opened, file, offset, data, actor=actor()))


def _offset() -> int:
    said = request.headers.get(OFFSET, "")
    if not (said.isascii() and said.isdigit() and len(said) < 13):
        raise reading.Unreadable("missing-field", "The field %(field)s is missing.", field=OFFSET)
    return int(said)


def _told_of_file(sha256: str, received: int) -> Response:
    """Commit what arrived; when the file is whole, look again at what waited for it, in a transaction of its own."""
    opened = database.session()
    complete = files.is_here_for(opened, sha256, actor())
    database.commit()
    if complete:
        services.look_again(opened, queries.visits_awaiting(opened, sha256), actor=actor())
        database.commit()
    return jsonify(sha256=sha256, received=received, complete=complete)
