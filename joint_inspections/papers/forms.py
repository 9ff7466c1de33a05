"""Forms for issuing papers, and for what inspectors write down on site."""

from flask_babel import lazy_gettext as _
from wtforms import (
    DateTimeLocalField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from supervision.web.forms import Form

MOST_ROWS = 60
LONG, LONGEST = 1000, 4000


class IssueForm(Form):
    """Why a paper that holds is superseded, and what an order to correct demands."""

    reason = TextAreaField(_("Why another paper takes its place"), [Length(max=500)], render_kw={"rows": 2})
    demand = TextAreaField(
        _("What is to be done"),
        [Length(max=LONG)],
        description=_("Leave it empty to order that the conduct stops, is corrected and reported with evidence."),
        render_kw={"rows": 3, "maxlength": LONG},
    )


class EntryForm(Form):
    """What every record written on site says."""

    base = HiddenField()
    started_at = DateTimeLocalField(_("Begun at"), [InputRequired(_("Say when it began."))])
    ended_at = DateTimeLocalField(_("Ended at"), [InputRequired(_("Say when it ended."))])
    place = StringField(_("Place"), [DataRequired(_("Say where.")), Length(max=200)])
    first = SelectField(_("Inspector who does it"), [InputRequired(_("Choose the inspector."))], choices=[])
    second = SelectField(_("Inspector who writes it down"), [InputRequired(_("Choose the inspector."))], choices=[])


def _reason() -> TextAreaField:
    return TextAreaField(
        _("Why it changes after it was signed"), [Length(max=500)], render_kw={"rows": 2, "maxlength": 500}
    )


class QuestionRow(Form):
    """One question and its answer."""

    class Meta(Form.Meta):
        """The token is the outer form's."""

        csrf = False

    question = TextAreaField(_("Question asked"), [Length(max=LONG)], render_kw={"rows": 2, "maxlength": LONG})
    answer = TextAreaField(_("Answer given"), [Length(max=LONGEST)], render_kw={"rows": 3, "maxlength": LONGEST})


class QuestioningForm(EntryForm):
    """A questioning: who was asked what, and what was answered."""

    person_name = StringField(_("Person questioned"), [DataRequired(_("Name the person.")), Length(max=80)])
    person_role = StringField(
        _("Unit and position of the person"), [DataRequired(_("Say who it is.")), Length(max=120)]
    )
    recusal = StringField(
        _("Recusal asked for"),
        [Length(max=300)],
        description=_("Of whom and why. Leave it empty when the person asked for none."),
    )
    rows = FieldList(FormField(QuestionRow), max_entries=MOST_ROWS)
    reason = _reason()


class InquestForm(EntryForm):
    """An inquest: a place looked at, with those present."""

    weather = StringField(_("Weather"), [Length(max=80)])
    present = TextAreaField(
        _("The party and those present"),
        [DataRequired(_("Say who was present.")), Length(max=500)],
        description=_("Name and position of each; a line for each."),
        render_kw={"rows": 3, "maxlength": 500},
    )
    found = TextAreaField(
        _("Course and findings"),
        [DataRequired(_("Say what was found.")), Length(max=LONGEST)],
        render_kw={"rows": 8, "maxlength": LONGEST},
    )
    sketches = TextAreaField(
        _("Sketches and photographs"),
        [Length(max=LONG)],
        description=_("Number and subject of each; a line for each."),
        render_kw={"rows": 3, "maxlength": LONG},
    )
    reason = _reason()


class SampleRow(Form):
    """One sample."""

    class Meta(Form.Meta):
        """The token is the outer form's."""

        csrf = False

    name = StringField(_("Name of the sample"), [Length(max=200)])
    batch = StringField(_("Kind, batch or day of production"), [Length(max=120)])
    base = StringField(_("Taken out of"), [Length(max=60)])
    quantity = StringField(_("Quantity taken"), [Length(max=100)])
    seal = StringField(_("Seal number"), [Length(max=100)])
    recipient = StringField(_("Recipient (laboratory)"), [Length(max=200)])


class SamplingForm(EntryForm):
    """A sampling: what was taken, how it was sealed and who received it."""

    present = TextAreaField(
        _("The party and those present"),
        [DataRequired(_("Say who was present.")), Length(max=500)],
        description=_("Name and position of each; a line for each."),
        render_kw={"rows": 3, "maxlength": 500},
    )
    method = TextAreaField(
        _("Method, storage and transport"),
        [DataRequired(_("Say how samples were taken and kept.")), Length(max=LONG)],
        render_kw={"rows": 3, "maxlength": LONG},
    )
    rows = FieldList(FormField(SampleRow), max_entries=MOST_ROWS)
    remarks = TextAreaField(_("Remarks"), [Length(max=LONG)], render_kw={"rows": 2, "maxlength": LONG})
    reason = _reason()


class SigningForm(Form):
    """What the person concerned did with the record."""

    state = RadioField(_("What became of it"), [InputRequired(_("Choose what became of it."))], choices=[])
    name = StringField(
        _("Who signed or refused"),
        [DataRequired(_("Name the person.")), Length(max=100)],
        description=_("Name and position."),
    )
    note = TextAreaField(_("Reason given for refusing"), [Length(max=500)], render_kw={"rows": 2, "maxlength": 500})
    second = SelectField(_("Second officer who saw the refusal"), choices=[])
    seen = HiddenField()
