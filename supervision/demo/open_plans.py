"""Joint plans of caterers left open at each step, made through the services that people use."""

from dataclasses import dataclass
from datetime import date, timedelta

from supervision import clock
from supervision.demo.office import Office, Order, moment_on, office_hour
from supervision.demo.people import Names
from supervision.demo.registry import Demo, Door
from supervision.draws.models import Draw
from supervision.draws.services import agree_to_abandon, propose_abandonment, propose_redraw
from supervision.draws.services.witnesses import NewWitness, name_witness
from supervision.labels import N_
from supervision.plans.models import Task
from supervision.plans.rules import Scope

PERIOD = timedelta(days=35)
REAL_SOURCE = "drand-quicknet"
LEAKED = "抽取结果公布前，名单被误发至工作群，可能影响检查公正。"
ANEW = "泄露原因已查清并处理，申请对原任务重新抽取。"
WITNESS_DOOR = N_(
    "Page of the witness from outside of draw %(number)s. Open it on a phone or in another browser and seal a secret: "
    "without it this draw cannot be committed."
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A plan for one sub-district and how far it has come."""

    sub_district: str
    place: str
    stage: str
    count: int = 6
    groups: int | None = None
    days_ago: int = 0
    beacon: str = ""

    def order(self, day: date) -> Order:
        """Return the plan, beginning on ``day``."""
        return Order(
            title=f"{self.place}餐饮服务单位联合检查", scope=Scope(sub_districts=(self.sub_district,)), starts_on=day,
            ends_on=day + PERIOD, count=self.count, groups=self.groups, beacon=self.beacon,
        )  # fmt: skip


# in the order of their days, as the log tells them
OPENINGS = (
    Opening("310106017", "宝山路", "visited", count=8, days_ago=12),
    Opening("310106022", "芷江西路", "abandoned", days_ago=6),
    Opening("310106006", "江宁路", "draft"),
    Opening("310106011", "石门二路", "sent"),
    Opening("310106013", "静安寺", "agreed"),
    Opening("310106014", "曹家渡", "published"),
    Opening("310106012", "南京西路", "task"),
    Opening("310106016", "北站", "task", beacon=REAL_SOURCE),
    Opening("310106018", "共和新路", "frozen"),
    Opening("310106015", "天目西路", "witnessed"),
    Opening("310106019", "大宁路", "sealed"),
    Opening("310106020", "彭浦新村", "committed"),
    Opening("310106021", "临汾路", "waiting", count=4, beacon=REAL_SOURCE),
    Opening("310106101", "彭浦镇", "drawn", count=9, groups=3),
)
PLANNED = ("draft", "sent", "agreed", "published", "task")


def load(demo: Demo) -> None:
    """Carry each plan to its stage; what was drawn is handed to the step that makes the visits real."""
    office = Office(demo)
    demo.shared["open_draws"] = {}
    for opening in OPENINGS:
        day = demo.today - timedelta(days=opening.days_ago)
        with clock.at(office_hour(day)):
            task = plan(office, opening, day)
            draw = carry(office, opening.stage, task) if task else None
        if draw is not None:
            demo.shared["open_draws"][opening.stage] = draw.id
        if draw is not None and opening.stage == "abandoned":
            abandon(office, draw, day)


def plan(office: Office, opening: Opening, day: date) -> Task | None:
    """Carry a plan, which begins on ``day``, as far as its stage says; return its task if there is to be a draw."""
    reached = PLANNED.index(opening.stage) if opening.stage in PLANNED else len(PLANNED)
    version = office.draft(opening.order(day))
    for number, step in enumerate((office.send, office.agree, office.approve), 1):
        if reached >= number:
            step(version)
    task = office.task(version) if reached >= PLANNED.index("task") else None
    return task if opening.stage not in PLANNED else None


def carry(office: Office, stage: str, task: Task) -> Draw:
    """Carry the draw of a task to its stage."""
    if stage in {"drawn", "visited", "abandoned"}:
        return office.drawn(task)
    draw = office.freeze(task)
    if stage == "witnessed":
        invite(office, draw)
    if stage in {"sealed", "committed", "waiting"}:
        held = office.seal(draw)
        if stage != "waiting":
            # who carries this draw on by hand types these slips, as the parties would from paper
            office.demo.slips += [(draw.number, party, secret) for party, secret in sorted(held.items())]
    if stage in {"committed", "waiting"}:
        office.commit_draw(draw)
    return draw


def invite(office: Office, draw: Draw) -> None:
    """Name a citizen as witness; the link is printed for whoever shows the demonstration."""
    name = Names(office.demo.random("witness")).person()
    new = NewWitness(kind="citizen", name=name, is_person=True)
    _, token = name_witness(office.session, draw, new, actor=office.lead())
    office.demo.doors.append(Door(f"/witness/{token}", WITNESS_DOOR, {"number": draw.number}))


def abandon(office: Office, draw: Draw, day: date) -> None:
    """Give a drawn list up by two bodies; whether the task is drawn anew waits for enforcement oversight."""
    session = office.session
    with clock.at(moment_on(day, 15)):
        proposal = propose_abandonment(session, draw, reason="list-leaked", note=LEAKED, actor=office.head())
    with clock.at(moment_on(day + timedelta(days=1), 10)):
        agree_to_abandon(session, draw, proposal, actor=office.oversight())
    with clock.at(moment_on(day + timedelta(days=2), 10)):
        propose_redraw(session, draw, note=ANEW, actor=office.head())
