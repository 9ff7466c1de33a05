"""What people type about second looks."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form, SelectMultipleBoxes


class QuarterForm(Form):
    """Which quarter's finished visits are frozen."""

    quarter = SelectField(_("Quarter"), [DataRequired()])


class SealForm(Form):
    """The digest of a number; the number itself stays with whoever made it."""

    digest = StringField(
        _("Digest of your number"),
        [DataRequired(), Length(max=80)],
        description=_("64 digits 0-9 and letters a-f. Only this is sent; your number stays with you."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class OpenForm(Form):
    """The number that was sealed."""

    secret = StringField(
        _("Your number"),
        [DataRequired(), Length(max=80)],
        description=_("The 64 digits and letters that you noted when you sealed it."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class DropForm(Form):
    """Why a choice is dropped."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class ReviewerForm(Form):
    """Who looks at the evidence at a desk."""

    reviewer = SelectField(
        _("Desk reviewer"),
        [DataRequired()],
        description=_("Listed are reviewers of the departments concerned who had no part in the first look."),
    )


class OrderForm(Form):
    """Another team goes to the enterprise."""

    lead = SelectField(_("Lead department"), [DataRequired(_("Choose the department that leads."))])
    items = SelectMultipleBoxes(_("Items"), [InputRequired(_("Choose at least one item."))], choices=[])
    planned_on = DateField(_("Day of the visit"), [InputRequired(_("Choose a day."))])


class DeskForm(Form):
    """What the evidence shows; results and notes of items are read from the request by their codes."""

    confirmed = HiddenField(default="1")


class ExplainForm(Form):
    """How a difference came about."""

    cause = RadioField(_("How it came about"), [DataRequired(_("Choose one of them."))])
    text = TextAreaField(_("In your words"), [DataRequired(), Length(max=1000)], render_kw={"rows": 3})
