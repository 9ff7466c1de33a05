"""Life of a draw (draw protocol, section 8)."""

from supervision.labels import N_, Labeled

PROTOCOL = "double-random-draw/1"
SYSTEM = "system"
OVERSIGHT = "oversight"


class DrawState(Labeled):
    """frozen → committed → drawn → opened; void or abandoned only sideways."""

    FROZEN = "frozen", N_("Pool frozen"), "info"
    COMMITTED = "committed", N_("Committed"), "info"
    DRAWN = "drawn", N_("Drawn, sealed"), "sealed"
    OPENED = "opened", N_("Opened"), "success"
    VOID = "void", N_("Void"), "danger"
    ABANDONED = "abandoned", N_("Abandoned"), "danger"


class UnitState(Labeled):
    """What became of a unit that the draw put forward."""

    SELECTED = "selected", N_("Selected"), "success"
    RESERVE = "reserve", N_("From the reserve list"), "info"
    STRUCK = "struck", N_("Struck"), "danger"


class LogEvent(Labeled):
    """Leaf kinds of the transparency log."""

    FROZEN = "frozen", N_("Pool frozen")
    CONTRIBUTED = "contributed", N_("Contribution sealed")
    COMMITTED = "committed", N_("Committed")
    DRAWN = "drawn", N_("Drawn")
    OPENED = "opened", N_("Opened")
    VOID = "void", N_("Void")
    ABANDONED = "abandoned", N_("Abandoned")
    STRUCK = "struck", N_("Unit struck")
    REPLACED = "replaced", N_("Inspector replaced")


def draw_number(region: str, year: int, serial: int) -> str:
    """Region, year and a serial number consecutive per authority: 310106-2026-0007."""
    return f"{region}-{year:04d}-{serial:04d}"
