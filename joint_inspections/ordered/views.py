"""Orders to inspect: the list, giving one, one order with everybody's next step, decisions, replacements."""

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.ordered import deciding, queries, services, team_changes
from joint_inspections.ordered.checking import faults
from joint_inspections.ordered.choosing import REASONS
from joint_inspections.ordered.forms import CancelForm, DecisionForm, ReplaceForm
from joint_inspections.ordered.knowledge import missing_papers
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import GROUNDS, OrderedKind, OrderState
from joint_inspections.ordered.stages import list_stages, team_changeable
from joint_inspections.visits.models import VisitMember
from joint_inspections.visits.queries import may_see
from joint_inspections.visits.rules import BEFORE_VISIT, clock_state
from supervision import clock
from supervision.audit.disclosing import hand_out, note_view
from supervision.audit.events import DisclosedList
from supervision.departments.queries import list_departments
from supervision.errors import Conflict, Invalid, NotFound, RuleBroken
from supervision.listing import PAGE_SIZES, ListQuery
from supervision.parameters.models import Reason
from supervision.parameters.queries import list_reasons
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.listing import EXPORT_FORMATS, Column, Filter, Listing, read_query

blueprint = Blueprint("orders", __name__, url_prefix="/orders")
Page = str | BaseResponse


def grounds() -> dict[str, Reason]:
    """Return the grounds of orders by their codes."""
    return {one.code: one for one in list_reasons(database.session(), GROUNDS)}


def _filters() -> list[Filter]:
    departments = [(one.code, name_of(one)) for one in list_departments(database.session())]
    return [
        Filter("kind", lazy_gettext("Kind of inspection"), [(one.value, _(one.label)) for one in OrderedKind]),
        Filter("state", lazy_gettext("State"), [(one.value, _(one.label)) for one in OrderState]),
        Filter("ground", lazy_gettext("Ground"), [(code, name_of(one)) for code, one in grounds().items()]),
        Filter("department", lazy_gettext("Department"), departments),
        Filter("urgent", lazy_gettext("Urgency"), [("yes", _("Urgent only")), ("late", _("Overdue in writing"))]),
    ]


@blueprint.get("/")
@requires(Permission.PLAN_VIEW)
def index() -> str:
    """List the orders of the viewer's department, or all of the district."""
    session, viewer, filters = database.session(), actor(), _filters()
    query = read_query(filters)
    page = queries.list_orders(session, viewer, query)
    note_view(DisclosedList.VISITS, count=sum(is_ahead(one) for one in page.items))
    listing = Listing(
        query,
        page,
        [
            Column("number", lazy_gettext("Order number"), True),
            Column("entity", lazy_gettext("Entity"), True),
            Column("kind", lazy_gettext("Kind of inspection")),
            Column("departments", lazy_gettext("Departments")),
            Column("planned_on", lazy_gettext("Planned on"), True),
            Column("complete_by", lazy_gettext("In writing by"), True),
            Column("state", lazy_gettext("State"), True),
        ],
        filters,
        lazy_gettext("Name, credit code or number of the order"),
        export_endpoint="orders.export",
    )
    return render_template(
        "ordered/index.html",
        listing=listing,
        grounds=grounds(),
        to_decide=len(queries.list_to_decide(session, viewer)),
        incomplete=queries.list_incomplete(session, viewer),
        may_order=services.may_order(viewer),
        writing_state=writing_state,
    )


def is_ahead(order: OrderedInspection) -> bool:
    """Say whether nobody has been at the door yet: whoever reads of it is noted."""
    open_order = order.state in {OrderState.WAITING, OrderState.SENT}
    return open_order and (order.visit is None or order.visit.state in BEFORE_VISIT)


def writing_state(order: OrderedInspection) -> str:
    """Say how the clock of an urgent order's papers stands; empty where there is none or nothing is due."""
    if order.complete_by is None or order.state is not OrderState.SENT or order.in_writing:
        return ""
    return clock_state(order.complete_by, done_on=None, today=clock.today())


@blueprint.get("/export")
@requires(Permission.PLAN_VIEW)
def export() -> BaseResponse:
    """Download the list as it is filtered."""
    kind = request.args.get("format", "csv")
    header = [
        _("Order number"), _("Entity"), _("Credit code"), _("Kind of inspection"), _("Ground"), _("Departments"),
        _("Planned on"), _("Urgent"), _("In writing by"), _("State"),
    ]  # fmt: skip
    filename = _("orders") + f"-{clock.today().isoformat()}"
    kind, query = kind if kind in EXPORT_FORMATS else "csv", read_query(_filters())
    return hand_out(kind, filename, header, _rows(actor(), query), what=DisclosedList.VISITS, query=query)


def _rows(viewer: Actor, query: ListQuery) -> Iterator[list[object]]:
    named, size, page = grounds(), PAGE_SIZES[-1], 1
    while True:
        asked = ListQuery(
            q=query.q, sort=query.sort, descending=query.descending, page=page, size=size, filters=query.filters
        )
        found = queries.list_orders(database.session(), viewer, asked).items
        for one in found:
            yield [
                one.number, one.entity.name, one.entity.unit_id, _(one.kind.label), name_of(named[one.ground_code]),
                "、".join(name_of(body) for body in one.departments), one.planned_on, _("yes") if one.urgent else "",
                one.complete_by or "", _(one.state.label),
            ]  # fmt: skip
        if len(found) < size:
            return
        page += 1


@blueprint.get("/<int:order_id>")
@requires(Permission.PLAN_VIEW)
def show(order_id: int) -> str:
    """Show one order: what it says, where it stands, whose turn it is, how the team was drawn."""
    return _show(queries.get_order(database.session(), actor(), order_id))


def _show(
    order: OrderedInspection, *, decision: DecisionForm | None = None, cancelling: CancelForm | None = None
) -> str:
    session, viewer = database.session(), actor()
    if is_ahead(order) and request.method == "GET":
        note_view(DisclosedList.VISIT, subject=f"order-{order.id}", count=1)
    visit = order.visit
    return render_template(
        "ordered/show.html",
        order=order,
        visit=visit,
        visit_shown=visit is not None and may_see(session, viewer, visit.id),
        origin_shown=order.origin_visit_id is not None and may_see(session, viewer, order.origin_visit_id),
        ground=grounds()[order.ground_code],
        stages=list_stages(order),
        writing=writing_state(order),
        papers=missing_papers(session, visit) if visit is not None and order.urgent else [],
        often=queries.often(session, order) if is_ahead(order) else None,
        decision=decision or _decision_form(),
        cancelling=cancelling or CancelForm(formdata=None),
        may_decide=deciding.may_decide(order, viewer) and order.ordered_by != viewer.user_id,
        may_cancel=services.may_cancel(order, viewer),
        replaceable=[one for one in visit.team_now if team_changes.decides(one, viewer)]
        if visit is not None and team_changeable(order)
        else [],
        faults=list(faults(session, order)),
        reasons=REASONS,
        replacement_grounds={one.code: one for one in list_reasons(session, team_changes.REPLACEMENT_GROUNDS)},
    )


def _decision_form() -> DecisionForm:
    form = DecisionForm()
    form.decision.choices = choices([("agreed", _("Approve the order")), ("refused", _("Refuse the order"))])
    return form


@blueprint.post("/<int:order_id>/decision")
@requires(Permission.PLAN_APPROVE)
def decide(order_id: int) -> Page:
    """Approve or refuse an order for the own department."""
    session = database.session()
    order, form = queries.get_order_for_change(session, actor(), order_id), _decision_form()
    if not form.validate_on_submit():
        return _show(order, decision=form)
    try:
        # a refusal half-way leaves nothing behind
        with session.begin_nested():
            deciding.decide_order(
                session, order, agreed=form.decision.data == "agreed", note=text(form.note), actor=actor()
            )
    except (Invalid, RuleBroken) as error:
        session.expire(order)
        show_refusal(form, error)
        return _show(order, decision=form)
    database.commit()
    flash(_decided(order), "success")
    return redirect(url_for("orders.show", order_id=order.id))


def _decided(order: OrderedInspection) -> str:
    if order.state is OrderState.REFUSED:
        return _("Refused. The order ends here, and who gave it is told.")
    if order.state is OrderState.SENT:
        return _("Approved. The machine has drawn the team; the inspectors are told.")
    return _("Approved. The heads of the other departments have yet to approve.")


@blueprint.post("/<int:order_id>/cancellation")
@requires(Permission.INSPECTION_ORDER)
def cancel(order_id: int) -> Page:
    """Take an order back."""
    session = database.session()
    order, form = queries.get_order_for_change(session, actor(), order_id), CancelForm()
    if not form.validate_on_submit():
        return _show(order, cancelling=form)
    services.cancel_order(session, order, reason=text(form.reason), actor=actor())
    database.commit()
    flash(_("Order cancelled. The visit does not take place."), "success")
    return redirect(url_for("orders.show", order_id=order.id))


@blueprint.route("/<int:order_id>/team/<int:inspector_id>", methods=["GET", "POST"])
@requires(Permission.RECUSAL_DECIDE, Permission.DRAW_VOID)
def replace(order_id: int, inspector_id: int) -> Page:
    """Have somebody of the team replaced by the next in the logged order."""
    session = database.session()
    order = queries.get_order_for_change(session, actor(), order_id)
    member, form = _member(order, inspector_id), ReplaceForm()
    known = list_reasons(session, team_changes.REPLACEMENT_GROUNDS)
    form.ground.choices = choices([(one.code, name_of(one)) for one in known])
    if form.validate_on_submit():
        try:
            done = team_changes.replace_on_ground(
                session, order, inspector_id=inspector_id, ground=form.ground.data, evidence=text(form.evidence),
                actor=actor(),
            )  # fmt: skip
        except (Invalid, RuleBroken, Conflict) as error:
            show_refusal(form, error)
        else:
            database.commit()
            empty = _("Nobody is left who could follow: the place stays empty. Take another day, or cancel the order.")
            followed = _(
                "Replaced by %(name)s, the next by the lots.", name=done.successor.name if done.successor else ""
            )
            flash(followed if done.successor else empty, "success" if done.successor else "warning")
            return redirect(url_for("orders.show", order_id=order.id))
    return render_template("ordered/replace.html", form=form, order=order, member=member)


def _member(order: OrderedInspection, inspector_id: int) -> VisitMember:
    team = order.visit.team_now if order.visit is not None and team_changeable(order) else []
    found = next((one for one in team if one.inspector_id == inspector_id), None)
    if found is None or not team_changes.decides(found, actor()):
        raise NotFound
    return found
