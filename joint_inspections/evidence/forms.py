"""Forms around evidence: files, samples, reports of laboratories."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf,audio/*"
REPORTS = "application/pdf,image/jpeg,image/png,image/webp"


class FilesForm(Form):
    """Photos, documents or sounds for one place of the form."""

    files = MultipleFileField(
        _("Files"),
        description=_("Several at once: photos (JPEG, PNG, WebP), documents (PDF), sound. Each at most 20 MB."),
        render_kw={"accept": ACCEPTED, "multiple": True},
    )
    place = SelectField(_("What they belong to"), choices=[])
    caption = StringField(
        _("Caption"),
        [Length(max=300)],
        description=_("What is to be seen, where it was."),
        render_kw={"maxlength": 300},
    )


class ReasonForm(Form):
    """Why something no longer counts."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give a reason.")), Length(max=500)],
        render_kw={"rows": 2, "maxlength": 500},
    )


class SampleForm(Form):
    """A sample that was taken along."""

    sample_place = SelectField(_("For which item"), [InputRequired(_("Choose the item."))], choices=[])
    what = StringField(
        _("What was taken"),
        [DataRequired(_("Say what was taken.")), Length(max=200)],
        description=_("With brand, batch and date of production if there are any."),
        render_kw={"maxlength": 200},
    )
    amount = StringField(
        _("How much"),
        [DataRequired(_("Say how much was taken.")), Length(max=100)],
        description=_("Such as “2 bottles of 500 ml, one kept as reserve”."),
        render_kw={"maxlength": 100},
    )
    sealed = BooleanField(_("Sealed in front of the enterprise"))
    seal_number = StringField(
        _("Number of the seal"), [Length(max=100)], description=_("Only when sealed."), render_kw={"maxlength": 100}
    )
    given_to = StringField(
        _("Given to"),
        [DataRequired(_("Say who has the sample now.")), Length(max=200)],
        description=_("The laboratory, or who keeps it."),
        render_kw={"maxlength": 200},
    )


class ResultForm(Form):
    """A report of a laboratory."""

    file = FileField(
        _("Report"),
        [FileRequired(_("Choose the report."))],
        description=_("PDF or photo."),
        render_kw={"accept": REPORTS},
    )
    laboratory = StringField(_("Laboratory"), [DataRequired(_("Name the laboratory.")), Length(max=200)])
    report_number = StringField(_("Number of the report"), [DataRequired(_("Write the number.")), Length(max=100)])
    reported_on = DateField(_("Day of the report"), [InputRequired(_("Enter the day of the report."))])
    verdict = RadioField(_("Conclusion"), [InputRequired(_("Choose the conclusion."))], choices=[])
    summary = TextAreaField(_("What was found"), [Length(max=1000)], render_kw={"rows": 3, "maxlength": 1000})
