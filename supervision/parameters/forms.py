"""Form of a new version of a parameter."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form


class VersionForm(Form):
    """A value with the day from which it holds."""

    value = StringField(_("New value"), [DataRequired(), Length(max=64)])
    effective_from = DateField(_("In force from"), [InputRequired()])
    source = StringField(
        _("Source"), [DataRequired(), Length(max=300)], description=_("The law, notice or decision the value rests on.")
    )
    certainty = SelectField(_("Certainty"), choices=[])
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])
