"""Life of a visit and of each inspector's part in it."""

from supervision.labels import N_, Labeled


class VisitState(Labeled):
    """assigned → approved → on site → submitted → accepted → published; a record may be returned to on site."""

    ASSIGNED = "assigned", N_("Assigned"), "info"
    APPROVED = "approved", N_("Inspection approved"), "info"
    ON_SITE = "on_site", N_("Being recorded"), "info"
    SUBMITTED = "submitted", N_("Waiting for review"), "warning"
    RETURNED = "returned", N_("Returned by the reviewer"), "danger"
    ACCEPTED = "accepted", N_("Record approved"), "success"
    PUBLISHED = "published", N_("Published"), "success"
    STRUCK = "struck", N_("Struck from the list"), "neutral"


class MemberState(Labeled):
    """An inspector's answer to an assignment."""

    ASSIGNED = "assigned", N_("Not answered yet"), "warning"
    ACCEPTED = "accepted", N_("Accepted"), "success"
    RECUSAL_ASKED = "recusal_asked", N_("Recusal declared"), "warning"
    REPLACED = "replaced", N_("Replaced by the machine"), "neutral"


class RecusalDecision(Labeled):
    """Decision of the head on a recusal (R-1.22)."""

    WAITING = "waiting", N_("Waiting for decision"), "warning"
    GRANTED = "granted", N_("Granted"), "success"
    REFUSED = "refused", N_("Refused"), "danger"


class SectionState(Labeled):
    """A department's section of the form."""

    OPEN = "open", N_("To be filled in"), "warning"
    SIGNED = "signed", N_("Signed off"), "success"
