"""Forms around publications."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form


class WithdrawalForm(Form):
    """Why a published result is taken back; the public reads it."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why the result is withdrawn.")), Length(max=500)],
        description=_("The public reads this. Write no names of persons."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class DelayForm(Form):
    """Why a part is not published within the period; read inside the house."""

    reason = RadioField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    note = TextAreaField(
        _("Remark"),
        [DataRequired(_("Say what is waited for and until when.")), Length(max=500)],
        description=_("What is waited for, and until when. The departments of the plan and oversight read this."),
        render_kw={"rows": 3, "maxlength": 500},
    )
