"""Forms around listings."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form

ACCEPT, REFUSE = "accept", "refuse"


class DecisionForm(Form):
    """The head's decision on a proposal."""

    decision = RadioField(_("Decision"), [DataRequired()], choices=[])
    superior_approval = StringField(
        _("Approval of the level above"),
        [Length(max=128)],
        description=_("Document number of the approval. Needed to list while the law asks for it."),
    )
    note = TextAreaField(
        _("Note or reason"), [Length(max=1000)], description=_("Needed when the entity is not listed.")
    )
