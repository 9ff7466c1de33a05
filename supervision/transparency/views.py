"""The log for people: the public page, and the register of its witnesses."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from supervision.errors import Conflict, Invalid, NotFound, RuleBroken
from supervision.permissions import Permission
from supervision.transparency import comparing, pages, queries, services
from supervision.transparency.forms import CheckpointForm, EndForm, WitnessForm
from supervision.transparency.keyring import keyring_of
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.forms import show_refusal, text
from supervision.web.refusals import told

blueprint = Blueprint("log", __name__, url_prefix="/log")
Page = str | Response


@blueprint.get("/")
@public
def public_index() -> Response:
    """Show the log to everybody: what it is, its newest checkpoint, who watches it, what happened last."""
    page = pages.log_page(database.session())
    fault = told(page.fault) if page.fault else ""
    form = CheckpointForm(formdata=None)
    response = make_response(render_template("log/public.html", page=page, fault=fault, form=form))
    if not current_user.is_authenticated:
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


@blueprint.route("/compare", methods=["GET", "POST"])
@public
def compare() -> tuple[str, int]:
    """Tell anybody whether a checkpoint they kept is part of this log's history, or a fork."""
    database.read_only()
    form, found, fault = CheckpointForm(), None, ""
    keyring = keyring_of(database.session())
    if keyring is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            found = comparing.compare(database.session(), keyring, text(form.note))
        except Invalid as error:
            show_refusal(form, error)
        except RuleBroken as error:  # the leaves are not those that were signed
            fault = told(error)
    # what is no checkpoint is a request that cannot be read
    status = 400 if form.errors else 200
    return render_template("log/compare.html", form=form, found=found, fault=fault), status


@blueprint.get("/witnesses")
@requires(Permission.LOG_WITNESS_EDIT, Permission.AUDIT_VIEW, Permission.OVERSIGHT_VIEW)
def witnesses() -> str:
    """List the witnesses with their contacts and what each saw last."""
    session = database.session()
    newest = queries.find_newest(session)
    seen = queries.last_seen(session)
    shown = pages.shown_witnesses(seen, size=newest.size if newest else 0)
    former = [one for one in seen if one.witness.ended_at is not None]
    return render_template("log/witnesses.html", witnesses=shown, former=former, Permission=Permission)


@blueprint.route("/witnesses/new", methods=["GET", "POST"])
@requires(Permission.LOG_WITNESS_EDIT)
def add_witness() -> Page:
    """Enter a witness."""
    form = WitnessForm()
    if form.validate_on_submit():
        try:
            services.add_witness(
                database.session(),
                holder=text(form.holder),
                verifier_key=text(form.verifier_key),
                contact=text(form.contact),
                actor=actor(),
            )
        except (Invalid, Conflict) as error:
            form.verifier_key.errors = [*form.verifier_key.errors, told(error)]
        else:
            database.commit()
            flash(_("The witness is entered. Its cosignatures are taken in from now on."), "success")
            return redirect(url_for("log.witnesses"))
    return render_template("log/add_witness.html", form=form)


@blueprint.route("/witnesses/<int:witness_id>/end", methods=["GET", "POST"])
@requires(Permission.LOG_WITNESS_EDIT)
def end_witness(witness_id: int) -> Page:
    """End a witness; what it signed stays."""
    witness, form = queries.get_witness(database.session(), witness_id), EndForm()
    if form.validate_on_submit():
        services.end_witness(database.session(), witness, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("The witness has ended. What it signed stays."), "success")
        return redirect(url_for("log.witnesses"))
    return render_template("log/end_witness.html", form=form, witness=witness)
