"""The public pages: open to everybody, without session, kept by caches for a minute.

One blueprint for each part of the menu, so that the menu knows where the visitor is.
"""

from flask import Blueprint, Response, request
from flask_login import current_user

A_MINUTE = "public, max-age=60"


def let_caches_keep(response: Response) -> Response:
    """Let caches keep what an anonymous visitor reads; the language cookie is part of ``Vary``."""
    if response.status_code == 200 and request.method in {"GET", "HEAD"} and not current_user.is_authenticated:
        response.headers["Cache-Control"] = A_MINUTE
    return response


def _public(name: str, path: str = "") -> Blueprint:
    made = Blueprint(name, __name__, url_prefix=f"/public{path}")
    made.after_request(let_caches_keep)
    return made


home = _public("portal")
plans = _public("public_plans", "/plans")
draws = _public("public_draws", "/draws")
results = _public("public_results", "/results")
verify = _public("public_verify", "/verify")
data = _public("open_data", "/data")
ALL = (home, plans, draws, results, verify, data)
