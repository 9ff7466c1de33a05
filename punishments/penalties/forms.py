"""Forms around penalties."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form, SelectMultipleBoxes


class PenaltyForm(Form):
    """A decision to punish, as the department decided it."""

    unit_id = StringField(
        _("Credit code of the party"),
        [DataRequired(), Length(max=40)],
        description=_("The 18 characters of the unified social credit code, or the registration id of the register."),
    )
    document_number = StringField(_("Document number of the decision"), [DataRequired(), Length(max=128)])
    decided_on = DateField(_("Day of the decision"), [InputRequired()])
    procedure = SelectField(_("Procedure"), [DataRequired()], choices=[])
    violation_type = StringField(_("Type of violation"), [DataRequired(), Length(max=200)])
    facts = TextAreaField(_("Facts"), [DataRequired(), Length(max=4000)], description=_("As in the decision."))
    legal_basis = TextAreaField(_("Legal basis"), [DataRequired(), Length(max=1000)])
    kinds = SelectMultipleBoxes(_("Kinds of penalty"), choices=[])
    content = TextAreaField(
        _("Content of the penalty"),
        [DataRequired(), Length(max=4000)],
        description=_("This text is published: name no private person, phone number or ID number."),
    )
    fine = StringField(_("Fine in yuan"), [Length(max=30)], render_kw={"inputmode": "decimal"})
    confiscated = StringField(_("Confiscated gains in yuan"), [Length(max=30)], render_kw={"inputmode": "decimal"})
    severity = SelectField(
        _("Severity"),
        [DataRequired()],
        choices=[],
        description=_(
            "Minor: summary procedure, warning, criticism, small fine. General: larger fine, confiscation, permit "
            "withheld. Serious: huge fine, revocation, ban on practising. It sets how long the decision is shown."
        ),
    )
    safety_field = BooleanField(_("Food, drugs, special equipment, work safety or fire protection"))


class RevocationForm(Form):
    """Taking a decision back."""

    revoked_on = DateField(_("Day of revocation"), [InputRequired()])
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("Which decision or judgment revoked, changed or annulled the penalty."),
    )
