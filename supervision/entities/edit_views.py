"""Pages that change an entity: each one form, one service, one commit."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast  # form data of any field

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.entities import queries, services
from supervision.entities.forms import (
    CorrectionForm,
    EntityForm,
    LowTouchForm,
    RiskClassForm,
    StatusForm,
    TagsForm,
    VersionedForm,
)
from supervision.entities.identity import LOOK_ALIKE, UNCONFIRMED_CODE
from supervision.entities.models import Entity
from supervision.entities.rules import CORRECTABLE, ONLY_COORDINATOR, EntityFacts, EntityStatus, RiskClass
from supervision.entities.views import blueprint
from supervision.errors import Conflict, DomainError, Forbidden, Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import Form, choices, text
from supervision.web.languages import name_of
from supervision.web.refusals import told

__all__ = ["blueprint"]
Page = str | BaseResponse
DEEPER_THAN_SECTIONS = 2


def _fill(form: EntityForm) -> EntityForm:
    session = database.session()
    industries = [one for one in queries.list_industries(session) if one.level >= DEEPER_THAN_SECTIONS]
    form.type_code.choices = _coded(queries.list_types(session))
    form.industry_code.choices = _coded(industries)
    form.sub_district_code.choices = choices(
        [(one.code, name_of(one)) for one in queries.list_sub_districts(session)], empty=_("Choose …")
    )
    return form


def _coded(rows: Sequence[Any]) -> Any:
    return choices([(one.code, f"{one.code} {name_of(one)}") for one in rows], empty=_("Choose …"))


def _facts(form: EntityForm) -> EntityFacts:
    typed: dict[str, Any] = {name: text(form[name]) for name in CORRECTABLE if name != "registered_on"}
    return EntityFacts(**typed, registered_on=form.registered_on.data)


def _version(form: VersionedForm) -> int:
    return cast(int, form.version.data)  # InputRequired has seen to it


def _attempt(form: Form, step: Callable[[], Any]) -> Any:
    """Take a step; a refusal that names a field goes beside it, perhaps with a question: then None."""
    try:
        return step()
    except (Invalid, Conflict) as error:
        field = _field_of(form, error)
        if field is None:
            raise
        field.errors = [*field.errors, told(error)]
        if isinstance(form, EntityForm):
            form.asks_code = form.asks_code or error.code == UNCONFIRMED_CODE
            form.asks_name = form.asks_name or error.code == LOOK_ALIKE
        return None


def _field_of(form: Form, error: DomainError) -> Any:
    name = getattr(error, "field", "") or str(error.parameters.get("field", ""))
    return next((field for field in form if field.short_name == name), None)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ENTITY_EDIT)
def create() -> Page:
    """Register an entity."""
    form = _fill(EntityForm())
    if form.validate_on_submit():
        entity = _attempt(
            form,
            lambda: services.create_entity(
                database.session(),
                _facts(form),
                confirm_code=form.confirm_code.data,
                confirm_name=form.confirm_name.data,
                actor=actor(),
            ),
        )
        if entity is not None:
            database.commit()
            flash(_("Entity registered."), "success")
            return redirect(url_for("entities.show", entity_id=entity.id))
    return render_template("entities/create.html", form=form, look_alikes=_look_alikes(form, None))


def _look_alikes(form: EntityForm, entity: Entity | None) -> Sequence[Entity]:
    if not (form.asks_name or form.confirm_name.data):
        return []
    return queries.list_look_alikes(database.session(), text(form.name), except_id=entity.id if entity else None)


@blueprint.route("/<int:entity_id>/correct", methods=["GET", "POST"])
@requires(Permission.ENTITY_EDIT)
def correct(entity_id: int) -> Page:
    """Correct what is recorded of an entity."""
    entity = queries.get_entity(database.session(), entity_id)
    form = _fill(CorrectionForm(obj=entity))
    if form.validate_on_submit():
        changed = _attempt(
            form,
            lambda: services.correct_entity(
                database.session(),
                entity,
                _facts(form),
                version=_version(form),
                reason=text(form.reason),
                confirm_code=form.confirm_code.data,
                confirm_name=form.confirm_name.data,
                actor=actor(),
            ),
        )
        if changed is not None:
            database.commit()
            flash(_("Correction saved.") if changed else _("Nothing was different; nothing was saved."), "success")
            return redirect(url_for("entities.show", entity_id=entity.id))
    return render_template("entities/correct.html", form=form, entity=entity, look_alikes=_look_alikes(form, entity))


def _step(entity: Entity, form: Form, step: Callable[[], Any], **page: object) -> Page:
    """Show a small form about ``entity``, or take its step and go back to the entity."""
    if form.validate_on_submit():
        done = _attempt(form, lambda: (step(), True))
        if done:
            database.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("entities.show", entity_id=entity.id))
    return render_template("entities/step.html", form=form, entity=entity, **page)


@blueprint.route("/<int:entity_id>/status", methods=["GET", "POST"])
@requires(Permission.ENTITY_EDIT)
def change_status(entity_id: int) -> Page:
    """Record a change of status."""
    entity = queries.get_entity(database.session(), entity_id)
    form = StatusForm(version=entity.version, since=clock.today())
    follow = services.statuses_for(entity.status, actor())
    if not follow:
        raise Forbidden("suspension-coordinator", ONLY_COORDINATOR)
    possible = [one for one in EntityStatus if one in follow]
    form.status.choices = choices([(one.value, _(one.label)) for one in possible], empty=_("Choose …"))
    return _step(
        entity,
        form,
        lambda: services.change_status(
            database.session(),
            entity,
            EntityStatus(form.status.data),
            since=cast(date, form.since.data),
            reason=text(form.reason),
            version=_version(form),
            actor=actor(),
        ),
        heading=lazy_gettext("Change status"),
        lead=lazy_gettext(
            "A deregistered, closed or moved-out entity leaves every pool frozen from now on; its history stays."
        ),
    )


@blueprint.route("/<int:entity_id>/tags", methods=["GET", "POST"])
@requires(Permission.ENTITY_EDIT)
def set_tags(entity_id: int) -> Page:
    """Choose the tags of an entity."""
    session = database.session()
    entity = queries.get_entity(session, entity_id)
    form = TagsForm(version=entity.version, tags=[one.code for one in queries.list_tags_of(session, entity)])
    form.tags.choices = choices([(one.code, name_of(one)) for one in queries.list_tags(session)])
    return _step(
        entity,
        form,
        lambda: services.set_tags(
            session,
            entity,
            form.tags.data or [],
            reason=text(form.reason),
            version=_version(form),
            actor=actor(),
        ),
        heading=lazy_gettext("Change tags"),
        lead=lazy_gettext("Tags lead an entity to the pools of plans that name them."),
    )


@blueprint.route("/<int:entity_id>/low-touch", methods=["GET", "POST"])
@requires(Permission.ENTITY_WITHHOLD)
def set_low_touch(entity_id: int) -> Page:
    """Put an entity on the low-touch list or take it off."""
    entity = queries.get_entity(database.session(), entity_id)
    form, listed = LowTouchForm(version=entity.version), not entity.low_touch
    return _step(
        entity,
        form,
        lambda: services.set_low_touch(
            database.session(),
            entity,
            listed=listed,
            reason=text(form.reason),
            version=_version(form),
            actor=actor(),
        ),
        heading=lazy_gettext("Put on the low-touch list") if listed else lazy_gettext("Take off the low-touch list"),
        lead=lazy_gettext(
            "An entity on the low-touch list gets no active on-site inspection; only triggered ones remain. "
            "It is left out of pools with this reason."
        ),
    )


@blueprint.route("/<int:entity_id>/risk-class", methods=["GET", "POST"])
@requires(Permission.ENTITY_EDIT)
def set_risk_class(entity_id: int) -> Page:
    """Record the risk class of a month."""
    entity = queries.get_entity(database.session(), entity_id)
    form = RiskClassForm(version=entity.version, as_of=clock.today().replace(day=1))
    form.risk_class.choices = choices([(one.value, _(one.label)) for one in RiskClass], empty=_("Choose …"))
    return _step(
        entity,
        form,
        lambda: services.set_risk_class(
            database.session(),
            entity,
            RiskClass(form.risk_class.data),
            as_of=cast(date, form.as_of.data),
            source=text(form.source),
            version=_version(form),
            actor=actor(),
        ),
        heading=lazy_gettext("Record a risk class"),
        lead=lazy_gettext(
            "The class is internal: it steers how often an entity is drawn, is no credit rating and is never published."
        ),
    )
