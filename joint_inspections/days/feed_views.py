"""The calendar feed: making and ending its address, and the feed itself, which asks for no sign-in."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from joint_inspections.days import feeds, queries
from joint_inspections.days.feeds import Words
from joint_inspections.days.shown import short_place
from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import BEFORE_VISIT
from supervision import clock
from supervision.audit.disclosure import is_noted, record_view
from supervision.audit.events import DisclosedList
from supervision.draws.tries import address_key, refuse_often
from supervision.errors import NotFound
from supervision.permissions import Actor, Permission
from supervision.web import database
from supervision.web.access import actor, public, requires
from supervision.web.languages import language, name_of

blueprint = Blueprint("calendar_feeds", __name__)
Page = str | BaseResponse
FRESH_SECONDS = 900
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


@blueprint.get("/days/feed")
@requires(Permission.VISIT_INSPECT)
def index() -> str:
    """Say whether a feed is in use."""
    return _page()


@blueprint.post("/days/feed/address")
@requires(Permission.VISIT_INSPECT)
def open_feed() -> str:
    """Make a new address and show it this once; the old one ends."""
    session = database.session()
    # who has no entry in the register has no visits either
    queries.get_inspector_of(session, actor(), actor().inspector_id)
    token = feeds.open_feed(session, actor=actor())
    address = _public_address() + url_for("calendar_feeds.feed", token=token, language=language(), _external=False)
    shown = _page(address=address)
    database.commit()
    return shown


@blueprint.post("/days/feed/end")
@requires(Permission.VISIT_INSPECT)
def end_feed() -> BaseResponse:
    """End the address in use."""
    feeds.end_feed(database.session(), actor=actor())
    database.commit()
    flash(_("The address has ended. Calendars that know it get nothing any more."), "success")
    return redirect(url_for("calendar_feeds.index"))


def _page(address: str = "") -> str:
    session = database.session()
    return render_template(
        "days/feed.html",
        found=feeds.find_own(session, actor()),
        address=address,
        named=feeds.names_allowed(session, on=clock.today()),
        days=feeds.DAYS_BACK,
    )


def _public_address() -> str:
    """Return where everybody reaches this installation, as far as it was told; else where the visitor reaches it."""
    return str(current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> BaseResponse:
    """Hand out the feed; whoever guesses at addresses is made to wait."""
    session = database.session()
    known = feeds.find_by_token(session, token)
    if known is None:
        refuse_often(address_key("calendar"))
        raise NotFound
    found, owner, inspector = known
    named = feeds.names_allowed(session, on=clock.today())
    visits = feeds.list_feed_visits(session, owner, inspector)
    chosen = LOCALES.get(request.args.get("language", ""), LOCALES["zh"])
    with force_locale(chosen):
        places = {one.code: short_place(name_of(one)) for one in queries.list_places(session)}
        words = Words(_("Inspection days"), _("Inspection task"))
        link = _public_address() + url_for("day_routes.index", _external=False)
        body = feeds.write_feed(found, visits, named=named, words=words, places=places, link=link)
    if named:
        _note(owner, visits)
    return _answer(body)


def _note(owner: Actor, visits: list[Visit]) -> None:
    """Note in the owner's name that enterprises still to be visited left the house."""
    count = sum(one.state in BEFORE_VISIT for one in visits)
    what = DisclosedList.VISITS
    if count and not is_noted(database.session(), actor=owner, what=what, subject="calendar"):
        with database.written_now() as own:
            record_view(own, actor=owner, what=what, subject="calendar", count=count)


def _answer(body: bytes) -> Response:
    response = Response(body, mimetype="text/calendar")
    response.cache_control.private = True
    response.cache_control.max_age = FRESH_SECONDS
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = 'inline; filename="days.ics"'
    response.add_etag()
    response.make_conditional(request)
    return response
