"""What people type about experts on inspections."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form


class AskForm(Form):
    """How many experts of which field, and why."""

    field = SelectField(
        _("Special field"),
        [DataRequired(_("Choose a field."))],
        description=_("Fields of the experts whose engagement lasts until the end of the task."),
    )
    per_team = SelectField(_("Experts for each team"), [DataRequired()])
    reason = TextAreaField(
        _("Why an expert is needed"),
        [DataRequired(_("Give a reason.")), Length(max=500)],
        render_kw={"rows": 3, "maxlength": 500},
    )


class TakeBackForm(Form):
    """Why experts are not needed after all."""

    reason = TextAreaField(
        _("Why no expert is needed any more"),
        [DataRequired(_("Give a reason.")), Length(max=500)],
        render_kw={"rows": 3, "maxlength": 500},
    )


class ValueForm(Form):
    """The value of another body that draws."""

    value = StringField(
        _("Your value"),
        [DataRequired(), Length(max=400)],
        description=_("At least 50 throws of a die, or 64 digits and letters a to f. With it the draw takes place."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ChangeForm(Form):
    """Why an expert does not go."""

    ground = RadioField(_("Reason"), [DataRequired(_("Choose one of the reasons."))])
    note = TextAreaField(
        _("What happened"),
        [DataRequired(_("Give a reason.")), Length(max=500)],
        render_kw={"rows": 3, "maxlength": 500},
    )


class AnswerForm(Form):
    """A step of one button: nothing but the token."""
