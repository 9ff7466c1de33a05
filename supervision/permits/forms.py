"""Forms of permits."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from supervision.web.forms import Form


class PermitForm(Form):
    """A decision to permit."""

    certificate_name = StringField(_("Permit certificate"), [DataRequired(), Length(max=200)])
    permit_number = StringField(_("Permit number"), [DataRequired(), Length(max=128)])
    document_name = StringField(_("Decision document"), [Length(max=200)])
    document_number = StringField(_("Document number"), [DataRequired(), Length(max=128)])
    kind = SelectField(_("Kind of permit"), [DataRequired()], choices=[])
    content = TextAreaField(_("What is permitted"), [Length(max=4000)])
    decided_on = DateField(_("Decided on"), [InputRequired()])
    valid_from = DateField(_("Valid from"), [InputRequired()])
    valid_until = DateField(_("Valid until"), [Optional()], description=_("The last day; empty for no end."))


class NewPermitForm(PermitForm):
    """A permit with the entity that holds it."""

    code = StringField(
        _("Credit code or registration number of the holder"),
        [DataRequired(), Length(max=40)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class CorrectionForm(PermitForm):
    """A correction with its reason."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class EndForm(Form):
    """The reason why a permit ends before its last day."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = TextAreaField(
        _("Reason"), [DataRequired(), Length(max=500)], description=_("Revoked, withdrawn, given back …")
    )
