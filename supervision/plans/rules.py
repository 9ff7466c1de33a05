"""Life of a plan and a task, their numbers, scope and rates (R-1.04, R-1.09 to R-1.14, R-1.18)."""

from dataclasses import dataclass
from datetime import date

from supervision.labels import N_, Labeled


class PlanState(Labeled):
    """Life of one version of a plan."""

    DRAFT = "draft", N_("Draft"), "neutral"
    AGREEING = "agreeing", N_("Waiting for cooperating departments"), "info"
    SUBMITTED = "submitted", N_("Waiting for the head's approval"), "warning"
    PUBLISHED = "published", N_("Approved and published"), "success"
    SUPERSEDED = "superseded", N_("Replaced by a newer version"), "neutral"
    WITHDRAWN = "withdrawn", N_("Withdrawn"), "danger"


class PlanKind(Labeled):
    """A department's own plan, or a joint one under a lead department."""

    DEPARTMENT = "department", N_("Department plan")
    JOINT = "joint", N_("Joint plan")


class Stratification(Labeled):
    """By what the pool is divided. Risk classes make the draw confidential (draw protocol, section 1)."""

    NONE = "none", N_("Not divided")
    TYPE = "type", N_("By type of entity")
    INDUSTRY = "industry", N_("By industry")
    SUB_DISTRICT = "sub_district", N_("By sub-district")
    RISK = "risk", N_("By risk class (confidential draw)")


class TeamMode(Labeled):
    """Inspectors are drawn for each visit, or into groups that share the visits."""

    VISIT = "visit", N_("A team for each visit")
    GROUP = "group", N_("Groups that share the visits")


class Agreement(Labeled):
    """Answer of a cooperating department."""

    WAITING = "waiting", N_("No answer yet"), "warning"
    AGREED = "agreed", N_("Agreed"), "success"
    DECLINED = "declined", N_("Declined"), "danger"


class TaskSource(Labeled):
    """任务来源 (R-1.09)."""

    ANNUAL_PLAN = "annual_plan", N_("Annual plan")
    TEMPORARY = "temporary", N_("Temporary task")


class TaskState(Labeled):
    """Life of a task."""

    PREPARING = "preparing", N_("Being prepared"), "neutral"
    DRAWING = "drawing", N_("Draw under way"), "info"
    RUNNING = "running", N_("Visits under way"), "info"
    FINISHED = "finished", N_("Finished"), "success"
    ABANDONED = "abandoned", N_("Abandoned"), "danger"


@dataclass(frozen=True, slots=True)
class Scope:
    """抽查范围: which entities of the register a plan speaks of. An empty tuple sets no limit."""

    industries: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    sub_districts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    risk_classes: tuple[str, ...] = ()
    permit_names: tuple[str, ...] = ()

    @property
    def targeted(self) -> bool:
        """定向 when anything beyond the items' own industries limits the pool (R-1.11)."""
        return any((self.types, self.sub_districts, self.tags, self.risk_classes, self.permit_names))

    def to_json(self) -> dict[str, list[str]]:
        """Return the scope as the plan's published JSON holds it, sorted."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__ if getattr(self, name)}

    @classmethod
    def from_json(cls, value: dict[str, list[str]]) -> "Scope":
        """Read back what :meth:`to_json` wrote."""
        return cls(**{name: tuple(entries) for name, entries in value.items()})


def plan_number(region: str, year: int, serial: int) -> str:
    """Region 6 + year 4 + serial 4 (R-1.10)."""
    return f"{region}{year:04d}{serial:04d}"


def task_number(region: str, day: date, serial: int) -> str:
    """Region 6 + date 8 + serial 4 (R-1.10)."""
    return f"{region}{day:%Y%m%d}{serial:04d}"
