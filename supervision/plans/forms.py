"""Forms of plans and tasks. Forms whose fields depend on the plan are made by functions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from supervision.plans.rules import FEWEST_INSPECTORS, LARGEST_NUMBER
from supervision.web.forms import Form, SelectMultipleBoxes

PART = "part-"
PER_TEAM = "per-team-"


class DraftForm(Form):
    """A page of a draft; remembers which state of the draft it shows."""

    revision = HiddenField()


class ItemsForm(DraftForm):
    """What is inspected: a joint item that the own department leads, or items of its own."""

    kind = RadioField(_("Kind of plan"), [InputRequired(_("Choose one."))], choices=[])
    joint_item = SelectField(
        _("Joint item"),
        choices=[],
        description=_("For a joint plan. The list of joint items names the cooperating departments and their items."),
    )
    items = SelectMultipleBoxes(
        _("Items of your department"),
        choices=[],
        description=_("For a plan of your own department. Only items of the published list can be chosen."),
    )


class PeriodForm(DraftForm):
    """Title and period."""

    title = StringField(_("Title"), [DataRequired(), Length(max=200)])
    description = TextAreaField(
        _("Description"),
        [Length(max=2000)],
        description=_("Purpose and range in one or two sentences. It is published with the plan."),
    )
    starts_on = DateField(_("Begins on"), [InputRequired()])
    ends_on = DateField(_("Ends on"), [InputRequired()])
    late_ground = SelectField(_("Why it is published late"), choices=[])
    late_note = TextAreaField(
        _("The facts behind it"),
        [Length(max=500)],
        description=_("Name the document, the change or the event. It is read by the public."),
    )


class ScopeForm(DraftForm):
    """Who is in the pool."""

    targeted = RadioField(
        _("Untargeted or targeted"),
        [InputRequired(_("Choose one."))],
        choices=[],
        description=_("Untargeted: everybody to whom the items apply. Targeted: only those who meet the conditions."),
    )
    types = SelectMultipleBoxes(_("Types of entity"), choices=[])
    industries = SelectMultipleBoxes(_("Industry groups"), choices=[])
    sub_districts = SelectMultipleBoxes(_("Sub-districts"), choices=[])
    tags = SelectMultipleBoxes(
        _("Tags"),
        choices=[],
        description=_(
            "A limit by a tag marked internal makes the draw confidential; the published plan does not name it."
        ),
    )
    permit_names = SelectMultipleBoxes(_("Permits held"), choices=[])
    risk_classes = SelectMultipleBoxes(
        _("Risk classes"),
        choices=[],
        description=_(
            "Internal. A limit by risk class makes the draw confidential; the published plan does not name it."
        ),
    )

    def conditions(self) -> tuple[Field, ...]:
        """Return the fields that limit the pool."""
        return (self.types, self.industries, self.sub_districts, self.tags, self.permit_names, self.risk_classes)

    def validate_targeted(self, field: Field) -> None:
        """Conditions and the choice above them must agree."""
        limited = any(one.data for one in self.conditions())
        if field.data == "no" and limited:
            raise ValidationError(_("Untargeted takes everybody: untick all conditions, or choose targeted."))
        if field.data == "yes" and not limited:
            raise ValidationError(_("Tick at least one condition, or choose untargeted."))


class DivisionForm(DraftForm):
    """How the pool is divided and how the number is fixed."""

    by = RadioField(_("The pool is divided"), [InputRequired(_("Choose one."))], choices=[])
    kind = RadioField(_("The number to be drawn is"), [InputRequired(_("Choose one."))], choices=[])
    class_rate_replaces = BooleanField(
        _("The rates of risk classes replace the ratio of the items"),
        description=_("Only for a division by risk class. Without this, no class may lie below the ratio of the list."),
    )


class TeamsForm(DraftForm):
    """How inspectors are drawn."""

    mode = RadioField(_("Teams are drawn"), [InputRequired(_("Choose one."))], choices=[])
    group_count = IntegerField(
        _("Number of groups"),
        [Optional(), NumberRange(1, 1000)],
        description=_("Only for groups that share the visits."),
    )
    group_capacity = IntegerField(
        _("Most visits of a group"),
        [Optional(), NumberRange(1, 10_000)],
        description=_("Only for groups. Leave empty to share the visits evenly."),
    )
    visit_cap = IntegerField(
        _("Most visits of one inspector in this draw"), [InputRequired(), NumberRange(1, LARGEST_NUMBER)]
    )
    reserve = IntegerField(
        _("Reserve entities of each part"),
        [InputRequired(), NumberRange(0, 1000)],
        description=_("They follow, in the drawn order, when a drawn entity must be struck."),
    )
    publish_list_before = BooleanField(
        _("The drawn list may be published before the visits"),
        description=_("Usually no: whoever is drawn should not know beforehand."),
    )
    beacon = RadioField(
        _("What decides together with the secrets of the parties"),
        [Optional()],
        choices=[],
        description=_(
            "With a public value that does not exist yet, no party can stop or steer the draw by keeping its secret "
            "back. Without one every party reveals its secret after the commitment, and a silent party makes it void."
        ),
    )


class ReasonForm(Form):
    """A reason for a step."""

    reason = TextAreaField(_("Reason"), [DataRequired(_("Give a reason.")), Length(max=500)])


class AnswerForm(Form):
    """The answer of a cooperating department."""

    answer = RadioField(_("Answer of your department"), [InputRequired(_("Choose one."))], choices=[])
    note = TextAreaField(
        _("Remark"), [Length(max=500)], description=_("When you decline: what must change before you agree?")
    )


class JoinForm(Form):
    """A proposal to go together."""

    other = HiddenField(validators=[InputRequired()])
    text = TextAreaField(
        _("Your proposal"),
        [DataRequired(), Length(max=500)],
        description=_("Which days would suit you, and whom the other department can reach."),
    )


class JoinAnswerForm(Form):
    """The answer to a proposal to go together."""

    answer = RadioField(_("Your answer"), [InputRequired(_("Choose one."))], choices=[])
    answer_text = TextAreaField(
        _("Days, or reason"),
        [DataRequired(), Length(max=500)],
        description=_("On which days both departments go, or why they stay apart."),
    )


class TaskForm(Form):
    """A round of drawing and visiting under a plan."""

    title = StringField(_("Title"), [DataRequired(), Length(max=200)])
    source = RadioField(_("Source of the task"), [InputRequired(_("Choose one."))], choices=[])
    reason = TextAreaField(
        _("Reason of a temporary task"), [Length(max=500)], description=_("What happened, and who ordered the task.")
    )
    starts_on = DateField(_("Begins on"), [InputRequired()])
    ends_on = DateField(_("Ends on"), [InputRequired()])
    publish_list_before = BooleanField(
        _("The drawn list may be published before the visits"),
        description=_("Only possible where the plan allows it."),
    )


class ExclusionForm(Form):
    """A request to leave an entity out of the pool."""

    unit = StringField(
        _("Credit code or registration number"),
        [DataRequired(), Length(max=40)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = SelectField(_("Reason"), [InputRequired(_("Choose one."))], choices=[])
    evidence = TextAreaField(
        _("Evidence"),
        [DataRequired(), Length(max=1000)],
        description=_("The fact, its basis, and where it is on record. It must have been on record before the freeze."),
    )


class DecisionForm(Form):
    """The head's decision on an exclusion."""

    decision = HiddenField(validators=[InputRequired()])
    note = StringField(_("Remark"), [Length(max=500)])


def hundredths(form: Form, field: Field) -> None:  # noqa: ARG001 - WTForms' signature
    """A percentage has at most two decimals: rates are whole basis points."""
    if isinstance(field.data, Decimal) and field.data * 100 % 1:
        raise ValidationError(_("Use at most two decimals."))


def rates_form(parts: Iterable[tuple[str, str]], *, label: str | None = None) -> type[DraftForm]:
    """Return a form with a percentage for each part of the pool and one, ``label``, for parts that appear later."""

    def percentage(label: str) -> DecimalField:
        return DecimalField(label, [InputRequired(), NumberRange(0, 100), hundredths], places=None, use_locale=False)

    return _with_fields(
        {code: percentage(label) for code, label in parts}, percentage(label or _("Parts that appear later"))
    )


def counts_form(parts: Iterable[tuple[str, str]], *, label: str | None = None) -> type[DraftForm]:
    """Return a form with a number for each part of the pool and one, ``label``, for parts that appear later."""

    def number(label: str) -> IntegerField:
        return IntegerField(label, [InputRequired(), NumberRange(0, LARGEST_NUMBER)])

    return _with_fields({code: number(label) for code, label in parts}, number(label or _("Parts that appear later")))


def total_form(parts: Iterable[tuple[str, str]]) -> type[DraftForm]:
    """Return a form with one number in all and a weight for each part."""
    weights = {code: IntegerField(label, [InputRequired(), NumberRange(1, 1000)]) for code, label in parts}
    return _with_fields(weights, IntegerField(_("Number in all"), [InputRequired(), NumberRange(1, LARGEST_NUMBER)]))


def _with_fields(fields: Mapping[str, Field], last: Field) -> type[DraftForm]:
    named = {PART + code: field for code, field in fields.items()}
    return type("NumbersForm", (DraftForm,), {**named, "otherwise": last})


def teams_form(departments: Iterable[tuple[str, str]]) -> type[TeamsForm]:
    """Return the form of the teams with a number of inspectors for each department."""
    fields = {
        PER_TEAM + code: IntegerField(
            _("Inspectors of %(department)s in each team", department=name),
            [InputRequired(), NumberRange(FEWEST_INSPECTORS, 20)],
        )
        for code, name in departments
    }
    return type("PlanTeamsForm", (TeamsForm,), fields)
