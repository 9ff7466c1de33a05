"""The language switch."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from supervision.web.access import public
from supervision.web.languages import COOKIE, LANGUAGES

blueprint = Blueprint("preferences", __name__)
A_YEAR = 365 * 24 * 3600


def safe_next(target: str | None, default: str = "/") -> str:
    """Return ``target`` if it is a path of this site, else ``default``: no open redirects."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    return default if any(ord(char) < 32 for char in target) or "\\" in target else target


@blueprint.get("/language/<code>")
@public
def language(code: str) -> Response:
    """Remember the language for a year and go back."""
    response = redirect(safe_next(request.args.get("next")))
    if code in LANGUAGES:
        response.set_cookie(COOKIE, code, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
