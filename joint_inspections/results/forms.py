"""Forms around publications."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form


class WithdrawalForm(Form):
    """Why a published result is taken back; the public reads it."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why the result is withdrawn.")), Length(max=500)],
        description=_("The public reads this. Write no names of persons."),
        render_kw={"rows": 3, "maxlength": 500},
    )
