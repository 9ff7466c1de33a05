"""How one wants to be told, and the gateways."""

from flask_babel import lazy_gettext as _
from wtforms import EmailField, SelectField, StringField, TextAreaField, TimeField, URLField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from supervision.web.forms import Form

# plain addresses only: signs with a meaning in the head of a mail name several people, or nobody
ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z"


class WishesForm(Form):
    """How somebody wants to be told outside the platform."""

    email = EmailField(
        _("Mail address"),
        [Optional(), Length(max=200), Regexp(ADDRESS, message=_("Enter an address such as name@example.gov.cn."))],
        description=_("We send a link there; mail goes out once you have opened it."),
    )
    channel = SelectField(_("Messenger or text message"), choices=[], validate_choice=False)
    channel_address = StringField(_("Your number or name there"), [Length(max=100)], render_kw={"autocomplete": "off"})
    quiet_from = TimeField(_("Quiet from"), [Optional()], description=_("Only what is urgent goes out then."))
    quiet_until = TimeField(_("Quiet until"), [Optional()])
    daily_at = TimeField(
        _("Everything once a day at"),
        [Optional()],
        description=_("Leave it empty to be told as things come. What is urgent never waits."),
    )


class ChannelForm(Form):
    """A new gateway."""

    code = StringField(
        _("Code"),
        [DataRequired(), Length(max=32), Regexp(r"^[a-z][a-z0-9-]*$", message=_("Small letters, digits and hyphens."))],
    )
    name_zh = StringField(_("Name in Chinese"), [DataRequired(), Length(max=60)])
    name_en = StringField(_("Name in English"), [Length(max=60)])
    url = URLField(_("Address"), [DataRequired(), Length(max=300)])
    shape = SelectField(_("What it is"), choices=[])


class EndChannelForm(Form):
    """Why a gateway is no longer used."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})
