"""Changing the calendar: one day, or a year by its official notice; what moves is shown before it is done."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.errors import Conflict, DomainError, Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.workdays import notices, services
from supervision.workdays.forms import ApplyForm, ConfirmForm, DayForm, NoticeForm
from supervision.workdays.notices import Fault
from supervision.workdays.rules import DayKind
from supervision.workdays.services import Preview, Proposal
from supervision.workdays.views import check_year

blueprint = Blueprint("workday_changes", __name__, url_prefix="/workdays")
Page = str | BaseResponse | tuple[str, int]
PLAIN = "plain"
INCOMPLETE = 422
LARGEST = 200_000
SHOWN = 200


@blueprint.route("/<int:year>/change", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def change(year: int) -> Page:
    """Add, change or take away an exceptional day."""
    check_year(year)
    form, session = DayForm(), database.session()
    kinds = [(one.value, _(one.label)) for one in DayKind]
    form.kind.choices = choices([*kinds, (PLAIN, _("As in the plain week"))])
    if form.validate_on_submit():
        day = form.day.data or clock.today()
        kind = None if form.kind.data == PLAIN else DayKind(form.kind.data)
        try:
            proposal = services.with_day(services.current(session, day.year), day, kind, text(form.name))
            return _propose(proposal, reason=text(form.reason))
        except DomainError as error:
            show_refusal(form, error)
    return render_template("workdays/form.html", form=form, year=year)


def _propose(proposal: Proposal, *, reason: str) -> Page:
    """Do at once what moves no deadline; show first what does."""
    session = database.session()
    found = services.preview(session, proposal)
    if found.moves:
        return _preview_page(found, reason=reason)
    services.change_year(session, proposal, reason=reason, actor=actor(), seen=found.digest)
    database.commit()
    flash(_("Calendar changed."), "success")
    return redirect(url_for("workdays.show", year=proposal.year))


def _preview_page(found: Preview, *, reason: str = "", form: ApplyForm | None = None) -> str:
    _year, _announced, days = found.proposal.plain()
    form = form or ApplyForm(formdata=None)
    form.days.data = json.dumps(days, ensure_ascii=False)
    form.announced.data = "1" if found.proposal.announced else ""
    form.seen.data = found.digest
    form.reason.data = form.reason.data or reason
    return render_template(
        "workdays/preview.html",
        form=form,
        found=found,
        year=found.proposal.year,
        shown=found.moves[:SHOWN],
        kept=sum(one.kept for one in found.moves),
        DayKind=DayKind,
    )


@blueprint.post("/<int:year>/apply")
@requires(Permission.PARAMETER_EDIT)
def apply(year: int) -> Page:
    """Do what the preview showed; where anything changed meanwhile, show a new preview instead."""
    check_year(year)
    form, session = ApplyForm(), database.session()
    proposal = _sent(form, year)
    if not form.validate_on_submit():
        return _preview_page(services.preview(session, proposal), form=form), INCOMPLETE
    try:
        done = services.change_year(session, proposal, reason=text(form.reason), actor=actor(), seen=text(form.seen))
    except Conflict as error:
        show_refusal(form, error)
        return _preview_page(services.preview(session, proposal), form=form), INCOMPLETE
    database.commit()
    moved, kept = done.moved, done.kept
    flash(
        _("Calendar changed. Deadlines moved: %(moved)s; left for the party: %(kept)s.", moved=moved, kept=kept),
        "success",
    )
    return redirect(url_for("workdays.show", year=year))


def _sent(form: ApplyForm, year: int) -> Proposal:
    try:
        rows = json.loads(text(form.days))
    except ValueError as error:
        raise Invalid("days-unreadable", "The days cannot be read. Begin again.", field="day") from error
    if not isinstance(rows, list) or len(rows) > 366:
        raise Invalid("days-unreadable", "The days cannot be read. Begin again.", field="day")
    return Proposal(year, tuple(services.read_days(rows)), announced=text(form.announced) == "1")


@blueprint.route("/<int:year>/load", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def load(year: int) -> Page:
    """Load a year by its official notice: every line that cannot be taken is named, then everything is shown."""
    check_year(year)
    form = NoticeForm()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            reading = notices.read(_typed(form), year)
            faults = reading.faults
            if not faults:
                proposal = Proposal(year, reading.days, announced=True)
                return _preview_page(services.preview(database.session(), proposal), reason=text(form.document))
        except DomainError as error:
            show_refusal(form, error)
    page = render_template("workdays/load.html", form=form, year=year, faults=faults)
    return (page, INCOMPLETE) if request.method == "POST" else page


def _typed(form: NoticeForm) -> str:
    sent = request.files.get("file")
    data = sent.stream.read(LARGEST + 1) if sent is not None else b""
    if sent is not None:
        sent.close()
    if len(data) > LARGEST:
        raise Invalid("notice-too-long", "The file is too long for a notice.", field="file")
    typed = notices.decode(data) if data else text(form.text)
    if not typed.strip():
        raise Invalid("notice-empty", "Choose a file, or paste the notice.", field="text")
    return typed


@blueprint.route("/<int:year>/confirm", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def confirm(year: int) -> Page:
    """Note that the official notice of the year is out and the calendar agrees with it."""
    check_year(year)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            services.confirm_year(database.session(), year, document=text(form.reason), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("The year is confirmed."), "success")
            return redirect(url_for("workdays.show", year=year))
    return render_template("workdays/confirm.html", form=form, year=year)
