"""Forms around accounts."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp

from supervision.web.forms import Form, SelectMultipleBoxes


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
        [DataRequired(), Length(max=128)],
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _("New password again"),
        [EqualTo("password", _("The two entries differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class PersonForm(Form):
    """Whose account it is."""

    name = StringField(_("Name"), [DataRequired(), Length(max=60)])
    department = SelectField(_("Department"), choices=[])
    certificate_number = StringField(
        _("Certificate number"),
        [Length(max=30)],
        description=_(
            "Only for inspectors: links the account to the entry in the register, so that assignments are found."
        ),
        render_kw={"autocomplete": "off"},
    )
    expert_number = StringField(
        _("Number in the register of experts"),
        [Length(max=10)],
        description=_("Only for experts: the number on the page of the entry. An expert is never an inspector too."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


class UserForm(PersonForm):
    """A new account."""

    username = StringField(
        _("User name"),
        [
            DataRequired(),
            Length(min=3, max=64),
            Regexp(r"^[a-z0-9._-]+$", message=_("Use lower-case letters, digits, dot, dash.")),
        ],
        description=_("Three or more lower-case letters, digits, dots or dashes. It never changes."),
        render_kw={"autocomplete": "off"},
    )


class ReasonForm(Form):
    """A reason for an administrator's step."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])


class CorrectionForm(PersonForm):
    """A correction of an account; the user name stays as it is."""

    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)], render_kw={"rows": 3})


OWN_PASSWORD_HELP = _("Asked again, because this step gives rights to somebody.")


class RolesForm(ReasonForm):
    """The roles of a user, confirmed with the administrator's own password."""

    roles = SelectMultipleBoxes(_("Roles"), choices=[])
    own_password = PasswordField(
        _("Your own password"),
        [DataRequired(), Length(max=128)],
        description=OWN_PASSWORD_HELP,
        render_kw={"autocomplete": "current-password"},
    )


class UnlockForm(ReasonForm):
    """Unlocking, with or without a new password."""

    new_password = PasswordField(
        _("New first password (optional)"),
        [Length(max=128)],
        render_kw={"autocomplete": "new-password"},
        description=_("Leave empty to lift the lock only. A given password must be changed at the next sign-in."),
    )
    own_password = PasswordField(
        _("Your own password"),
        [DataRequired(), Length(max=128)],
        description=OWN_PASSWORD_HELP,
        render_kw={"autocomplete": "current-password"},
    )


class EmptyForm(Form):
    """A step of one button: nothing but the token."""
