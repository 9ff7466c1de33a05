"""Forms of the register of inspectors."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form, SelectMultipleBoxes


class InspectorForm(Form):
    """An entry of the register."""

    version = HiddenField()
    name = StringField(_("Name"), [DataRequired(), Length(max=60)])
    certificate_number = StringField(
        _("Certificate number"),
        [DataRequired(), Length(max=30)],
        description=_("As printed on the enforcement certificate: 5 to 20 letters or digits."),
    )
    certificate_valid_until = DateField(_("Certificate valid until"), [InputRequired()])
    issuing_body = StringField(_("Issuing body"), [Length(max=100)])
    post = StringField(_("Post"), [Length(max=60)])


class CorrectionForm(InspectorForm):
    """A correction with its reason."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("For example: certificate renewed, with the number of the notice."),
        render_kw={"rows": 3},
    )


class StatusForm(Form):
    """A change of status with its reason."""

    version = HiddenField()
    status = SelectField(_("Status from now on"), choices=[])
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class QualificationsForm(Form):
    """The items an inspector may inspect."""

    version = HiddenField()
    all_items = BooleanField(_("Qualified for every item of the department"))
    item_codes = SelectMultipleBoxes(_("Items"), choices=[])
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("For example: training passed, with its date."),
        render_kw={"rows": 3},
    )


class ExpertForm(Form):
    """An expert's entry."""

    version = HiddenField()
    name = StringField(_("Name"), [DataRequired(), Length(max=60)])
    organization = StringField(_("Organization"), [DataRequired(), Length(max=100)])
    title = StringField(_("Professional title"), [Length(max=60)], description=_("For example senior engineer."))
    fields = StringField(
        _("Special fields"),
        [DataRequired(), Length(max=300)],
        description=_("What the expert can judge, separated by 、: for example special equipment、pressure vessels."),
    )
    engaged_until = DateField(_("Engaged until"), [InputRequired()])


class ExpertCorrectionForm(ExpertForm):
    """A correction with its reason."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class AbsenceForm(Form):
    """Days on which an inspector cannot be drawn."""

    kind = SelectField(_("Kind of absence"), choices=[])
    starts_on = DateField(_("First day"), [InputRequired()])
    ends_on = DateField(_("Last day"), [InputRequired()])


class TieForm(Form):
    """A declared interest."""

    kind = SelectField(_("Kind of interest"), choices=[])
    unit_id = StringField(
        _("Credit code or registration number of the enterprise"),
        [Length(max=40)],
        description=_("Leave empty when the interest is in a person rather than in one enterprise."),
    )
    person_name = StringField(
        _("Name of the person"),
        [Length(max=60)],
        description=_("You are then kept from every enterprise whose legal representative has this name."),
    )
    statement = TextAreaField(
        _("Statement"),
        [Length(max=300)],
        description=_("Only what is needed to judge it. Read by you, your lead and head, and oversight."),
    )


class WithdrawForm(Form):
    """Why an interest has ended."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])
