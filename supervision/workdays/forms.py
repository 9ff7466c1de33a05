"""Forms of the working-day calendar."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form


class DayForm(Form):
    """One day of the calendar."""

    day = DateField(_("Day"), [InputRequired()])
    kind = SelectField(_("What the day is"), choices=[])
    name = StringField(_("Name of the day"), [Length(max=40)], description=_("For example the name of the festival."))
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class ConfirmForm(Form):
    """The official notice of a year."""

    reason = StringField(
        _("Number of the notice"),
        [DataRequired(), Length(max=200)],
        description=_("The State Council's notice with which you compared every day of the year."),
    )
