"""What is typed about orders to inspect."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from supervision.web.forms import Form, SelectMultipleBoxes

ROWS = {"rows": 4, "maxlength": 1000}


class EntityForm(Form):
    """Which enterprise is to be inspected."""

    unit_id = StringField(
        _("Credit code or registration number"),
        [DataRequired(_("Enter the credit code or registration number.")), Length(max=40)],
        description=_("It stands on the page of the enterprise in the register."),
    )


class OrderForm(Form):
    """An order to inspect one enterprise."""

    ground = RadioField(_("Ground"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    facts = TextAreaField(
        _("What must be looked at"),
        [DataRequired(_("Say what must be looked at, without naming who told it.")), Length(max=1000)],
        description=_(
            "The facts, for the heads and the team. Do not write who complained, nor anything that leads to them: the "
            "enterprise must never learn it."
        ),
        render_kw=ROWS,
    )
    lead = SelectField(_("Lead department"), [InputRequired(_("Choose the department that leads."))], choices=[])
    items = SelectMultipleBoxes(_("Items"), [InputRequired(_("Choose at least one item."))], choices=[])
    planned_on = DateField(_("Day of the visit"), [InputRequired(_("Choose a day."))])
    urgent = BooleanField(
        _("Urgent: the team goes today on the oral approval of the head"),
        description=_("Only for danger or loss that cannot wait. Everything is completed in writing afterwards."),
    )
    oral_by = SelectField(_("Head who approved orally"), [Optional()], choices=[])
    oral_at = DateTimeLocalField(_("Approved orally at"), [Optional()])


class DecisionForm(Form):
    """A head decides on an order."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose one of the two."))], choices=[])
    note = TextAreaField(
        _("Grounds of the decision"),
        [Length(max=500)],
        description=_("Needed when the order is refused."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class CancelForm(Form):
    """An order is taken back."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give a reason; it is kept in the audit log.")), Length(max=500)],
        render_kw={"rows": 3, "maxlength": 500},
    )


class ReplaceForm(Form):
    """Somebody of the team is replaced by the machine."""

    ground = RadioField(_("Ground"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    evidence = TextAreaField(
        _("What it rests on"),
        [Length(max=500)],
        description=_(
            "Needed for a recusal decided by the head and for an urgent duty; the others stand in registers."
        ),
        render_kw={"rows": 3, "maxlength": 500},
    )
