"""An entry of the register as it was known on a past day."""

from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from supervision import clock
from supervision.entities import queries, versions
from supervision.entities.history import shown_value
from supervision.entities.versions import Known
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.languages import name_of
from supervision.web.templating import show_label

blueprint = Blueprint("entity_past", __name__, url_prefix="/entities/<int:entity_id>")


@blueprint.get("/known-on")
@requires(Permission.REGISTRY_VIEW)
def show(entity_id: int) -> str:
    """Show what the register said at the end of a day beside what it says now."""
    session, viewer = database.session(), actor()
    entity = queries.get_entity(session, entity_id)
    typed = request.args.get("day", "")[:20].strip()
    day, wrong = _day(typed)
    then = versions.as_known(session, viewer, entity, on=day)
    now = versions.as_known(session, viewer, entity, on=clock.today())
    rows = []
    if then and now:
        with_class = queries.may_see_risk(viewer)
        rows = list(zip(_facts(then, with_class=with_class), _facts(now, with_class=with_class), strict=True))
    return render_template("entities/known_on.html", entity=entity, day=day, typed=typed, wrong=wrong, rows=rows)


def _day(typed: str) -> tuple[date, str]:
    """Return the day asked for and what is wrong with it."""
    today = clock.today()
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        return today, _("Write the day as year-month-day, for example 2026-03-05.")
    if day > today:
        return today, _("The day lies in the future. What is known today is shown.")
    return (day, "") if day.year >= 1900 else (today, _("Write the day as year-month-day, for example 2026-03-05."))


def _facts(known: Known, *, with_class: bool) -> list[tuple[str, object]]:
    facts = known.facts
    shown = [
        (_("Name of entity"), facts.name),
        (_("Unified social credit code"), facts.uscc),
        (_("Registration number"), facts.registration_number),
        (_("Code confirmed"), shown_value(facts.uscc_confirmed)),
        (_("Type of entity"), name_of(known.type)),
        (_("Industry"), f"{known.industry.code} {name_of(known.industry)}"),
        (_("Sub-district"), name_of(known.sub_district)),
        (_("Address (place of business)"), facts.address),
        (_("Legal representative"), facts.legal_representative),
        (_("Business scope"), facts.business_scope),
        (_("Registered on"), facts.registered_on.isoformat()),
        (_("Status"), f"{show_label(facts.status)} ({_('since %(day)s', day=facts.status_since)})"),
        (_("Tags"), "、".join(name_of(tag) for tag in known.tags)),
        (_("Low-touch list"), shown_value(facts.low_touch)),
    ]
    if with_class:
        shown.append((_("Risk class"), known.risk_class.value if known.risk_class else ""))
    return shown
