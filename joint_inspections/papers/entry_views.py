"""Writing down questionings, inquests and samplings, and what the person concerned did with them."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.evidence.queries import list_samples
from joint_inspections.papers import entries, queries
from joint_inspections.papers.entries import FIELDS, ROW_KEYS, Written
from joint_inspections.papers.forms import EntryForm, InquestForm, QuestioningForm, SamplingForm, SigningForm
from joint_inspections.papers.models import SiteEntry
from joint_inspections.papers.rules import WRITTEN, PaperKind, SignedState
from joint_inspections.visits.models import Visit, VisitMember
from joint_inspections.visits.queries import get_visit, get_visit_for_change
from joint_inspections.visits.rules import FALLEN_AWAY, RECORDING
from supervision import clock
from supervision.errors import Conflict, DomainError, Invalid, NotFound
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, small_number, text

blueprint = Blueprint("site_entries", __name__, url_prefix="/visits/<int:visit_id>/site")
READERS = (Permission.VISIT_INSPECT, Permission.PLAN_VIEW, Permission.RECORD_REVIEW)
FORMS: dict[PaperKind, type[EntryForm]] = {
    PaperKind.QUESTIONING: QuestioningForm,
    PaperKind.INQUEST: InquestForm,
    PaperKind.SAMPLING: SamplingForm,
}
BLANK_ROWS = 4
INCOMPLETE = 422
Page = str | BaseResponse | tuple[str, int]
Kept = TypeVar("Kept")


def _kind(kind: str) -> PaperKind:
    if kind not in {one.value for one in WRITTEN}:
        raise NotFound
    return PaperKind(kind)


@blueprint.route("/<kind>/new", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT)
def begin(visit_id: int, kind: str) -> Page:
    """Begin a new record of a kind."""
    wanted = _kind(kind)
    visit = get_visit_for_change(database.session(), actor(), visit_id)
    member = entries.writing_member(visit, actor())
    form = _form(visit, wanted, member.department_id, _fresh(visit, member, wanted))
    if form.validate_on_submit():
        kept, status = _saved(visit, wanted, form, entry_no=0)
        if kept is not None:
            return _to(visit_id, kept)
        return render_template("papers/entry.html", **_values(visit_id, wanted, form, None)), status
    return render_template("papers/entry.html", **_values(visit_id, wanted, form, None))


@blueprint.route("/<kind>/<int:entry_no>", methods=["GET", "POST"])
@requires(*READERS)
def show(visit_id: int, kind: str, entry_no: int) -> Page:
    """Show what was written down; its department's inspectors go on writing."""
    session, wanted = database.session(), _kind(kind)
    visit = get_visit_for_change(session, actor(), visit_id)
    entry = queries.get_entry(session, visit, wanted, entry_no)
    form = _form(visit, wanted, entry.department_id, _stored(visit, entry))
    if form.validate_on_submit():
        kept, status = _saved(visit, wanted, form, entry_no=entry_no)
        if kept is not None:
            return _to(visit_id, kept)
        entry = queries.get_entry(session, get_visit(session, actor(), visit_id), wanted, entry_no)
        return render_template("papers/entry.html", **_values(visit_id, wanted, form, entry)), status
    return render_template("papers/entry.html", **_values(visit_id, wanted, form, entry))


def _to(visit_id: int, entry: SiteEntry) -> BaseResponse:
    flash(_("Saved as version %(no)s.", no=entry.version_no), "success")
    return redirect(url_for("site_entries.show", visit_id=visit_id, kind=entry.kind.value, entry_no=entry.entry_no))


def _saved(visit: Visit, kind: PaperKind, form: EntryForm, *, entry_no: int) -> tuple[SiteEntry | None, int]:
    def save() -> SiteEntry:
        return entries.save_entry(
            database.session(),
            visit,
            kind,
            _written(kind, form),
            entry_no=entry_no,
            base=small_number(text(form.base)) or 0,
            reason=text(form.reason),
            actor=actor(),
        )

    return _tried(form, save)


def _tried(form: EntryForm | SigningForm, work: Callable[[], Kept]) -> tuple[Kept | None, int]:
    """Do the work and commit; or undo it, show the refusal on the form and return its status."""
    try:
        kept = work()
    except (Invalid, Conflict) as error:
        show_refusal(form, error)
        return None, _status(error)
    database.commit()
    return kept, 200


def _status(error: DomainError) -> int:
    return 409 if isinstance(error, Conflict) else INCOMPLETE


def _written(kind: PaperKind, form: EntryForm) -> Written:
    rows = [] if not ROW_KEYS[kind] else [{key: text(one.form[key]) for key in ROW_KEYS[kind]} for one in form.rows]
    return Written(
        started_at=_moment(form.started_at.data),
        ended_at=_moment(form.ended_at.data),
        officers=(small_number(text(form.first)) or 0, small_number(text(form.second)) or 0),
        fields={key: text(form[key]).replace("\r\n", "\n") for key in FIELDS[kind]},
        rows=[{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in rows],
    )


def _moment(typed: datetime | None) -> datetime:
    if typed is None:  # the form has refused it already
        raise Invalid("no-moment", "Say when it began.", field="started_at")
    return typed.replace(tzinfo=clock.SHANGHAI)


def _form(visit: Visit, kind: PaperKind, department_id: int, data: dict[str, object]) -> EntryForm:
    form = FORMS[kind](data=data)
    team = [one for one in visit.team_now if one.department_id == department_id]
    pairs = [(str(one.inspector_id), f"{one.inspector.name} · {one.inspector.certificate_number}") for one in team]
    form.first.choices = choices(pairs)
    form.second.choices = choices(pairs)
    return form


def _fresh(visit: Visit, member: VisitMember, kind: PaperKind) -> dict[str, object]:
    """Return what a new record begins with; samples noted as evidence are not typed again."""
    now = clock.local(clock.now()).replace(tzinfo=None)
    team = [one for one in visit.team_now if one.department_id == member.department_id]
    officers = [str(one.inspector_id) for one in team if one.inspector_id != member.inspector_id]
    known = _known_samples(visit, member) if kind is PaperKind.SAMPLING else []
    return {
        "base": "0",
        "started_at": now,
        "ended_at": now,
        "place": visit.entity.address,
        "first": str(member.inspector_id),
        "second": officers[0] if officers else "",
        "rows": [*known, *({} for _ in range(BLANK_ROWS))],
    }


def _known_samples(visit: Visit, member: VisitMember) -> list[dict[str, str]]:
    return [
        {"name": one.what, "quantity": one.amount, "seal": one.seal_number, "recipient": one.given_to}
        for one in list_samples(database.session(), visit)
        if one.withdrawal is None and one.taker.department_id == member.department_id
    ]


def _stored(visit: Visit, entry: SiteEntry) -> dict[str, object]:
    content = json.loads(entry.content)
    numbers = {one.inspector.certificate_number: str(one.inspector_id) for one in visit.members}
    first, second = (numbers.get(one["certificate"], "") for one in content["officers"])
    times = {key: datetime.fromisoformat(content[key]).replace(tzinfo=None) for key in ("started_at", "ended_at")}
    rows = [*content["rows"], *({} for _ in range(BLANK_ROWS))]
    return {**content, **times, "base": str(entry.version_no), "first": first, "second": second, "rows": rows}


def _values(visit_id: int, kind: PaperKind, form: EntryForm, entry: SiteEntry | None) -> dict[str, object]:
    session, viewer = database.session(), actor()
    visit = get_visit(session, viewer, visit_id)
    member = next((one for one in visit.team_now if one.inspector_id == viewer.inspector_id), None)
    own = member is not None and viewer.inspector_id is not None
    if entry is not None:
        own = own and member is not None and member.department_id == entry.department_id
    versions = [one for one in queries.list_entries(session, visit) if entry and _same(one, entry)]
    return {
        "visit": visit,
        "kind": kind,
        "form": form,
        "entry": entry,
        "content": json.loads(entry.content) if entry else None,
        "versions": versions,
        "editable": own and visit.state in RECORDING,
        "signing": _signing_form(visit)
        if own and entry and not entry.signing and visit.state not in FALLEN_AWAY
        else None,
        "fields": FIELDS[kind],
        "row_keys": ROW_KEYS[kind],
    }


def _same(one: SiteEntry, other: SiteEntry) -> bool:
    return (one.kind, one.entry_no) == (other.kind, other.entry_no)


def _signing_form(visit: Visit, *, sent: bool = False) -> SigningForm:
    form = SigningForm() if sent else SigningForm(formdata=None)
    form.state.choices = choices([(one.value, _(one.label)) for one in SignedState])
    others = [one for one in visit.team_now if one.inspector_id != actor().inspector_id]
    form.second.choices = choices([(str(one.inspector_id), one.inspector.name) for one in others], empty=_("Nobody"))
    return form


@blueprint.post("/<kind>/<int:entry_no>/signature")
@requires(Permission.VISIT_INSPECT)
def sign(visit_id: int, kind: str, entry_no: int) -> Page:
    """Note that the print was signed, or that signing was refused."""
    session, wanted = database.session(), _kind(kind)
    visit = get_visit_for_change(session, actor(), visit_id)
    entry = queries.get_entry(session, visit, wanted, entry_no)
    form, status = _signing_form(visit, sent=True), INCOMPLETE
    if form.validate_on_submit():
        kept, status = _tried(
            form,
            lambda: entries.sign_entry(
                session,
                visit,
                entry,
                state=SignedState(form.state.data),
                name=text(form.name),
                note=text(form.note),
                second_id=small_number(text(form.second)),
                seen=text(form.seen),
                actor=actor(),
            ),
        )
        if kept is not None:
            flash(_("Noted what became of the record."), "success")
            return redirect(url_for("site_entries.show", visit_id=visit_id, kind=kind, entry_no=entry_no))
    visit = get_visit(session, actor(), visit_id)
    entry = queries.get_entry(session, visit, wanted, entry_no)
    shown = _form(visit, wanted, entry.department_id, _stored(visit, entry))
    return render_template("papers/entry.html", **{**_values(visit_id, wanted, shown, entry), "signing": form}), status
