"""What the room of the log adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from supervision.transparency import api, cli, daily, gate, views
from supervision.web import menu
from supervision.web.menu import Entry


def init_app(app: Flask) -> None:
    """Build the room into ``app``; a server whose log was rolled back does not start."""
    for blueprint in (views.blueprint, api.blueprint, cli.blueprint):
        app.register_blueprint(blueprint)
    # what witnesses send bears their signature, no cookie and no token; comparing changes nothing
    for view in (api.take_cosignature, api.take_statement, views.compare):
        app.extensions["csrf"].exempt(view)
    menu.register(
        app,
        Entry("log.public_index", _("Transparency log"), "public", 55, "journal-text"),
        Entry("log.witnesses", _("Witnesses of the log"), "administration", 25, "eye"),
    )
    daily.register()
    gate.refuse_rollback(app)
