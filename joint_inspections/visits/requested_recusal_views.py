"""A head records that the enterprise asks an inspector to stand back, then decides it like any recusal."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from joint_inspections.visits import queries
from joint_inspections.visits.disclosing import note_named
from joint_inspections.visits.models import Visit
from joint_inspections.visits.requested_recusals import BY_HEAD, Received, Request, list_askable, record_request
from supervision import clock
from supervision.errors import Forbidden, Invalid
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import Form, choices, show_refusal, text
from supervision.web.panels import Panel

blueprint = Blueprint("requested_recusals", __name__, url_prefix="/visits")
Page = str | BaseResponse


class RequestForm(Form):
    """What the enterprise asks, and how it reached the department."""

    inspector = RadioField(
        lazy_gettext("Inspector concerned"),
        [InputRequired(lazy_gettext("Choose the inspector concerned."))],
        choices=[],
    )
    received = RadioField(
        lazy_gettext("How it was received"),
        [InputRequired(lazy_gettext("Say how the request was received."))],
        choices=[],
    )
    received_on = DateField(lazy_gettext("Received on"), [InputRequired(lazy_gettext("Give the day of the request."))])
    statement = TextAreaField(
        lazy_gettext("What the enterprise states"),
        [DataRequired(lazy_gettext("Write down the grounds that the enterprise states.")), Length(max=500)],
        description=lazy_gettext("Who spoke for the enterprise, and which relation they see. Read only by deciders."),
        render_kw={"rows": 4, "maxlength": 500},
    )


def panel_of_visit(viewer: Actor, subject: object) -> dict[str, object] | None:
    """Offer the step on the page of a visit to the head of a department whose inspectors go."""
    if not isinstance(subject, Visit) or not list_askable(subject, viewer):
        return None
    return {"visit": subject}


PANEL = Panel("visit", "visits/requested_panel.html", panel_of_visit, Permission.RECUSAL_DECIDE, 45)


@blueprint.route("/<int:visit_id>/requested-recusal", methods=["GET", "POST"])
@requires(Permission.RECUSAL_DECIDE)
def record(visit_id: int) -> Page:
    """Record the request, and go on to the decision."""
    visit = queries.get_visit_for_change(database.session(), actor(), visit_id)
    askable = list_askable(visit, actor())
    if not askable:
        raise Forbidden(
            "nobody-askable", "Before the visit begins, the head of a department records requests about its inspectors."
        )
    note_named(visit)
    form = RequestForm()
    form.inspector.choices = choices([(str(one.inspector_id), one.inspector.name) for one in askable])
    form.received.choices = choices([(one.value, _(one.label)) for one in BY_HEAD])
    if not form.is_submitted():
        form.received_on.data = clock.today()
    if form.validate_on_submit():
        try:
            found = record_request(
                database.session(),
                visit,
                inspector_id=int(form.inspector.data),
                request=Request(
                    Received(form.received.data), form.received_on.data or clock.today(), text(form.statement)
                ),
                actor=actor(),
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Recorded. The inspector does not go until you have decided."), "success")
            return redirect(url_for("recusals.decide", recusal_id=found.id))
    return render_template("visits/requested.html", form=form, visit=visit)
