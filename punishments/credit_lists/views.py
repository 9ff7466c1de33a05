"""Listings: list, one listing with its grounds, and the head's decision."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from punishments.credit_lists import queries, services
from punishments.credit_lists.forms import ACCEPT, REFUSE, DecisionForm
from punishments.credit_lists.models import Listing as CreditListing
from punishments.credit_lists.rules import EndReason, ListingState, state_on
from supervision import clock
from supervision.audit.queries import list_history
from supervision.departments.queries import list_departments
from supervision.errors import Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

blueprint = Blueprint("listings", __name__, url_prefix="/listings")
Page = str | BaseResponse


@blueprint.get("/")
@requires(Permission.PUNISHMENT_VIEW)
def index() -> str:
    """List listings of all departments."""
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    filters = [
        Filter("department", lazy_gettext("Department"), departments),
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in ListingState]),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_listings(database.session(), actor(), query, on=clock.today()),
        [
            Column("number", lazy_gettext("Listing number")),
            Column("entity", lazy_gettext("Party"), True),
            Column("list", lazy_gettext("List")),
            Column("department", lazy_gettext("Department")),
            Column("proposed_at", lazy_gettext("Proposed"), True),
            Column("ends_on", lazy_gettext("Ends on"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Number, name, credit code or document number"),
    )
    return render_template("listings/index.html", listing=listing, state_of=_state_today)


def _state_today(listing: CreditListing) -> ListingState:
    return state_on(listing.state, listing.ends_on, clock.today())


@blueprint.get("/<int:listing_id>")
@requires(Permission.PUNISHMENT_VIEW)
def show(listing_id: int) -> str:
    """Show one listing: from what it follows, who decided it, when it ends."""
    return _page(listing_id, _form())


def _form() -> DecisionForm:
    form = DecisionForm()
    form.decision.choices = choices([(ACCEPT, _("List the entity")), (REFUSE, _("Do not list it"))])
    return form


def _page(listing_id: int, form: DecisionForm) -> str:
    listing = queries.get_listing(database.session(), actor(), listing_id)
    viewer = actor()
    own_head = viewer.may(Permission.LISTING_DECIDE) and viewer.department_id == listing.penalty.department_id
    return render_template(
        "listings/show.html",
        listing=listing,
        state=_state_today(listing),
        ground=EndReason(listing.end_reason) if listing.end_reason in set(EndReason) else None,
        may_decide=own_head and listing.state is ListingState.PROPOSED and listing.proposed_by != viewer.user_id,
        superior_needed=bool(get_number(database.session(), "serious-superior-approval", on=clock.today())),
        form=form,
        panels=shown_panels("listing", viewer, listing),
        history=list_history(database.session(), "listing", listing.id),
    )


@blueprint.post("/<int:listing_id>/decide")
@requires(Permission.LISTING_DECIDE)
def decide(listing_id: int) -> Page:
    """Decide a proposal of one's own department."""
    listing, form = queries.get_listing(database.session(), actor(), listing_id), _form()
    if form.validate_on_submit():
        decision = services.Decision(form.decision.data == ACCEPT, text(form.note), text(form.superior_approval))
        try:
            services.decide_listing(
                database.session(), listing, decision, region=current_app.config["DISTRICT_CODE"], actor=actor()
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Decided."), "success")
            return redirect(url_for("listings.show", listing_id=listing_id))
    return _page(listing_id, form)
