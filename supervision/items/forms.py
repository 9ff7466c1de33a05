"""Forms of the draft: items, check points, materials, joint items, publication."""

import re

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from supervision.items.industries import known_prefix
from supervision.items.rules import MOST_POINTS
from supervision.web.forms import Form, SelectMultipleBoxes, text

MOST_MATERIALS = 40
_PERCENTAGE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_SEPARATORS = re.compile(r"[\s,，;；、]+")


def split_codes(value: str) -> tuple[str, ...]:
    """Return the codes in a line of text, in capital letters, whatever separates them."""
    return tuple(dict.fromkeys(part.upper() for part in _SEPARATORS.split(value) if part))


def known_industries(form: Form, field: Field) -> None:  # noqa: ARG001 - WTForms' signature
    """Refuse a code that is not of the national standard."""
    unknown = [code for code in split_codes(text(field)) if not known_prefix(code)]
    if unknown:
        raise ValidationError(
            _("%(codes)s is not an industry code of GB/T 4754. Write codes such as H62.", codes="、".join(unknown))
        )


def percentage(form: Form, field: Field) -> None:  # noqa: ARG001 - WTForms' signature
    """Refuse what is not a percentage with at most two decimals."""
    if not _PERCENTAGE.fullmatch(text(field)):
        raise ValidationError(_("Write the percentage as a number such as 5 or 2.5, with at most two decimals."))


class ItemForm(Form):
    """An item of the draft."""

    version = HiddenField()
    name_zh = StringField(_("Chinese name"), [DataRequired(), Length(max=200)])
    name_en = StringField(_("English name"), [Length(max=300)])
    object_type = StringField(
        _("Objects"),
        [DataRequired(), Length(max=200)],
        description=_("Who is inspected, for example catering providers."),
    )
    method = StringField(
        _("Method"), [DataRequired(), Length(max=200)], description=_("How, for example on-site check; sampling.")
    )
    category = SelectField(_("Category"), choices=[])
    legal_basis = TextAreaField(
        _("Legal basis"),
        [Length(max=4000)],
        description=_("Name the law, regulation or rule with its article. Without it the list cannot be published."),
    )
    ratio = StringField(_("Ratio in percent"), [DataRequired(), percentage], render_kw={"inputmode": "decimal"})
    max_per_year = IntegerField(
        _("Times a year"),
        [InputRequired(), NumberRange(min=1, max=366)],
        description=_("How often at most one entity is inspected for this item in a year."),
    )
    min_inspectors = IntegerField(
        _("Fewest inspectors"),
        [InputRequired(), NumberRange(min=2, max=20)],
        description=_("The law asks for at least two of each department."),
    )
    duration_minutes = IntegerField(_("Expected minutes"), [InputRequired(), NumberRange(min=5, max=1440)])
    industries = StringField(
        _("Industries"),
        [Length(max=400), known_industries],
        description=_("Codes of GB/T 4754, for example H62、P83. Leave empty when the item applies to every industry."),
    )
    allowed_results = SelectMultipleBoxes(_("Allowed results"), choices=[])


class NewItemForm(ItemForm):
    """An item that the list has not had before."""

    code = StringField(
        _("Item code"),
        [DataRequired(), Length(max=16), Regexp(r"^[A-Z0-9]+-[0-9]{2,4}$", message=_("Write it as SCJG-17."))],
        description=_("The department's code, a hyphen and a number not used before. It never changes."),
    )


class PointRow(Form):
    """One question."""

    class Meta(Form.Meta):
        """The token is the outer form's."""

        csrf = False

    no = IntegerField(_("Order"), [Optional(), NumberRange(min=0, max=999)])
    question_zh = TextAreaField(_("Question in Chinese"), [Length(max=500)], render_kw={"rows": 2})
    question_en = TextAreaField(_("Question in English"), [Length(max=500)], render_kw={"rows": 2})
    kind = SelectField(_("Kind of answer"), choices=[])
    options = TextAreaField(
        _("Choices"),
        [Length(max=1000)],
        description=_("One a line, Chinese and English with a bar between: 符合|Compliant. Only for one of several."),
        render_kw={"rows": 3},
    )
    unit = StringField(_("Unit"), [Length(max=20)])
    minimum = StringField(_("Lower limit"), [Length(max=20)], render_kw={"inputmode": "decimal"})
    maximum = StringField(_("Upper limit"), [Length(max=20)], render_kw={"inputmode": "decimal"})
    legal_clause = StringField(_("Clause"), [Length(max=300)])
    guidance_zh = TextAreaField(_("Guidance in Chinese"), [Length(max=1000)], render_kw={"rows": 2})
    guidance_en = TextAreaField(_("Guidance in English"), [Length(max=1000)], render_kw={"rows": 2})
    veto = BooleanField(_("Veto: a failure here alone makes the item a problem"))
    photo = BooleanField(_("A photo is required"))
    remove = BooleanField(_("Remove this row"))


class PointsForm(Form):
    """All questions of an item."""

    version = HiddenField()
    rows = FieldList(FormField(PointRow), max_entries=MOST_POINTS)


class MaterialRow(Form):
    """One paper to have ready."""

    class Meta(Form.Meta):
        """The token is the outer form's."""

        csrf = False

    no = IntegerField(_("Order"), [Optional(), NumberRange(min=0, max=999)])
    name_zh = StringField(_("Chinese name"), [Length(max=300)])
    name_en = StringField(_("English name"), [Length(max=300)])
    remove = BooleanField(_("Remove this row"))


class MaterialsForm(Form):
    """All papers of an item."""

    version = HiddenField()
    rows = FieldList(FormField(MaterialRow), max_entries=MOST_MATERIALS)


class SuspendForm(Form):
    """Why an item is taken out of use or back into it."""

    version = HiddenField()
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class JointForm(Form):
    """A joint item of the draft."""

    version = HiddenField()
    name_zh = StringField(_("Chinese name"), [DataRequired(), Length(max=200)])
    name_en = StringField(_("English name"), [Length(max=300)])
    field = StringField(_("Field of supervision"), [Length(max=100)], description=_("For example catering."))
    ratio = StringField(_("Ratio in percent"), [DataRequired(), percentage], render_kw={"inputmode": "decimal"})
    industries = StringField(
        _("Industries"),
        [Length(max=400), known_industries],
        description=_("Codes of GB/T 4754, for example H62、P83. Leave empty when the item applies to every industry."),
    )
    item_codes = SelectMultipleBoxes(_("Items"), choices=[])


class NewJointForm(JointForm):
    """A joint item that the list has not had before."""

    code = StringField(
        _("Joint item code"),
        [DataRequired(), Length(max=16), Regexp(r"^[A-Z0-9]+-[0-9]{2,4}$", message=_("Write it as JOINT-19."))],
        description=_("A number not used before. It never changes."),
    )
    lead = SelectField(_("Lead department"), choices=[])


class PublishForm(Form):
    """Publication of the draft."""

    document_number = StringField(_("Document number"), [DataRequired(), Length(max=100)])
    note = TextAreaField(
        _("Remarks"), [Length(max=1000)], description=_("What this version changes and why; everybody reads it.")
    )
