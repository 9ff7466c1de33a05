"""Reading the form of many items, and the small forms around a record.

The fields of an item are named after it (``i12-checked``, ``i12-p34``), because the items of a form come from the plan.
"""

import unicodedata
from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from joint_inspections.records.entries import Answer, ItemEntry, SentItem
from joint_inspections.records.models import ItemResult
from joint_inspections.records.rules import LONGEST_ANSWER, LONGEST_TEXT, NOT_APPLICABLE, Disposal
from supervision.errors import Invalid
from supervision.labels import N_
from supervision.web.forms import ALLOWED_CONTROLS, FORBIDDEN_CATEGORIES, Form, SelectMultipleBoxes, clean_text

Sent = MultiDict[str, str]


class OutcomeForm(Form):
    """How the visit went."""

    outcome = SelectField(_("Outcome of the visit"), [InputRequired(_("Choose how the visit went."))], choices=[])
    note = TextAreaField(
        _("What happened"),
        [Length(max=1000)],
        description=_("Needed unless the visit was carried out."),
        render_kw={"rows": 2, "maxlength": 1000},
    )


class ReopenForm(Form):
    """Why a signed section is opened again."""

    reason = TextAreaField(
        _("Reason"), [DataRequired(_("Say why the section is opened again.")), Length(max=500)], render_kw={"rows": 2}
    )


class ReviewForm(Form):
    """The reviewer's decision; there is nothing here to edit the record with."""

    decision = RadioField(_("Decision"), [InputRequired(_("Choose one of the two."))], choices=[])
    # an approval sends none; the service checks what a return sends
    reason = SelectField(
        _("Reason for returning it"), choices=[], validate_choice=False, description=_("Only when you return it.")
    )
    faults = SelectMultipleBoxes(
        _("What must be mended"),
        choices=[],
        validate_choice=False,
        description=_("Only when you return it. These parts open again; the others keep their signatures."),
    )
    note = TextAreaField(
        _("Note to the team"),
        [Length(max=1000)],
        description=_("Say what must be completed or checked again."),
        render_kw={"rows": 3, "maxlength": 1000},
    )


class CorrectionForm(Form):
    """Why an approved record must be corrected."""

    reason = RadioField(_("Reason"), [InputRequired(_("Choose a reason from the list."))], choices=[])
    note = TextAreaField(
        _("What is wrong and how it was found"),
        [DataRequired(_("Say what is wrong.")), Length(max=1000)],
        render_kw={"rows": 3, "maxlength": 1000},
    )


def read_items(sent: Sent, rows: Iterable[ItemResult]) -> list[SentItem]:
    """Read what a page sent for the items it showed; items it did not show stay out."""
    return [
        SentItem(read_item(sent, row), sent.get(f"i{row.item_id}-loaded", "")[:64])
        for row in rows
        if f"i{row.item_id}-loaded" in sent
    ]


def read_item(sent: Sent, row: ItemResult) -> ItemEntry:
    """Read one item; anything not offered by the page counts as not chosen."""
    prefix = f"i{row.item_id}"
    allowed = set(row.item.allowed_results)
    disposal = sent.get(f"{prefix}-disposal", "")
    return ItemEntry(
        item_id=row.item_id,
        checked={"yes": True, "no": False}.get(sent.get(f"{prefix}-checked", "")),
        result=_chosen(sent.get(f"{prefix}-result", ""), allowed),
        further=_chosen(sent.get(f"{prefix}-further", ""), allowed),
        problem=_with_phrases(_text(sent, f"{prefix}-problem"), _phrases(sent, f"{prefix}-phrase")),
        unchecked_reason=_text(sent, f"{prefix}-why", longest=LONGEST_ANSWER),
        disposal=Disposal(disposal) if disposal in set(Disposal) else None,
        answers=tuple(_answer(sent, f"{prefix}-p{point.id}", point.id) for point in row.item.check_points),
    )


def _answer(sent: Sent, name: str, point_id: int) -> Answer:
    value = _text(sent, name, longest=LONGEST_ANSWER)
    if sent.get(f"{name}-na"):
        value = NOT_APPLICABLE
    return Answer(point_id, value, _text(sent, f"{name}-note", longest=LONGEST_ANSWER))


def _chosen(value: str, allowed: set[str]) -> str | None:
    return value if value in allowed else None


def _text(sent: Sent, name: str, *, longest: int = LONGEST_TEXT) -> str:
    # invisible characters come with pasting; at the door nobody can find them, so they are left out
    typed = "".join(char for char in sent.get(name, "") if not _hidden(char))
    text = str(clean_text(typed)).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > longest:
        raise Invalid("too-long", N_("A text is longer than %(most)s characters. Shorten it."), most=longest)
    return text


def _phrases(sent: Sent, name: str) -> list[str]:
    """Return the ticked wordings, cleaned as typed text is."""
    return ["".join(char for char in phrase if not _hidden(char))[:LONGEST_ANSWER] for phrase in sent.getlist(name)]


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in FORBIDDEN_CATEGORIES and char not in ALLOWED_CONTROLS


def _with_phrases(problem: str, phrases: Iterable[str]) -> str:
    """Add ticked standard wordings that the text does not hold yet, one a line."""
    lines = [problem] if problem else []
    lines += [phrase for phrase in map(str.strip, phrases) if phrase and phrase not in problem]
    text = "\n".join(lines)
    if len(text) > LONGEST_TEXT:
        raise Invalid("too-long", N_("A text is longer than %(most)s characters. Shorten it."), most=LONGEST_TEXT)
    return text
