"""Penalties: list, download, one decision with its period, recording and revoking."""

from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from punishments.penalties import queries, services
from punishments.penalties.forms import PenaltyForm, RevocationForm
from punishments.penalties.models import Penalty
from punishments.penalties.rules import (
    PenaltyKind,
    PenaltyState,
    Procedure,
    Regime,
    Severity,
    fen_of,
    shown_on_public_pages,
    ten_thousand_yuan,
)
from supervision import clock
from supervision.audit.disclosing import hand_out
from supervision.audit.events import DisclosedList
from supervision.audit.queries import list_history
from supervision.departments.queries import list_departments
from supervision.entities.queries import find_by_unit
from supervision.errors import Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels

blueprint = Blueprint("penalties", __name__, url_prefix="/penalties")
Page = str | BaseResponse

# names of the 2018 double-publicity standard, in its order (domain 4.2)
EXPORTED = (
    "CF_XDR_MC",
    "CF_XDR_SHXYM",
    "CF_WSH",
    "CF_WFXW",
    "CF_SY",
    "CF_YJ",
    "CF_CFLB",
    "CF_NR",
    "CF_NR_FK",
    "CF_NR_WFFF",
    "CF_JDRQ",
    "CF_GSJZQ",
    "CF_CFJG",
    "BZ",
)


def _filters() -> list[Filter]:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    return [
        Filter("department", lazy_gettext("Department"), departments),
        Filter("severity", lazy_gettext("Severity"), [(one.value, _(one.label)) for one in Severity]),
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in PenaltyState]),
        Filter("since", lazy_gettext("Decided from"), kind="date"),
        Filter("until", lazy_gettext("Decided until"), kind="date"),
    ]


@blueprint.get("/")
@requires(Permission.PUNISHMENT_VIEW)
def index() -> str:
    """List penalties of all departments."""
    filters = _filters()
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_penalties(database.session(), actor(), query),
        [
            Column("document_number", lazy_gettext("Document number"), True),
            Column("entity", lazy_gettext("Party"), True),
            Column("violation", lazy_gettext("Type of violation")),
            Column("fine", lazy_gettext("Fine (yuan)"), True, True),
            Column("severity", lazy_gettext("Severity")),
            Column("department", lazy_gettext("Department")),
            Column("decided_on", lazy_gettext("Decided on"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
        lazy_gettext("Document number, name, credit code or violation"),
        export_endpoint="penalties.export",
    )
    return render_template("penalties/index.html", listing=listing, may_record=actor().may(Permission.PENALTY_EDIT))


@blueprint.get("/export")
@requires(Permission.PUNISHMENT_VIEW)
def export() -> Response:
    """Download what the list shows, in the fields of the national standard."""
    query = read_query(_filters())
    rows = _exported(queries.iterate_penalties(database.session(), actor(), query))
    kind = "xlsx" if request.args.get("format") == "xlsx" else "csv"
    return hand_out(kind, _("Penalties"), EXPORTED, rows, what=DisclosedList.PENALTIES, query=query)


def _exported(penalties: Iterator[Penalty]) -> Iterator[tuple[object, ...]]:
    for one in penalties:
        yield (
            one.entity.name,
            one.entity.uscc or "",
            one.document_number,
            one.violation_type,
            one.facts,
            one.legal_basis,
            "、".join(_(PenaltyKind(kind).label) for kind in one.kinds),
            one.content,
            Decimal(ten_thousand_yuan(one.fine_fen)),
            Decimal(ten_thousand_yuan(one.confiscated_fen)),
            one.decided_on.isoformat(),
            one.public_until.isoformat() if one.public_until else "",
            one.department.name_zh,
            one.revoke_reason,
        )


def _form() -> PenaltyForm:
    form = PenaltyForm()
    form.procedure.choices = choices([(one.value, _(one.label)) for one in reversed(Procedure)])
    form.severity.choices = choices([(one.value, _(one.label)) for one in Severity], empty="—")
    form.kinds.choices = choices([(one.value, _(one.label)) for one in PenaltyKind])
    if request.method == "GET":
        form.unit_id.data = request.args.get("entity", "")[:40]
    return form


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.PENALTY_EDIT)
def create() -> Page:
    """Record a decision of one's own department."""
    form = _form()
    if form.validate_on_submit():
        try:
            penalty = _record(form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Penalty recorded."), "success")
            return redirect(url_for("penalties.show", penalty_id=penalty.id))
    return render_template("penalties/create.html", form=form)


def _record(form: PenaltyForm) -> Penalty:
    entity = find_by_unit(database.session(), text(form.unit_id).upper())
    if entity is None:
        raise Invalid("no-entity", "No entity of the register has this code. Check it.", field="unit_id")
    facts = services.PenaltyFacts(
        document_number=text(form.document_number),
        violation_type=text(form.violation_type),
        facts=text(form.facts),
        legal_basis=text(form.legal_basis),
        kinds=tuple(form.kinds.data or ()),
        content=text(form.content),
        fine_fen=fen_of(text(form.fine), field="fine"),
        confiscated_fen=fen_of(text(form.confiscated), field="confiscated"),
        procedure=Procedure(form.procedure.data),
        severity=Severity(form.severity.data),
        decided_on=form.decided_on.data or clock.today(),
        safety_field=form.safety_field.data,
    )
    return services.record_penalty(database.session(), entity, facts, actor=actor())


@blueprint.get("/<int:penalty_id>")
@requires(Permission.PUNISHMENT_VIEW)
def show(penalty_id: int) -> str:
    """Show one decision, how long it is public and why, and what rests on it."""
    return _page(penalty_id, RevocationForm())


def _page(penalty_id: int, form: RevocationForm) -> str:
    penalty = queries.get_penalty(database.session(), actor(), penalty_id)
    own = actor().may(Permission.PENALTY_EDIT) and actor().department_id == penalty.department_id
    in_force = penalty.state is PenaltyState.IN_FORCE
    if request.method == "GET":
        form.revoked_on.data = clock.today()
    return render_template(
        "penalties/show.html",
        penalty=penalty,
        kinds=[_(PenaltyKind(kind).label) for kind in penalty.kinds],
        regime=_(Regime(penalty.regime).label) if penalty.regime in set(Regime) else penalty.regime,
        public_now=in_force and _public_on(penalty),
        shown_publicly=shown_on_public_pages(penalty.kinds, penalty.procedure),
        may_revoke=own and in_force,
        form=form,
        panels=shown_panels("penalty", actor(), penalty),
        history=list_history(database.session(), "penalty", penalty.id),
    )


def _public_on(penalty: Penalty) -> bool:
    starts, ends = penalty.public_from, penalty.public_until
    return bool(starts and ends and starts <= clock.today() <= ends)


@blueprint.post("/<int:penalty_id>/revoke")
@requires(Permission.PENALTY_EDIT)
def revoke(penalty_id: int) -> Page:
    """Revoke a decision of one's own department."""
    penalty, form = queries.get_penalty(database.session(), actor(), penalty_id), RevocationForm()
    if form.validate_on_submit():
        try:
            services.revoke_penalty(
                database.session(),
                penalty,
                reason=text(form.reason),
                revoked_on=form.revoked_on.data or clock.today(),
                actor=actor(),
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Penalty revoked. What rested on it has ended."), "success")
            return redirect(url_for("penalties.show", penalty_id=penalty_id))
    return _page(penalty_id, form)
