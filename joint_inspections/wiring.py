"""What this floor adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from joint_inspections import demo, demo_follow_ups, demo_visits, tables
from joint_inspections.collected.facts import collected_between
from joint_inspections.collected.panels import PANELS as COLLECTED_PANELS
from joint_inspections.follow_ups import views as follow_ups
from joint_inspections.follow_ups.panels import PANELS as FOLLOW_UP_PANELS
from joint_inspections.follow_ups.services import FollowUpsOfRecord
from joint_inspections.notices import views as notices
from joint_inspections.panels import PANELS
from joint_inspections.records import following
from joint_inspections.records import review_views as reviews
from joint_inspections.records import views as records
from joint_inspections.results import views as results
from joint_inspections.results.panels import PANELS as RESULT_PANELS
from joint_inspections.results.queries import answered, count_published_parts
from joint_inspections.results.services import PartsOfRecord
from joint_inspections.visit_progress import PANELS as PROGRESS_PANELS
from joint_inspections.visits import assignment_views as assignments
from joint_inspections.visits import cap_views as caps
from joint_inspections.visits import change_panel
from joint_inspections.visits import decision_views as decisions
from joint_inspections.visits import ending_views as endings
from joint_inspections.visits import requested_recusal_views as requested
from joint_inspections.visits import views as visits
from joint_inspections.visits.draw_following import VisitsOfDraw
from joint_inspections.visits.facts import count_progress, visits_between
from joint_inspections.visits.open_visits import open_visits
from joint_inspections.visits.visits_ahead import visits_ahead
from supervision.config import Config
from supervision.demo.registry import Step, register
from supervision.draws import hooks
from supervision.plans import facts, progress
from supervision.web import menu, panels
from supervision.web.menu import Entry

__all__ = ["init_app", "tables"]

VISITS_OF_DRAW = VisitsOfDraw(answered)
# in this order: what is published says how its follow-ups stand
FOLLOWERS_OF_RECORDS = (FollowUpsOfRecord(), PartsOfRecord())


def init_app(app: Flask, config: Config) -> None:  # noqa: ARG001 - every floor is built in alike
    """Build this floor's rooms into ``app``."""
    hooks.follow(VISITS_OF_DRAW)
    hooks.follow_abandonment(VISITS_OF_DRAW)
    hooks.tell_visits(open_visits)
    facts.provide(visits_between)
    facts.provide(collected_between)
    facts.provide_ahead(visits_ahead)
    progress.provide(count_progress)
    progress.provide(count_published_parts)
    for follower in FOLLOWERS_OF_RECORDS:
        following.follow(follower)
    for module in (assignments, visits, caps, endings, notices, records, reviews, follow_ups, results):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(decisions.approvals)
    app.register_blueprint(decisions.recusals)
    app.register_blueprint(requested.blueprint)
    panels.register(app, change_panel.PANEL, requested.PANEL, *endings.PANELS)
    panels.register(app, *PANELS, *PROGRESS_PANELS, *RESULT_PANELS, *FOLLOW_UP_PANELS, *COLLECTED_PANELS)
    register(Step("inspection records", 60, demo.load, 15))
    register(Step("visits at every step", 80, demo_visits.load, 2))
    register(Step("follow-ups of problems", 85, demo_follow_ups.load, 1))
    menu.register(
        app,
        Entry("assignments.index", _("My assignments"), "work", 10, "clipboard-check"),
        Entry("approvals.index", _("Inspections to approve"), "work", 20, "patch-check"),
        Entry("caps.index", _("Beyond the yearly cap"), "work", 25, "shield-check"),
        Entry("recusals.index", _("Recusals"), "work", 30, "person-check"),
        Entry("reviews.index", _("Records to review"), "work", 40, "journal-check"),
        Entry("results.index", _("Results to publish"), "work", 50, "megaphone"),
        Entry("follow_ups.index", _("Follow-ups"), "work", 55, "arrow-repeat"),
        Entry("visits.index", _("Visits"), "plans", 40, "geo-alt"),
        Entry("results.late", _("Late departments"), "plans", 45, "hourglass-split"),
    )
