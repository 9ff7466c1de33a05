"""Forms of the working-day calendar."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form

LONGEST_NOTICE = 20_000


class DayForm(Form):
    """One day of the calendar."""

    day = DateField(_("Day"), [InputRequired()])
    kind = SelectField(_("What the day is"), choices=[])
    name = StringField(_("Name of the day"), [Length(max=40)], description=_("For example the name of the festival."))
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class NoticeForm(Form):
    """The holidays of a year as the State Council announced them."""

    file = FileField(
        _("File"),
        description=_("The notice as text (TXT), or a table with the columns date, type, name (CSV)."),
        render_kw={"accept": ".txt,.csv"},
    )
    text = TextAreaField(
        _("Or paste the notice"),
        [Length(max=LONGEST_NOTICE)],
        description=_("All paragraphs from New Year's Day to National Day, as published."),
        render_kw={"rows": 10, "maxlength": LONGEST_NOTICE},
    )
    document = StringField(
        _("Number of the notice"),
        [DataRequired(_("Give the number of the notice.")), Length(max=200)],
        description=_("For example 国办发明电〔2026〕7号."),
    )


class ApplyForm(Form):
    """A preview, confirmed with a reason."""

    days = HiddenField()
    announced = HiddenField()
    seen = HiddenField()
    reason = StringField(_("Reason"), [DataRequired(_("Give a reason.")), Length(max=500)])


class ConfirmForm(Form):
    """The official notice of a year."""

    reason = StringField(
        _("Number of the notice"),
        [DataRequired(), Length(max=200)],
        description=_("The State Council's notice with which you compared every day of the year."),
    )
