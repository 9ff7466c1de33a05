"""Form of a department."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from supervision.web.forms import Form


class DepartmentForm(Form):
    """Names, fields and telephone."""

    version = HiddenField()
    name_zh = StringField(_("Chinese name"), [DataRequired(), Length(max=100)])
    name_en = StringField(_("English name"), [Length(max=160)])
    phone = StringField(
        _("Telephone for inspected entities"),
        [
            Optional(),
            Length(max=40),
            Regexp(
                r"^\+?[0-9][0-9 ()\-]{4,}([;、,，转] ?[0-9 ()\-]+)*$",
                message=_("Write a telephone number such as 021-0000-1234."),
            ),
        ],
        description=_("Printed on inspection notices, so that an enterprise can ask before it opens the door."),
        render_kw={"inputmode": "tel"},
    )
    fields = TextAreaField(_("Fields of supervision"), [Length(max=500)])


class NewDepartmentForm(DepartmentForm):
    """A department to be entered, with its code."""

    code = StringField(
        _("Code"),
        [DataRequired(), Length(max=16)],
        filters=[lambda typed: typed.strip().upper() if isinstance(typed, str) else typed],
        description=_("2 to 16 letters or digits, a letter first. It never changes: draws and items refer to it."),
        render_kw={"autocomplete": "off"},
    )
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


class StateForm(Form):
    """Suspending or resuming a department as it was when the page was opened."""

    version = HiddenField()
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})
