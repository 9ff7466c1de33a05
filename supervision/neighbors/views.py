"""Borrowing inspectors from a neighboring area: requests, answers, and who is lent."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.departments.queries import list_departments
from supervision.errors import DomainError, Forbidden, NotFound
from supervision.items.queries import find_published_list, list_items
from supervision.neighbors import figures, lending, queries, services, shortages
from supervision.neighbors.forms import AnswerForm, AskForm, EndForm, PersonForm, RefusalForm
from supervision.neighbors.models import LoanRequest
from supervision.neighbors.rules import LARGEST_PROOF, Answer, LentPerson, LoanState, Proof
from supervision.neighbors.steps import SUBJECT
from supervision.permissions import Permission
from supervision.plans import task_queries
from supervision.plans.rules import TaskState
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.exports import disposition
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("neighbors", __name__)
Page = str | BaseResponse


def _filters() -> list[Filter]:
    session = database.session()
    areas = queries.list_areas(session, on=clock.today())
    return [
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in LoanState]),
        Filter(
            "department", lazy_gettext("Department"), [(one.code, name_of(one)) for one in list_departments(session)]
        ),
        Filter("area", lazy_gettext("Neighboring area"), [(one.code, name_of(one)) for one in areas]),
    ]


@blueprint.get("/borrowing/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List requests, and how often departments borrowed this year."""
    filters, session, viewer = _filters(), database.session(), actor()
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_requests(session, viewer, query),
        [
            Column("number", lazy_gettext("Number"), True),
            Column("task", lazy_gettext("Task")),
            Column("department", lazy_gettext("Department")),
            Column("wanted", lazy_gettext("Inspectors asked for"), True),
            Column("area", lazy_gettext("Neighboring area")),
            Column("asked_at", lazy_gettext("Asked on"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Number of the request, or title or number of the task"),
    )
    year = clock.today().year
    return render_template(
        "neighbors/index.html", listing=listing, year=year, figures=figures.loans_of_year(session, viewer, year)
    )


@blueprint.route("/tasks/<int:task_id>/borrow", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_BORROW)
def ask(task_id: int) -> Page:
    """Ask for inspectors for a task whose department has too few."""
    session, viewer, form = database.session(), actor(), AskForm()
    task = task_queries.get_task(session, viewer, task_id)
    if viewer.department_id is None:
        raise Forbidden("no-department", "Your account belongs to no department, so there is nobody to enter.")
    if form.validate_on_submit():
        try:
            asked = services.ask(
                session,
                task,
                wanted=form.wanted.data or 0,
                reason=text(form.reason),
                region=current_app.config["DISTRICT_CODE"],
                actor=viewer,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(asked.id, _("Asked. The coordinator enters what the neighboring area answers."))
    shortage = shortages.find_shortage(session, task, viewer.department_id, on=clock.today())
    free = max(0, shortage.allowed - queries.promised(session, task, viewer.department_id))
    if not form.is_submitted():
        form.wanted.data = free or None
    return render_template("neighbors/ask.html", form=form, task=task, shortage=shortage, free=free)


@blueprint.get("/borrowing/<int:request_id>")
@requires(Permission.PLAN_VIEW)
def show(request_id: int) -> str:
    """Show a request: the shortage, the answer, who is lent."""
    session, viewer = database.session(), actor()
    loan = queries.get_request(session, viewer, request_id)
    preparing = loan.task.state is TaskState.PREPARING
    own = viewer.may(Permission.INSPECTOR_BORROW) and viewer.department_id == loan.department_id
    answers = viewer.may(Permission.LOAN_ANSWER)
    return render_template(
        "neighbors/show.html",
        loan=loan,
        loans=queries.list_loans(session, loan),
        item_names=_item_names(loan),
        may_withdraw=own and loan.state is LoanState.ASKED,
        may_answer=answers and loan.state is LoanState.ASKED,
        may_grant=answers and loan.state is LoanState.ASKED and preparing,
        may_enter=answers and queries.awaits_people(session, loan),
        may_end=(own or answers) and loan.state is LoanState.GRANTED,
        preparing=preparing,
        history=list_history(session, SUBJECT, loan.id),
    )


def _item_names(loan: LoanRequest) -> dict[str, str]:
    session = database.session()
    version = find_published_list(session)
    items = list_items(session, version.id, department_id=loan.department_id) if version else []
    return {item.code: name_of(item) for item in items}


@blueprint.post("/borrowing/<int:request_id>/withdraw")
@requires(Permission.INSPECTOR_BORROW)
def withdraw(request_id: int) -> BaseResponse:
    """Take a request back."""
    session = database.session()
    services.withdraw(session, queries.get_request(session, actor(), request_id), actor=actor())
    return _saved(request_id, _("The request is taken back."))


@blueprint.route("/borrowing/<int:request_id>/answer", methods=["GET", "POST"])
@requires(Permission.LOAN_ANSWER)
def answer(request_id: int) -> Page:
    """Enter that a neighboring area lends inspectors."""
    session = database.session()
    loan = queries.get_request(session, actor(), request_id)
    form = AnswerForm(version=loan.version, granted=loan.wanted)
    areas = queries.list_areas(session, on=clock.today())
    form.area_code.choices = choices([(one.code, name_of(one)) for one in areas], empty=_("— choose —"))
    if form.validate_on_submit():
        try:
            services.grant(
                session, loan, _answer(form), proof=_proof(form.proof.data), version=_seen(form.version), actor=actor()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(request_id, _("The answer is recorded. Now enter the people whom the area lends."))
    return render_template("neighbors/answer.html", form=form, loan=loan)


def _answer(form: AnswerForm) -> Answer:
    return Answer(
        area_code=text(form.area_code),
        lending_department=text(form.lending_department),
        granted=form.granted.data or 0,
        document_number=text(form.document_number),
        document_on=form.document_on.data or clock.today(),
        note=text(form.note),
    )


def _proof(sent: FileStorage | None) -> Proof | None:
    """Return the document that came along, read no further than is needed to refuse it."""
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    return Proof(name=sent.filename, content=sent.stream.read(LARGEST_PROOF + 1))


@blueprint.route("/borrowing/<int:request_id>/refusal", methods=["GET", "POST"])
@requires(Permission.LOAN_ANSWER)
def refuse(request_id: int) -> Page:
    """Enter that nobody is lent."""
    session = database.session()
    loan = queries.get_request(session, actor(), request_id)
    form = RefusalForm(version=loan.version)
    if form.validate_on_submit():
        try:
            services.refuse(session, loan, explanation=text(form.note), version=_seen(form.version), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(request_id, _("Recorded that nobody is lent."))
    return render_template("neighbors/refusal.html", form=form, loan=loan)


@blueprint.route("/borrowing/<int:request_id>/people", methods=["GET", "POST"])
@requires(Permission.LOAN_ANSWER)
def enter(request_id: int) -> Page:
    """Enter somebody whom the area lends."""
    session = database.session()
    loan = queries.get_request(session, actor(), request_id)
    form = PersonForm(starts_on=max(loan.task.starts_on, clock.today()), ends_on=loan.task.ends_on)
    if form.validate_on_submit():
        try:
            lending.enter_people(session, loan, [_person(form)], actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(request_id, _("Entered. From the freeze on this person can be drawn like everybody else."))
    return render_template("neighbors/person.html", form=form, loan=loan, item_names=_item_names(loan))


def _person(form: PersonForm) -> LentPerson:
    today = clock.today()
    return LentPerson(
        certificate_number=text(form.certificate_number),
        name=text(form.name),
        certificate_valid_until=form.certificate_valid_until.data or today,
        issuing_body=text(form.issuing_body),
        starts_on=form.starts_on.data or today,
        ends_on=form.ends_on.data or today,
    )


@blueprint.route("/borrowing/<int:request_id>/end", methods=["GET", "POST"])
@requires(Permission.INSPECTOR_BORROW, Permission.LOAN_ANSWER)
def end(request_id: int) -> Page:
    """End loans before their day."""
    session, form = database.session(), EndForm()
    loan = queries.get_request(session, actor(), request_id)
    running = [one for one in queries.list_loans(session, loan) if one.ended_on is None]
    named = [(str(one.id), f"{one.inspector.name} · {one.inspector.certificate_number}") for one in running]
    form.loans.choices = choices(named)
    if not form.is_submitted():
        form.loans.data = [value for value, _name in named]
    if form.validate_on_submit():
        try:
            chosen = [int(one) for one in form.loans.data or []]
            lending.end_loans(session, loan, chosen, reason=text(form.reason), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(request_id, _("The loan is over."))
    return render_template("neighbors/end.html", form=form, loan=loan, running=running)


@blueprint.get("/borrowing/<int:request_id>/document")
@requires(Permission.PLAN_VIEW)
def document(request_id: int) -> Response:
    """Hand out the area's document as it came in."""
    loan = queries.get_request(database.session(), actor(), request_id)
    if loan.proof is None:
        raise NotFound
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(loan.proof.media_type, "png")
    response = Response(loan.proof.content, mimetype=loan.proof.media_type)
    response.headers["Content-Disposition"] = disposition(f"{loan.number}.{ending}")
    return response


def _seen(field: object) -> int:
    """Return the state of the request the person saw; 0, which no request has, for anything unreadable."""
    seen = str(getattr(field, "data", ""))
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _saved(request_id: int, message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("neighbors.show", request_id=request_id))
