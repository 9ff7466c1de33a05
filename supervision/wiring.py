"""What the platform and its registers add to the application."""

from flask import Flask
from flask_babel import lazy_gettext as _

from sampling.backends.choice import compute_plainly
from supervision import ground_data, schema, tables
from supervision.accounts import administration_views as accounts
from supervision.accounts import browser_sessions, web_user
from supervision.accounts import cli as accounts_commands
from supervision.accounts import panels as account_panels
from supervision.audit import cli as audit_commands
from supervision.audit import views as audit
from supervision.beacons import views as beacons
from supervision.config import Config
from supervision.demo import wiring as demo
from supervision.departments import views as departments
from supervision.draws import daily as draw_daily
from supervision.draws import panels as draws
from supervision.entities import duplicate_views as entity_duplicates
from supervision.entities import edit_views as entities
from supervision.entities import imports as entity_imports
from supervision.entities import past_views as entity_past
from supervision.entities import tag_views as tags
from supervision.fairness import panels as fairness
from supervision.inspectors import expert_views as experts
from supervision.inspectors import fitness_views as inspector_fitness
from supervision.inspectors import imports as inspector_imports
from supervision.inspectors import panels as inspector_panels
from supervision.inspectors import views as inspectors
from supervision.intake import carrying as import_jobs
from supervision.intake import cli as import_commands
from supervision.intake import department_imports
from supervision.intake import kinds as import_kinds
from supervision.intake import views as intake
from supervision.items import assembled_views as form_files  # with the pages of form_file_views
from supervision.items import builder_views as item_forms
from supervision.items import draft_views as item_drafts
from supervision.items import imports as item_imports
from supervision.items import joint_imports
from supervision.items import joint_list_views as items  # with the pages of views
from supervision.items import joint_views as joint_item_drafts
from supervision.jobs import cli as job_commands
from supervision.jobs import views as jobs
from supervision.neighbors import panels as neighbors
from supervision.notifications import wiring as notifications
from supervision.parameters import views as parameters
from supervision.permits import panels as permits
from supervision.plans import wiring as plans
from supervision.transparency import wiring as transparency
from supervision.web import catalogues, menu
from supervision.web.menu import Entry
from supervision.workdays import changing_views as workday_changes
from supervision.workdays import views as workdays

__all__ = ["init_app", "tables"]

GROUPS = (
    ("public", _("Public information")),
    ("work", _("My work")),
    ("plans", _("Plans and draws")),
    ("registers", _("Registers")),
    ("punishments", _("Permits and penalties")),
    ("figures", _("Figures")),
    ("administration", _("Administration")),
)
ROOMS = (
    accounts, accounts_commands, audit, audit_commands, catalogues, schema, jobs, job_commands, departments, parameters,
    workdays, workday_changes, items, item_drafts, joint_item_drafts, item_forms, form_files, entities, entity_past,
    entity_duplicates, tags, inspectors, inspector_fitness, experts, intake, import_commands, ground_data, beacons,
)  # fmt: skip
ENTRIES = (
    Entry("items.public_index", _("Item list"), "public", 40, "list-check"),
    Entry("inspectors.mine", _("My certificate and interests"), "work", 60, "person-badge"),
    Entry("entities.index", _("Inspected entities"), "registers", 10, "building"),
    Entry("inspectors.index", _("Inspectors"), "registers", 20, "person-badge"),
    Entry("experts.index", _("Experts"), "registers", 25, "person-plus"),
    Entry("items.index", _("Inspection items"), "registers", 30, "list-check"),
    Entry("items.joint_index", _("Joint items"), "registers", 40, "diagram-3"),
    Entry("intake.index", _("Import"), "registers", 90, "upload"),
    Entry("accounts.index", _("Users"), "administration", 10, "people"),
    Entry("audit.index", _("Audit log"), "administration", 20, "journal-check"),
    Entry("departments.index", _("Departments"), "administration", 30, "bank"),
    Entry("jobs.index", _("Background jobs"), "administration", 40, "hourglass-split"),
    Entry("parameters.index", _("Parameters"), "administration", 50, "sliders"),
    Entry("workdays.index", _("Working-day calendar"), "administration", 60, "calendar3"),
    Entry("tags.index", _("Tags"), "registers", 80, "tags"),
)


def init_app(app: Flask, config: Config) -> None:
    """Build the platform's rooms into ``app``."""
    app.session_interface = browser_sessions.DatabaseSessions(secure=config.secure_cookies)
    web_user.init_app(app)
    for order, (key, label) in enumerate(GROUPS):
        menu.register_group(app, key, label, order=order)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    menu.register(app, *ENTRIES)
    registers = (entity_imports, inspector_imports, item_imports, joint_imports, department_imports)
    import_kinds.register(*(one.KIND for one in registers))
    import_jobs.register_handlers()
    draw_daily.register_handlers()
    compute_plainly(wanted=config.plain_draws)
    for wired in (account_panels, inspector_panels, plans, permits, draws, neighbors, fairness, transparency, demo):
        wired.init_app(app)
    notifications.init_app(app, config)
