"""Forms around measures."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from supervision.web.forms import Form

APPLIED, NOT_APPLICABLE = "applied", "not_applicable"


class ProposalForm(Form):
    """A listing with the one measure that is to follow from it."""

    credit_list = SelectField(_("List"), [DataRequired()], choices=[])
    grounds = TextAreaField(
        _("Grounds"),
        [DataRequired(), Length(max=4000)],
        description=_("Which law was broken, why the nature is vile, the circumstances grave and the harm great."),
    )
    legal_basis = TextAreaField(_("Legal basis"), [DataRequired(), Length(max=1000)])
    definition = SelectField(
        _("Measure"),
        [DataRequired()],
        choices=[],
        description=_("Only measures of the edition in force that name this list as their trigger."),
    )
    department = SelectField(
        _("Implementing department"),
        [DataRequired()],
        choices=[],
        description=_("It will be asked to apply the measure or to say why it cannot."),
    )


class AnswerForm(Form):
    """The implementing department's answer."""

    answer = RadioField(_("Answer"), [DataRequired()], choices=[])
    applied_on = DateField(_("Applied on"), [Optional()], description=_("Needed when the measure is applied."))
    reason = TextAreaField(_("Reason"), [Length(max=1000)], description=_("Needed when the measure cannot be applied."))
