"""Life of a plan and a task, their scope, period and numbers (R-1.01 to R-1.11)."""

from dataclasses import dataclass
from datetime import date

from supervision.errors import Invalid, WrongState
from supervision.labels import N_, Labeled

FEWEST_INSPECTORS = 2  # 行政处罚法 art. 42: per department, R-1.20
LARGEST_NUMBER = 1_000_000
MOVED_ON = N_("The plan has moved on and this step is no longer possible. Reload the page to see where it stands.")


class PlanState(Labeled):
    """Life of one version of a plan."""

    DRAFT = "draft", N_("Draft"), "neutral"
    AGREEING = "agreeing", N_("Waiting for cooperating departments"), "info"
    SUBMITTED = "submitted", N_("Waiting for the head's approval"), "warning"
    PUBLISHED = "published", N_("Approved and published"), "success"
    SUPERSEDED = "superseded", N_("Replaced by a newer version"), "neutral"
    WITHDRAWN = "withdrawn", N_("Withdrawn"), "danger"
    # holds departments and items of one inspection that was ordered: no plan, never listed, counted or published
    ORDERED = "ordered", N_("Kept for an ordered inspection"), "neutral"


class PlanStep(Labeled):
    """A named transition of a plan version."""

    ASK = "ask", N_("Send to the cooperating departments")
    SUBMIT = "submit", N_("Submit for approval")
    DECLINE = "decline", N_("Decline")
    SEND_BACK = "send_back", N_("Return to the drafting department")
    RECALL = "recall", N_("Take back for correction")
    APPROVE = "approve", N_("Approve and publish")
    SUPERSEDE = "supersede", N_("Replace by a newer version")
    WITHDRAW = "withdraw", N_("Withdraw the plan")


S = PlanState
# step: (from which states, to which state)
PLAN_STEPS: dict[PlanStep, tuple[frozenset[PlanState], PlanState]] = {
    PlanStep.ASK: (frozenset({S.DRAFT}), S.AGREEING),
    PlanStep.SUBMIT: (frozenset({S.DRAFT, S.AGREEING}), S.SUBMITTED),
    PlanStep.DECLINE: (frozenset({S.AGREEING}), S.DRAFT),
    PlanStep.SEND_BACK: (frozenset({S.SUBMITTED}), S.DRAFT),
    PlanStep.RECALL: (frozenset({S.AGREEING, S.SUBMITTED}), S.DRAFT),
    PlanStep.APPROVE: (frozenset({S.SUBMITTED}), S.PUBLISHED),
    PlanStep.SUPERSEDE: (frozenset({S.PUBLISHED}), S.SUPERSEDED),
    PlanStep.WITHDRAW: (frozenset({S.DRAFT, S.AGREEING, S.SUBMITTED}), S.WITHDRAWN),
}
# states in which a version is known to everybody and never changes again
PUBLIC_STATES = frozenset({S.PUBLISHED, S.SUPERSEDED})
OPEN_STATES = frozenset({S.DRAFT, S.AGREEING, S.SUBMITTED})
LISTED_STATES = tuple(one for one in PlanState if one is not S.ORDERED)


def next_plan_state(state: PlanState, step: PlanStep) -> PlanState:
    """Return the state after ``step``, or refuse a step that ``state`` does not allow."""
    allowed, target = PLAN_STEPS[step]
    if state not in allowed:
        raise WrongState("plan-state", MOVED_ON)
    return target


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


class AllocationKind(Labeled):
    """How the number to be drawn is fixed (draw protocol, section 4)."""

    RATE = "rate", N_("A share of each part, in percent")
    COUNT = "count", N_("A number for each part")
    TOTAL = "total", N_("One number in all, spread over the parts by size and weight")


class TeamMode(Labeled):
    """Inspectors are drawn for each visit, or into groups that share the visits."""

    VISIT = "visit", N_("A team for each visit")
    GROUP = "group", N_("Groups that share the visits")


class DraftStep(Labeled):
    """The pages on which a plan is drafted, in order."""

    ITEMS = "items", N_("What is inspected")
    PERIOD = "period", N_("Title and period")
    SCOPE = "scope", N_("Who is in the pool")
    DIVISION = "division", N_("How the pool is divided")
    NUMBERS = "numbers", N_("How many are drawn")
    TEAMS = "teams", N_("Who inspects")
    CHECK = "check", N_("Check and send")


class Agreement(Labeled):
    """Answer of a cooperating department."""

    WAITING = "waiting", N_("No answer yet"), "warning"
    AGREED = "agreed", N_("Agreed"), "success"
    DECLINED = "declined", N_("Declined"), "danger"


class JoinAnswer(Labeled):
    """Answer of a lead department to the proposal to go together (R-1.45)."""

    TOGETHER = "together", N_("Agreed to go together"), "success"
    APART = "apart", N_("Stays apart"), "neutral"


class TaskSource(Labeled):
    """任务来源 (R-1.09)."""

    ANNUAL_PLAN = "annual_plan", N_("Annual plan")
    TEMPORARY = "temporary", N_("Temporary task")
    ORDERED = "ordered", N_("Ordered inspection")


# what a plan can be asked for; the third is made by an order alone
PLANNED_SOURCES = (TaskSource.ANNUAL_PLAN, TaskSource.TEMPORARY)


class TaskState(Labeled):
    """Life of a task."""

    PREPARING = "preparing", N_("Being prepared"), "neutral"
    DRAWING = "drawing", N_("Draw under way"), "info"
    RUNNING = "running", N_("Visits under way"), "info"
    FINISHED = "finished", N_("Finished"), "success"
    ABANDONED = "abandoned", N_("Abandoned"), "danger"


T = TaskState
# A void draw, and a draw abandoned after it was seen, lead back to the preparation of the next one.
TASK_BEFORE: dict[TaskState, frozenset[TaskState]] = {
    T.DRAWING: frozenset({T.PREPARING}),
    T.RUNNING: frozenset({T.DRAWING}),
    T.FINISHED: frozenset({T.RUNNING}),
    T.ABANDONED: frozenset({T.PREPARING, T.DRAWING, T.RUNNING}),
    T.PREPARING: frozenset({T.DRAWING, T.ABANDONED}),
}


def check_task_step(state: TaskState, target: TaskState) -> None:
    """Refuse a step of a task that its present state does not allow."""
    if state not in TASK_BEFORE[target]:
        raise WrongState("task-state", "The task has moved on. Reload the page to see where it stands.")


@dataclass(frozen=True, slots=True)
class Scope:
    """抽查范围: which entities of the register a plan speaks of. An empty tuple sets no limit."""

    industries: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    sub_districts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    risk_classes: tuple[str, ...] = ()
    permit_names: tuple[str, ...] = ()
    # tags that the register keeps internal: set apart when the scope is kept, never published
    internal_tags: tuple[str, ...] = ()

    @property
    def all_tags(self) -> tuple[str, ...]:
        """Tags that limit the pool, public and internal."""
        return (*self.tags, *self.internal_tags)

    @property
    def targeted(self) -> bool:
        """定向 when anything beyond the items' own industries limits the pool (R-1.11)."""
        return any(getattr(self, name) for name in self.__slots__)

    @property
    def confidential(self) -> bool:
        """A limit by risk class or internal tag may not be published: it would tell it of whoever is drawn (R-2.01)."""
        return bool(self.risk_classes or self.internal_tags)

    def to_json(self) -> dict[str, list[str]]:
        """Return the whole scope, sorted, as it is kept inside the house."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__ if getattr(self, name)}

    def to_public_json(self) -> dict[str, list[str]]:
        """Return the scope as the published plan holds it: without risk classes and internal tags."""
        return {
            name: values for name, values in self.to_json().items() if name not in ("risk_classes", "internal_tags")
        }

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


def check_period(starts_on: date, ends_on: date) -> None:
    """A plan is annual: it ends after it starts, in the same calendar year."""
    if ends_on < starts_on:
        raise Invalid("period-order", "The last day must not lie before the first day.", field="ends_on")
    if ends_on.year != starts_on.year:
        raise Invalid(
            "period-year", "An annual plan lies within one calendar year. Make a plan for each year.", field="ends_on"
        )


def check_within(starts_on: date, ends_on: date, *, within: tuple[date, date]) -> None:
    """A task lies within the period of its plan (R-1.09)."""
    if ends_on < starts_on:
        raise Invalid("period-order", "The last day must not lie before the first day.", field="ends_on")
    if starts_on < within[0] or ends_on > within[1]:
        raise Invalid(
            "task-period",
            "The task must lie within the period of its plan, %(first)s to %(last)s.",
            field="starts_on" if starts_on < within[0] else "ends_on",
            first=within[0].isoformat(),
            last=within[1].isoformat(),
        )
