"""The inbox, one's own wishes, the gateways of the system administrator, and the receipts gateways send back."""

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext, lazy_gettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from supervision import clock
from supervision.accounts.queries import get_user
from supervision.errors import Conflict, Invalid, NotFound, TooMany
from supervision.notifications import queries, services, sources
from supervision.notifications.carriers import (
    Carrier,
    GatewayCarrier,
    MailCarrier,
    NotCarried,
    Outgoing,
    carry_in_time,
    channel_key,
    is_signed,
)
from supervision.notifications.forms import ChannelForm, EndChannelForm, WishesForm
from supervision.notifications.models import Channel, Message
from supervision.notifications.rules import DeliveryState, Shape, Told
from supervision.notifications.services import Wished
from supervision.permissions import Permission
from supervision.web import database
from supervision.web.access import actor, public, requires, signed_in
from supervision.web.forms import choices, show_refusal, small_number, text
from supervision.web.languages import name_of
from supervision.web.listing import Column, Filter, Listing, read_query
from supervision.web.refusals import told

blueprint = Blueprint("notifications", __name__)
Page = str | Response
CONFIRM_WITHIN = 24 * 3600
LONGEST_RECEIPT = 2000


@blueprint.get("/messages")
@signed_in
def index() -> str:
    """Show what waits for the viewer and what they were told before."""
    kinds = [(one.code, gettext(one.label)) for one in sources.all_kinds()]
    # the first, without a value, is what the page shows unasked
    states = [("", _("Still waiting")), ("unread", _("Not read yet")), ("all", _("All messages"))]
    filters = [Filter("state", lazy_gettext("State"), states), Filter("kind", lazy_gettext("Kind"), kinds)]
    query = read_query(filters)
    listing = Listing(
        query,
        queries.list_messages(database.session(), actor(), query),
        [
            Column("text", lazy_gettext("Message")),
            Column("created", lazy_gettext("Told at"), True),
            Column("state", lazy_gettext("State")),
        ],
        filters,
    )
    wishes = queries.find_wishes(database.session(), actor().user_id)
    return render_template("notifications/index.html", listing=listing, sentence=sentence, wishes=wishes)


def sentence(message: Message) -> str:
    """Word a message in the language of the page."""
    kind = sources.find_kind(message.kind)
    if kind is None:
        return str(_("A message of a part of the platform that is no longer there."))
    values = {
        name: format_date(date.fromisoformat(value["day"])) if isinstance(value, dict) else value
        for name, value in message.values.items()
    }
    return str(gettext(kind.text, **values))


@blueprint.get("/messages/<int:message_id>")
@signed_in
def follow(message_id: int) -> Response:
    """Lead to what a message is about; whoever follows it has read it."""
    message = queries.get_message(database.session(), actor(), message_id)
    kind = sources.find_kind(message.kind)
    if message.read_at is None:
        with database.written_now() as session:
            services.mark_read(session, [queries.get_message(session, actor(), message_id)], actor=actor())
    if kind is None:
        return redirect(url_for("notifications.index"))
    return redirect(url_for(kind.endpoint, **message.arguments))


@blueprint.post("/messages/read")
@signed_in
def mark_read() -> Response:
    """Mark the messages shown on a page as read."""
    session = database.session()
    ids = [number for typed in request.form.getlist("message") if (number := small_number(typed)) is not None]
    count = services.mark_read(session, queries.list_own(session, actor(), ids), actor=actor())
    database.commit()
    flash(_("%(count)s messages marked as read.", count=count), "success")
    return redirect(url_for("notifications.index"))


@blueprint.route("/messages/wishes", methods=["GET", "POST"])
@signed_in
def wishes() -> Page:
    """Say how one wants to be told outside the platform."""
    session = database.session()
    kept = queries.find_wishes(session, actor().user_id)
    form = WishesForm(obj=kept)
    form.channel.choices = choices(
        [(one.code, name_of(one)) for one in queries.list_channels(session) if one.ended_at is None], empty=_("None")
    )
    if form.validate_on_submit():
        wished = Wished(
            email=text(form.email),
            channel=text(form.channel),
            channel_address=text(form.channel_address),
            quiet_from=form.quiet_from.data,
            quiet_until=form.quiet_until.data,
            daily_at=form.daily_at.data,
        )
        try:
            user = get_user(session, actor().user_id or 0)
            kept = services.keep_wishes(session, user, wished, actor=actor())
        except Invalid as error:
            show_refusal(form, error)
        else:
            database.commit()
            _ask_for_confirmation(kept.email, confirmed=kept.email_confirmed_at is not None)
            return redirect(url_for("notifications.wishes"))
    return render_template("notifications/wishes.html", form=form, kept=kept, sends_mail=_mail() is not None)


def _mail() -> MailCarrier | None:
    settings = current_app.extensions["mail_settings"]
    return MailCarrier(settings) if settings else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="mail-address")


def _ask_for_confirmation(email: str, *, confirmed: bool) -> None:
    """Send the link by which the owner of an address shows that it is theirs."""
    carrier = _mail()
    if not email or confirmed or carrier is None:
        flash(_("Saved."), "success")
        return
    token = _serializer().dumps([actor().user_id, email])
    link = str(current_app.config["PUBLIC_URL"]).rstrip("/") + url_for("notifications.confirm", token=token)
    subject = "请确认邮箱地址 · Please confirm your mail address"
    body = (
        "打开以下链接，即可通过邮件接收平台消息（24小时内有效）。\nOpen this link within 24 hours to be told by mail."
    )
    try:
        with database.written_now() as own:
            services.note_confirmation_mail(own, actor=actor())
    except TooMany as error:
        flash(told(error), "warning")
        return
    try:
        carry_in_time(carrier, Outgoing(f"confirm-{clock.now().timestamp()}", email, subject, body, link, {}))
    except NotCarried:
        flash(
            _("Saved, but the mail server did not take our mail. Save once more later to have the link sent."),
            "warning",
        )
    else:
        flash(_("Saved. Open the link we have sent to %(email)s within 24 hours.", email=email), "success")


@blueprint.get("/messages/confirm/<token>")
@signed_in
def confirm(token: str) -> Response:
    """Take note that the address belongs to whoever opened the link."""
    try:
        user_id, email = _serializer().loads(token, max_age=CONFIRM_WITHIN)
    except SignatureExpired:
        flash(_("This link is not valid any more. Save your address once more to have another one sent."), "danger")
        return redirect(url_for("notifications.wishes"))
    except (BadSignature, ValueError) as error:
        raise NotFound from error
    if user_id != actor().user_id:
        raise NotFound
    with database.written_now() as session:
        services.confirm_email(session, get_user(session, user_id), email, actor=actor())
    flash(_("Your mail address is confirmed."), "success")
    return redirect(url_for("notifications.wishes"))


@blueprint.get("/channels")
@requires(Permission.JOB_VIEW)
def channels() -> str:
    """Show the gateways and the newest deliveries; what was told and to which address is not shown."""
    session = database.session()
    found = queries.list_channels(session)
    names = [("mail", _("Mail")), *((one.code, name_of(one)) for one in found)]
    filters = [
        Filter("state", lazy_gettext("State"), [(one.value, gettext(one.label)) for one in DeliveryState]),
        Filter("channel", lazy_gettext("Channel"), names),
    ]
    query = read_query(filters)
    columns = [
        Column("created", lazy_gettext("Told at"), True),
        Column("user", lazy_gettext("To")),
        Column("channel", lazy_gettext("Channel")),
        Column("state", lazy_gettext("State")),
        Column("attempts", lazy_gettext("Attempts"), False, True),
        Column("fault", lazy_gettext("Fault")),
    ]
    listing = Listing(query, queries.list_deliveries(session, query), columns, filters)
    mail = current_app.extensions["mail_settings"]
    return render_template("notifications/channels.html", listing=listing, channels=found, names=dict(names), mail=mail)


@blueprint.route("/channels/new", methods=["GET", "POST"])
@requires(Permission.JOB_VIEW)
def add_channel() -> Page:
    """Enter a gateway; its key is shown once."""
    form = ChannelForm()
    form.shape.choices = choices([(one.value, gettext(one.label)) for one in Shape])
    if form.validate_on_submit():
        try:
            channel = services.add_channel(
                database.session(),
                code=text(form.code),
                name_zh=text(form.name_zh),
                name_en=text(form.name_en),
                url=text(form.url),
                shape=Shape(form.shape.data),
                hosts=current_app.config["NOTIFY_HOSTS"],
                actor=actor(),
            )
        except (Invalid, Conflict) as error:
            show_refusal(form, error)
        else:
            database.commit()
            return render_template("notifications/channel_key.html", channel=channel, key=_key_of(channel).decode())
    return render_template("notifications/add_channel.html", form=form, hosts=current_app.config["NOTIFY_HOSTS"])


def _key_of(channel: Channel) -> bytes:
    return channel_key(str(current_app.config["SECRET_KEY"]), channel)


@blueprint.route("/channels/<int:channel_id>/end", methods=["GET", "POST"])
@requires(Permission.JOB_VIEW)
def end_channel(channel_id: int) -> Page:
    """Stop using a gateway."""
    channel, form = queries.get_channel(database.session(), channel_id), EndChannelForm()
    if form.validate_on_submit():
        services.end_channel(database.session(), channel, reason=text(form.reason), actor=actor())
        database.commit()
        flash(_("The gateway is out of use."), "success")
        return redirect(url_for("notifications.channels"))
    return render_template("notifications/end_channel.html", form=form, channel=channel)


@blueprint.post("/channels/<int:channel_id>/trial")
@requires(Permission.JOB_VIEW)
def try_channel(channel_id: int) -> Response:
    """Hand a trial message to a gateway and say at once whether it was taken."""
    channel = queries.get_channel(database.session(), channel_id)
    services.require_allowed(channel.url, current_app.config["NOTIFY_HOSTS"])
    carrier: Carrier = GatewayCarrier(channel, _key_of(channel))
    # the row must not be asked for again once the transaction has ended
    database.end_transaction()
    outgoing = Outgoing(f"trial-{clock.now().timestamp()}", "trial", "试发 · Trial", "试发消息 · Trial message", "", {})
    try:
        carry_in_time(carrier, outgoing)
    except NotCarried as error:
        flash(_("The gateway did not take the message (%(fault)s).", fault=str(error)), "danger")
    else:
        flash(_("The gateway took the message."), "success")
    return redirect(url_for("notifications.channels"))


@blueprint.post("/channels/<code>/receipts")
@public
def receipt(code: str) -> tuple[dict[str, str], int]:
    """Take a signed receipt of a gateway: ``{"reference": …, "state": "delivered" | "read" | "failed"}``."""
    channel = queries.find_channel(database.session(), code[:32])
    # what is signed is all that is read, and the other way round
    request.max_content_length = LONGEST_RECEIPT
    body = request.get_data(cache=True)
    now = int(clock.now().timestamp())
    if channel is None or not is_signed(_key_of(channel), body, request.headers.get("X-Signature", ""), now=now):
        return {"code": "not-signed"}, 400
    said = request.get_json(silent=True) or {}
    try:
        reference, state = str(said["reference"])[:36], Told(said["state"])
    except (TypeError, KeyError, ValueError):
        return {"code": "not-a-receipt"}, 400
    delivery = services.take_receipt(database.session(), channel, reference, state)
    if delivery is None:
        return {"code": "unknown-reference"}, 404
    database.commit()
    return {"state": delivery.state.value}, 200
