"""What the security administrator types about witnesses."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.transparency.rules import LONGEST_NOTE
from supervision.web.forms import Form


class WitnessForm(Form):
    """A new witness of the log."""

    holder = StringField(
        _("Who it is"),
        [DataRequired(), Length(max=100)],
        description=_("Shown in public: the department, or the name under which a person agrees to be shown."),
    )
    verifier_key = StringField(
        _("Public key"),
        [DataRequired(), Length(max=250)],
        description=_(
            "One line, such as name+1a2b3c4d+BASE64. Compare it with its owner by telephone or on paper before you "
            "enter it."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    contact = StringField(
        _("Contact"),
        [Length(max=200)],
        description=_("Whom to call when this witness is silent or sees something wrong. Never shown in public."),
    )


class CheckpointForm(Form):
    """A checkpoint that somebody kept. It changes nothing, so that anybody may send it from anywhere."""

    class Meta(Form.Meta):
        """Ask for no token: pages with this form stand in caches, and nothing is written."""

        csrf = False

    note = TextAreaField(
        _("The checkpoint you kept"),
        [DataRequired(_("Paste the checkpoint.")), Length(max=LONGEST_NOTE)],
        description=_("All its lines, from the name of the log to the last signature."),
        render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"},
    )


class EndForm(Form):
    """Why a witness ends."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})
