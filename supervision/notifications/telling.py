"""One look: gather what waits for whom, then send what is due, by the channels this installation has."""

from collections import Counter

from flask import Flask, url_for
from sqlalchemy.orm import Session

from supervision.notifications import queries, services, sources
from supervision.notifications.carriers import Carrier, GatewayCarrier, MailCarrier, channel_key
from supervision.notifications.rules import MAIL, DeliveryState
from supervision.notifications.sending import House, send_due
from supervision.notifications.services import Gathered
from supervision.web import database
from supervision.web.commands import in_both


def tell(app: Flask) -> tuple[Gathered, Counter[DeliveryState]]:
    """Gather what waits and send what is due."""

    def opened(only_reads: bool) -> Session:
        return database.open_session(app, only_reads=only_reads)

    with opened(True) as session:
        found = services.look(session)
    with opened(False) as session:
        gathered = services.gather(session, found)
        session.commit()
    with opened(True) as session:
        carriers = carriers_of(app, session)
    return gathered, send_due(opened, carriers, house_of(app))


def carriers_of(app: Flask, session: Session) -> dict[str, Carrier]:
    """Return the channels this installation has."""
    key = str(app.config["SECRET_KEY"])
    found: dict[str, Carrier] = {
        one.code: GatewayCarrier(one, channel_key(key, one))
        for one in queries.list_channels(session)
        # asked again each time: what the operator takes off the list is told nothing any more (T40)
        if one.ended_at is None and services.is_allowed(one.url, app.config["NOTIFY_HOSTS"])
    }
    if settings := app.extensions["mail_settings"]:
        found[MAIL] = MailCarrier(settings)
    return found


def house_of(app: Flask) -> House:
    """Return how this installation signs its messages."""
    address = str(app.config["PUBLIC_URL"]).rstrip("/")
    # outside any request too: the worker asks
    with app.test_request_context():
        link = address + url_for("notifications.index") if address else ""
        labels = {kind.label: in_both(kind.label)[0] for kind in sources.all_kinds()}
    return House(
        name_zh=f"{app.config['DISTRICT_NAME_ZH']}事中事后综合监管平台",
        name_en=f"Ex-post Supervision Platform, {app.config['DISTRICT_NAME_EN']}",
        link=link,
        labels_zh=labels,
    )
