"""What an expert types."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from joint_inspections.expert_opinions.rules import LONGEST_TEXT
from supervision.web.forms import Form


class OpinionForm(Form):
    """A word on an item or on the whole."""

    item = SelectField(_("What it is about"), choices=[])
    text = TextAreaField(
        _("Your opinion"),
        [DataRequired(_("Write your opinion.")), Length(max=LONGEST_TEXT)],
        description=_("What you saw, what you judge and on which grounds. What follows from it the inspectors decide."),
        render_kw={"rows": 8, "maxlength": LONGEST_TEXT},
    )


class FilesForm(Form):
    """Photos or documents for an opinion."""

    files = MultipleFileField(
        _("Files"),
        description=_("Photos (JPEG, PNG, WebP) or documents (PDF). Each at most 20 MB."),
        render_kw={"accept": "image/jpeg,image/png,image/webp,application/pdf", "multiple": True},
    )
    file_item = SelectField(_("What they belong to"), choices=[])
    caption = StringField(
        _("Caption"),
        [Length(max=200)],
        description=_("What is to be seen, where it was."),
        render_kw={"maxlength": 200},
    )


class SignForm(Form):
    """The digest of what was read before signing."""

    seen = HiddenField()
