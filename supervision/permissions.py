"""Roles, permissions, and the actor that every service is told about.

Rights are held by role and listed on this one page. The three administrators (三员分立, GB/T 22239 level 3)
hold disjoint rights among themselves and none over business.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from supervision.labels import N_, Labeled


class Permission(StrEnum):
    """One thing a person may do. The comment above a block names who mostly does it."""

    # everyone in business
    REGISTRY_VIEW = "registry.view"
    PLAN_VIEW = "plan.view"
    DRAW_VIEW = "draw.view"
    VISIT_VIEW = "visit.view"
    PUNISHMENT_VIEW = "punishment.view"
    STATISTICS_VIEW = "statistics.view"
    # department leads
    ENTITY_EDIT = "entity.edit"
    INSPECTOR_EDIT = "inspector.edit"
    INSPECTOR_BORROW = "inspector.borrow"
    ITEM_EDIT = "item.edit"
    REGISTRY_IMPORT = "registry.import"
    PERMIT_EDIT = "permit.edit"
    PLAN_DRAFT = "plan.draft"
    DRAW_PREPARE = "draw.prepare"
    DRAW_CONTRIBUTE = "draw.contribute"
    WITNESS_NAME = "witness.name"
    PENALTY_EDIT = "penalty.edit"
    MEASURE_ANSWER = "measure.answer"
    FOLLOW_UP_CLOSE = "follow_up.close"
    # orders an inspection for a cause: a complaint, a referral, an emergency, a correction to be looked at
    INSPECTION_ORDER = "inspection.order"
    # clues handed to a case unit or another department: see, send, answer, give more time, decide who is in charge
    TRANSFER_VIEW = "transfer.view"
    TRANSFER_SEND = "transfer.send"
    TRANSFER_ANSWER = "transfer.answer"
    TRANSFER_EXTEND = "transfer.extend"
    TRANSFER_ROUTE = "transfer.route"
    # heads of departments
    PLAN_APPROVE = "plan.approve"
    RECUSAL_DECIDE = "recusal.decide"
    DRAW_VOID = "draw.void"
    LISTING_DECIDE = "listing.decide"
    CORRECTION_EXTEND = "correction.extend"
    # coordinator
    ITEM_LIST_PUBLISH = "item_list.publish"
    # takes an entity out of every pool: suspension of its entry, low-touch list
    ENTITY_WITHHOLD = "entity.withhold"
    RISK_CLASS_VIEW = "risk_class.view"
    PARAMETER_EDIT = "parameter.edit"
    # records what a neighboring area answered and whom it lends
    LOAN_ANSWER = "loan.answer"
    # inspectors
    VISIT_INSPECT = "visit.inspect"
    # whoever may take along the package of a closed visit; those who keep files see the whole of their department's
    ARCHIVE_VIEW = "archive.view"
    ARCHIVE_KEEP = "archive.keep"
    # experts: nothing but their own part of visits they were drawn for
    EXPERT_ASSIST = "expert.assist"
    # reviewers
    RECORD_REVIEW = "record.review"
    # oversight
    OVERSIGHT_VIEW = "oversight.view"
    SECOND_LOOK_RUN = "second_look.run"
    CAP_OVERRIDE = "cap.override"
    # system administrator
    USER_CREATE = "user.create"
    DEPARTMENT_EDIT = "department.edit"
    JOB_VIEW = "job.view"
    # security administrator
    ROLE_GRANT = "role.grant"
    USER_UNLOCK = "user.unlock"
    LOG_WITNESS_EDIT = "log_witness.edit"
    DEVICE_REVOKE = "device.revoke"
    # audit administrator
    AUDIT_VIEW = "audit.view"


class Role(Labeled):
    """A post people hold; the words are those of the vocabulary."""

    INSPECTOR = "inspector", N_("Inspector")
    LEAD = "lead", N_("Department lead")
    HEAD = "head", N_("Head of department")
    REVIEWER = "reviewer", N_("Reviewer")
    COORDINATOR = "coordinator", N_("District coordinator")
    OVERSIGHT = "oversight", N_("Enforcement oversight")
    ARCHIVIST = "archivist", N_("Archivist")
    CASE_OFFICER = "case_officer", N_("Case officer")
    EXPERT = "expert", N_("Expert")
    SYSTEM_ADMIN = "system_admin", N_("System administrator")
    SECURITY_ADMIN = "security_admin", N_("Security administrator")
    AUDIT_ADMIN = "audit_admin", N_("Audit administrator")


P = Permission
_BUSINESS_VIEW = frozenset(
    {
        P.REGISTRY_VIEW,
        P.PLAN_VIEW,
        P.DRAW_VIEW,
        P.VISIT_VIEW,
        P.PUNISHMENT_VIEW,
        P.STATISTICS_VIEW,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.INSPECTOR: frozenset({P.REGISTRY_VIEW, P.VISIT_VIEW, P.VISIT_INSPECT, P.ARCHIVE_VIEW}),
    Role.LEAD: _BUSINESS_VIEW
    | {
        P.RISK_CLASS_VIEW,
        P.ENTITY_EDIT,
        P.INSPECTOR_EDIT,
        P.INSPECTOR_BORROW,
        P.ITEM_EDIT,
        P.REGISTRY_IMPORT,
        P.PERMIT_EDIT,
        P.PLAN_DRAFT,
        P.DRAW_PREPARE,
        P.DRAW_CONTRIBUTE,
        P.WITNESS_NAME,
        P.PENALTY_EDIT,
        P.MEASURE_ANSWER,
        P.FOLLOW_UP_CLOSE,
        P.INSPECTION_ORDER,
        P.TRANSFER_VIEW,
        P.TRANSFER_SEND,
        P.TRANSFER_ANSWER,
        P.ARCHIVE_VIEW,
        P.ARCHIVE_KEEP,
    },
    Role.HEAD: _BUSINESS_VIEW
    | {
        P.RISK_CLASS_VIEW,
        P.PLAN_APPROVE,
        P.RECUSAL_DECIDE,
        P.DRAW_CONTRIBUTE,
        P.DRAW_VOID,
        P.LISTING_DECIDE,
        P.TRANSFER_VIEW,
        P.TRANSFER_EXTEND,
        P.CORRECTION_EXTEND,
        P.ARCHIVE_VIEW,
        P.ARCHIVE_KEEP,
    },
    Role.REVIEWER: frozenset({P.REGISTRY_VIEW, P.VISIT_VIEW, P.RECORD_REVIEW}),
    Role.COORDINATOR: _BUSINESS_VIEW
    | {
        P.RISK_CLASS_VIEW,
        P.ENTITY_EDIT,
        P.REGISTRY_IMPORT,
        P.ENTITY_WITHHOLD,
        P.ITEM_LIST_PUBLISH,
        P.PARAMETER_EDIT,
        P.INSPECTION_ORDER,
        P.TRANSFER_VIEW,
        P.TRANSFER_ROUTE,
        P.LOAN_ANSWER,
    },
    Role.OVERSIGHT: _BUSINESS_VIEW
    | {
        P.RISK_CLASS_VIEW,
        P.OVERSIGHT_VIEW,
        P.SECOND_LOOK_RUN,
        P.CAP_OVERRIDE,
        P.DRAW_CONTRIBUTE,
        P.DRAW_VOID,
        P.WITNESS_NAME,
        P.TRANSFER_VIEW,
        P.ARCHIVE_VIEW,
        P.ARCHIVE_KEEP,
    },
    Role.ARCHIVIST: frozenset({P.ARCHIVE_VIEW, P.ARCHIVE_KEEP}),
    # the case unit of a department: what is handed to it, and nothing else of any inspection
    Role.CASE_OFFICER: frozenset({P.TRANSFER_VIEW, P.TRANSFER_ANSWER}),
    Role.EXPERT: frozenset({P.EXPERT_ASSIST}),
    Role.SYSTEM_ADMIN: frozenset({P.USER_CREATE, P.DEPARTMENT_EDIT, P.JOB_VIEW}),
    Role.SECURITY_ADMIN: frozenset({P.ROLE_GRANT, P.USER_UNLOCK, P.LOG_WITNESS_EDIT, P.DEVICE_REVOKE}),
    Role.AUDIT_ADMIN: frozenset({P.AUDIT_VIEW}),
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
DISTRICT_WIDE = frozenset({Role.COORDINATOR, Role.OVERSIGHT})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks: handed to every service and scoped query, never fetched from a global."""

    user_id: int | None
    name: str
    department_id: int | None = None
    department_code: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    inspector_id: int | None = None
    expert_id: int | None = None
    request_id: str = ""

    def may(self, permission: Permission) -> bool:
        """Say whether one of the actor's roles holds ``permission``."""
        return any(permission in ROLE_PERMISSIONS[role] for role in self.roles)

    @property
    def sees_whole_district(self) -> bool:
        """Coordinators and oversight look across departments; everybody else sees own and joint work."""
        return bool(self.roles & DISTRICT_WIDE)


PUBLIC = Actor(user_id=None, name="public")


def system_actor(name: str = "system") -> Actor:
    """Return the actor for what the platform does by itself (commands, jobs, demo data)."""
    return Actor(user_id=None, name=name)
