"""Forms around imports."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form


class UploadForm(Form):
    """The file of a register."""

    file = FileField(
        _("File"),
        [FileRequired(_("Choose a file."))],
        description=_("XLSX, or CSV in UTF-8 or GB 18030; at most 64 MB and 200,000 rows."),
        render_kw={"accept": ".xlsx,.csv,.tsv,.txt"},
    )


class DecisionForm(Form):
    """What to take of a checked file."""

    policy = RadioField(_("What is taken"), [DataRequired(_("Choose what is taken."))], choices=[])
    confirm_warnings = BooleanField(_("I have compared the rows with warnings; they are right."))
    reason = TextAreaField(
        _("How did you make sure?"),
        [Length(max=500)],
        description=_("Needed only when you confirm warnings; kept in the audit log."),
    )


class DiscardForm(Form):
    """Nothing but the token."""
