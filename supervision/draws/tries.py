"""Tries in vain from outside sign-in: counted by the hash of an address or a link, and after many asked to wait.

What is right is always taken, however often the same address was wrong: a hall, a department or a village shares one.
"""

import logging

from flask import after_this_request, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from supervision.draws import services
from supervision.draws.queries.witnesses import hash_of, too_many_failures
from supervision.draws.witness_rules import FAILURE_WINDOW
from supervision.errors import TooMany
from supervision.labels import N_
from supervision.web import database

log = logging.getLogger(__name__)


def address_key(place: str) -> str:
    """Return the key under which tries from this visitor's address count; each place counts for itself."""
    return hash_of(f"{place} {request.remote_addr or ''}")


def refuse_often(key: str) -> None:
    """Count a try in vain, or refuse when there were too many; not worth a wait where the database is busy."""
    if too_many_failures(database.session(), key):
        after_this_request(_name_the_wait)
        raise TooMany("too-many-tries", N_("Too many tries. Please wait a quarter of an hour, then try again."))
    database.end_transaction()
    try:
        with database.open_hasty_session(current_app._get_current_object()) as own, own.begin():  # type: ignore[attr-defined]
            services.count_failure(own, key)
    except OperationalError:
        log.info("a try in vain was not counted: the database is busy")


def _name_the_wait(response: Response) -> Response:
    response.headers["Retry-After"] = str(int(FAILURE_WINDOW.total_seconds()))
    return response
