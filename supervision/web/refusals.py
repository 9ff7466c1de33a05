"""A refusal in the words of the request's language; days among its parameters are written as that language does."""

from datetime import date

from flask_babel import gettext

from supervision.errors import DomainError
from supervision.web.templating import show_day


def told(error: DomainError) -> str:
    """Return what a refusal tells the person who asked."""
    said = {name: show_day(value) if isinstance(value, date) else value for name, value in error.parameters.items()}
    return str(gettext(error.message, **said))
