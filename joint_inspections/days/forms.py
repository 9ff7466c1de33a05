"""Forms around days off."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from supervision.web.forms import Form


class LeaveForm(Form):
    """An inspector asks for days off."""

    kind = SelectField(_("Kind"), choices=[])
    starts_on = DateField(_("First day"), [InputRequired(_("Enter the first day."))])
    ends_on = DateField(_("Last day"), [InputRequired(_("Enter the last day."))])
    note = TextAreaField(
        _("Remark"),
        [Length(max=300)],
        description=_("Read by the lead of your department, who decides; it appears in no calendar."),
        render_kw={"rows": 2, "maxlength": 300},
    )


class LeaveDecisionForm(Form):
    """The lead decides a request."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose one of the two."))], choices=[])
    note = TextAreaField(
        _("Grounds of the decision"),
        [Length(max=300)],
        description=_("Needed when the leave is refused."),
        render_kw={"rows": 3, "maxlength": 300},
    )
