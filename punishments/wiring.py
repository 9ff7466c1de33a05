"""What this floor adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from punishments import demo, tables
from punishments.credit_lists import cli, daily
from punishments.credit_lists import followers as listing_followers
from punishments.credit_lists import panels as listing_panels
from punishments.credit_lists import recounted as listing_deadlines
from punishments.credit_lists import views as listings
from punishments.credit_lists.services import end_with_penalty
from punishments.measures import panels as measure_panels
from punishments.measures import recounted as measure_deadlines
from punishments.measures import views as measures
from punishments.measures.catalogue import load_measures
from punishments.measures.services import MEASURES_FOLLOW_LISTINGS
from punishments.penalties import followers as penalty_followers
from punishments.penalties import panels as penalty_panels
from punishments.penalties import views as penalties
from supervision import ground_data
from supervision.config import Config
from supervision.demo.registry import Step, register
from supervision.web import menu, panels
from supervision.web.menu import Entry
from supervision.workdays import recounting

__all__ = ["init_app", "tables"]


def init_app(app: Flask, config: Config) -> None:  # noqa: ARG001 - every floor is built in alike
    """Build this floor's rooms into ``app``."""
    ground_data.register("joint measures", load_measures)
    register(Step("penalties and listings", 90, demo.load, 4))
    for module in (penalties, listings, measures, cli):
        app.register_blueprint(module.blueprint)
    daily.register_handlers()
    penalty_followers.follow(end_with_penalty)
    listing_followers.follow(MEASURES_FOLLOW_LISTINGS)
    recounting.register(*listing_deadlines.KINDS, *measure_deadlines.KINDS)
    panels.register(app, *penalty_panels.PANELS, *listing_panels.PANELS, *measure_panels.PANELS)
    menu.register(
        app,
        Entry("penalties.index", _("Penalties"), "punishments", 20, "hammer"),
        Entry("listings.index", _("Listings"), "punishments", 30, "list-check"),
        Entry("measures.index", _("Joint measures"), "punishments", 40, "link-45deg"),
    )
