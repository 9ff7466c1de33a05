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
