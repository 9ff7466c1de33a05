"""Security headers on every response, errors and files included (security sheet, section 5)."""

from collections.abc import Callable
from typing import Any, TypeVar  # views are any callable

from flask import Flask, Response, request
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])
_SAME_FOR_ALL = "_same_for_all"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
# modules of scripts name each other without a version, so a browser asks each time whether one has changed
MODULES = "verify/"
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}


def same_for_all(view: View) -> View:
    """Mark an endpoint whose answer holds no data and does not depend on who asks: browsers may keep it."""
    setattr(view, _SAME_FOR_ALL, True)
    return view


def init_app(app: Flask, *, secure: bool) -> None:
    """Set the headers after every request of ``app``; ``secure`` adds HSTS."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint == "static":
            if request.path.startswith(f"{app.static_url_path}/{MODULES}"):
                response.headers["Cache-Control"] = "no-cache"
            return response
        if getattr(app.view_functions.get(request.endpoint or ""), _SAME_FOR_ALL, False) and response.status_code < 400:
            return response
        response.headers.add("Vary", "Cookie")
        if current_user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response
