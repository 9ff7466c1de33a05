"""The audit log for its administrator and for oversight."""

from flask import Blueprint, render_template
from flask_babel import gettext, lazy_gettext

from supervision.audit import queries, subjects
from supervision.audit.anchors import read_anchors
from supervision.audit.events import DisclosedList, Event
from supervision.audit.rules import REASONS
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@requires(Permission.AUDIT_VIEW, Permission.OVERSIGHT_VIEW)
def index() -> str:
    """List entries, newest first."""
    filters = [
        Filter("event", lazy_gettext("Operation"), [(event.value, gettext(event.label)) for event in Event]),
        Filter("since", lazy_gettext("From day"), kind="date"),
        Filter("until", lazy_gettext("To day"), kind="date"),
    ]
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
    return render_template(
        "audit/index.html",
        listing=listing,
        head=queries.newest(database.session()),
        kinds=subjects.NAMES,
        numbers=queries.draw_numbers(database.session(), listing.items),
    )


@blueprint.get("/disclosures")
@requires(Permission.AUDIT_VIEW, Permission.OVERSIGHT_VIEW)
def disclosures() -> str:
    """List who saw or exported confidential lists, newest first."""
    kinds = [(event.value, gettext(event.label)) for event in (Event.LIST_VIEWED, Event.LIST_EXPORTED)]
    filters = [
        Filter("list", lazy_gettext("List"), [(one.value, gettext(one.label)) for one in DisclosedList]),
        Filter("event", lazy_gettext("Operation"), kinds),
        Filter("since", lazy_gettext("From day"), kind="date"),
        Filter("until", lazy_gettext("To day"), kind="date"),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_disclosures(database.session(), actor(), query),
        [
            Column("at", lazy_gettext("Time")),
            Column("actor", lazy_gettext("By")),
            Column("event", lazy_gettext("Operation")),
            Column("list", lazy_gettext("List")),
            Column("rows", lazy_gettext("Rows"), numeric=True),
            Column("digest", lazy_gettext("Filters, SHA-256 of the file, request")),
        ],
        filters,
        lazy_gettext("Name, department code, request number or SHA-256"),
    )
    return render_template(
        "audit/disclosures.html",
        listing=listing,
        lists_of=dict(filters[0].options),
        parts=subjects.PARTS,
        numbers=queries.draw_numbers(database.session(), listing.items),
    )


@blueprint.get("/verify")
@requires(Permission.AUDIT_VIEW, Permission.OVERSIGHT_VIEW)
def verify() -> str:
    """Recompute the chain now and say whether it is whole."""
    session = database.session()
    count, broken = queries.verify_chain(session)
    why = gettext(REASONS[broken.reason], first=broken.seq, last=max(broken.seq, broken.until)) if broken else ""
    anchors = read_anchors(session)
    return render_template(
        "audit/verify.html",
        count=count,
        broken=broken,
        why=why,
        head=queries.newest(session),
        anchors=len(anchors),
        anchored=max(anchors, default=0),
    )
