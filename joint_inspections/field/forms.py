"""Why a phone is revoked."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form


class RevocationForm(Form):
    """Lost, stolen, given away, broken."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say what happened to the phone.")), Length(max=500)],
        description=_("Such as: lost in a taxi this morning."),
        render_kw={"rows": 2, "maxlength": 500},
    )
