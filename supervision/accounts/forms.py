"""Forms around accounts."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp

from supervision.web.forms import Form


class SignInForm(Form):
    """User name and password."""

    username = StringField(
        _("User name"), [DataRequired(), Length(max=64)], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = PasswordField(
        _("Password"), [DataRequired(), Length(max=128)], render_kw={"autocomplete": "current-password"}
    )


class PasswordForm(Form):
    """A person's own change of password."""

    old = PasswordField(_("Present password"), [DataRequired()], render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        _("New password"),
        [DataRequired(), Length(min=12, max=128)],
        description=_("At least 12 characters; mix three of: lower case, upper case, digits, other characters."),
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _("New password again"),
        [EqualTo("password", _("The two entries differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class UserForm(Form):
    """A new account."""

    username = StringField(
        _("User name"),
        [
            DataRequired(),
            Length(min=3, max=64),
            Regexp(r"^[a-z0-9._-]+$", message=_("Use lower-case letters, digits, dot, dash.")),
        ],
    )
    name = StringField(_("Name"), [DataRequired(), Length(max=60)])
    department = SelectField(_("Department"), choices=[])


class ReasonForm(Form):
    """A reason for an administrator's step."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class RolesForm(ReasonForm):
    """The roles of a user."""

    roles = SelectMultipleField(_("Roles"), choices=[])


class UnlockForm(ReasonForm):
    """Unlocking, with or without a new password."""

    new_password = PasswordField(
        _("New first password (optional)"),
        [Length(max=128)],
        render_kw={"autocomplete": "new-password"},
        description=_("Leave empty to lift the lock only. A given password must be changed at the next sign-in."),
    )
