"""Forms around a draw."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

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

    # none is chosen beforehand: the coded reason becomes public
    reason = SelectField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    note = TextAreaField(
        _("Explanation"),
        [DataRequired(), Length(max=500)],
        description=_("Kept inside the house; the public sees the coded reason. Name no enterprise and no person."),
    )


class ReplaceForm(Form):
    """Why an inspector is replaced, and on which team."""

    ground = RadioField(_("Ground"), [InputRequired(_("Choose a ground."))], choices=[])
    team = SelectField(_("Team to leave"), choices=[])
    evidence = TextAreaField(
        _("Statement"),
        [Length(max=500)],
        description=_("Needed for a recusal you decide yourself and for urgent duty. Sealed with the draw's evidence."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class StrikeForm(Form):
    """Why a drawn enterprise is struck, and what proves it."""

    ground = RadioField(_("Ground"), [InputRequired(_("Choose a ground."))], choices=[])
    evidence = TextAreaField(
        _("Document that proves it"),
        [DataRequired(_("Name the document: who issued it, its number, where it is filed.")), Length(max=500)],
        description=_("Who issued it, its number, and the file it is kept in."),
        render_kw={"rows": 3, "maxlength": 500},
    )
    evidence_on = DateField(
        _("Day of the document"),
        [Optional()],
        description=_("Needed unless the register itself shows the ground. It must not be later than the freeze."),
    )


class RefusalForm(Form):
    """Why a proposal is refused."""

    note = TextAreaField(
        _("Grounds of the refusal"),
        [DataRequired(_("Say why the proposal is refused.")), Length(max=500)],
        render_kw={"rows": 3, "maxlength": 500},
    )
