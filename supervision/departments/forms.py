"""Form of a department."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.web.forms import Form


class DepartmentForm(Form):
    """Names and fields."""

    version = HiddenField()
    name_zh = StringField(_("Chinese name"), [DataRequired(), Length(max=100)])
    name_en = StringField(_("English name"), [Length(max=160)])
    fields = TextAreaField(_("Fields of supervision"), [Length(max=500)])
