"""Measures: proposing one with a listing, list, the page a judge can read, and the answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from punishments.credit_lists.hearing import Grounds, check_proposer
from punishments.credit_lists.models import Listing as CreditListing
from punishments.credit_lists.rules import CreditList
from punishments.measures import queries, services
from punishments.measures.forms import APPLIED, NOT_APPLICABLE, AnswerForm, ProposalForm
from punishments.measures.models import Measure
from punishments.measures.rules import MeasureState, answer_clock, state_on
from punishments.penalties.models import Penalty
from punishments.penalties.queries import get_penalty
from supervision import clock
from supervision.audit.queries import list_history
from supervision.departments.queries import get_department, list_departments
from supervision.errors import Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("measures", __name__, url_prefix="/measures")
Page = str | BaseResponse


@blueprint.get("/")
@requires(Permission.PUNISHMENT_VIEW)
def index() -> str:
    """List measures and how they were answered."""
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    states = [one for one in MeasureState if one is not MeasureState.DROPPED]
    filters = [
        Filter("department", lazy_gettext("Implementing department"), departments),
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in states]),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_measures(database.session(), actor(), query, on=clock.today()),
        [
            Column("measure", lazy_gettext("Measure")),
            Column("entity", lazy_gettext("Party"), True),
            Column("department", lazy_gettext("Implementing department")),
            Column("answer_due_on", lazy_gettext("Answer due"), True),
            Column("ends_on", lazy_gettext("Ends on"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Name, credit code, listing number or measure"),
    )
    return render_template("measures/index.html", listing=listing, state_of=_state_today, clock_of=_clock)


def _state_today(measure: Measure) -> MeasureState:
    return state_on(measure.state, measure.ends_on, clock.today())


def _clock(measure: Measure) -> str:
    answered = clock.local(measure.answered_at).date() if measure.answered_at else None
    return answer_clock(_state_today(measure), measure.answer_due_on, today=clock.today(), answered_on=answered)


@blueprint.route("/propose/<int:penalty_id>", methods=["GET", "POST"])
@requires(Permission.PENALTY_EDIT)
def propose(penalty_id: int) -> Page:
    """Intend a listing from a heavy penalty, with the one measure that is to follow from it."""
    penalty, form = get_penalty(database.session(), actor(), penalty_id), _proposal_form()
    check_proposer(penalty, actor=actor())  # nobody fills in a form that is refused when it is sent
    if form.validate_on_submit():
        try:
            listing = _propose(penalty, form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Listing intended. Next, serve the notice on the party and record the proof."), "success")
            return redirect(url_for("listings.show", listing_id=listing.id))
    return render_template("measures/propose.html", form=form, penalty=penalty)


def _proposal_form() -> ProposalForm:
    form, session = ProposalForm(), database.session()
    form.credit_list.choices = choices([(one.value, _(one.label)) for one in CreditList])
    # one list so far: its measures are offered whatever is chosen above
    offered = queries.list_definitions(session, credit_list=CreditList.SERIOUS_SAMR.value, on=clock.today())
    form.definition.choices = choices([(str(one.id), f"{one.code} {name_of(one)}") for one in offered], empty="—")
    departments = [(one.code, name_of(one)) for one in list_departments(session)]
    form.department.choices = choices(departments, empty="—")
    if request.method == "GET":
        form.legal_basis.data = "《市场监督管理严重违法失信名单管理办法》（市场监管总局令第44号）"
    return form


def _propose(penalty: Penalty, form: ProposalForm) -> CreditListing:
    session = database.session()
    return services.intend_with_measure(
        session,
        penalty,
        credit_list=CreditList(form.credit_list.data),
        grounds=Grounds(
            grounds=text(form.grounds),
            legal_basis=text(form.legal_basis),
        ),
        asked=services.Asked(
            queries.get_definition(session, int(text(form.definition))),
            get_department(session, text(form.department)),
        ),
        actor=actor(),
    )


@blueprint.get("/<int:measure_id>")
@requires(Permission.PUNISHMENT_VIEW)
def show(measure_id: int) -> str:
    """Show why the measure is applied, by which rule, and when it ends."""
    return _page(measure_id, _answer_form())


def _answer_form() -> AnswerForm:
    form = AnswerForm()
    form.answer.choices = choices([(APPLIED, _("Applied")), (NOT_APPLICABLE, _("Not applicable"))])
    return form


def _page(measure_id: int, form: AnswerForm) -> str:
    measure = queries.get_measure(database.session(), actor(), measure_id)
    viewer, state = actor(), _state_today(measure)
    own = viewer.may(Permission.MEASURE_ANSWER) and viewer.department_id == measure.department_id
    return render_template(
        "measures/show.html",
        measure=measure,
        listing=measure.listing,
        penalty=measure.listing.penalty,
        definition=measure.definition,
        state=state,
        clock_state=_clock(measure),
        may_answer=own and state is MeasureState.WAITING,
        form=form,
        history=list_history(database.session(), "measure", measure.id),
    )


@blueprint.post("/<int:measure_id>/answer")
@requires(Permission.MEASURE_ANSWER)
def answer(measure_id: int) -> Page:
    """Answer a measure asked of one's own department."""
    measure, form = queries.get_measure(database.session(), actor(), measure_id), _answer_form()
    if form.validate_on_submit():
        try:
            _answer(measure, form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Answer recorded."), "success")
            return redirect(url_for("measures.show", measure_id=measure_id))
    return _page(measure_id, form)


def _answer(measure: Measure, form: AnswerForm) -> None:
    if form.answer.data == NOT_APPLICABLE:
        services.answer_not_applicable(database.session(), measure, reason=text(form.reason), actor=actor())
        return
    if form.applied_on.data is None:
        raise Invalid("applied-on-missing", "Enter the day on which the measure was applied.", field="applied_on")
    services.answer_applied(database.session(), measure, applied_on=form.applied_on.data, actor=actor())
