"""What this floor adds to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from joint_inspections import (
    demo,
    demo_at_the_door,
    demo_corrections,
    demo_follow_ups,
    demo_meetings,
    demo_orders,
    demo_visits,
    lots,
    messages,
    tables,
)
from joint_inspections.archive import cli as archive_commands
from joint_inspections.archive import making as archive_making
from joint_inspections.archive import views as archive
from joint_inspections.archive.panels import PANELS as ARCHIVE_PANELS
from joint_inspections.codes import views as codes
from joint_inspections.codes.panels import PANELS as CODE_PANELS
from joint_inspections.collected.facts import collected_between
from joint_inspections.collected.panels import PANELS as COLLECTED_PANELS
from joint_inspections.corrections import wired as corrections
from joint_inspections.days import wired as days
from joint_inspections.encounters import wired as encounters
from joint_inspections.evidence import cli as evidence_commands
from joint_inspections.evidence import sample_views as samples
from joint_inspections.evidence import views as evidence
from joint_inspections.evidence.companion import EvidenceOfRecord
from joint_inspections.evidence.panels import PANELS as EVIDENCE_PANELS
from joint_inspections.evidence.sweeping import sweep_daily
from joint_inspections.expert_opinions import wired as expert_opinions
from joint_inspections.experts import wired as experts
from joint_inspections.field import api as field_api
from joint_inspections.field import views as phones
from joint_inspections.field.panels import PANELS as FIELD_PANELS
from joint_inspections.field.services import look_again
from joint_inspections.field_app import views as field_app
from joint_inspections.follow_ups import views as follow_ups
from joint_inspections.follow_ups.panels import PANELS as FOLLOW_UP_PANELS
from joint_inspections.follow_ups.recounted import KINDS as FOLLOW_UP_DEADLINES
from joint_inspections.follow_ups.services import FollowUpsOfRecord
from joint_inspections.notices import recusal_views as notice_recusals
from joint_inspections.notices import views as notices
from joint_inspections.notices.queries import missing_notice
from joint_inspections.ordered import wired as ordered
from joint_inspections.ordered.knowledge import know_papers
from joint_inspections.ordered.recounted import KINDS as ORDER_DEADLINES
from joint_inspections.panels import PANELS
from joint_inspections.papers import entry_views as site_entries
from joint_inspections.papers import views as visit_papers
from joint_inspections.papers.panels import PANELS as PAPER_PANELS
from joint_inspections.records import companions, following
from joint_inspections.records import review_views as reviews
from joint_inspections.records import views as records
from joint_inspections.results import views as results
from joint_inspections.results.panels import PANELS as RESULT_PANELS
from joint_inspections.results.queries import answered, count_published_parts
from joint_inspections.results.services import PartsOfRecord
from joint_inspections.second_looks import desk_views as second_look_desk
from joint_inspections.second_looks import messages as second_look_messages
from joint_inspections.second_looks import views as second_looks
from joint_inspections.second_looks.queries import hidden_second_visits, hidden_visits
from joint_inspections.second_looks.services import SecondRecords
from joint_inspections.signatures import link_views as party_links
from joint_inspections.signatures import views as signatures
from joint_inspections.signatures.companion import SignaturesOfRecord
from joint_inspections.signatures.confirming import after_confirmation
from joint_inspections.signatures.panels import PANELS as SIGNATURE_PANELS
from joint_inspections.transfers import wired as transfers
from joint_inspections.visit_progress import PANELS as PROGRESS_PANELS
from joint_inspections.visits import assignment_views as assignments
from joint_inspections.visits import cap_views as caps
from joint_inspections.visits import change_panel
from joint_inspections.visits import decision_views as decisions
from joint_inspections.visits import ending_views as endings
from joint_inspections.visits import requested_recusal_views as requested
from joint_inspections.visits import views as visits
from joint_inspections.visits.blinding import hide_from
from joint_inspections.visits.draw_following import VisitsOfDraw
from joint_inspections.visits.facts import count_progress, visits_between
from joint_inspections.visits.open_visits import open_visits
from joint_inspections.visits.recounted import KINDS as VISIT_DEADLINES
from joint_inspections.visits.visits_ahead import visits_ahead
from supervision.config import Config
from supervision.demo.registry import Step, register
from supervision.draws import hooks
from supervision.jobs import handlers
from supervision.labels import N_
from supervision.notifications import sources
from supervision.plans import facts, progress
from supervision.web import menu, panels
from supervision.web.menu import Entry
from supervision.workdays import recounting

__all__ = ["init_app", "tables"]

VISITS_OF_DRAW = VisitsOfDraw(answered)
# in this order: what is published says how its follow-ups stand
FOLLOWERS_OF_RECORDS = (FollowUpsOfRecord(), PartsOfRecord(), SecondRecords())
COMPANIONS_OF_RECORDS = (EvidenceOfRecord(), SignaturesOfRecord())
# of the demonstration
STEPS = (
    Step(N_("inspection records"), 60, demo.load, 15),
    Step(N_("visits of draws that did not go smoothly"), 64, demo_visits.load_eventful, 1),
    Step(N_("visits at every step"), 80, demo_visits.load, 2),
    Step(N_("follow-ups of problems"), 85, demo_follow_ups.load, 1),
    Step(N_("visits with all that belongs to them"), 88, demo_at_the_door.load, 2),
    Step(N_("corrections of problems"), 90, demo_corrections.load, 1),
    Step(N_("meetings at one door, second looks, archive"), 89, demo_meetings.load, 2),
    Step(N_("ordered inspections"), 91, demo_orders.load, 1),
)


def init_app(app: Flask, config: Config) -> None:  # noqa: ARG001 - every floor is built in alike
    """Build this floor's rooms into ``app``."""
    sources.register(*messages.KINDS)
    recounting.register(*VISIT_DEADLINES, *FOLLOW_UP_DEADLINES, *ORDER_DEADLINES)
    hooks.follow(VISITS_OF_DRAW)
    # after the visits, whose experts these are
    experts.init_app(app)
    hooks.follow_abandonment(VISITS_OF_DRAW)
    hooks.tell_visits(open_visits)
    facts.provide(visits_between)
    facts.provide(collected_between)
    facts.provide_ahead(visits_ahead)
    progress.provide(count_progress)
    progress.provide(count_published_parts)
    for follower in FOLLOWERS_OF_RECORDS:
        following.follow(follower)
    for companion in COMPANIONS_OF_RECORDS:
        companions.accompany(companion)
    expert_opinions.init_app(app)
    after_confirmation(look_again)
    app.register_blueprint(evidence_commands.blueprint)
    handlers.register("evidence-sweep", sweep_daily, label=N_("Unfinished files taken away"), daily=True)
    for module in (assignments, visits, caps, endings, notices, notice_recusals, records, reviews, follow_ups, results):
        app.register_blueprint(module.blueprint)
    for module in (visit_papers, site_entries, codes, evidence, samples, signatures, party_links):
        app.register_blueprint(module.blueprint)
    for module in (field_app, field_api, phones):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(decisions.approvals)
    app.register_blueprint(decisions.recusals)
    app.register_blueprint(requested.blueprint)
    ordered.init_app(app)
    encounters.init_app(app)
    know_papers(missing_notice)
    hide_from(hidden_visits)
    hide_from(hidden_second_visits)
    app.register_blueprint(second_looks.blueprint)
    app.register_blueprint(second_look_desk.blueprint)
    sources.register(*second_look_messages.KINDS)
    app.register_blueprint(archive.blueprint)
    app.register_blueprint(archive_commands.blueprint)
    app.register_blueprint(lots.blueprint)
    archive_making.register_handlers(app)
    panels.register(app, *ARCHIVE_PANELS)
    for room in (days, transfers, corrections):
        room.init_app(app)
    panels.register(app, *FIELD_PANELS)
    panels.register(app, *PAPER_PANELS)
    panels.register(app, change_panel.PANEL, requested.PANEL, *endings.PANELS)
    panels.register(app, *PANELS, *PROGRESS_PANELS, *RESULT_PANELS, *FOLLOW_UP_PANELS, *COLLECTED_PANELS)
    panels.register(app, *EVIDENCE_PANELS, *SIGNATURE_PANELS, *CODE_PANELS)
    for step in STEPS:
        register(step)
    menu.register(
        app,
        Entry("assignments.index", _("My assignments"), "work", 10, "clipboard-check"),
        Entry("phones.index", _("My phones"), "work", 58, "phone"),
        Entry("phones.in_use", _("Phones in use"), "administration", 60, "phone"),
        Entry("approvals.index", _("Inspections to approve"), "work", 20, "patch-check"),
        Entry("caps.index", _("Beyond the yearly cap"), "work", 25, "shield-check"),
        Entry("recusals.index", _("Recusals"), "work", 30, "person-check"),
        Entry("reviews.index", _("Records to review"), "work", 40, "journal-check"),
        Entry("results.index", _("Results to publish"), "work", 50, "megaphone"),
        Entry("follow_ups.index", _("Follow-ups"), "work", 55, "arrow-repeat"),
        Entry("corrections.index", _("Corrections"), "work", 54, "wrench"),
        Entry("visits.index", _("Visits"), "plans", 40, "geo-alt"),
        Entry("encounters.together", _("Going together"), "plans", 42, "people"),
        Entry("encounters.crowded", _("Visited too often"), "work", 26, "exclamation-triangle"),
        Entry("archive.index", _("Archive packages"), "plans", 60, "archive"),
        Entry("second_looks.index", _("Blind second looks"), "plans", 62, "eye-slash"),
        Entry("codes.index", _("Ratings by enterprises"), "figures", 60, "star"),
        Entry("results.late", _("Late departments"), "plans", 45, "hourglass-split"),
    )
