"""Forms around a draw."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form


class SealForm(Form):
    """The digest of a contribution; the secret itself stays with its owner."""

    digest = StringField(
        _("Digest of my contribution"),
        [DataRequired(), Length(max=80)],
        description=_("64 characters. Filled in by the button above, or pasted when you made it elsewhere."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"},
    )
    kept = BooleanField(
        _("I have printed the slip, saved it or written it down"),
        [DataRequired(_("Keep the slip first: without the secret the draw becomes void."))],
    )


class RevealForm(Form):
    """The secret behind a sealed digest."""

    secret = TextAreaField(
        _("My secret"),
        [DataRequired(), Length(max=400)],
        description=_("The 64 characters of your slip, or the dice throws you made. Spaces do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off", "rows": 3},
    )


class EndForm(Form):
    """Why a draw should end before its time."""

    reason = SelectField(_("Reason"), choices=[])
    note = TextAreaField(
        _("Explanation"),
        [DataRequired(), Length(max=500)],
        description=_("Kept inside the house; the public sees the coded reason. Name no enterprise and no person."),
    )
