"""The page of a witness, outside sign-in: seal, wait, reveal and check, by a link that nobody else has.

Whoever holds the token is the witness. Answers are never kept by caches, never indexed, and send no referrer; a link
that does not live is answered like one that never was.
"""

import logging

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.wrappers import Response as BaseResponse
from wtforms import ValidationError

from sampling.errors import SamplingError
from supervision.draws import pages, services
from supervision.draws.forms import RevealForm, SealForm
from supervision.draws.models import Contribution, Draw
from supervision.draws.queries.witnesses import entry_of, find_by_token, hash_of
from supervision.draws.rules import DrawState
from supervision.draws.tries import address_key, refuse_often
from supervision.draws.views import operator, settle, show_error
from supervision.draws.witness_forms import HandOverForm
from supervision.draws.witness_models import Witness
from supervision.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from supervision.permissions import system_actor
from supervision.web import database
from supervision.web.access import public
from supervision.web.forms import text
from supervision.web.languages import LANGUAGES, language
from supervision.web.templating import LANGUAGE_NAMES

blueprint = Blueprint("witness_link", __name__, url_prefix="/witness")
log = logging.getLogger(__name__)
Page = str | BaseResponse
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@blueprint.before_request
def check_token_of_form() -> None:
    """Ask for the form's token as everywhere; only the referrer, which these pages never send, is not asked for."""
    if request.method == "POST":
        try:
            validate_csrf(request.form.get("csrf_token"))
        except ValidationError as error:
            raise CSRFError(str(error)) from error


@blueprint.after_request
def keep_to_oneself(response: Response) -> Response:
    """Let nobody keep, index or pass on the address of this page."""
    response.headers.update(HEADERS)
    return response


@blueprint.errorhandler(NotFound)
def unknown_link(error: NotFound) -> tuple[str, int]:  # noqa: ARG001 - Flask's signature
    """Answer every link that does not live alike, with help."""
    database.read_only()
    return render_template("draws/link_unknown.html"), NotFound.status


def load(token: str) -> tuple[Witness, Contribution]:
    """Return the witness behind a living link and their contribution, deadlines applied; count links that are none.

    A hall shares one address: wrong links slow down other wrong links only, never somebody with a right one.
    """
    settle()
    witness = find_by_token(database.session(), token)
    entry = entry_of(witness) if witness else None
    if witness is None or entry is None:
        refuse_often(address_key("link"))
        raise NotFound
    return witness, entry


def language_links(token: str) -> list[tuple[str, str, str, bool]]:
    """Return the switch of languages without the token in any other address."""
    here = url_for("witness_link.show", token=token)
    return [(code, LANGUAGE_NAMES[code], f"{here}?lang={code}", code == language()) for code in LANGUAGES]


def shown(witness: Witness, entry: Contribution, token: str, form: SealForm | RevealForm | None = None) -> str:
    """Render the page as the draw stands."""
    session, draw = database.session(), witness.draw
    return render_template(
        "draws/link.html",
        **{**pages.common_values(session, draw), **pages.slip_values(session, draw, entry)},
        commitment_check=pages.check_code(draw.commitment_digest),
        frozen_check=pages.check_code(draw.frozen_digest),
        token=token,
        seal_form=form if isinstance(form, SealForm) else empty_seal_form(draw),
        reveal_form=form if isinstance(form, RevealForm) else RevealForm(),
        language_links=language_links(token),
        menu="",
    )


def back(token: str) -> BaseResponse:
    """Go back to the witness's page in the language it was read in."""
    chosen = request.args.get("lang")
    return redirect(url_for("witness_link.show", token=token, lang=chosen if chosen in LANGUAGES else None))


@blueprint.get("/<token>")
@public
def show(token: str) -> str:
    """Show a witness what is going on and what to do now."""
    witness, entry = load(token)
    return shown(witness, entry, token)


@blueprint.get("/<token>/now")
@public
def now(token: str) -> Response:
    """Have the waiting page load itself anew, or say nothing (204) while the draw stands as it shows."""
    witness, _entry = load(token)
    response = Response(status=204)
    if request.args.get("seen") != pages.progress_mark(witness.draw):
        response = Response("", status=200)
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/<token>/seal")
@public
def seal(token: str) -> Page:
    """Seal a contribution: only its digest ever comes here."""
    witness, entry = load(token)
    form = empty_seal_form(witness.draw)
    if witness.draw.state is not DrawState.FROZEN:
        return back(token)
    if form.validate_on_submit():
        try:
            services.seal_as_witness(
                database.session(),
                witness,
                digest=text(form.digest),
                secret=text(form.secret) if isinstance(form, HandOverForm) else "",
                request_id=g.get("request_id", ""),
            )
        except (Invalid, Conflict, Forbidden) as error:
            show_error(form, named_field(form, error), error)
        else:
            database.commit()
            return back(token)
    return again(witness, entry, token, form)


def empty_seal_form(draw: Draw) -> SealForm:
    """Return the form of this draw: with a public value to come, the secret is handed over with its digest."""
    return HandOverForm() if draw.beacon_rule else SealForm()


def named_field(form: SealForm, error: DomainError) -> str:
    """Return the field of the form that a refusal speaks of."""
    name = str(getattr(error, "field", ""))
    return name if name in form else "digest"


def again(witness: Witness, entry: Contribution, token: str, form: SealForm | RevealForm) -> str:
    """Show the page with what is wrong in a form, after counting the try."""
    refuse_often(hash_of(token))
    witness, entry = load(token)
    return shown(witness, entry, token, form)


@blueprint.post("/<token>/reveal")
@public
def reveal(token: str) -> Page:
    """Reveal a secret; the last one sets off the draw."""
    (witness, entry), form = load(token), RevealForm()
    if witness.draw.state is not DrawState.COMMITTED:
        return back(token)
    if form.validate_on_submit():
        try:
            services.reveal_as_witness(
                database.session(), witness, secret=text(form.secret), request_id=g.get("request_id", "")
            )
        except Invalid as error:
            show_error(form, "secret", error)
        else:
            # kept first: whatever happens to the draw, what was revealed stays revealed
            database.commit()
            flash(_("Your secret is revealed. Thank you."), "success")
            draw_if_last(witness)
            return back(token)
    return again(witness, entry, token, form)


def draw_if_last(witness: Witness) -> None:
    """Let the platform draw if this was the last secret; a fault there is the lead's to mend, not the witness's."""
    if services.secrets_missing(witness.draw):
        return
    try:
        services.carry_out(database.session(), witness.draw, actor=system_actor(), operator=operator())
        database.commit()
    except (DomainError, SamplingError) as error:
        log.error("the draw did not follow the last secret, in request %s: %s", g.get("request_id", "-"), error.code)
        database.end_transaction()
