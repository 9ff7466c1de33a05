"""Pages about visits that meet at one door."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.encounters import queries, services
from joint_inspections.encounters.forms import AnswerForm, OfferForm, PartForm, PassForm
from joint_inspections.encounters.frequency import check_frequency
from joint_inspections.encounters.fruitless import list_returning
from joint_inspections.encounters.models import JointOffer
from joint_inspections.encounters.rules import REASONS, OfferState, Period
from joint_inspections.visits.disclosing import note_named
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision import clock
from supervision.audit.disclosing import hand_out, note_view
from supervision.audit.events import DisclosedList
from supervision.errors import Invalid, NotFound
from supervision.listing import Page as ListPage
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Filter, Listing, read_query

blueprint = Blueprint("encounters", __name__, url_prefix="/visits")
Page = str | BaseResponse


def _filters() -> list[Filter]:
    # what is shown without a choice comes first
    periods = [("", _(Period.MONTH.label)), *((one.value, _(one.label)) for one in (Period.WEEK, Period.DAY))]
    return [Filter("period", lazy_gettext("Period"), periods)]


def _found(chosen: str) -> list[queries.Crowded]:
    period = Period(chosen) if chosen in {one.value for one in Period} else Period.MONTH
    return queries.list_crowded(database.session(), actor(), period=period, day=clock.today())


@blueprint.get("/too-frequent")
@requires(Permission.OVERSIGHT_VIEW)
def crowded() -> str:
    """List the enterprises that are visited more often than they should be."""
    filters = _filters()
    query = read_query(filters)
    found = _found(query.filters.get("period", ""))
    barred = services.list_barred(database.session(), actor())
    note_view(DisclosedList.VISITS, count=len(found) + len(barred))
    page = ListPage(found[query.offset : query.offset + query.size], len(found))
    listing = Listing(query, page, (), filters, export_endpoint="encounters.export")
    return render_template("encounters/crowded.html", listing=listing, barred=barred)


@blueprint.get("/too-frequent/export")
@requires(Permission.OVERSIGHT_VIEW)
def export() -> BaseResponse:
    """Download the list as it is filtered."""
    kind = request.args.get("format", "csv")
    query = read_query(_filters())
    header = [
        _("Entity"), _("Credit code"), _("From"), _("Until"), _("Visits"), _("Allowed"), _("Departments"),
        _("Let through"),
    ]  # fmt: skip
    rows = [
        [one.entity.name, one.entity.unit_id, one.first, one.last, one.counted, one.allowed,
         "、".join(name_of(body) for body in one.departments), one.overrides]
        for one in _found(query.filters.get("period", ""))
    ]  # fmt: skip
    filename = _("too-frequent") + f"-{clock.today().isoformat()}"
    kind = kind if kind in EXPORT_FORMATS else "csv"
    return hand_out(kind, filename, header, rows, what=DisclosedList.VISITS, query=query)


@blueprint.route("/<int:visit_id>/too-frequent", methods=["GET", "POST"])
@requires(Permission.CAP_OVERRIDE)
def let_pass(visit_id: int) -> Page:
    """Let a visit go ahead although it is one too many."""
    return _decide(visit_id, None)


@blueprint.route("/<int:visit_id>/fruitless/<int:inspector_id>", methods=["GET", "POST"])
@requires(Permission.CAP_OVERRIDE)
def keep_inspector(visit_id: int, inspector_id: int) -> Page:
    """Keep an inspector on the team who found nothing here before."""
    return _decide(visit_id, inspector_id)


def _decide(visit_id: int, inspector_id: int | None) -> Page:
    session = database.session()
    visit = get_visit_for_change(session, actor(), visit_id)
    note_named(visit)
    form = PassForm()
    form.reason.choices = choices([(one.code, name_of(one)) for one in list_reasons(session, REASONS)])
    returning = [one for one in list_returning(session, visit) if one.member.inspector_id == inspector_id]
    if inspector_id is not None and not returning:
        raise NotFound
    if form.validate_on_submit():
        try:
            _pass(visit, inspector_id, form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Let through. The heads of the departments can now approve the inspection."), "success")
            return redirect(url_for("visits.show", visit_id=visit.id))
    return render_template(
        "encounters/decide.html",
        form=form,
        visit=visit,
        frequency=check_frequency(session, visit),
        returning=returning,
        others=queries.other_visits(session, actor(), visit),
        ahead=visit.state in BEFORE_VISIT,
    )


def _pass(visit: Visit, inspector_id: int | None, form: PassForm) -> None:
    session, reason, note = database.session(), form.reason.data, text(form.note)
    if inspector_id is None:
        services.let_frequent_pass(session, visit, reason_code=reason, note=note, actor=actor())
    else:
        services.let_inspector_return(session, visit, inspector_id, reason_code=reason, note=note, actor=actor())


@blueprint.get("/together")
@requires(Permission.PLAN_VIEW)
def together() -> str:
    """List the offers of the viewer's department, and what came of all."""
    session, viewer = database.session(), actor()
    offers = queries.list_offers(session, viewer)
    note_view(DisclosedList.VISITS, count=sum(one.visit.state in BEFORE_VISIT for one in offers))
    counts = queries.count_offers(session, viewer)
    waiting = {one.id for one in queries.list_waiting_offers(session, viewer)}
    shown = [(one, *map(queries.departments_of, (one.visit, one.other))) for one in offers]
    return render_template(
        "encounters/together.html", offers=shown, counts=counts, waiting=waiting, OfferState=OfferState
    )


@blueprint.route("/<int:visit_id>/together/<int:other_id>", methods=["GET", "POST"])
@requires(Permission.PLAN_DRAFT)
def make_offer(visit_id: int, other_id: int) -> Page:
    """Offer to go together with another visit to the same enterprise."""
    session = database.session()
    visit = get_visit(session, actor(), visit_id)
    other = next((one for one in queries.find_matches(session, visit) if one.id == other_id), None)
    if other is None or not services.leads(visit, actor()):
        raise NotFound
    note_named(visit)
    form = OfferForm(planned_on=other.planned_on)
    if form.validate_on_submit():
        try:
            offer = services.offer_together(
                session, visit, other_id, planned_on=form.planned_on.data or other.planned_on, text=text(form.text),
                actor=actor(),
            )  # fmt: skip
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Offered. The other department is told and answers."), "success")
            return redirect(url_for("encounters.offer", offer_id=offer.id))
    return render_template(
        "encounters/make_offer.html", form=form, visit=visit, other=other, departments=queries.departments_of(other)
    )


@blueprint.get("/together/<int:offer_id>")
@requires(Permission.PLAN_VIEW)
def offer(offer_id: int) -> str:
    """Show one offer, and what the viewer can do about it."""
    found = queries.get_offer(database.session(), actor(), offer_id)
    note_named(found.visit)
    return _offer_page(found)


def _offer_page(found: JointOffer, *, form: AnswerForm | None = None, parting: PartForm | None = None) -> str:
    viewer, waiting = actor(), found.state is OfferState.WAITING
    begun = not {found.visit.state, found.other.state} <= BEFORE_VISIT
    return render_template(
        "encounters/offer.html",
        offer=found,
        departments=[queries.departments_of(one) for one in (found.visit, found.other)],
        form=form or _answer_form(),
        parting=parting or PartForm(formdata=None),
        may_answer=waiting and not begun and services.leads(found.other, viewer),
        may_part=found.pair is not None
        and not begun
        and (services.leads(found.visit, viewer) or (not waiting and services.leads(found.other, viewer))),
        OfferState=OfferState,
    )


def _answer_form() -> AnswerForm:
    form = AnswerForm(formdata=request.form or None)
    form.answer.choices = choices([("together", _("Go together on that day")), ("apart", _("Stay apart"))])
    return form


@blueprint.post("/together/<int:offer_id>")
@requires(Permission.PLAN_DRAFT)
def answer(offer_id: int) -> Page:
    """Accept or decline an offer."""
    found = queries.get_offer(database.session(), actor(), offer_id)
    form = _answer_form()
    if form.validate_on_submit():
        together_ = form.answer.data == "together"
        try:
            services.answer_offer(database.session(), found, together=together_, text=text(form.text), actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Both go together: issue the notices for that day.") if together_ else _("Declined."), "success")
            return redirect(url_for("encounters.offer", offer_id=offer_id))
    return _offer_page(found, form=form)


@blueprint.post("/together/<int:offer_id>/withdrawal")
@requires(Permission.PLAN_DRAFT)
def withdraw(offer_id: int) -> Page:
    """Withdraw an offer, or part the visits again."""
    found = queries.get_offer(database.session(), actor(), offer_id)
    form = PartForm()
    if not form.validate_on_submit():
        return _offer_page(found, parting=form)
    services.withdraw_offer(database.session(), found, text=text(form.grounds), actor=actor())
    database.commit()
    flash(_("The visits stay apart."), "success")
    return redirect(url_for("encounters.offer", offer_id=offer_id))
