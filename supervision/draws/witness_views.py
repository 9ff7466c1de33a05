"""Pages on which the lead or oversight names witnesses, hands out their links, and takes off who never came."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from supervision.draws import pages, services
from supervision.draws.models import Contribution, Draw
from supervision.draws.queries.witnesses import entry_of, get_witness
from supervision.draws.rules import DrawState
from supervision.draws.services import NewWitness
from supervision.draws.views import back_to, load
from supervision.draws.witness_forms import RemovalForm, WitnessForm
from supervision.draws.witness_models import Witness
from supervision.draws.witness_rules import KINDS, REMOVAL_REASONS
from supervision.errors import DomainError, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.languages import name_of
from supervision.web.qr import qr_image, reachable

blueprint = Blueprint("witnesses", __name__, url_prefix="/draws/<int:draw_id>/witnesses")
Page = str | Response
PERSON, ORGANISATION = "person", "organisation"


def load_open(draw_id: int) -> Draw:
    """Return the draw if this viewer names its witnesses, and refuse everybody else as if it had no such page."""
    draw = load(draw_id)
    if not services.may_name(draw, actor()):
        raise NotFound
    return draw


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.WITNESS_NAME)
def name(draw_id: int) -> Page:
    """Name a witness; the page that follows shows their link, once."""
    draw, form = load_open(draw_id), WitnessForm()
    if draw.state is not DrawState.FROZEN:
        return back_to(draw)
    kinds = [(one.code, name_of(one)) for one in list_reasons(database.session(), KINDS)]
    form.kind.choices = choices(kinds, empty=_("— choose —"))
    form.is_person.choices = choices([(PERSON, _("A person")), (ORGANISATION, _("An organisation"))])
    if form.validate_on_submit():
        try:
            witness, token = services.name_witness(database.session(), draw, _read(form), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            return link_page(witness, token)
    return render_template("draws/witness_new.html", form=form, draw=draw)


def _read(form: WitnessForm) -> NewWitness:
    return NewWitness(
        kind=form.kind.data,
        name=text(form.name),
        is_person=form.is_person.data == PERSON,
        public_name=text(form.public_name),
        contact=text(form.contact),
    )


def link_page(witness: Witness, token: str) -> str:
    """Show a link, which nobody can show again: address, code for the witness's phone, and a slip to print."""
    address = reachable(url_for("witness_link.show", token=token))
    return render_template(
        "draws/witness_link.html",
        **pages.slip_values(database.session(), witness.draw, _entry(witness)),
        witness=witness,
        address=address,
        code=qr_image(address, _("QR code of the witness's link")),
    )


def _entry(witness: Witness) -> Contribution:
    entry = entry_of(witness)
    if entry is None:
        raise NotFound
    return entry


@blueprint.post("/<by>/link")
@requires(Permission.WITNESS_NAME)
def renew(draw_id: int, by: str) -> Page:
    """Make a new link; the old one is dead at once."""
    witness = get_witness(database.session(), load_open(draw_id), by)
    token = services.renew_link(database.session(), witness, actor=actor())
    database.commit()
    return link_page(witness, token)


@blueprint.route("/<by>/remove", methods=["GET", "POST"])
@requires(Permission.WITNESS_NAME)
def remove(draw_id: int, by: str) -> Page:
    """Take a witness off who has not sealed."""
    draw, form = load_open(draw_id), RemovalForm()
    witness = get_witness(database.session(), draw, by)
    if witness.removed_at is not None:
        return back_to(draw)
    reasons = [(one.code, name_of(one)) for one in list_reasons(database.session(), REMOVAL_REASONS)]
    form.reason.choices = choices(reasons, empty=_("— choose —"))
    if form.validate_on_submit():
        try:
            services.remove_witness(database.session(), witness, reason=text(form.reason), actor=actor())
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Taken off. The public reads who was named and why they are no longer a witness."), "success")
            return redirect(url_for("draws.show", draw_id=draw.id, _anchor="witnesses"))
    values = pages.slip_values(database.session(), draw, _entry(witness))
    return render_template("draws/witness_remove.html", form=form, witness=witness, **values)
