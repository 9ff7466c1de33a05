"""Forms of the builder: one check point, the standard wordings, copying, a file."""

from collections.abc import Iterable
from typing import Any  # texts by column

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from supervision.items.forms import PointRow
from supervision.items.rules import MOST_PHRASES, MOST_POINTS, AnswerKind, PhraseContent, PointContent
from supervision.web.forms import Form, SelectMultipleBoxes, text

# which field a refusal of the rules speaks of
POINT_FIELDS = {
    "no-question": "question_zh",
    "question-twice": "question_zh",
    "few-options": "options",
    "limits-without-number": "minimum",
    "limits-crossed": "minimum",
    "limit-not-a-number": "minimum",
}


class PointForm(PointRow):
    """One check point with its place in the form."""

    class Meta(Form.Meta):
        """A form of its own, with its own token."""

        csrf = True

    version = HiddenField()
    no = IntegerField(
        _("Place in the form"), [InputRequired(_("Say where it stands, for example 1.")), NumberRange(1, MOST_POINTS)]
    )
    remove = None  # type: ignore[assignment]  # how WTForms leaves out a field of the base


class PhraseRow(Form):
    """One standard wording."""

    class Meta(Form.Meta):
        """The token is the outer form's."""

        csrf = False

    no = IntegerField(_("Order"), [Optional(), NumberRange(min=0, max=999)])
    text_zh = StringField(_("Wording in Chinese"), [Length(max=300)])
    text_en = StringField(_("Wording in English"), [Length(max=300)])


class PhrasesForm(Form):
    """All standard wordings of an item; an emptied row is taken out."""

    version = HiddenField()
    rows = FieldList(FormField(PhraseRow), max_entries=MOST_PHRASES)


class CopyForm(Form):
    """What is copied from another item."""

    version = HiddenField()
    points = SelectMultipleBoxes(_("Check points"), choices=[])
    phrases = SelectMultipleBoxes(_("Standard wordings"), choices=[])


class FormFileForm(Form):
    """A form file and the item its questions are for."""

    file = FileField(_("File (.xlsx)"), [FileRequired(_("Choose a file."))])
    item = SelectField(_("For which item"), choices=[])


class TakeForm(Form):
    """The decision to take a form file; ``versions`` are the items as the preview showed them."""

    versions = HiddenField()
    seen = BooleanField(_("I have read what will be left out"))


def point_values(point: PointContent, *, place: int) -> dict[str, object]:
    """Return a check point as the form shows it."""
    values = {name: getattr(point, name) for name in PointContent.__slots__}
    return {**values, "kind": point.kind.value, "options": "\n".join(point.options), "no": place}


def typed_point(form: PointForm) -> PointContent:
    """Return what was typed; what belongs to another kind of answer is not kept, as the form hides it."""
    names = set(PointContent.__slots__) - {"kind", "options", "veto", "photo"}
    texts: dict[str, Any] = {name: text(form[name]) for name in names}
    kind = AnswerKind(form.kind.data)
    if kind is not AnswerKind.NUMBER:
        texts |= dict.fromkeys(("unit", "minimum", "maximum"), "")
    lines = [line.strip() for line in text(form.options).splitlines()] if kind is AnswerKind.CHOICE else []
    return PointContent(
        kind=kind,
        options=tuple(filter(None, lines)),
        veto=bool(form.veto.data),
        photo=bool(form.photo.data),
        **texts,
    )


def phrase_rows(phrases: Iterable[PhraseContent], *, blank: int) -> list[dict[str, object]]:
    """Return the wordings as the form shows them, with empty rows to add some."""
    rows: list[dict[str, object]] = [
        {"no": no, "text_zh": one.text_zh, "text_en": one.text_en} for no, one in enumerate(phrases, 1)
    ]
    count = len(rows)
    return (rows + [{"no": count + number} for number in range(1, blank + 1)])[:MOST_PHRASES]


def typed_phrases(form: PhrasesForm) -> tuple[PhraseContent, ...]:
    """Return the wordings typed, in the order of their numbers."""
    rows = [row.form for row in form.rows if text(row.form.text_zh) or text(row.form.text_en)]
    ordered = sorted(rows, key=lambda one: one.no.data or 0)
    return tuple(PhraseContent(text(row.text_zh), text(row.text_en)) for row in ordered)
