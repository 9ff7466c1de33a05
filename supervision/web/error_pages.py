"""Refusals become pages (or problem+json under /api, /field/api and *.json) here and nowhere else."""

import logging
from collections.abc import Sequence

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from supervision.db import is_busy
from supervision.errors import DomainError
from supervision.labels import N_
from supervision.web import database
from supervision.web.access import SignInNeeded
from supervision.web.refusals import told

log = logging.getLogger(__name__)

TITLES = {
    400: N_("The request could not be read"),
    403: N_("Not allowed"),
    404: N_("Page not found"),
    405: N_("This step cannot be opened directly"),
    409: N_("This step is not possible now"),
    413: N_("The file is too large"),
    422: N_("Please correct the entry"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("Somebody else is writing at this moment"),
}
TEXTS = {
    400: N_("Please go back, reload the page and try again."),
    404: N_("The address is wrong, or the page is not for your account. Check the address or go to the home page."),
    405: N_("Please go back and use the button on the page."),
    413: N_("Please send a smaller file."),
    500: N_(
        "Nothing was saved. Please try again; if that happens again, tell the system administrator the request number."
    ),
    503: N_(
        "A large file is being taken into a register, and your entry had to wait too long. Nothing was saved. "
        "Please wait half a minute, then send it again."
    ),
}
RETRY_SECONDS = 30
# what is never written into a page again
NEVER_SHOWN = ("password", "secret")


def init_app(app: Flask) -> None:
    """Register the translation of every refusal into a page."""
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(SignInNeeded, sign_in_needed)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_error)
    app.register_error_handler(Exception, unexpected)


def wants_json() -> bool:
    """Say whether the caller asked for data rather than a page."""
    return request.path.startswith(("/api/", "/field/api/")) or request.path.endswith(".json")


def page(
    status: int, code: str, text: str, *, rule: str = "", again: Sequence[tuple[str, str]] = ()
) -> tuple[Response | str, int]:
    """Return the refusal as a page or problem+json; ``again`` are the fields of a form that may be sent once more."""
    database.read_only()
    title = gettext(TITLES.get(status, TITLES[400]))
    if wants_json():
        body = jsonify(type=f"urn:problem:{code}", title=title, status=status, detail=text)
        body.content_type = "application/problem+json"
        return body, status
    facts = {"status": status, "title": title, "text": text, "code": code, "rule": rule, "again": again}
    return render_template("error.html", **facts), status


def domain_error(error: DomainError) -> tuple[Response | str, int]:
    """A rule of the house or the law said no."""
    text = told(error)
    if error.status == 404:
        text = gettext(TEXTS[404])
    return page(error.status, error.code, text, rule=str(getattr(error, "rule", "")))


def sign_in_needed(error: SignInNeeded) -> BaseResponse | tuple[Response | str, int]:  # noqa: ARG001
    """Send the visitor to the sign-in page and back afterwards."""
    if wants_json() or request.method != "GET":
        return page(401, "sign-in", gettext("Please sign in first."))
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def csrf_error(error: CSRFError) -> tuple[Response | str, int]:
    """The form's token is missing or old."""
    log.info("csrf refused: %s", error.description)
    return page(400, "csrf", gettext("The page was open too long. Please go back, reload it and send it again."))


def http_error(error: HTTPException) -> tuple[Response | str, int] | HTTPException:
    """A refusal of Werkzeug's."""
    status = error.code or 500
    if status < 400:
        return error
    return page(status, f"http-{status}", gettext(TEXTS.get(status, TEXTS[400])))


def database_error(error: OperationalError) -> Response | tuple[Response | str, int]:
    """The database said no: because somebody held it for long, or for a reason that is ours."""
    if not is_busy(error):
        return unexpected(error)
    log.warning("request %s waited in vain for the database", g.get("request_id", "-"))
    return busy()


def busy() -> Response:
    """Ask to send it again in a moment; what was typed stands on the page, ready to be sent."""
    body, status = page(503, "busy", gettext(TEXTS[503]), again=_typed())
    response = make_response(body, status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _typed() -> list[tuple[str, str]]:
    """Return the fields of the form that was sent; none where files or secrets were among them."""
    if request.method != "POST" or request.files:
        return []
    fields = list(request.form.items(multi=True))
    hidden = any(word in name.lower() for name, _ in fields for word in NEVER_SHOWN)
    return [] if hidden else fields


def unexpected(error: Exception) -> tuple[Response | str, int]:
    """A fault of ours: log it with the request number, tell the visitor nothing else."""
    log.error("unexpected error in request %s", g.get("request_id", "-"), exc_info=error)
    return page(500, "unexpected", gettext(TEXTS[500]))
