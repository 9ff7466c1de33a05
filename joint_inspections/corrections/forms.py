"""Forms of corrections: what an enterprise sends on its phone, what departments and heads decide."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.validators import UUID, DataRequired, InputRequired, Length, Optional

from supervision.web.forms import Form

LONGEST = 2000
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class _OfEnterprise(Form):
    """What every page of the enterprise sends along: its identifier, and who sends it."""

    send_id = HiddenField(validators=[DataRequired(), UUID()])
    said_by = StringField(
        _("Your name and position"),
        [DataRequired(_("Give your name and position.")), Length(max=80)],
        render_kw={"autocomplete": "name", "maxlength": 80},
    )


class SendingForm(_OfEnterprise):
    """What was corrected, with photos and papers."""

    text = TextAreaField(
        _("What was corrected"),
        [DataRequired(_("Say what was corrected.")), Length(max=LONGEST)],
        description=_("What was done, on which day, and what the attached files show."),
        render_kw={"rows": 5, "maxlength": LONGEST},
    )
    files = MultipleFileField(
        _("Photos and papers"),
        description=_("Several at once: photos (JPEG, PNG, WebP) or PDF, each at most 20 MB."),
        render_kw={"accept": ACCEPTED, "multiple": True},
    )


class ExtensionForm(_OfEnterprise):
    """A request for more time."""

    day = DateField(_("Until which day"), [InputRequired(_("Choose the day you need."))])
    reason = TextAreaField(
        _("Why the time is not enough"),
        [DataRequired(_("Say why the time is not enough.")), Length(max=LONGEST)],
        description=_("For example: a part has to be delivered, a builder is booked; say until when."),
        render_kw={"rows": 4, "maxlength": LONGEST},
    )


class DecisionForm(Form):
    """What a department decides on what was sent."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose one of the decisions offered."))], choices=[])
    text = TextAreaField(
        _("Grounds of the decision"),
        [DataRequired(_("Give the grounds.")), Length(max=LONGEST)],
        description=_("The enterprise reads this: what was checked and found, or what is missing."),
        render_kw={"rows": 4, "maxlength": LONGEST},
    )
    day = DateField(
        _("What is missing is to be sent by"),
        [Optional()],
        description=_("Only when it is sent back."),
    )
    planned_on = DateField(
        _("Look again on"), [Optional()], description=_("Only for a re-inspection; the enterprise is not told the day.")
    )


class AnswerForm(Form):
    """What a head decides on a request for more time."""

    answer = RadioField(_("Decision"), [InputRequired(_("Choose one of the decisions offered."))], choices=[])
    day = DateField(_("New deadline"), [Optional()], description=_("Only when more time is granted."))
    reason = TextAreaField(
        _("Grounds of the decision"),
        [DataRequired(_("Give the grounds.")), Length(max=LONGEST)],
        description=_("The enterprise reads this."),
        render_kw={"rows": 3, "maxlength": LONGEST},
    )
