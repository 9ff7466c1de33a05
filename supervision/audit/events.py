"""Every kind of operation the log can hold, on one page."""

from supervision.labels import N_, Labeled


class Event(Labeled):
    """What was done. The value is stable for ever; the label may be reworded."""

    # people
    SIGNED_IN = "signed_in", N_("Signed in")
    SIGN_IN_REFUSED = "sign_in_refused", N_("Sign-in refused"), "warning"
    SIGNED_OUT = "signed_out", N_("Signed out")
    PASSWORD_CHANGED = "password_changed", N_("Password changed")
    USER_CREATED = "user_created", N_("User created")
    USER_DISABLED = "user_disabled", N_("User disabled"), "warning"
    USER_ENABLED = "user_enabled", N_("User enabled")
    USER_UNLOCKED = "user_unlocked", N_("User unlocked")
    USER_CORRECTED = "user_corrected", N_("User corrected")
    SESSIONS_ENDED = "sessions_ended", N_("Sessions ended")
    ROLES_CHANGED = "roles_changed", N_("Roles changed"), "warning"
    # ground data
    DEPARTMENT_CREATED = "department_created", N_("Department entered")
    DEPARTMENT_SUSPENDED = "department_suspended", N_("Department suspended"), "warning"
    DEPARTMENT_RESUMED = "department_resumed", N_("Department resumed")
    DEPARTMENT_CHANGED = "department_changed", N_("Department changed")
    PARAMETER_CHANGED = "parameter_changed", N_("Parameter changed"), "warning"
    WORKDAYS_CHANGED = "workdays_changed", N_("Working-day calendar changed")
    # registers
    ENTITY_CREATED = "entity_created", N_("Entity created")
    ENTITY_CORRECTED = "entity_corrected", N_("Entity corrected")
    ENTITY_STATUS_CHANGED = "entity_status_changed", N_("Entity status changed"), "warning"
    ENTITY_TAGGED = "entity_tagged", N_("Entity tags changed")
    TAG_CHANGED = "tag_changed", N_("Tag changed"), "warning"
    RISK_CLASS_SET = "risk_class_set", N_("Risk class set")
    DUPLICATE_DECIDED = "duplicate_decided", N_("Probable duplicate decided"), "warning"
    LOW_TOUCH_SET = "low_touch_set", N_("Low-touch list changed")
    INSPECTOR_CREATED = "inspector_created", N_("Inspector created")
    INSPECTOR_CORRECTED = "inspector_corrected", N_("Inspector corrected")
    INSPECTOR_SUSPENDED = "inspector_suspended", N_("Inspector suspended"), "warning"
    INSPECTOR_RESUMED = "inspector_resumed", N_("Inspector resumed")
    INSPECTOR_LEFT = "inspector_left", N_("Inspector left the service"), "warning"
    QUALIFICATIONS_SET = "qualifications_set", N_("Qualifications of an inspector set")
    ABSENCE_RECORDED = "absence_recorded", N_("Absence of an inspector recorded")
    ABSENCE_CANCELED = "absence_canceled", N_("Absence of an inspector canceled")
    TIE_DECLARED = "tie_declared", N_("Interest declared")
    TIE_WITHDRAWN = "tie_withdrawn", N_("Interest withdrawn")
    EXPERT_ENTERED = "expert_entered", N_("Expert entered")
    EXPERT_CORRECTED = "expert_corrected", N_("Expert corrected")
    EXPERT_STATUS_CHANGED = "expert_status_changed", N_("Status of an expert changed"), "warning"
    ITEM_CHANGED = "item_changed", N_("Inspection item changed")
    JOINT_ITEM_CHANGED = "joint_item_changed", N_("Joint item changed")
    ITEM_LIST_DRAFTED = "item_list_drafted", N_("Draft of the item list begun")
    ITEM_LIST_PUBLISHED = "item_list_published", N_("Item list published")
    REGISTER_IMPORTED = "register_imported", N_("Register imported")
    PERMIT_RECORDED = "permit_recorded", N_("Permit recorded")
    PERMIT_CORRECTED = "permit_corrected", N_("Permit corrected")
    PERMIT_ENDED = "permit_ended", N_("Permit ended"), "warning"
    # plans and draws
    PLAN_DRAFTED = "plan_drafted", N_("Plan drafted")
    PLAN_CHANGED = "plan_changed", N_("Plan changed")
    PLAN_SENT = "plan_sent", N_("Plan sent for agreement")
    PLAN_SUBMITTED = "plan_submitted", N_("Plan submitted for approval")
    PLAN_AGREED = "plan_agreed", N_("Plan agreed by a department")
    PLAN_DECLINED = "plan_declined", N_("Plan declined by a department"), "warning"
    PLAN_APPROVED = "plan_approved", N_("Plan approved and published"), "success"
    PLAN_RETURNED = "plan_returned", N_("Plan returned"), "warning"
    PLAN_REVISED = "plan_revised", N_("Revision of a plan begun")
    PLAN_WITHDRAWN = "plan_withdrawn", N_("Plan withdrawn"), "warning"
    PLAN_MESSAGE_SENT = "plan_message_sent", N_("Joint visit proposed")
    PLAN_MESSAGE_ANSWERED = "plan_message_answered", N_("Proposal of a joint visit answered")
    TASK_CREATED = "task_created", N_("Task created")
    TASK_MOVED = "task_moved", N_("Task moved to the newest version of its plan")
    EXCLUSION_RECORDED = "exclusion_recorded", N_("Exclusion recorded")
    EXCLUSION_CONFIRMED = "exclusion_confirmed", N_("Exclusion confirmed"), "warning"
    EXCLUSION_REFUSED = "exclusion_refused", N_("Exclusion refused")
    DRAW_FROZEN = "draw_frozen", N_("Pool frozen")
    DRAW_CONTRIBUTED = "draw_contributed", N_("Contribution sealed")
    DRAW_COMMITTED = "draw_committed", N_("Draw committed")
    DRAW_REVEALED = "draw_revealed", N_("Contribution revealed")
    DRAW_DRAWN = "draw_drawn", N_("Drawn"), "success"
    DRAW_OPENED = "draw_opened", N_("Draw opened")
    DRAW_VOID_PROPOSED = "draw_void_proposed", N_("Void proposed"), "warning"
    DRAW_VOIDED = "draw_voided", N_("Draw void"), "danger"
    DRAW_ABANDONED = "draw_abandoned", N_("Draw abandoned"), "danger"
    DRAW_ABANDON_PROPOSED = "draw_abandon_proposed", N_("Abandonment of a draw proposed"), "warning"
    STRIKE_PROPOSED = "strike_proposed", N_("Strike of a unit proposed"), "warning"
    DRAW_PROPOSAL_REFUSED = "draw_proposal_refused", N_("Proposal about a draw refused")
    DRAW_PROPOSAL_LAPSED = "draw_proposal_lapsed", N_("Proposal about a draw ended with it")
    UNIT_STRUCK = "unit_struck", N_("Unit struck"), "warning"
    INSPECTOR_REPLACED = "inspector_replaced", N_("Inspector replaced"), "warning"
    # visits
    ASSIGNMENT_ACCEPTED = "assignment_accepted", N_("Assignment accepted")
    RECUSAL_DECLARED = "recusal_declared", N_("Recusal declared")
    RECUSAL_REQUESTED = "recusal_requested", N_("Recusal requested by the entity")
    RECUSAL_DECIDED = "recusal_decided", N_("Recusal decided")
    VISIT_APPROVED = "visit_approved", N_("Inspection approved")
    CAP_OVERRIDDEN = "cap_overridden", N_("Inspection let through beyond the yearly cap"), "warning"
    VISIT_RESCHEDULED = "visit_rescheduled", N_("Visit put on another day")
    VISIT_ENDING_PROPOSED = "visit_ending_proposed", N_("Not carrying out an inspection proposed"), "warning"
    VISIT_ENDING_REFUSED = "visit_ending_refused", N_("Proposal not to carry out an inspection refused")
    VISIT_NOT_CARRIED_OUT = "visit_not_carried_out", N_("Inspection ended without being carried out"), "warning"
    VISIT_BEGUN = "visit_begun", N_("Arrival confirmed")
    NOTICE_ISSUED = "notice_issued", N_("Notice issued")
    SECTION_SAVED = "section_saved", N_("Section saved")
    SECTION_SIGNED = "section_signed", N_("Section signed off")
    SECTION_REOPENED = "section_reopened", N_("Section reopened")
    OUTCOME_SET = "outcome_set", N_("Visit outcome set")
    RECORD_SUBMITTED = "record_submitted", N_("Record submitted")
    RECORD_APPROVED = "record_approved", N_("Record approved"), "success"
    RECORD_RETURNED = "record_returned", N_("Record returned"), "warning"
    RECORD_CORRECTED = "record_corrected", N_("Correction of a record begun"), "warning"
    RESULT_PUBLISHED = "result_published", N_("Result published"), "success"
    RESULT_DELAYED = "result_delayed", N_("Reason of a late publication recorded"), "warning"
    RESULT_WITHDRAWN = "result_withdrawn", N_("Result withdrawn"), "warning"
    FOLLOW_UP_OPENED = "follow_up_opened", N_("Follow-up opened")
    FOLLOW_UP_CLOSED = "follow_up_closed", N_("Follow-up closed"), "success"
    FOLLOW_UP_REOPENED = "follow_up_reopened", N_("Follow-up opened again"), "warning"
    FOLLOW_UP_DEADLINE_MOVED = "follow_up_deadline_moved", N_("Deadline of a follow-up moved"), "warning"
    # punishments
    PENALTY_RECORDED = "penalty_recorded", N_("Penalty recorded")
    PENALTY_REVOKED = "penalty_revoked", N_("Penalty revoked"), "warning"
    LISTING_INTENDED = "listing_intended", N_("Listing intended")
    LISTING_NOTICED = "listing_noticed", N_("Notice of an intended listing served")
    LISTING_DROPPED = "listing_dropped", N_("Intended listing given up"), "warning"
    LISTING_PROPOSED = "listing_proposed", N_("Listing proposed")
    LISTING_DECIDED = "listing_decided", N_("Listing decided"), "warning"
    LISTING_SERVED = "listing_served", N_("Listing decision served"), "warning"
    LISTING_ENDED = "listing_ended", N_("Listing ended")
    MEASURE_ASKED = "measure_asked", N_("Measure asked of a department")
    MEASURE_ANSWERED = "measure_answered", N_("Measure answered")
    MEASURE_LIFTED = "measure_lifted", N_("Measure lifted")
    # disclosures: who saw or took away what is not public
    LIST_VIEWED = "list_viewed", N_("Confidential list viewed")
    LIST_EXPORTED = "list_exported", N_("List exported"), "warning"
    # the house itself
    UPLOADS_CLEANED = "uploads_cleaned", N_("Files of imports removed")
    DEMO_LOADED = "demo_loaded", N_("Demonstration data loaded")


class DisclosedList(Labeled):
    """Lists whose viewing or export is noted: enterprises still to be inspected, and registers with personal data."""

    VISITS = "visit_list", N_("List of visits")
    VISIT = "visit_page", N_("Page of a visit before it takes place")
    DRAWN = "drawn_list", N_("Outcome of a draw not yet disclosed")
    BUNDLE = "full_bundle", N_("Full bundle of a draw")
    CLASSES = "class_changes", N_("Risk classes set too late for a draw")
    ENTITIES = "entity_register", N_("Register of entities")
    INSPECTORS = "inspector_register", N_("Register of inspectors")
    FOLLOW_UPS = "follow_up_list", N_("List of follow-ups")
    PENALTIES = "penalty_register", N_("Register of penalties")
