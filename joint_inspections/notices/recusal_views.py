"""Whoever holds a notice asks by its code that an inspector stand back, and reads what was decided (R-1.22)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from joint_inspections.notices import queries
from joint_inspections.notices.rules import Standing
from joint_inspections.visits.requested_recusals import ask_by_code, list_askable_by_code
from supervision.errors import WrongState
from supervision.web import database
from supervision.web.access import public
from supervision.web.forms import Form, choices, show_refusal, text
from supervision.web.languages import name_of

blueprint = Blueprint("notice_recusals", __name__)


class AskForm(Form):
    """Who should stand back and why, and who asks for the enterprise."""

    inspector = RadioField(
        lazy_gettext("Inspector concerned"),
        [InputRequired(lazy_gettext("Choose the inspector concerned."))],
        choices=[],
    )
    grounds = TextAreaField(
        lazy_gettext("Which relation may affect fairness"),
        [DataRequired(lazy_gettext("Say which relation you see.")), Length(max=350)],
        description=lazy_gettext("A direct interest, kinship, or another relation. Read only by those who decide."),
        render_kw={"rows": 4, "maxlength": 350},
    )
    asked_by = StringField(
        lazy_gettext("Your name and position"),
        [DataRequired(lazy_gettext("Give your name and position.")), Length(max=80)],
        description=lazy_gettext("So that the department can answer you."),
        render_kw={"autocomplete": "name", "maxlength": 80},
    )


@blueprint.route("/notices/check/<token>/recusal", methods=["GET", "POST"])
@public
def ask(token: str) -> str | BaseResponse:
    """Take in the request; the inspector does not go until the head of the department has decided."""
    notice = queries.get_by_token(database.session(), token[:64])
    visit, askable = notice.visit, []
    if queries.standing(notice) is Standing.HOLDS:
        askable = list_askable_by_code(database.session(), visit)
    if not askable:
        return redirect(url_for("notices.check", token=notice.token))
    form = AskForm()
    form.inspector.choices = choices(
        [(str(one.inspector_id), f"{one.inspector.name} · {name_of(one.department)}") for one in askable]
    )
    if form.validate_on_submit():
        statement = f"{text(form.grounds)}\n{text(form.asked_by)}"
        try:
            ask_by_code(database.session(), visit, inspector_id=int(form.inspector.data), statement=statement)
        except WrongState as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Received. The inspector does not come until the department has decided."), "success")
            return redirect(url_for("notices.check", token=notice.token))
    return render_template("notices/ask.html", form=form, notice=notice)
