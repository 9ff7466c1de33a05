"""What an enterprise types on its phone."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from joint_inspections.codes.rules import BEST, Breach, Question
from supervision.web.forms import Form, SelectMultipleBoxes, choices

MARKS = choices((str(mark), mark) for mark in range(BEST, 0, -1))


class ArrivalForm(Form):
    """Who stands at the door."""

    as_announced = RadioField(_("Who has come"), [InputRequired(_("Choose one of the two."))], choices=[])
    remark = TextAreaField(
        _("What differs"),
        [Length(max=500)],
        description=_("People, certificates, items or day; only if something differs."),
        render_kw={"rows": 3, "maxlength": 500},
    )


def _question(question: Question) -> RadioField:
    return RadioField(_(question.label), [InputRequired(_("Give a mark."))], choices=MARKS)


class RatingForm(Form):
    """The marks, what must not have happened, and a remark."""

    lawful = _question(Question.LAWFUL)
    clear = _question(Question.CLEAR)
    sparing = _question(Question.SPARING)
    fair = _question(Question.FAIR)
    breaches = SelectMultipleBoxes(
        _("Did any of this happen?"),
        choices=[],
        description=_("Tick only what did. Enforcement oversight reads it and follows it up."),
    )
    comment = TextAreaField(
        _("What you want to add"),
        [Length(max=1000)],
        description=_("Read by enforcement oversight alone, never by the departments that came."),
        render_kw={"rows": 4, "maxlength": 1000},
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.breaches.choices = choices([(one.value, gettext(one.label)) for one in Breach])


class ReplyForm(Form):
    """An answer to the result."""

    text = TextAreaField(
        _("Your answer to the result"),
        [DataRequired(_("Write your answer.")), Length(max=2000)],
        description=_("Read by the departments that came and their reviewers. It is not published."),
        render_kw={"rows": 6, "maxlength": 2000},
    )
    signed_by = StringField(
        _("Your name and position"),
        [DataRequired(_("Give your name and position.")), Length(max=80)],
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
