"""Listings: list, one listing on its way, and each step from the notice to the service of the decision."""

from collections.abc import Callable
from typing import Any  # each step has a form of its own

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from punishments.credit_lists import hearing, queries, services
from punishments.credit_lists.forms import (
    ACCEPT,
    REFUSE,
    DecisionForm,
    DropForm,
    HearingForm,
    NoticeForm,
    ServiceForm,
)
from punishments.credit_lists.hearing import Served
from punishments.credit_lists.models import Listing as CreditListing
from punishments.credit_lists.rules import STEPS, EndReason, ListingState, Response, state_on, with_penalty_procedure
from punishments.credit_lists.step_bar import listing_steps
from supervision import clock
from supervision.audit.queries import list_history
from supervision.departments.queries import list_departments
from supervision.errors import Invalid
from supervision.parameters.queries import get_number, list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import Form, choices, show_refusal, text
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
    """Show one listing: from what it follows, how the party was heard, who decided it, when it ends."""
    return _page(listing_id)


def _page(listing_id: int, **typed: Form) -> str:
    """Show the page; ``typed`` is the form of a step that was refused, under the step's name."""
    session, viewer = database.session(), actor()
    listing = queries.get_listing(session, viewer, listing_id)
    return render_template(
        "listings/show.html",
        listing=listing,
        state=_state_today(listing),
        steps=listing_steps(listing, on=clock.today()),
        ground=EndReason(listing.end_reason) if listing.end_reason in set(EndReason) else None,
        with_penalty=with_penalty_procedure(listing.noticed_on, decided_on=listing.penalty.decided_on),
        methods={one.code: one for one in list_reasons(session, "service_methods")},
        step=_next_step(viewer, listing),
        inside=viewer.sees_whole_district or viewer.department_id == listing.penalty.department_id,
        may_drop=_owns(viewer, listing) and ListingState.DROPPED in STEPS[listing.state],
        statement_days=get_number(session, "listing-statement-working-days", on=clock.today()),
        superior_needed=bool(get_number(session, "serious-superior-approval", on=clock.today())),
        forms_of={**{name: make() for name, make in FORMS.items()}, **typed},
        panels=shown_panels("listing", viewer, listing),
        history=list_history(session, "listing", listing.id),
    )


def _owns(viewer: Actor, listing: CreditListing) -> bool:
    return viewer.may(Permission.PENALTY_EDIT) and viewer.department_id == listing.penalty.department_id


def _next_step(viewer: Actor, listing: CreditListing) -> str:
    """Return the step this viewer can take now: notice, hearing, decide, service, or none."""
    heads = viewer.may(Permission.LISTING_DECIDE) and viewer.department_id == listing.penalty.department_id
    if listing.state is ListingState.PROPOSED:
        return "decide" if heads and viewer.user_id not in listing.prepared_by else ""
    if not _owns(viewer, listing):
        return ""
    if listing.state is ListingState.NOTICED:
        return "hearing" if listing.statement_due_on and clock.today() > listing.statement_due_on else ""
    return {ListingState.INTENDED: "notice", ListingState.DECIDED: "service"}.get(listing.state, "")


def _decision_form() -> DecisionForm:
    form = DecisionForm()
    form.decision.choices = choices([(ACCEPT, _("List the entity")), (REFUSE, _("Do not list it"))])
    return form


def _methods(form: ServiceForm) -> None:
    methods = list_reasons(database.session(), "service_methods")
    form.method.choices = choices([(one.code, name_of(one)) for one in methods], empty="—")


def _notice_form() -> NoticeForm:
    form = NoticeForm()
    _methods(form)
    return form


def _service_form() -> ServiceForm:
    form = ServiceForm()
    _methods(form)
    return form


def _hearing_form() -> HearingForm:
    form = HearingForm()
    form.response.choices = choices([(one.value, _(one.label)) for one in Response])
    if request.method == "GET":
        district = current_app.config["DISTRICT_NAME_ZH"]
        form.reconsideration_authority.data, form.court.data = f"{district}人民政府", "有管辖权的人民法院"
    return form


FORMS = {
    "notice": _notice_form,
    "hearing": _hearing_form,
    "decide": _decision_form,
    "service": _service_form,
    "drop": DropForm,
}


def _take(listing_id: int, name: str, step: Callable[[CreditListing, Any], object], said: str) -> Page:
    """Take a step with its form; what is refused is shown with what was typed."""
    listing, form = queries.get_listing(database.session(), actor(), listing_id), FORMS[name]()
    if form.validate_on_submit():
        try:
            step(listing, form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(said, "success")
            return redirect(url_for("listings.show", listing_id=listing_id))
    return _page(listing_id, **{name: form})


def _served(form: ServiceForm, number: str = "") -> Served:
    return Served(
        method=text(form.method),
        served_on=form.served_on.data or clock.today(),
        recipient=text(form.recipient),
        proof=text(form.proof),
        document_number=number,
    )


@blueprint.post("/<int:listing_id>/notice")
@requires(Permission.PENALTY_EDIT)
def notice(listing_id: int) -> Page:
    """Record that the notice of the intended listing was served."""

    def step(listing: CreditListing, form: NoticeForm) -> None:
        served = _served(form, text(form.document_number))
        hearing.serve_notice(database.session(), listing, served, actor=actor())

    return _take(listing_id, "notice", step, _("Recorded. The party may state its case until the day shown."))


@blueprint.post("/<int:listing_id>/hearing")
@requires(Permission.PENALTY_EDIT)
def hear(listing_id: int) -> Page:
    """Record what the party said, or that it said nothing, and put the listing to the head."""

    def step(listing: CreditListing, form: HearingForm) -> None:
        heard = hearing.Heard(
            response=Response(form.response.data),
            reconsideration_authority=text(form.reconsideration_authority),
            court=text(form.court),
            made_on=form.made_on.data,
            statement=text(form.statement),
            consideration=text(form.consideration),
        )
        hearing.hear_party(database.session(), listing, heard, actor=actor())

    return _take(listing_id, "hearing", step, _("Recorded. The head of the department decides."))


@blueprint.post("/<int:listing_id>/decide")
@requires(Permission.LISTING_DECIDE)
def decide(listing_id: int) -> Page:
    """Decide a proposal of one's own department."""

    def step(listing: CreditListing, form: DecisionForm) -> None:
        decision = services.Decision(form.decision.data == ACCEPT, text(form.note), text(form.superior_approval))
        region = current_app.config["DISTRICT_CODE"]
        services.decide_listing(database.session(), listing, decision, region=region, actor=actor())

    return _take(listing_id, "decide", step, _("Decided."))


@blueprint.post("/<int:listing_id>/service")
@requires(Permission.PENALTY_EDIT)
def serve(listing_id: int) -> Page:
    """Record that the decision was served: from that day the listing is in force."""

    def step(listing: CreditListing, form: ServiceForm) -> None:
        services.serve_decision(database.session(), listing, _served(form), actor=actor())

    return _take(listing_id, "service", step, _("Recorded. The listing is in force from the day of service."))


@blueprint.post("/<int:listing_id>/drop")
@requires(Permission.PENALTY_EDIT)
def drop(listing_id: int) -> Page:
    """Give an intended listing up before it goes to the head."""

    def step(listing: CreditListing, form: DropForm) -> None:
        services.drop_listing(database.session(), listing, reason=text(form.reason), actor=actor())

    return _take(listing_id, "drop", step, _("Given up. The reason stays on this page."))
