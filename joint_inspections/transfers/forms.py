"""Forms around transfers; their pages send along the version they showed."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form, SelectMultipleBoxes

LONGEST, SHORT = 2000, 500


class SendForm(Form):
    """A clue to be handed over."""

    receiver = SelectField(_("Receiver"), [InputRequired(_("Choose who is to receive it."))], choices=[])
    kind = RadioField(_("What is handed over"), [InputRequired(_("Choose what is handed over."))], choices=[])
    item = SelectField(_("Item of the inspection"), choices=[])
    facts = TextAreaField(
        _("Facts found"),
        [DataRequired(_("Say what was found.")), Length(max=LONGEST)],
        description=_("What was found where and when; only what the receiver needs to know."),
        render_kw={"rows": 6, "maxlength": LONGEST},
    )
    clause = TextAreaField(
        _("Provision concerned"),
        [DataRequired(_("Name the provision.")), Length(max=SHORT)],
        render_kw={"rows": 2, "maxlength": SHORT},
    )
    wish = TextAreaField(
        _("What is asked"),
        [Length(max=SHORT)],
        description=_("Left empty, the letter asks for an answer within the deadline and nothing else."),
        render_kw={"rows": 2, "maxlength": SHORT},
    )
    files = SelectMultipleBoxes(
        _("Evidence that goes along"),
        choices=[],
        description=_("The receiver sees the files ticked here and no other file of the visit."),
    )


class ReturnForm(Form):
    """Why a clue is returned."""

    reason_code = SelectField(_("Reason"), [InputRequired(_("Choose a reason."))], choices=[])
    why = TextAreaField(
        _("Why, and who is in charge instead"),
        [DataRequired(_("Say why, and who is in charge instead.")), Length(max=SHORT)],
        render_kw={"rows": 3, "maxlength": SHORT},
    )


class RouteForm(Form):
    """Where a returned clue goes."""

    goes_to = SelectField(_("It goes to"), [InputRequired(_("Choose where it goes."))], choices=[])
    grounds = TextAreaField(
        _("On what this rests"),
        [DataRequired(_("Say on what this rests.")), Length(max=SHORT)],
        render_kw={"rows": 3, "maxlength": SHORT},
    )


class PassForm(Form):
    """To whom a claimed clue is handed on."""

    passes_to = SelectField(_("It goes to"), [InputRequired(_("Choose where it goes."))], choices=[])
    passing = TextAreaField(
        _("Why another department is in charge"),
        [DataRequired(_("Say why another department is in charge.")), Length(max=SHORT)],
        render_kw={"rows": 3, "maxlength": SHORT},
    )


class MoreTimeForm(Form):
    """Why more time is necessary."""

    more_time = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why.")), Length(max=SHORT)],
        render_kw={"rows": 3, "maxlength": SHORT},
    )


class WithdrawalForm(Form):
    """Why a transfer is withdrawn."""

    withdrawal = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why.")), Length(max=SHORT)],
        render_kw={"rows": 3, "maxlength": SHORT},
    )


class ExtensionForm(Form):
    """Whether more time is granted."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose a decision."))], choices=[])
    remark = TextAreaField(_("Remark"), [Length(max=SHORT)], render_kw={"rows": 2, "maxlength": SHORT})


class AnswerForm(Form):
    """The answer to a transfer."""

    outcome = RadioField(_("Outcome of the clue"), [InputRequired(_("Choose what came of it."))], choices=[])
    number = StringField(
        _("Number of the case or letter"),
        [Length(max=100)],
        description=_("Needed where a case was opened or the matter was handed on."),
    )
    no_case = SelectField(_("Why no case is opened"), choices=[])
    clause = TextAreaField(
        _("Provision on which this rests"),
        [Length(max=SHORT)],
        description=_("Needed where no case is opened."),
        render_kw={"rows": 2, "maxlength": SHORT},
    )
    body = StringField(
        _("Body outside the platform"), [Length(max=200)], description=_("Needed where it was handed on.")
    )
    text = TextAreaField(
        _("What was found out and done"),
        [DataRequired(_("Say what was found out and done.")), Length(max=LONGEST)],
        render_kw={"rows": 4, "maxlength": LONGEST},
    )
