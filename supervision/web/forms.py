"""Base of every HTML form: CSRF always on, text trimmed and made NFC, control characters refused."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any  # WTForms filters see raw input

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import CheckboxInput, ListWidget

from supervision.errors import DomainError
from supervision.web import database
from supervision.web.refusals import told

HIDDEN_FIELDS = frozenset({"HiddenField", "CSRFTokenField"})
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
ALLOWED_CONTROLS = frozenset("\n\r\t")
EARLIEST_YEAR, LATEST_YEAR = 1800, 2999


class SelectMultipleBoxes(SelectMultipleField):
    """Several choices as boxes to tick, which work on a phone where a multiple select does not."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def clean_text(value: Any) -> Any:
    """Trim text and bring it to NFC; other values pass."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def no_hidden_characters(form: FlaskForm, field: Field) -> None:  # noqa: ARG001 - WTForms' signature
    """Refuse control, direction and zero-width characters, which make two names look alike."""
    text = field.data if isinstance(field.data, str) else ""
    if any(unicodedata.category(char) in FORBIDDEN_CATEGORIES and char not in ALLOWED_CONTROLS for char in text):
        raise ValidationError(_("Contains invisible characters. Please type the text again instead of pasting it."))


def no_impossible_year(form: FlaskForm, field: Field) -> None:  # noqa: ARG001 - WTForms' signature
    """Refuse days of another age, which a slip of the keyboard makes of this one (0206 for 2026), as imports do."""
    if isinstance(field.data, date) and not EARLIEST_YEAR <= field.data.year <= LATEST_YEAR:
        raise ValidationError(_("The year cannot be right. Enter it with four digits, such as 2026."))


class Form(FlaskForm):
    """A form of this house."""

    class Meta(FlaskForm.Meta):
        """Apply the house's filters to every field."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Add trimming, NFC and the checks for hidden characters and impossible years to each field."""
            if issubclass(unbound_field.field_class, FormField | FieldList):
                return unbound_field.bind(form=form, **options)  # their inner fields are bound by themselves
            filters = [*unbound_field.kwargs.get("filters", []), clean_text]
            field = unbound_field.bind(form=form, filters=filters, **options)
            field.validators = [*field.validators, no_hidden_characters, no_impossible_year]
            return field


def text(field: Field) -> str:
    """Return what was typed into a text field, empty when nothing was."""
    return str(field.data or "")


def small_number(typed: str) -> int | None:
    """Return a typed row number that a database can hold, or None."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else None


def choices(pairs: Iterable[tuple[str, object]], *, empty: object | None = None) -> list[SelectChoice]:
    """Return (value, label) pairs as choices of a select field; ``empty`` labels a first choice of nothing.

    For views, where the language is known: in the body of a form class the labels would stay English.
    """
    first = [] if empty is None else [SelectChoice("", str(empty))]
    return first + [SelectChoice(value, str(label)) for value, label in pairs]


def show_refusal(form: FlaskForm, error: DomainError) -> None:
    """Undo what the request did and show a service's refusal on the field it names, else on the form's first field."""
    database.session().rollback()
    named = getattr(error, "field", "")
    visible = [field for field in form if field.type not in HIDDEN_FIELDS]
    field = form[named] if named in form else visible[0]
    field.errors = [*field.errors, told(error)]
