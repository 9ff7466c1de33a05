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
    DEADLINE_RECOUNTED = "deadline_recounted", N_("Deadline counted anew by another calendar"), "warning"
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
    LEAVE_ASKED = "leave_asked", N_("Leave asked for")
    LEAVE_DECIDED = "leave_decided", N_("Request for leave decided")
    LEAVE_WITHDRAWN = "leave_withdrawn", N_("Request for leave withdrawn")
    TIE_DECLARED = "tie_declared", N_("Interest declared")
    TIE_WITHDRAWN = "tie_withdrawn", N_("Interest withdrawn")
    EXPERT_ENTERED = "expert_entered", N_("Expert entered")
    EXPERT_CORRECTED = "expert_corrected", N_("Expert corrected")
    EXPERT_STATUS_CHANGED = "expert_status_changed", N_("Status of an expert changed"), "warning"
    EXPERTS_ASKED = "experts_asked", N_("Experts asked for")
    EXPERTS_WITHDRAWN = "experts_withdrawn", N_("Request for experts taken back")
    EXPERTS_FROZEN = "experts_frozen", N_("List of experts frozen")
    EXPERTS_DRAWN = "experts_drawn", N_("Experts drawn"), "success"
    EXPERT_REPLACED = "expert_replaced", N_("Expert replaced"), "warning"
    EXPERT_BOUND = "expert_bound", N_("Statement of confidentiality accepted by an expert")
    EXPERT_ACCEPTED = "expert_accepted", N_("Expert declared no interest and takes part")
    EXPERT_OPINION_SAVED = "expert_opinion_saved", N_("Opinion of an expert saved")
    EXPERT_OPINION_SIGNED = "expert_opinion_signed", N_("Opinions of an expert signed")
    EXPERT_FILE_ADDED = "expert_file_added", N_("File added to the opinion of an expert")
    LOAN_ASKED = "loan_asked", N_("Inspectors of a neighboring area asked for"), "warning"
    LOAN_WITHDRAWN = "loan_withdrawn", N_("Request to borrow inspectors taken back")
    LOAN_GRANTED = "loan_granted", N_("Loan of inspectors granted by a neighboring area"), "warning"
    LOAN_REFUSED = "loan_refused", N_("Loan of inspectors not granted")
    INSPECTORS_LENT = "inspectors_lent", N_("Lent inspectors entered"), "warning"
    LOAN_ENDED = "loan_ended", N_("Loan of inspectors ended")
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
    FAIRNESS_MEASURED = "fairness_measured", N_("Chances of a draw measured")
    DRAW_CONTRIBUTED = "draw_contributed", N_("Contribution sealed")
    WITNESS_NAMED = "witness_named", N_("Witness of a draw named")
    WITNESS_REMOVED = "witness_removed", N_("Witness taken off a draw"), "warning"
    WITNESS_LINK_MADE = "witness_link_made", N_("New link made for a witness"), "warning"
    WITNESS_LINKS_ENDED = "witness_links_ended", N_("Links of witnesses ended, ways to reach them forgotten")
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
    BEACON_ENTERED = "beacon_entered", N_("Public value of a draw entered")
    BEACON_LAPSED = "beacon_lapsed", N_("Public value did not come in time, the next round counts"), "warning"
    REDRAW_PROPOSED = "redraw_proposed", N_("New draw after an abandoned one proposed"), "warning"
    REDRAW_AGREED = "redraw_agreed", N_("New draw after an abandoned one agreed"), "warning"
    UNIT_STRUCK = "unit_struck", N_("Unit struck"), "warning"
    INSPECTOR_REPLACED = "inspector_replaced", N_("Inspector replaced"), "warning"
    PAPER_ISSUED = "paper_issued", N_("Paper about a draw issued")
    PAPER_KEY_CHANGED = "paper_key_changed", N_("Key that signs papers changed"), "warning"
    # the transparency log
    LOG_KEY_BEGUN = "log_key_begun", N_("Key of the log begun"), "warning"
    LOG_RESUMED = "log_resumed", N_("Log resumed after a loss"), "danger"
    LOG_WITNESS_ADDED = "log_witness_added", N_("Witness of the log entered")
    LOG_WITNESS_ENDED = "log_witness_ended", N_("Witness of the log ended"), "warning"
    LOG_COSIGNED = "log_cosigned", N_("Log cosigned by a witness")
    LOG_STATEMENT = "log_statement", N_("Statement of a witness on a draw handed in")
    # visits
    ASSIGNMENT_ACCEPTED = "assignment_accepted", N_("Assignment accepted")
    RECUSAL_DECLARED = "recusal_declared", N_("Recusal declared")
    RECUSAL_REQUESTED = "recusal_requested", N_("Recusal requested by the entity")
    RECUSAL_DECIDED = "recusal_decided", N_("Recusal decided")
    VISIT_APPROVED = "visit_approved", N_("Inspection approved")
    CAP_OVERRIDDEN = "cap_overridden", N_("Inspection let through beyond the yearly cap"), "warning"
    ENCOUNTER_OVERRIDDEN = "encounter_overridden", N_("Visit or inspector let through"), "warning"
    # orders to inspect without a draw
    INSPECTION_ORDERED = "inspection_ordered", N_("Inspection ordered without a draw"), "warning"
    ORDER_APPROVED = "order_approved", N_("Order to inspect approved by a head"), "success"
    ORDER_REFUSED = "order_refused", N_("Order to inspect refused by a head"), "warning"
    ORDER_TEAM_DRAWN = "order_team_drawn", N_("Team of an ordered inspection drawn by lots")
    ORDER_INSPECTOR_REPLACED = (
        "order_inspector_replaced", N_("Inspector of an ordered inspection replaced by the machine"), "warning",
    )  # fmt: skip
    ORDER_CANCELLED = "order_cancelled", N_("Order to inspect cancelled"), "warning"
    JOINT_OFFERED = "joint_offered", N_("Offered to go together")
    JOINT_ANSWERED = "joint_answered", N_("Offer to go together answered")
    JOINT_WITHDRAWN = "joint_withdrawn", N_("Offer to go together withdrawn"), "warning"
    VISIT_RESCHEDULED = "visit_rescheduled", N_("Visit put on another day")
    ROUTE_ORDERED = "route_ordered", N_("Order of a day's visits changed")
    CALENDAR_FEED_OPENED = "calendar_feed_opened", N_("Address of a calendar feed made")
    CALENDAR_FEED_ENDED = "calendar_feed_ended", N_("Address of a calendar feed ended")
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
    # evidence and signatures
    FILE_SEALED = "file_sealed", N_("File received whole")
    EVIDENCE_ATTACHED = "evidence_attached", N_("File attached to a record")
    EVIDENCE_SWEPT = "evidence_swept", N_("Unfinished files taken away")
    EVIDENCE_DETACHED = "evidence_detached", N_("File taken out of a record"), "warning"
    SAMPLE_RECORDED = "sample_recorded", N_("Sample recorded")
    SAMPLE_WITHDRAWN = "sample_withdrawn", N_("Entry of a sample withdrawn"), "warning"
    SAMPLE_RESULT_ADDED = "sample_result_added", N_("Result of a laboratory added")
    SIGNATURE_DRAWN = "signature_drawn", N_("Signature drawn under a section")
    PARTY_ANSWERED = "party_answered", N_("Answer of the enterprise to the record noted")
    REFUSAL_CONFIRMED = "refusal_confirmed", N_("Second officer said whether a noted refusal is right")
    PARTY_LINK_MADE = "party_link_made", N_("Record opened to the enterprise's own phone")
    PARTY_LINK_REFUSED = "party_link_refused", N_("Enterprise wrote on its own phone why it does not sign")
    ARRIVAL_ANSWERED = "arrival_answered", N_("Enterprise said who came")
    VISIT_RATED = "visit_rated", N_("Enterprise rated the inspection")
    RESULT_REPLIED = "result_replied", N_("Enterprise answered the result")
    FOLLOW_UP_OPENED = "follow_up_opened", N_("Follow-up opened")
    FOLLOW_UP_CLOSED = "follow_up_closed", N_("Follow-up closed"), "success"
    FOLLOW_UP_REOPENED = "follow_up_reopened", N_("Follow-up opened again"), "warning"
    FOLLOW_UP_DEADLINE_MOVED = "follow_up_deadline_moved", N_("Deadline of a follow-up moved"), "warning"
    TRANSFER_SENT = "transfer_sent", N_("Follow-up handed to another body")
    TRANSFER_RETURNED = "transfer_returned", N_("Follow-up given back by another body"), "warning"
    CLUE_SENT = "clue_sent", N_("Clue transferred")
    CLUE_ACKNOWLEDGED = "clue_acknowledged", N_("Receipt of a clue acknowledged")
    CLUE_CLAIMED = "clue_claimed", N_("Clue claimed")
    CLUE_RETURNED = "clue_returned", N_("Clue returned"), "warning"
    CLUE_ROUTED = "clue_routed", N_("Receiver of a clue decided")
    CLUE_HANDED_ON = "clue_handed_on", N_("Clue handed on")
    CLUE_EXTENSION_ASKED = "clue_extension_asked", N_("More time for a clue asked for")
    CLUE_EXTENSION_DECIDED = "clue_extension_decided", N_("More time for a clue decided"), "warning"
    CLUE_ANSWERED = "clue_answered", N_("Clue answered"), "success"
    CLUE_WITHDRAWN = "clue_withdrawn", N_("Transfer of a clue withdrawn"), "warning"
    CORRECTION_FILE_ARRIVED = "correction_file_arrived", N_("File for a correction received whole")
    CORRECTION_SENT = "correction_sent", N_("Evidence of a correction handed in")
    CORRECTION_RETURNED = "correction_returned", N_("Evidence of a correction sent back"), "warning"
    EXTENSION_ASKED = "extension_asked", N_("More time to correct asked for")
    DEADLINE_EXTENDED = "deadline_extended", N_("More time to correct granted"), "warning"
    EXTENSION_REFUSED = "extension_refused", N_("More time to correct refused")
    REINSPECTION_NEEDED = "reinspection_needed", N_("Correction to be looked at again on site")
    # papers of a visit
    VISIT_PAPER_ISSUED = "visit_paper_issued", N_("Paper of a visit issued")
    SITE_ENTRY_SAVED = "site_entry_saved", N_("Record written on site saved")
    SITE_ENTRY_SIGNED = "site_entry_signed", N_("Record written on site signed or refused")
    VISIT_ARCHIVED = "visit_archived", N_("Archive package of a visit made")
    SECOND_LOOKS_FROZEN = "second_looks_frozen", N_("List of finished visits frozen for second looks")
    SECOND_LOOKS_SEALED = "second_looks_sealed", N_("Number for the choice of second looks sealed")
    SECOND_LOOKS_REVEALED = "second_looks_revealed", N_("Number for the choice of second looks opened")
    SECOND_LOOKS_DRAWN = "second_looks_drawn", N_("Visits for second looks chosen")
    SECOND_LOOKS_DROPPED = "second_looks_dropped", N_("Choice of second looks dropped"), "warning"
    SECOND_LOOK_ORDERED = "second_look_ordered", N_("Second look ordered")
    SECOND_LOOK_ASSIGNED = "second_look_assigned", N_("Second look given to a reviewer")
    SECOND_LOOK_HANDED_IN = "second_look_handed_in", N_("Second look handed in")
    SECOND_LOOK_EXPLAINED = "second_look_explained", N_("Difference found by a second look explained")
    DEVICE_REGISTERED = "device_registered", N_("Phone registered")
    DEVICE_REVOKED = "device_revoked", N_("Phone revoked"), "warning"
    DEVICE_TOLD = "device_told", N_("Revoked phone told to wipe itself")
    FIELD_NOT_STORED = "field_not_stored", N_("Entry of a phone not stored"), "warning"
    FIELD_CLASH = "field_clash", N_("Number of a phone's entry came again with other content"), "warning"
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
    # messages
    MESSAGES_GATHERED = "messages_gathered", N_("Messages gathered")
    MESSAGES_READ = "messages_read", N_("Messages read")
    MESSAGES_SENT = "messages_sent", N_("Messages sent out")
    CONTACT_WISHES_CHANGED = "contact_wishes_changed", N_("Ways of being told changed")
    CONFIRMATION_MAILED = "confirmation_mailed", N_("Link to confirm a mail address sent")
    MAIL_CONFIRMED = "mail_confirmed", N_("Mail address confirmed")
    CHANNEL_ADDED = "channel_added", N_("Gateway for messages entered"), "warning"
    CHANNEL_ENDED = "channel_ended", N_("Gateway for messages ended"), "warning"
    RECEIPT_TAKEN = "receipt_taken", N_("Receipt of a message taken")
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
    CORRECTIONS = "correction_list", N_("List of corrections")
    PENALTIES = "penalty_register", N_("Register of penalties")
    ORIGINALS = "evidence_original", N_("Original of a file kept as evidence")
    PACKAGES = "archive_package", N_("Archive package of a visit")
    TRANSFER = "transfer", N_("Transferred clue")
    TRANSFERS = "transfer_list", N_("List of transferred clues")
