"""What this floor adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from reports.documents.notice import draw_notice
from reports.open_data import views as data_views
from reports.portal import blueprint as portal
from reports.portal import (
    draw_views,
    entity_views,
    home_views,
    plan_views,
    result_views,
    verify_views,
)
from reports.statistics import views as figures
from supervision import rendering
from supervision.config import Config
from supervision.web import menu
from supervision.web.menu import Entry

# their endpoints are on the portal's blueprints once they are imported
PORTAL_PAGES = (home_views, plan_views, draw_views, result_views, entity_views, verify_views, data_views)


def init_app(app: Flask, config: Config) -> None:  # noqa: ARG001 - every floor is built in alike
    """Build this floor's rooms into ``app``."""
    rendering.register("notice", draw_notice)
    for blueprint in (*portal.ALL, figures.blueprint):
        app.register_blueprint(blueprint)
    app.extensions["public_home"] = "portal.home"
    menu.register(
        app,
        Entry("portal.home", _("Overview"), "public", 5, "house"),
        Entry("public_plans.index", _("Plans"), "public", 10, "calendar-check"),
        Entry("public_draws.index", _("Draws"), "public", 20, "dice-5"),
        Entry("public_results.index", _("Published inspections"), "public", 30, "clipboard-check"),
        Entry("public_verify.index", _("Verify a draw"), "public", 50, "patch-check"),
        Entry("open_data.index", _("Open data"), "public", 60, "database"),
        Entry("figures.index", _("Figures"), "figures", 10, "bar-chart"),
    )
    menu.register_footer(app, "public_verify.index", _("Verify a draw"))
    menu.register_footer(app, "open_data.index", _("Open data"))
