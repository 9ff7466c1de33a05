"""Forms around listings."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from supervision.web.forms import Form

ACCEPT, REFUSE = "accept", "refuse"


class ServiceForm(Form):
    """Proof that a document was served on the party (送达回证)."""

    served_on = DateField(
        _("Served on"),
        [InputRequired()],
        description=_("Day on which it reached the party by law: signature, receipt of the letter, end of the notice."),
    )
    method = SelectField(_("How it was served"), [DataRequired()], choices=[])
    recipient = StringField(
        _("Who received it"),
        [DataRequired(), Length(max=200)],
        description=_("Name and relation to the party. Stays inside the house."),
    )
    proof = TextAreaField(
        _("Proof of service"),
        [DataRequired(), Length(max=1000)],
        description=_("Number of the signed proof, the letter's receipt or the public notice, and where it is kept."),
    )


class NoticeForm(ServiceForm):
    """The notice of an intended listing, with its proof of service."""

    document_number = StringField(_("Document number of the notice"), [DataRequired(), Length(max=128)])


class HearingForm(Form):
    """What the party did with its right to speak, and the remedies that the decision names."""

    response = RadioField(_("What the party did"), [InputRequired()], choices=[])
    made_on = DateField(
        _("Day of its statement or hearing"), [Optional()], description=_("Leave empty when the party said nothing.")
    )
    statement = TextAreaField(
        _("Statement and defence of the party"), [Length(max=4000)], description=_("What it said, in its own sense.")
    )
    consideration = TextAreaField(
        _("How it was examined"),
        [Length(max=4000)],
        description=_("Which points were accepted, which not, and why."),
    )
    reconsideration_authority = StringField(
        _("Authority for reconsideration"),
        [DataRequired(), Length(max=200)],
        description=_("Named in the decision, with the period for it."),
    )
    court = StringField(_("Court for a suit"), [DataRequired(), Length(max=200)])


class DropForm(Form):
    """Why an intended listing is given up."""

    reason = TextAreaField(
        _("Reason"), [DataRequired(), Length(max=500)], description=_("It stays on the page of the listing.")
    )


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
