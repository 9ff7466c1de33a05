"""Life of an uploaded file."""

from supervision.labels import N_, Labeled


class UploadState(Labeled):
    """State of an uploaded file."""

    CHECKING = "checking", N_("Being checked"), "info"
    CHECKED = "checked", N_("Checked, waiting for your decision"), "warning"
    APPLYING = "applying", N_("Being taken in"), "info"
    APPLIED = "applied", N_("Taken in"), "success"
    REFUSED = "refused", N_("Cannot be read"), "danger"
    DISCARDED = "discarded", N_("Discarded"), "neutral"
