"""Giving an order: first the enterprise, then what is looked at, when and by whom."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.ordered import queries, services
from joint_inspections.ordered.forms import EntityForm, OrderForm
from joint_inspections.ordered.knowledge import how_often
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import REINSPECTION_GROUND, OrderedKind, grounds_of
from joint_inspections.ordered.services import Oral
from joint_inspections.ordered.views import grounds
from joint_inspections.visits.models import Visit
from joint_inspections.visits.queries import get_visit
from supervision import clock
from supervision.entities.models import Entity
from supervision.entities.queries import find_by_registration_number, find_by_unit
from supervision.errors import Invalid, NotFound, RuleBroken
from supervision.items.models import Item
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, small_number, text
from supervision.web.languages import name_of

blueprint = Blueprint("ordering", __name__, url_prefix="/orders/new")
Page = str | BaseResponse


@dataclass(frozen=True, slots=True)
class Subject:
    """What an order is about: an enterprise, the visit looked at again if any, the items that can be chosen."""

    entity: Entity
    origin: Visit | None
    items: list[Item]

    @property
    def kind(self) -> OrderedKind:
        """Which kind of inspection is ordered."""
        return OrderedKind.TRIGGERED if self.origin is None else OrderedKind.REINSPECTION


@blueprint.route("", methods=["GET", "POST"])
@requires(Permission.INSPECTION_ORDER)
def create() -> Page:
    """Order an inspection; without an enterprise, ask for it first."""
    session, viewer = database.session(), actor()
    again = small_number(request.args.get("again", ""))
    if again is not None:
        return _order(_again(viewer, again))
    form = EntityForm(request.args, meta={"csrf": False}) if "unit_id" in request.args else EntityForm(formdata=None)
    entity = None
    if "unit_id" in request.args and form.validate():
        code = text(form.unit_id).upper().replace(" ", "")
        entity = find_by_unit(session, code) or find_by_registration_number(session, code)
        if entity is None:
            form.unit_id.errors = [_("No enterprise in the register has this code. Check it.")]
    if entity is None:
        return render_template("ordered/entity.html", form=form)
    return _order(Subject(entity, None, _fitting(entity)))


def _again(viewer: Actor, visit_id: int) -> Subject:
    """Return the subject of a re-inspection: a visit the viewer may see, that has a record."""
    visit = get_visit(database.session(), viewer, visit_id)
    if visit.visited_at is None:
        raise NotFound
    return Subject(visit.entity, visit, queries.items_again(database.session(), visit))


def _fitting(entity: Entity) -> list[Item]:
    """Return the items that apply to the enterprise's industry."""
    items = queries.list_orderable_items(database.session())
    return [one for one in items if not one.industries or entity.industry_code.startswith(tuple(one.industries))]


def _order(subject: Subject) -> Page:
    session, form = database.session(), _form(subject)
    if form.validate_on_submit():
        try:
            # what is refused half-way leaves no number behind
            with session.begin_nested():
                order = _give(subject, form)
        except (Invalid, RuleBroken) as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(
                _("Ordered. The machine has drawn the team, which goes at once.") if order.urgent
                else _("Ordered. The heads of the departments are told and decide."),
                "success",
            )  # fmt: skip
            return redirect(url_for("orders.show", order_id=order.id))
    return render_template(
        "ordered/create.html",
        form=form,
        subject=subject,
        departments=_departments(subject),
        often=how_often(session, subject.entity.id, form.planned_on.data or clock.today()),
        own=actor().department_id,
    )


def _departments(subject: Subject) -> list[tuple[object, list[Item]]]:
    """Return the items by department, the viewer's own first."""
    bodies = {one.department_id: one.department for one in subject.items}
    own = actor().department_id
    order = sorted(bodies, key=lambda one: (one != own, bodies[one].code))
    return [(bodies[one], [item for item in subject.items if item.department_id == one]) for one in order]


def _form(subject: Subject) -> OrderForm:
    viewer, chosen = actor(), [] if subject.origin is None else [str(one.id) for one in subject.items]
    form = OrderForm(planned_on=clock.today(), items=chosen, ground=_only_ground(subject))
    known = grounds()
    form.ground.choices = choices([(code, name_of(known[code])) for code in grounds_of(subject.kind, known)])
    form.items.choices = choices([(str(one.id), name_of(one)) for one in subject.items])
    bodies = {one.department_id: one.department for one in subject.items}
    leads = (
        bodies
        if viewer.sees_whole_district
        else {key: one for key, one in bodies.items() if key == viewer.department_id}
    )
    form.lead.choices = choices([(str(key), name_of(one)) for key, one in leads.items()])
    heads = [head for key in leads for head in queries.list_heads(database.session(), key)]
    named = [(str(one.user_id), one.name) for one in heads if one.user_id != viewer.user_id]
    form.oral_by.choices = choices([("", _("Choose")), *named])
    return form


def _only_ground(subject: Subject) -> str | None:
    return REINSPECTION_GROUND if subject.origin is not None else None


def _give(subject: Subject, form: OrderForm) -> OrderedInspection:
    chosen = [one for one in subject.items if str(one.id) in set(form.items.data or [])]
    return services.order_inspection(
        database.session(),
        kind=subject.kind,
        entity_id=subject.entity.id,
        item_ids=[one.id for one in chosen],
        participants=services.lead_first(chosen, int(form.lead.data)),
        ground_code=form.ground.data,
        facts=text(form.facts),
        planned_on=form.planned_on.data or clock.today(),
        region=current_app.config["DISTRICT_CODE"],
        origin_visit_id=subject.origin.id if subject.origin is not None else None,
        urgent=bool(form.urgent.data),
        oral=_oral(form),
        actor=actor(),
    )


def _oral(form: OrderForm) -> Oral | None:
    if not form.urgent.data or not form.oral_by.data or form.oral_at.data is None:
        return None
    return Oral(int(form.oral_by.data), form.oral_at.data.replace(tzinfo=clock.SHANGHAI))
