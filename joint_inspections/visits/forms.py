"""Forms around visits."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form


class RecusalForm(Form):
    """An inspector declares a relation to the entity."""

    reason = RadioField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    statement = TextAreaField(
        _("What the relation is"),
        [DataRequired(_("Say in a sentence what the relation is.")), Length(max=500)],
        description=_("Only the head of your department reads this."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class DecisionForm(Form):
    """The head decides a recusal."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose one of the two."))], choices=[])
    note = TextAreaField(
        _("Grounds of the decision"),
        [Length(max=500)],
        description=_("Needed when the recusal is refused."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class OverrideForm(Form):
    """Oversight lets an inspection go ahead beyond the yearly cap."""

    reason = RadioField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    note = TextAreaField(
        _("What makes this inspection necessary"),
        [DataRequired(_("Say what makes this inspection necessary.")), Length(max=500)],
        description=_("Shown on the page of the visit and kept in the log."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class DayForm(Form):
    """The leader puts the visit on another day."""

    planned_on = DateField(_("New day"), [InputRequired(_("Choose a day."))])
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why the day changes.")), Length(max=500)],
        render_kw={"rows": 3, "maxlength": 500},
    )


class CapRefusalForm(Form):
    """Oversight says that an inspection does not go beyond the yearly cap."""

    grounds = TextAreaField(
        _("Why it does not go beyond the cap"),
        [DataRequired(_("Say why it does not go beyond the cap.")), Length(max=500)],
        description=_("Shown on the page of the visit and kept in the log."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class EndingForm(Form):
    """The lead proposes that an inspection which its task left undone is not carried out."""

    reason = RadioField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    note = TextAreaField(
        _("What prevented the inspection"),
        [DataRequired(_("Say what prevented the inspection.")), Length(max=500)],
        description=_("Shown on the page of the visit and kept in the log. The public reads the reason only."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class EndingDecisionForm(Form):
    """The head or oversight answers that proposal."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose one of the two."))], choices=[])
    note = TextAreaField(
        _("Grounds of the decision"),
        [Length(max=500)],
        description=_("Needed when the inspection is still to be made."),
        render_kw={"rows": 3, "maxlength": 500},
    )
