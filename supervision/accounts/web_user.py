"""What Flask-Login holds for a signed-in person."""

from flask import Flask, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from supervision.accounts.queries import Person, find_person
from supervision.errors import Forbidden
from supervision.permissions import Actor
from supervision.web import database
from supervision.web.error_pages import wants_json
from supervision.web.languages import language

ALLOWED_BEFORE_CHANGE = frozenset({"accounts.own", "accounts.sign_out", "preferences.language", "static"})


class WebUser(UserMixin):
    """A signed-in person of this request."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """Return the id kept in the session."""
        return str(self.person.id)

    @property
    def name(self) -> str:
        """The person's name as shown in the header."""
        return self.person.name

    @property
    def department_name(self) -> str:
        """The name of the person's department in this request's language."""
        return self.person.department_en if language() == "en" else self.person.department_zh

    def actor(self, *, request_id: str = "") -> Actor:
        """Return the actor for services."""
        return self.person.actor(request_id=request_id)


def init_app(app: Flask) -> None:
    """Let Flask-Login find people in the database."""
    manager = LoginManager(app)
    manager.session_protection = None  # the server-side session is bound by its own id

    @app.before_request
    def first_change_the_password() -> Response | None:
        if not current_user.is_authenticated or not current_user.person.must_change_password:
            return None
        if request.endpoint in ALLOWED_BEFORE_CHANGE:
            return None
        if wants_json():
            raise Forbidden("password-change-due", "Choose a password of your own first, on the page “My account”.")
        return redirect(url_for("accounts.own"))

    @manager.user_loader
    def load(user_id: str) -> WebUser | None:
        person = find_person(database.session(), int(user_id)) if user_id.isdigit() else None
        return WebUser(person) if person is not None else None
