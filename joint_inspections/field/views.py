"""Phones of inspectors: the own ones, all in use for the security administrator, and taking one out of use."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.field import devices, queries, services
from joint_inspections.field.forms import RevocationForm
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, requires
from supervision.web.forms import text
from supervision.web.listing import Column, Listing, read_query

blueprint = Blueprint("phones", __name__, url_prefix="/phones")
Page = str | BaseResponse


@blueprint.get("/")
@requires(Permission.VISIT_INSPECT)
def index() -> str:
    """List the own phones: last contact, what waits, what could not be stored."""
    user_id = actor().user_id
    shown = devices.list_devices(database.session(), user_id=user_id) if user_id is not None else []
    return render_template("field/phones.html", shown=shown)


@blueprint.get("/in-use")
@requires(Permission.DEVICE_REVOKE)
def in_use() -> str:
    """List every phone in use, for the security administrator."""
    query = read_query([])
    columns = [
        Column("owner", lazy_gettext("Owner"), True),
        Column("department", lazy_gettext("Department")),
        Column("name", lazy_gettext("Phone"), True),
        Column("registered", lazy_gettext("Registered"), True),
        Column("seen", lazy_gettext("Last contact"), True),
        Column("revoke", lazy_gettext("Take out of use")),
    ]
    page = devices.list_in_use(database.session(), query)
    listing = Listing(query, page, columns, [], lazy_gettext("Name of the owner or the phone"))
    return render_template("field/in_use.html", listing=listing)


@blueprint.route("/<device_id>/revocation", methods=["GET", "POST"])
@requires(Permission.VISIT_INSPECT, Permission.DEVICE_REVOKE)
def revoke(device_id: str) -> Page:
    """Take a phone out of use: its owner or the security administrator."""
    device, form = queries.get_device_to_revoke(database.session(), actor(), device_id), RevocationForm()
    back = url_for("phones.index" if device.user_id == actor().user_id else "phones.in_use")
    if form.validate_on_submit():
        services.revoke_device(database.session(), device, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("Revoked. At its next contact the phone deletes what it holds."), "success")
        return redirect(back)
    return render_template("field/revoke.html", form=form, device=device, back=back)
