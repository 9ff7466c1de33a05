"""Forms on which a public value is handed in, and on which a new draw is proposed."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from supervision.beacons.evidence import LONGEST_EVIDENCE
from supervision.web.forms import Form

GAME = "game-"
# a signed value proves itself; what is typed rests on the person
TYPED = {"autocomplete": "off", "spellcheck": "false", "inputmode": "numeric"}


class EvidenceForm(Form):
    """What a signed source published for the round."""

    evidence = TextAreaField(
        _("Answer of the source"),
        [DataRequired(_("Paste the answer of the source.")), Length(max=LONGEST_EVIDENCE)],
        description=_("The whole JSON text, from the first brace to the last. Its signature is checked."),
        render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"},
    )


class RedrawForm(Form):
    """Why the task of an abandoned draw is to be drawn anew."""

    note = TextAreaField(
        _("Reason of the new draw"),
        [DataRequired(_("Say why the task is to be drawn anew.")), Length(max=500)],
        description=_("Why the inspections are still needed. Kept on record inside the house; name no enterprise."),
        render_kw={"rows": 3, "maxlength": 500},
    )


def results_form(games: Iterable[tuple[str, str]]) -> type[Form]:
    """Return the form for typed results with a field for each lottery, given by code and name."""
    fields: dict[str, object] = {
        GAME + code: StringField(name, [DataRequired(), Length(max=80)], render_kw=TYPED) for code, name in games
    }
    fields["read_myself"] = BooleanField(
        _("I read these numbers off the official announcement myself"),
        [DataRequired(_("Two people must read the announcement, each alone."))],
    )
    return type("ResultsForm", (Form,), fields)
