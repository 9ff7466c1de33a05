"""Access rules on endpoints. The application refuses to start if one endpoint declares none."""

from collections.abc import Callable
from typing import Any, TypeVar  # views are any callable

from flask import Flask, g
from flask_login import current_user

from supervision.errors import Forbidden, NotFound
from supervision.permissions import PUBLIC, Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])
_RULE = "_access_rule"


class UndeclaredAccess(RuntimeError):
    """Some endpoint has no access rule; the message lists them."""


def public(view: View) -> View:
    """Open the endpoint to everybody."""
    setattr(view, _RULE, "public")
    return view


def signed_in(view: View) -> View:
    """Open the endpoint to every signed-in person."""
    setattr(view, _RULE, "signed-in")
    return view


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Open the endpoint to people holding any one of ``permissions``."""
    if not permissions:
        raise ValueError("name at least one permission")

    def declare(view: View) -> View:
        setattr(view, _RULE, permissions)
        return view

    return declare


def actor() -> Actor:
    """Return who sends this request: a signed-in person, or the public."""
    person = current_user._get_current_object()
    if not person.is_authenticated:
        return PUBLIC
    if g.get("actor_of") is not person:
        g.actor_of, g.actor = person, person.actor(request_id=g.get("request_id", ""))
    found: Actor = g.actor
    return found


def rule_of(app: Flask, endpoint: str) -> object:
    """Return the access rule of ``endpoint``: 'public', 'signed-in', a tuple of permissions, or None."""
    return getattr(app.view_functions.get(endpoint), _RULE, None)


def check_request(app: Flask, endpoint: str | None) -> None:
    """Refuse the request unless its endpoint's rule lets the actor in."""
    if endpoint is None or endpoint == "static":
        return
    rule = rule_of(app, endpoint)
    if rule == "public":
        return
    if not current_user.is_authenticated:
        raise SignInNeeded
    if rule == "signed-in":
        return
    if not isinstance(rule, tuple):
        raise NotFound
    if not any(actor().may(permission) for permission in rule):
        raise Forbidden(
            "no-permission",
            "Your roles do not allow this step. Ask the security administrator if they should.",
        )


class SignInNeeded(Exception):
    """The page is only for signed-in people."""


def refuse_undeclared(app: Flask) -> None:
    """Stop the start when an endpoint has no access rule."""
    missing = sorted(
        endpoint for endpoint in app.view_functions if endpoint != "static" and rule_of(app, endpoint) is None
    )
    if missing:
        raise UndeclaredAccess(f"declare @public, @signed_in or @requires(...) on: {', '.join(missing)}")
