"""Forms around follow-ups; their pages send along the version they showed."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form

LONGEST = 1000


class ClosingForm(Form):
    """How a follow-up ended."""

    ending = RadioField(_("How it ended"), [InputRequired(_("Choose how it ended."))], choices=[])
    closed_on = DateField(_("Closed on"), [InputRequired(_("Say on which day."))])
    note = TextAreaField(
        _("What shows it"),
        [DataRequired(_("Say what shows it.")), Length(max=LONGEST)],
        description=_("For example: checked again on site, photo on file; or the number of the letter."),
        render_kw={"rows": 3, "maxlength": LONGEST},
    )


class DeadlineForm(Form):
    """Another deadline for what is open, or a deadline for what is opened again."""

    due_on = DateField(_("New deadline"), [InputRequired(_("Choose the new deadline."))])
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why.")), Length(max=LONGEST)],
        render_kw={"rows": 2, "maxlength": LONGEST},
    )
