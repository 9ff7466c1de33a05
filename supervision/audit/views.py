"""The audit log for its administrator and for oversight."""

from flask import Blueprint, render_template
from flask_babel import gettext, lazy_gettext

from supervision.audit import queries
from supervision.audit.events import Event
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@requires(Permission.AUDIT_VIEW, Permission.OVERSIGHT_VIEW)
def index() -> str:
    """List entries, newest first."""
    filters = [Filter("event", lazy_gettext("Operation"), [(event.value, gettext(event.label)) for event in Event])]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_entries(database.session(), actor(), query),
        [
            Column("seq", lazy_gettext("No."), True, True),
            Column("at", lazy_gettext("Time")),
            Column("event", lazy_gettext("Operation")),
            Column("actor", lazy_gettext("By")),
            Column("subject", lazy_gettext("About")),
            Column("reason", lazy_gettext("Reason")),
        ],
        filters,
        lazy_gettext("Name, request number or subject number"),
    )
    return render_template("audit/index.html", listing=listing, head=queries.newest(database.session()))


@blueprint.get("/verify")
@requires(Permission.AUDIT_VIEW, Permission.OVERSIGHT_VIEW)
def verify() -> str:
    """Recompute the chain now and say whether it is whole."""
    count, broken = queries.verify_chain(database.session())
    return render_template("audit/verify.html", count=count, broken=broken, head=queries.newest(database.session()))
