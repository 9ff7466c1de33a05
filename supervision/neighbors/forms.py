"""Forms of borrowing inspectors."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from supervision.web.forms import Form, SelectMultipleBoxes


class AskForm(Form):
    """How many are needed, and why."""

    wanted = IntegerField(
        _("How many inspectors"),
        [InputRequired(), NumberRange(min=1, max=999)],
        description=_("Only the number: the neighboring area decides whom it lends, and the machine draws who goes."),
    )
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("Why the department's own inspectors do not suffice, and what was tried."),
        render_kw={"rows": 3},
    )


class AnswerForm(Form):
    """What the neighboring area answered, with its document."""

    version = HiddenField()
    area_code = SelectField(_("Neighboring area"), [DataRequired()], choices=[])
    lending_department = StringField(
        _("Lending department"), [DataRequired(), Length(max=100)], description=_("Its full name, as in the document.")
    )
    granted = IntegerField(_("Number of inspectors lent"), [InputRequired(), NumberRange(min=1, max=999)])
    document_number = StringField(_("Number of the document"), [DataRequired(), Length(max=60)])
    document_on = DateField(_("Day of the document"), [InputRequired()])
    note = TextAreaField(_("Where the original is kept"), [DataRequired(), Length(max=500)], render_kw={"rows": 2})
    proof = FileField(
        _("The document itself"),
        description=_("A PDF, JPEG or PNG of at most 5 MB. It is kept as it came, with its digest."),
    )


class RefusalForm(Form):
    """Why nobody is lent."""

    version = HiddenField()
    note = TextAreaField(
        _("Reason"),
        [DataRequired(), Length(max=500)],
        description=_("Which areas were asked and what they answered, or why nobody is needed any more."),
        render_kw={"rows": 3},
    )


class PersonForm(Form):
    """Somebody whom the area lends."""

    certificate_number = StringField(
        _("Certificate number"),
        [DataRequired(), Length(max=30)],
        description=_("As printed on the enforcement certificate: 5 to 20 letters or digits."),
    )
    name = StringField(_("Name"), [DataRequired(), Length(max=60)])
    certificate_valid_until = DateField(_("Certificate valid until"), [InputRequired()])
    issuing_body = StringField(_("Issuing body"), [Length(max=100)])
    starts_on = DateField(_("Lent from"), [InputRequired()])
    ends_on = DateField(_("Lent until"), [InputRequired()])
    qualified = BooleanField(
        _("The area's document says that this person is qualified for every item of the request"), [DataRequired()]
    )


class EndForm(Form):
    """Whose loan is over, and why."""

    loans = SelectMultipleBoxes(_("Whose loan is over"), choices=[])
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})
