"""Pages an enterprise reaches by the code on its notice, and the page of ratings."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from joint_inspections.codes import queries, services
from joint_inspections.codes.forms import ArrivalForm, RatingForm, ReplyForm
from joint_inspections.codes.rules import Breach, Question
from joint_inspections.notices.models import Notice
from joint_inspections.notices.queries import get_by_token
from supervision import clock
from supervision.errors import Invalid
from supervision.parameters.queries import get_number
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.forms import choices, show_refusal, text
from supervision.web.listing import Column, Filter, Listing, read_query

blueprint = Blueprint("codes", __name__)
Page = str | Response


def _notice(token: str) -> Notice:
    return get_by_token(database.session(), token[:64])


def _back(notice: Notice) -> Response:
    return redirect(url_for("notices.check", token=notice.token))


@blueprint.route("/notices/check/<token>/arrival", methods=["GET", "POST"])
@public
def arrival(token: str) -> Page:
    """Let the enterprise say who stands at its door."""
    notice = _notice(token)
    if not services.may_confirm(notice):
        return _back(notice)
    form = ArrivalForm()
    form.as_announced.choices = choices(
        [
            ("yes", _("The people named on the notice; they showed their certificates")),
            ("no", _("Something differs from the notice")),
        ]
    )
    if form.validate_on_submit():
        announced = form.as_announced.data == "yes"
        try:
            services.confirm_arrival(
                database.session(), notice, as_announced=announced, remark="" if announced else text(form.remark)
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            flash(_("Thank you. The departments and enforcement oversight can see what you said."), "success")
            return _back(notice)
    return render_template("codes/arrival.html", form=form, notice=notice)


@blueprint.route("/notices/check/<token>/rating", methods=["GET", "POST"])
@public
def rating(token: str) -> Page:
    """Let the enterprise rate the inspection, once."""
    notice = _notice(token)
    if not services.may_rate(database.session(), notice.visit):
        return _back(notice)
    form = RatingForm()
    if form.validate_on_submit():
        services.rate_visit(
            database.session(),
            notice.visit,
            marks={one: int(form[one.value].data) for one in Question},
            breaches=[Breach(code) for code in form.breaches.data or []],
            comment=text(form.comment),
        )
        database.commit()
        flash(_("Thank you for your rating. The departments read sums of several enterprises only."), "success")
        return _back(notice)
    fewest = get_number(database.session(), "rating-group-minimum", on=clock.today())
    return render_template("codes/rating.html", form=form, notice=notice, fewest=fewest)


@blueprint.route("/notices/check/<token>/reply", methods=["GET", "POST"])
@public
def reply(token: str) -> Page:
    """Let the enterprise answer the result."""
    notice = _notice(token)
    if not services.may_reply(database.session(), notice.visit):
        return _back(notice)
    form = ReplyForm()
    if form.validate_on_submit():
        services.reply_to_result(database.session(), notice.visit, text=text(form.text), signed_by=text(form.signed_by))
        database.commit()
        flash(_("Your answer has been received."), "success")
        return _back(notice)
    return render_template("codes/reply.html", form=form, notice=notice)


@blueprint.get("/ratings")
@requires(Permission.STATISTICS_VIEW)
def index() -> str:
    """Show sums of ratings by department and quarter; to oversight each rating as well."""
    session = database.session()
    listing = None
    if actor().may(Permission.OVERSIGHT_VIEW):
        filters = [Filter("mark", lazy_gettext("Show"), [("breach", lazy_gettext("Those that tell of a breach"))])]
        query = read_query(filters)
        columns = [
            Column("given", lazy_gettext("Given at"), True),
            Column("entity", lazy_gettext("Entity")),
            Column("marks", lazy_gettext("Marks")),
            Column("said", lazy_gettext("What was said")),
        ]
        listing = Listing(query, queries.list_ratings(session, actor(), query), columns, filters)
    return render_template(
        "codes/index.html",
        sums=queries.rating_sums(session, actor()),
        listing=listing,
        questions=list(Question),
        breaches={one.value: one for one in Breach},
        fewest=get_number(session, "rating-group-minimum", on=clock.today()),
        days=get_number(session, "rating-days", on=clock.today()),
    )
