"""Probable duplicates: everybody who keeps the register sees them, the coordinator decides."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from supervision.entities import duplicate_services, duplicates
from supervision.entities.duplicates import Pair
from supervision.entities.forms import DuplicateForm
from supervision.entities.rules import DuplicateSign, DuplicateVerdict
from supervision.errors import Conflict, Invalid
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text

blueprint = Blueprint("entity_duplicates", __name__, url_prefix="/entities/duplicates")
Page = str | BaseResponse
SHOWN = 100
DIFFERENT = "different"


@blueprint.get("/")
@requires(Permission.ENTITY_EDIT)
def index() -> str:
    """List pairs that may be one enterprise, and what was decided."""
    session = database.session()
    pairs = duplicates.find_pairs(session)
    return render_template(
        "entities/duplicates.html",
        pairs=pairs[:SHOWN],
        total=len(pairs),
        counts=[(sign, sum(sign in pair.signs for pair in pairs)) for sign in DuplicateSign],
        decisions=duplicates.list_decisions(session),
        may_decide=duplicates.may_decide(actor()),
    )


@blueprint.route("/<int:first_id>/<int:second_id>", methods=["GET", "POST"])
@requires(Permission.ENTITY_EDIT)
def compare(first_id: int, second_id: int) -> Page:
    """Show two entries side by side; the coordinator says whether they are one."""
    session = database.session()
    pair = duplicates.get_pair(session, first_id, second_id)
    form = _form(pair)
    if form.validate_on_submit():
        kept = {str(one.id): one for one in (pair.first, pair.second)}.get(form.verdict.data)
        verdict = DuplicateVerdict.SAME if kept else DuplicateVerdict.DIFFERENT
        try:
            duplicate_services.decide(session, pair, verdict, kept=kept, reason=text(form.reason), actor=actor())
        except (Invalid, Conflict) as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Decision saved. Both entries stay, each naming the other."), "success")
            return redirect(url_for("entity_duplicates.index"))
    return render_template(
        "entities/compare.html",
        pair=pair,
        form=form,
        decision=duplicates.find_decision(session, pair.first.id, pair.second.id),
        may_decide=duplicates.may_decide(actor()),
    )


def _form(pair: Pair) -> DuplicateForm:
    form = DuplicateForm()
    goes_on = [
        (str(one.id), _("The same: %(name)s (%(unit)s) goes on, the other entry is suspended",
                        name=one.name, unit=one.unit_id))
        for one in (pair.first, pair.second)
    ]  # fmt: skip
    form.verdict.choices = choices([(DIFFERENT, _("Two different entities")), *goes_on])
    return form
