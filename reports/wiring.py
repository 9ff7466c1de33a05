"""What this floor adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from reports import tables
from reports.documents.notice import draw_notice
from reports.documents.visit_paper import draw_visit_paper
from reports.fairness import views as fairness
from reports.open_data import views as data_views
from reports.papers import cli as paper_commands
from reports.papers import daily as daily_papers
from reports.papers import demo as demo_papers
from reports.papers.panels import PANELS as PAPER_PANELS
from reports.portal import blueprint as portal
from reports.portal import (
    draw_views,
    entity_views,
    home_views,
    paper_views,
    plan_views,
    result_views,
    verify_views,
)
from reports.statistics import views as figures
from supervision import rendering
from supervision.config import Config
from supervision.demo.registry import Step
from supervision.demo.registry import register as register_demo
from supervision.labels import N_
from supervision.web import menu, panels
from supervision.web.menu import Entry

# their endpoints are on the portal's blueprints once they are imported
PORTAL_PAGES = (home_views, plan_views, draw_views, paper_views, result_views, entity_views, verify_views, data_views)


def init_app(app: Flask, config: Config) -> None:  # noqa: ARG001 - every floor is built in alike
    """Build this floor's rooms into ``app``."""
    rendering.register("notice", draw_notice)
    rendering.register("visit_paper", draw_visit_paper)
    for blueprint in (*portal.ALL, figures.blueprint, fairness.blueprint, paper_commands.blueprint):
        app.register_blueprint(blueprint)
    daily_papers.register_handlers(app)
    register_demo(Step(N_("key of papers"), 95, demo_papers.load_into(app)))
    panels.register(app, *PAPER_PANELS)
    app.extensions["public_home"] = "portal.home"
    menu.register(
        app,
        Entry("portal.home", _("Overview"), "public", 5, "house"),
        Entry("public_plans.index", _("Plans"), "public", 10, "calendar-check"),
        Entry("public_draws.index", _("Draws"), "public", 20, "dice-5"),
        Entry("public_results.index", _("Published inspections"), "public", 30, "clipboard-check"),
        Entry("public_verify.index", _("Verify a draw"), "public", 50, "patch-check"),
        Entry("public_fairness.index", _("Were the draws fair?"), "public", 55, "bar-chart"),
        Entry("open_data.index", _("Open data"), "public", 60, "database"),
        Entry("figures.index", _("Figures"), "figures", 10, "bar-chart"),
        Entry("fairness_figures.show", _("Fairness of draws"), "figures", 20, "dice-5"),
    )
    menu.register_footer(app, "public_verify.index", _("Verify a draw"))
    menu.register_footer(app, "open_data.index", _("Open data"))


__all__ = ["init_app", "tables"]
