"""What is typed about visits that meet at one door."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form

ROWS = {"rows": 3, "maxlength": 500}


class PassForm(Form):
    """Oversight lets a visit or an inspector pass."""

    reason = RadioField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    note = TextAreaField(
        _("What makes this inspection necessary"),
        [DataRequired(_("Say what makes this inspection necessary.")), Length(max=500)],
        description=_("Shown on the page of the visit and kept in the log."),
        render_kw=ROWS,
    )


class OfferForm(Form):
    """A lead offers to go together."""

    planned_on = DateField(_("Day on which both go"), [InputRequired(_("Choose a day."))])
    text = TextAreaField(_("Words to the other department"), [Length(max=500)], render_kw=ROWS)


class AnswerForm(Form):
    """The other lead answers."""

    answer = RadioField(_("Answer"), [InputRequired(_("Choose one of the two."))], choices=[])
    text = TextAreaField(
        _("Reason"), [Length(max=500)], description=_("Needed when the visits stay apart."), render_kw=ROWS
    )


class PartForm(Form):
    """An offer is withdrawn, or visits are parted."""

    grounds = TextAreaField(
        _("Reason"), [DataRequired(_("Say why the visits stay apart.")), Length(max=500)], render_kw=ROWS
    )
