"""Refusals as phones read them: problem+json with a code and the text in both languages, whatever they chose."""

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import force_locale, gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from joint_inspections.field.queries import device_revoked, find_state
from joint_inspections.field.reading import UUID
from joint_inspections.field.rules import DeviceState
from supervision.db import is_busy
from supervision.errors import DomainError
from supervision.labels import N_
from supervision.web import database
from supervision.web.access import SignInNeeded
from supervision.web.error_pages import RETRY_SECONDS, TEXTS, TITLES
from supervision.web.languages import LANGUAGES
from supervision.web.refusals import told

log = logging.getLogger(__name__)
CSRF_TEXT = N_("The session has ended or changed. Ask for it anew, sign in if needed, then send this again.")
# names the phone in calls whose address and body do not
DEVICE_HEADER = "Field-Device"
SIGN_IN_TEXT = N_("Please sign in first.")


def say(message: str, parameters: Mapping[str, object] | None = None) -> dict[str, str]:
    """Return a message in both languages."""
    found = {}
    for code, locale in LANGUAGES.items():
        with force_locale(locale):
            found[code] = told(DomainError("", message, **(parameters or {}))) if message else ""
    return found


def problem(status: int, code: str, texts: Mapping[str, str], **more: object) -> Response:
    """Return a refusal; ``more`` are further members of it."""
    title = gettext(TITLES.get(status, TITLES[400]))
    body = {"type": f"urn:problem:{code}", "title": title, "status": status, "code": code, **texts, **more}
    response = jsonify(body)
    response.status_code, response.content_type = status, "application/problem+json"
    return response


def init_blueprint(blueprint: Blueprint) -> None:
    """Let every refusal of ``blueprint`` be told so."""
    blueprint.register_error_handler(DomainError, domain_error)
    blueprint.register_error_handler(SignInNeeded, sign_in_needed)
    blueprint.register_error_handler(CSRFError, csrf_error)
    blueprint.register_error_handler(HTTPException, http_error)
    blueprint.register_error_handler(OperationalError, database_error)
    blueprint.register_error_handler(Exception, unexpected)


def domain_error(error: DomainError) -> Response:
    """A rule said no; the field at fault and how much of a file is here go along."""
    database.read_only()
    more = {name: error.parameters[name] for name in ("received",) if name in error.parameters}
    field = getattr(error, "field", "")
    return problem(
        error.status, error.code, say(error.message, error.parameters), **({"field": field} if field else {}), **more
    )


def sign_in_needed(error: SignInNeeded) -> Response:  # noqa: ARG001 - a handler's signature
    """Nobody is signed in; a phone that was revoked learns so whether or not its session ended with it."""
    return _revoked() or problem(401, "sign-in", say(SIGN_IN_TEXT))


def _revoked() -> Response | None:
    """Refuse a call that names a revoked phone, as it does itself or in its address."""
    named = request.headers.get(DEVICE_HEADER) or request.args.get("device", "")
    if not UUID.fullmatch(named) or find_state(database.session(), named)[0] is not DeviceState.REVOKED:
        return None
    refusal = device_revoked()
    return problem(refusal.status, refusal.code, say(refusal.message))


def csrf_error(error: CSRFError) -> Response:
    """The token is missing or belongs to a session that is over."""
    log.info("csrf refused: %s", error.description)
    return _revoked() or problem(400, "csrf", say(CSRF_TEXT))


def http_error(error: HTTPException) -> Response:
    """A refusal of Werkzeug's."""
    status = error.code or 500
    return problem(status, f"http-{status}", say(TEXTS.get(status, TEXTS[400])))


def database_error(error: OperationalError) -> Response:
    """Somebody else held the database for too long: nothing was written, and it may be sent again."""
    if not is_busy(error):
        return unexpected(error)
    log.warning("request %s waited in vain for the database", g.get("request_id", "-"))
    database.read_only()
    response = problem(503, "busy", say(TEXTS[503]))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def unexpected(error: Exception) -> Response:
    """A fault of ours."""
    log.error("unexpected error in request %s", g.get("request_id", "-"), exc_info=error)
    database.read_only()
    return problem(500, "unexpected", say(TEXTS[500]))
