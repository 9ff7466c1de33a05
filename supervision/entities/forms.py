"""Forms of the register of entities."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    MonthField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from supervision.web.forms import Form, SelectMultipleBoxes

DAY_HELP = _("Year-month-day, for example 2026-03-05.")


class EntityForm(Form):
    """What is known of an entity; the two confirmations are asked for only where they are needed."""

    asks_code = False
    asks_name = False
    name = StringField(
        _("Name of entity"), [DataRequired(), Length(max=200)], description=_("Exactly as on the licence.")
    )
    uscc = StringField(
        _("Unified social credit code"),
        [Length(max=40)],
        description=_("18 characters. Leave empty only where the entity has none."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    registration_number = StringField(
        _("Registration number"),
        [Length(max=60)],
        description=_("Needed where there is no credit code; otherwise optional."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    type_code = SelectField(_("Type of entity"), [DataRequired()], choices=[])
    industry_code = SelectField(
        _("Industry"), [DataRequired()], choices=[], description=_("The most detailed code that fits (GB/T 4754).")
    )
    sub_district_code = SelectField(_("Sub-district"), [DataRequired()], choices=[])
    address = StringField(_("Address (place of business)"), [Length(max=300)])
    legal_representative = StringField(_("Legal representative"), [Length(max=100)])
    contact_phone = StringField(
        _("Contact phone"),
        [Length(max=30)],
        description=_("Internal: shown to department leads and the coordinator, never exported or published."),
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )
    business_scope = TextAreaField(_("Business scope"), [Length(max=5000)], render_kw={"rows": 4})
    registered_on = DateField(_("Registered on"), [InputRequired()], description=DAY_HELP)
    confirm_code = BooleanField(_("I have compared the code with the licence: it is written there exactly like this."))
    confirm_name = BooleanField(_("I have compared them: this is a different entity."))


class VersionedForm(Form):
    """A step on an entity as it was when the page was opened."""

    version = IntegerField(_("Version"), [InputRequired()], widget=HiddenInput())


class CorrectionForm(EntityForm, VersionedForm):
    """A correction with its reason."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class StatusForm(VersionedForm):
    """A change of status."""

    status = SelectField(_("New status"), [DataRequired()], choices=[])
    since = DateField(_("Since"), [InputRequired()], description=DAY_HELP)
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("Name the official act or document the change follows from."),
        render_kw={"rows": 3},
    )


class TagsForm(VersionedForm):
    """The tags of an entity."""

    tags = SelectMultipleBoxes(_("Tags"), [Optional()], choices=[])
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class TagForm(Form):
    """A tag of the register."""

    version = HiddenField()
    name_zh = StringField(_("Chinese name"), [DataRequired(), Length(max=60)])
    name_en = StringField(_("English name"), [Length(max=100)])
    public = BooleanField(
        _("Public: the tag may be named outside"),
        description=_("Leave it unticked where the tag says what the departments look at."),
    )
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class NewTagForm(TagForm):
    """A tag that the register has not had before."""

    code = StringField(
        _("Tag code"),
        [DataRequired(), Length(max=32), Regexp(r"^[a-z][a-z0-9-]{1,31}$", message=_("Write it as large-venue."))],
        description=_("Small letters, digits and hyphens, a letter first. It never changes."),
    )


class LowTouchForm(VersionedForm):
    """Onto the low-touch list or off it."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class DuplicateForm(Form):
    """Whether two entries are one enterprise, and which of them goes on."""

    verdict = RadioField(_("What did the comparison show?"), [DataRequired()], choices=[])
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("What you compared, for example both licences or the register of the market regulator."),
        render_kw={"rows": 3},
    )


class RiskClassForm(VersionedForm):
    """The risk class of a month."""

    risk_class = SelectField(_("Risk class"), [DataRequired()], choices=[])
    as_of = MonthField(_("Month"), [InputRequired()], description=_("Year-month, for example 2026-03."))
    source = StringField(
        _("Source"),
        [DataRequired(), Length(max=100)],
        description=_("The classification the class comes from, with its number or date."),
    )
