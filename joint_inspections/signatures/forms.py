"""Forms for signing: the enterprise's answer, an inspector's drawn signature."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from supervision.web.forms import Form

PICTURES = "image/png,image/jpeg,image/webp"
PAPERS = "image/jpeg,image/png,image/webp,application/pdf"


class PartyForm(Form):
    """What the enterprise did with the record in front of it."""

    seen = HiddenField()
    seen_samples = HiddenField()
    how = RadioField(
        _("What the enterprise did"), [InputRequired(_("Choose what the enterprise did with the record."))], choices=[]
    )
    # each way needs some of these; the service says which is missing
    name = StringField(
        _("Name of the person"),
        [Length(max=100)],
        description=_("Who stands for the enterprise. With a refusal it may stay empty."),
        render_kw={"maxlength": 100, "autocomplete": "off"},
    )
    role = StringField(
        _("Role at the enterprise"),
        [Length(max=100)],
        description=_("Such as legal representative, manager on duty."),
        render_kw={"maxlength": 100, "autocomplete": "off"},
    )
    drawing = FileField(_("Signature"), render_kw={"accept": PICTURES})
    paper = FileField(
        _("Photo or scan of the signed paper"),
        description=_("Print the record, let it be signed or sealed, photograph or scan it (PDF)."),
        render_kw={"accept": PAPERS},
    )
    reason = TextAreaField(
        _("Why it did not sign"),
        [Length(max=500)],
        description=_("In its own words if possible."),
        render_kw={"rows": 2, "maxlength": 500},
    )
    second = SelectField(
        _("Second officer who notes the refusal"),
        choices=[],
        validate_choice=False,
        description=_("A colleague of the team who was there. Two officers note a refusal."),
    )


class OwnPhoneForm(Form):
    """What a person of the enterprise says on the own phone."""

    how = RadioField(_("What you do"), [InputRequired(_("Choose one of the two."))], choices=[])
    name = StringField(
        _("Your name"),
        [Length(max=100)],
        description=_("Needed when you sign."),
        render_kw={"maxlength": 100, "autocomplete": "name"},
    )
    role = StringField(
        _("Your role at the enterprise"),
        [Length(max=100)],
        description=_("Such as legal representative, manager on duty."),
        render_kw={"maxlength": 100, "autocomplete": "organization-title"},
    )
    drawing = FileField(_("Your signature"), render_kw={"accept": PICTURES})
    reason = TextAreaField(
        _("Why you do not sign"),
        [Length(max=500)],
        description=_("In your own words. Two officers note it with the record."),
        render_kw={"rows": 3, "maxlength": 500},
    )


class ConfirmationForm(Form):
    """The second officer's own word on a refusal that a colleague noted."""

    agrees = RadioField(
        _("Did the enterprise refuse as noted?"), [InputRequired(_("Choose one of the two."))], choices=[]
    )
    remark = TextAreaField(
        _("What was otherwise"),
        [Length(max=500)],
        description=_("Only if you do not confirm. The enterprise is then asked again."),
        render_kw={"rows": 2, "maxlength": 500},
    )


class DrawingForm(Form):
    """An inspector's signature under the own section."""

    seen = HiddenField()
    drawing = FileField(
        _("Signature"), [FileRequired(_("Sign in the field, or add a picture of your signature."))],
        render_kw={"accept": PICTURES},
    )  # fmt: skip
