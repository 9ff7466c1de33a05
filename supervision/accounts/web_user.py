"""What Flask-Login holds for a signed-in person."""

from flask import Flask, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.permissions import Actor
from supervision.web import database

ALLOWED_BEFORE_CHANGE = frozenset({"accounts.own", "accounts.sign_out", "preferences.language", "static"})


class WebUser(UserMixin):
    """A signed-in person of this request."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        """Return the id kept in the session."""
        return str(self.user.id)

    @property
    def name(self) -> str:
        """The person's name as shown in the header."""
        return self.user.name

    @property
    def department(self) -> object:
        """The person's department, if any."""
        return self.user.department

    @property
    def roles(self) -> object:
        """The person's roles."""
        return sorted(self.user.roles)

    def actor(self, *, request_id: str = "") -> Actor:
        """Return the actor for services."""
        return actor_of(self.user, request_id=request_id)


def init_app(app: Flask) -> None:
    """Let Flask-Login find people in the database."""
    manager = LoginManager(app)
    manager.session_protection = None  # the server-side session is bound by its own id

    @app.before_request
    def first_change_the_password() -> Response | None:
        if not current_user.is_authenticated or not current_user.user.must_change_password:
            return None
        if request.endpoint in ALLOWED_BEFORE_CHANGE:
            return None
        return redirect(url_for("accounts.own"))

    @manager.user_loader
    def load(user_id: str) -> WebUser | None:
        user = database.session().get(User, int(user_id)) if user_id.isdigit() else None
        return WebUser(user) if user is not None and user.active else None
