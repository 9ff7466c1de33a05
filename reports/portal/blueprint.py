"""The public pages: open to everybody, without session, kept by caches for a minute.

One blueprint for each part of the menu, so that the menu knows where the visitor is.
"""

from flask import Blueprint, Response, request
from flask_login import current_user

from supervision.errors import NotFound

A_MINUTE = "public, max-age=60"
FIRST_PRINTABLE = 32


def let_caches_keep(response: Response) -> Response:
    """Let caches keep what an anonymous visitor reads; the language cookie is part of ``Vary``."""
    if response.status_code == 200 and request.method in {"GET", "HEAD"} and not current_user.is_authenticated:
        response.headers["Cache-Control"] = A_MINUTE
    return response


def refuse_control_characters() -> None:
    """Nothing is called by a control character; PostgreSQL would stumble over a zero byte."""
    if any(ord(char) < FIRST_PRINTABLE for value in (request.view_args or {}).values() for char in str(value)):
        raise NotFound


def _public(name: str, path: str = "") -> Blueprint:
    made = Blueprint(name, __name__, url_prefix=f"/public{path}")
    made.before_request(refuse_control_characters)
    made.after_request(let_caches_keep)
    return made


home = _public("portal")
plans = _public("public_plans", "/plans")
draws = _public("public_draws", "/draws")
results = _public("public_results", "/results")
verify = _public("public_verify", "/verify")
data = _public("open_data", "/data")
fairness = _public("public_fairness", "/fairness")
ALL = (home, plans, draws, results, verify, data, fairness)
