"""What the room adds to the application: the inbox, the number in the head of every page, the worker's regular look."""

from urllib.parse import urlsplit

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_login import current_user

from supervision.config import Config
from supervision.jobs.ticks import every
from supervision.notifications import cli, queries, views
from supervision.notifications.carriers import MailSettings
from supervision.notifications.telling import tell
from supervision.web import database, menu
from supervision.web.menu import Entry

SECURITY = {"smtp": "starttls", "smtps": "tls", "smtp+plain": "none"}
PORTS = {"starttls": 587, "tls": 465, "none": 25}
EVERY_SECONDS = 60.0


def init_app(app: Flask, config: Config) -> None:
    """Build the room into ``app``."""
    app.extensions["mail_settings"] = mail_settings(config)
    app.config["NOTIFY_HOSTS"] = config.notify_hosts
    app.register_blueprint(views.blueprint)
    app.register_blueprint(cli.blueprint)
    # gateways sign what they send
    app.extensions["csrf"].exempt(views.receipt)
    menu.register(
        app,
        Entry("notifications.index", _("Messages"), "work", 5, "bell"),
        Entry("notifications.channels", _("Gateways for messages"), "administration", 45, "send"),
    )
    app.context_processor(lambda: {"unread_messages": unread})
    every(EVERY_SECONDS, "messages", tell)


def mail_settings(config: Config) -> MailSettings | None:
    """Read the mail server's address; None where no mail is sent."""
    if not config.mail_url:
        return None
    parts = urlsplit(config.mail_url)
    security, password = SECURITY[parts.scheme], config.instance / "keys" / "mail.password"
    return MailSettings(
        host=parts.hostname or "",
        port=parts.port or PORTS[security],
        sender=config.mail_from,
        security=security,
        user=parts.username or "",
        password=password.read_text().strip() if password.exists() else "",
    )


def unread() -> int:
    """Count what waits unread for whoever looks at the page."""
    return queries.count_unread(database.session(), current_user.person.id) if current_user.is_authenticated else 0
