"""Joint items of the draft: worded by the lead department or the coordinator."""

from collections.abc import Sequence
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.departments.models import Department
from supervision.departments.queries import find_department, list_departments
from supervision.errors import DomainError, Invalid
from supervision.items import queries, services
from supervision.items.forms import JointForm, NewJointForm, SuspendForm, split_codes
from supervision.items.models import Item, ItemList, JointItem
from supervision.items.rules import JointContent, check_draft
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of

blueprint = Blueprint("joint_item_drafts", __name__, url_prefix="/items/draft/joint")
Page = str | BaseResponse


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT, Permission.ITEM_LIST_PUBLISH)
def add() -> Page:
    """Add a joint item to the draft."""
    session = database.session()
    draft, form = queries.get_draft_list(session), NewJointForm()
    form.lead.choices = choices([(one.code, name_of(one)) for one in _possible_leads(actor())])
    groups = _offer_items(form, draft)
    if form.validate_on_submit():
        try:
            lead = find_department(session, form.lead.data)
            if lead is None:
                raise Invalid("unknown-department", "Choose a department from the list.", field="lead")
            services.add_joint_item(session, draft, _content(form), code=text(form.code), lead=lead, actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Joint item added."))
    return render_template("items/joint_form.html", form=form, joint=None, groups=groups)


@blueprint.route("/<int:joint_item_id>/edit", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT, Permission.ITEM_LIST_PUBLISH)
def edit(joint_item_id: int) -> Page:
    """Word a joint item of the draft anew and choose its items."""
    joint, draft = _draft_joint(joint_item_id)
    form = JointForm(data=_form_values(joint))
    groups = _offer_items(form, draft)
    if form.validate_on_submit():
        try:
            services.change_joint_item(database.session(), joint, _content(form), version=_version(form), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Joint item saved."))
    return render_template("items/joint_form.html", form=form, joint=joint, groups=groups)


@blueprint.route("/<int:joint_item_id>/remove", methods=["GET", "POST"])
@requires(Permission.ITEM_EDIT, Permission.ITEM_LIST_PUBLISH)
def remove(joint_item_id: int) -> Page:
    """Take a joint item out of the draft."""
    joint, _draft = _draft_joint(joint_item_id)
    form = SuspendForm(version=joint.version)
    if form.validate_on_submit():
        try:
            services.remove_joint_item(
                database.session(), joint, reason=text(form.reason), version=_version(form), actor=actor()
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _saved(_("Joint item taken out of the draft."))
    return render_template("items/joint_remove.html", form=form, joint=joint)


def _draft_joint(joint_item_id: int) -> tuple[JointItem, ItemList]:
    joint, version = queries.get_visible_joint_item(database.session(), actor(), joint_item_id)
    check_draft(version.state)
    return joint, version


def _possible_leads(viewer: Actor) -> Sequence[Department]:
    departments = list_departments(database.session())
    if viewer.may(Permission.ITEM_LIST_PUBLISH):
        return departments
    return [one for one in departments if one.id == viewer.department_id]


def _offer_items(form: JointForm, draft: ItemList) -> list[tuple[str, list[str]]]:
    """Set the choices; return department names with the codes of their items, for the page to group by."""
    items = queries.list_items(database.session(), draft.id)
    form.item_codes.choices = choices([(one.code, f"{one.code} {name_of(one)}") for one in items])
    groups: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda one: (one.department_id, one.code)):
        groups.setdefault(name_of(item.department), []).append(item)
    return [(name, [item.code for item in some]) for name, some in groups.items()]


def _form_values(joint: JointItem) -> dict[str, object]:
    return {
        "version": joint.version,
        "name_zh": joint.name_zh,
        "name_en": joint.name_en,
        "field": joint.field,
        "ratio": f"{joint.ratio_bp / 100:g}",
        "industries": "、".join(joint.industries),
        "item_codes": [part.item.code for part in joint.parts],
    }


def _content(form: JointForm) -> JointContent:
    return JointContent(
        name_zh=text(form.name_zh),
        name_en=text(form.name_en),
        field=text(form.field),
        industries=split_codes(text(form.industries)),
        ratio_bp=int(Decimal(text(form.ratio)) * 100),
        item_codes=tuple(form.item_codes.data or ()),
    )


def _version(form: JointForm | SuspendForm) -> int:
    seen = text(form.version)
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _saved(message: str) -> BaseResponse:
    database.commit()
    flash(message, "success")
    return redirect(url_for("item_drafts.index"))
