"""Forms around the witnesses of a draw."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.draws.forms import SealForm
from supervision.web.forms import Form


class WitnessForm(Form):
    """Who is to watch a draw and add a secret to it."""

    kind = SelectField(_("Kind of witness"), [InputRequired(_("Choose a kind."))], choices=[])
    is_person = RadioField(_("Who is it?"), [InputRequired(_("Choose one of the two."))], choices=[])
    name = StringField(
        _("Full name, or name of the organisation"),
        [DataRequired(), Length(max=100)],
        description=_("A person's full name is kept inside the house; the public never reads it here."),
        render_kw={"autocomplete": "off"},
    )
    public_name = StringField(
        _("Name as the public reads it"),
        [Length(max=100)],
        description=_(
            "Leave it empty: of a person the surname is shown beside the kind, of an organisation its name. "
            "Write a full name only with that person's consent."
        ),
        render_kw={"autocomplete": "off"},
    )
    contact = StringField(
        _("How to reach them (not required)"),
        [Length(max=200)],
        description=_("For you alone. Never shown in public, never written into a log, deleted when the link ends."),
        render_kw={"autocomplete": "off"},
    )


class RemovalForm(Form):
    """Why a witness is taken off."""

    reason = SelectField(
        _("Reason"), [InputRequired(_("Choose a reason from the list."))], description=_("The public reads it.")
    )
    sure = BooleanField(
        _("The draw goes on without this witness"), [DataRequired(_("Tick this to take the witness off."))]
    )


class HandOverForm(SealForm):
    """A contribution to a draw with a public value: the secret comes with its digest, so nobody can withhold it."""

    secret = StringField(
        _("My secret"),
        [DataRequired(), Length(max=400)],
        description=_("Filled in by the button above. It is kept encrypted and used only after the commitment."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"},
    )
