"""Pages of parameters and coded reasons: everybody signed in reads, the coordinator sets new versions."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from supervision import clock
from supervision.audit.queries import list_history
from supervision.errors import DomainError
from supervision.parameters import queries, services
from supervision.parameters.forms import VersionForm
from supervision.parameters.rules import REASON_LISTS, UNIT_LABELS, Certainty
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires, signed_in
from supervision.web.forms import choices, show_refusal, text
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("parameters", __name__, url_prefix="/parameters")
Page = str | BaseResponse


@blueprint.app_template_filter("unit_label")
def unit_label(unit: str) -> str:
    """Show the unit of a parameter."""
    return str(_(UNIT_LABELS[unit])) if unit in UNIT_LABELS else unit


@blueprint.get("/")
@signed_in
def index() -> str:
    """List the values in force today."""
    filters = [
        Filter("certainty", lazy_gettext("Certainty"), [(one.value, _(one.label)) for one in Certainty]),
    ]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.search_parameters(database.session(), query, on=clock.today()),
        [
            Column("name", lazy_gettext("Parameter")),
            Column("value", lazy_gettext("Value")),
            Column("certainty", lazy_gettext("Certainty"), True),
            Column("source", lazy_gettext("Source")),
            Column("since", lazy_gettext("In force from"), True),
        ],
        filters,
        lazy_gettext("Name, code or source"),
    )
    return render_template("parameters/index.html", listing=listing)


@blueprint.get("/reasons")
@signed_in
def reasons() -> str:
    """Show every list of coded reasons."""
    session = database.session()
    lists = [(code, label, queries.list_reasons(session, code)) for code, label in REASON_LISTS.items()]
    return render_template("parameters/reasons.html", lists=lists)


@blueprint.get("/<code>")
@signed_in
def show(code: str) -> str:
    """Show a parameter with all its versions."""
    versions = queries.list_versions(database.session(), code)
    current = next((one for one in versions if one.effective_from <= clock.today()), None)
    return render_template(
        "parameters/show.html",
        versions=versions,
        current=current,
        parameter=versions[0],
        history=list_history(database.session(), "parameter", code),
        editable=actor().may(Permission.PARAMETER_EDIT),
    )


@blueprint.route("/<code>/new-version", methods=["GET", "POST"])
@requires(Permission.PARAMETER_EDIT)
def change(code: str) -> Page:
    """Set a new version from a day on."""
    newest = queries.list_versions(database.session(), code)[0]
    form = VersionForm(
        value=newest.value, source=newest.source, effective_from=clock.today(), certainty=newest.certainty.value
    )
    form.certainty.choices = choices([(one.value, _(one.label)) for one in Certainty])
    if form.validate_on_submit():
        try:
            services.set_parameter(
                database.session(),
                code,
                text(form.value),
                effective_from=form.effective_from.data or clock.today(),
                source=text(form.source),
                certainty=Certainty(form.certainty.data),
                reason=text(form.reason),
                actor=actor(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("New version saved."), "success")
            return redirect(url_for("parameters.show", code=code))
    return render_template("parameters/form.html", form=form, parameter=newest)
