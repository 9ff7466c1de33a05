"""Pages of draws: the list, the file of a draw, its ceremony, contributions, and the steps of its life."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from sampling.errors import SamplingError
from supervision.audit.disclosing import note_view, watermark
from supervision.audit.events import DisclosedList
from supervision.draws import bundles, change_pages, pages, queries, services
from supervision.draws.forms import EndForm, RevealForm, SealForm
from supervision.draws.models import Contribution, Draw
from supervision.draws.rules import DrawState, offered_reasons
from supervision.draws.vault import Operator
from supervision.draws.witness_forms import HandOverForm
from supervision.errors import Conflict, Forbidden, Invalid, NotFound
from supervision.parameters.queries import list_reasons
from supervision.permissions import Permission
from supervision.plans.task_queries import get_task
from supervision.web import database, error_pages
from supervision.web.access import actor, requires
from supervision.web.exports import disposition
from supervision.web.forms import choices, text
from supervision.web.languages import language, name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.panels import shown_panels
from supervision.web.refusals import told

blueprint = Blueprint("draws", __name__, url_prefix="/draws")
Page = str | BaseResponse


def operator() -> Operator:
    """Return who runs draws in this installation."""
    return Operator.of(current_app.config["DISTRICT_CODE"], current_app.config["SECRET_KEY"])


def settle() -> None:
    """Let passed deadlines take effect before a page is shown or a step taken, in a transaction of their own."""
    if not queries.has_due_work(database.session()):
        return
    database.end_transaction()
    with database.open_session(current_app._get_current_object()) as own, own.begin():  # type: ignore[attr-defined]
        services.expire_reveals(own)
        services.open_overdue(own)
        services.declare_lapses(own)


def load(draw_id: int) -> Draw:
    """Return the draw if this viewer may know of it, deadlines applied."""
    settle()
    return queries.get_draw(database.session(), actor(), draw_id)


def back_to(draw: Draw) -> BaseResponse:
    """Go back to the file of the draw."""
    return redirect(url_for("draws.show", draw_id=draw.id))


@blueprint.errorhandler(SamplingError)
def engine_refused(error: SamplingError) -> tuple[Response | str, int]:
    """The engine refuses rules or files: say it in its own words."""
    return error_pages.page(409, error.code, error.zh if language() == "zh" else error.en)


@blueprint.get("/")
@requires(Permission.DRAW_VIEW)
def index() -> str:
    """List own and joint draws, counts and digests only."""
    settle()
    filters = [Filter("state", lazy_gettext("State"), [(state.value, _(state.label)) for state in DrawState])]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_draws(database.session(), actor(), query),
        [
            Column("number", lazy_gettext("Draw"), True),
            Column("task", lazy_gettext("Task")),
            Column("state", lazy_gettext("State")),
            Column("pool", lazy_gettext("In the pool"), True, True),
            Column("selected", lazy_gettext("To be drawn"), False, True),
            Column("commitment", lazy_gettext("Commitment")),
            Column("frozen", lazy_gettext("Frozen at"), True),
        ],
        filters,
        lazy_gettext("Draw number, task number or title"),
    )
    return render_template("draws/index.html", listing=listing, check_code=pages.check_code)


@blueprint.get("/<int:draw_id>")
@requires(Permission.DRAW_VIEW)
def show(draw_id: int) -> str:
    """Show the file of a draw."""
    draw = load(draw_id)
    values = pages.file_values(database.session(), draw, actor())
    unable = change_pages.unable_in(database.session(), draw, actor())
    note_view(DisclosedList.DRAWN, subject=draw.id, count=len(unable))
    changes = change_pages.change_values(database.session(), draw, actor())
    return render_template(
        "draws/show.html", panels=shown_panels("draw", actor(), draw), unable=unable, **values, **changes
    )


@blueprint.post("/freeze/<int:task_id>")
@requires(Permission.DRAW_PREPARE)
def freeze(task_id: int) -> BaseResponse:
    """Freeze the pool of a task."""
    task = get_task(database.session(), actor(), task_id)
    alive = queries.find_alive_draw(database.session(), task.id)
    if alive is not None:  # a second click, or the back button
        return back_to(alive)
    draw = services.freeze(database.session(), task, actor=actor(), operator=operator())
    database.commit()
    flash(_("The pool is frozen. Now every party seals its contribution."), "success")
    return back_to(draw)


def own_entry(draw: Draw) -> Contribution:
    """Return this viewer's contribution, or refuse people whose body is no party."""
    entry = queries.party_in(draw, actor())
    if entry is None:
        raise NotFound
    return entry


def show_error(form: SealForm | RevealForm, name: str, error: Invalid | Conflict | Forbidden) -> None:
    """Put a refusal beside the field it speaks of."""
    form[name].errors = [*form[name].errors, told(error)]


def seal_form(draw: Draw) -> SealForm:
    """Return the form of a contribution: with a public value the secret comes with its digest."""
    return HandOverForm() if draw.beacon_rule else SealForm()


def sealed_message(draw: Draw) -> str:
    """Say what a party has done by sealing."""
    if draw.beacon_rule:
        return str(_("Your contribution is sealed and your secret handed over encrypted. You need do nothing more."))
    return str(_("Your contribution is sealed. Keep the slip until you have revealed it."))


@blueprint.route("/<int:draw_id>/contribute", methods=["GET", "POST"])
@requires(Permission.DRAW_CONTRIBUTE)
def contribute(draw_id: int) -> Page:
    """Seal a contribution: its digest, and in the beacon form the secret to be locked up."""
    draw = load(draw_id)
    entry, form = own_entry(draw), seal_form(draw)
    if draw.state is not DrawState.FROZEN:
        return back_to(draw)
    if form.validate_on_submit():
        try:
            handed = text(form.secret) if isinstance(form, HandOverForm) else ""
            services.seal(database.session(), draw, digest=text(form.digest), secret=handed, actor=actor())
        except (Invalid, Conflict, Forbidden) as error:
            show_error(form, error.field if isinstance(error, Invalid) else "digest", error)
        else:
            database.commit()
            flash(sealed_message(draw), "success")
            return back_to(draw)
    return render_template("draws/contribute.html", form=form, **pages.slip_values(database.session(), draw, entry))


@blueprint.post("/<int:draw_id>/commit")
@requires(Permission.DRAW_PREPARE)
def commit(draw_id: int) -> BaseResponse:
    """Fix the commitment."""
    draw = services.commit(database.session(), load(draw_id), actor=actor())
    database.commit()
    if draw.beacon_rule:
        message = _("Committed. The digest is public; now everybody waits for the public value that the rule names.")
    else:
        message = _("Committed. The digest is public; now every party reveals its secret.")
    flash(message, "success")
    return back_to(draw)


@blueprint.route("/<int:draw_id>/reveal", methods=["GET", "POST"])
@requires(Permission.DRAW_CONTRIBUTE)
def reveal(draw_id: int) -> Page:
    """Reveal a secret; the last one sets off the draw."""
    draw, form = load(draw_id), RevealForm()
    entry = own_entry(draw)
    if draw.state is not DrawState.COMMITTED:
        return back_to(draw)
    if form.validate_on_submit():
        try:
            services.reveal(database.session(), draw, secret=text(form.secret), actor=actor())
        except Invalid as error:
            show_error(form, "secret", error)
        else:
            # kept first: whatever happens to the draw, what was revealed stays revealed and the draw can be retried
            database.commit()
            return finish_reveal(draw)
    return render_template("draws/reveal.html", form=form, **pages.slip_values(database.session(), draw, entry))


def finish_reveal(draw: Draw) -> BaseResponse:
    """Draw if this was the last secret."""
    if services.secrets_missing(draw):
        flash(_("Revealed. The draw follows when the last party has revealed."), "success")
        return back_to(draw)
    return drawn(draw)


def drawn(draw: Draw) -> BaseResponse:
    """Carry out the draw and go back to its file."""
    services.carry_out(database.session(), draw, actor=actor(), operator=operator())
    database.commit()
    flash(_("Drawn and sealed. The inspectors find their assignments in their own work."), "success")
    return back_to(draw)


@blueprint.post("/<int:draw_id>/draw")
@requires(Permission.DRAW_PREPARE, Permission.DRAW_CONTRIBUTE)
def carry_out(draw_id: int) -> BaseResponse:
    """Carry out a draw whose secrets are all in but which was interrupted."""
    return drawn(load(draw_id))


@blueprint.post("/<int:draw_id>/open")
@requires(Permission.DRAW_PREPARE)
def open_draw(draw_id: int) -> BaseResponse:
    """Open a draw whose visits are done."""
    draw = services.open_draw(database.session(), load(draw_id), actor=actor())
    database.commit()
    flash(_("Opened. Everybody can now check the draw."), "success")
    return back_to(draw)


def end_form(list_code: str, draw: Draw) -> EndForm:
    """Return the form of an ending with the reasons of its list that can be true by now."""
    form = EndForm()
    reasons = list_reasons(database.session(), list_code)
    codes = offered_reasons((one.code for one in reasons), draw.state, reveals=not draw.beacon_rule)
    offered = [(one.code, name_of(one)) for one in reasons if one.code in codes]
    form.reason.choices = choices(offered, empty=_("— choose —"))
    return form


@blueprint.route("/<int:draw_id>/void", methods=["GET", "POST"])
@requires(Permission.DRAW_VOID)
def propose_void(draw_id: int) -> Page:
    """Propose that a draw be void."""
    draw = load(draw_id)
    form = end_form("void_reasons", draw)
    if form.validate_on_submit():
        services.propose_void(database.session(), draw, reason=text(form.reason), note=text(form.note), actor=actor())
        database.commit()
        flash(_("Proposed. Somebody of another body must agree."), "success")
        return back_to(draw)
    return render_template("draws/end.html", form=form, draw=draw, abandoning=False)


@blueprint.post("/<int:draw_id>/void/approve")
@requires(Permission.DRAW_VOID)
def approve_void(draw_id: int) -> BaseResponse:
    """Agree that a draw be void."""
    draw = services.approve_void(database.session(), load(draw_id), actor=actor())
    database.commit()
    flash(_("The draw is void and stays in public with its number and reason."), "success")
    return back_to(draw)


@blueprint.route("/<int:draw_id>/abandon", methods=["GET", "POST"])
@requires(Permission.DRAW_VOID)
def abandon(draw_id: int) -> Page:
    """Propose to give up a draw that is drawn."""
    draw = load(draw_id)
    form = end_form("abandon_reasons", draw)
    if form.validate_on_submit():
        services.propose_abandonment(
            database.session(), draw, reason=text(form.reason), note=text(form.note), actor=actor()
        )
        database.commit()
        flash(_("Proposed. Somebody of another body must agree before the draw is abandoned."), "success")
        return back_to(draw)
    return render_template("draws/end.html", form=form, draw=draw, abandoning=True)


@blueprint.get("/<int:draw_id>/bundle/<any(full,public):kind>")
@requires(Permission.DRAW_VIEW)
def bundle(draw_id: int, kind: str) -> Response:
    """Hand out the bundle of an opened draw; who takes the full one is noted first and stands on the archive."""
    draw = load(draw_id)
    if kind == "full" and not queries.may_read_full_bundle(draw, actor()):
        raise NotFound
    if kind == "full":
        remark = watermark(actor(), DisclosedList.BUNDLE).text
        files = bundles.full_bundle(database.session(), draw)
        data = bundles.bundle_zip(files, number=draw.number, remark=remark)
        with database.written_now() as own:
            services.note_full_bundle(own, draw, files=len(files), data=data, actor=actor())
    else:
        data = bundles.bundle_zip(bundles.public_bundle(database.session(), draw), number=draw.number)
    response = Response(data, mimetype="application/zip")
    response.headers["Content-Disposition"] = disposition(f"draw-{draw.number}-{kind}.zip")
    return response
