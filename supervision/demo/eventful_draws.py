"""Past draws in which something happened: void, abandoned and drawn anew, a unit struck, confidential, witnessed."""

import secrets
from datetime import date, timedelta

from supervision import clock
from supervision.demo.demonstration_values import CODE, Source, make_source
from supervision.demo.office import Office, Order, digest_of, moment_on
from supervision.demo.registry import Demo
from supervision.draws.hooks import open_visits
from supervision.draws.models import Draw
from supervision.draws.queries import list_strikable, standing_of
from supervision.draws.queries.witnesses import get_witness
from supervision.draws.rules import EntryWay
from supervision.draws.services import (
    agree_to_abandon,
    agree_to_redraw,
    agree_to_strike,
    expire_reveals,
    hand_in,
    propose_abandonment,
    propose_redraw,
    propose_strike,
)
from supervision.draws.services.witnesses import NewWitness, name_witness, reveal_as_witness, seal_as_witness
from supervision.plans.models import Task
from supervision.plans.rules import Scope

# days ago on which each story begins: after the visits of the past draws, before the plans that are open
VOID, ABANDONED, STRUCK, CONFIDENTIAL = 34, 31, 27, 26
VISITING = timedelta(days=4)
# the risk classes that the confidential plan is about; they are never published
CLASSES = ("C", "D")
WITNESS = NewWitness(kind="notary", name="某公证处（演示）", is_person=False)
REVOKED = "发现抽取规则与批准方案不一致：方案要求含小型餐饮，名录未含。"
ANEW = "规则已按批准方案更正并重新公布，申请对原任务重新抽取。"
EXEMPT = "经核，该单位在名录冻结前已依法列入免予检查范围，免予检查决定书存档。"


def load(demo: Demo) -> None:
    """Tell the stories in the order of their days; what was drawn is handed to the step that makes the visits real."""
    office, source = Office(demo), make_source(demo)
    told = (
        _void_then_witnessed(office, demo.today - timedelta(days=VOID)),
        _abandoned_then_anew(office, demo.today - timedelta(days=ABANDONED), source),
        _struck(office, demo.today - timedelta(days=STRUCK)),
        _confidential(office, demo.today - timedelta(days=CONFIDENTIAL)),
    )
    demo.shared["eventful_draws"] = [draw.id for draw in told]


def _order(place: str, sub_district: str, *, starts_on: date, beacon: str = "") -> Order:
    return Order(
        title=f"{place}餐饮服务单位联合检查", scope=Scope(sub_districts=(sub_district,)), starts_on=starts_on,
        ends_on=starts_on + VISITING, count=4, beacon=beacon,
    )  # fmt: skip


def _void_then_witnessed(office: Office, day: date) -> Draw:
    """One department keeps its secret: the draw is void in public. The next one of the task has a notary as witness."""
    with clock.at(moment_on(day, 9)):
        task = office.ordered(_order("大宁路街道", "310106019", starts_on=day + timedelta(days=2)))
        draw = office.freeze(task)
        held = office.seal(draw)
        office.commit_draw(draw)
        office.reveal(draw, held, ("SCJG", "STHJ"))
    with clock.at(moment_on(day + timedelta(days=1), 9, 30)):
        expire_reveals(office.session)
    with clock.at(moment_on(day + timedelta(days=1), 14)):
        return _witnessed(office, task)


def _witnessed(office: Office, task: Task) -> Draw:
    session, draw = office.session, office.freeze(task)
    named, _ = name_witness(session, draw, WITNESS, actor=office.oversight())
    held, secret = office.seal(draw), secrets.token_hex(32)
    seal_as_witness(session, named, digest=digest_of(draw, named.by, secret))
    office.commit_draw(draw)
    office.reveal(draw, held)
    reveal_as_witness(session, get_witness(session, draw, named.by), secret=secret)
    office.carry_out(draw)
    return draw


def _abandoned_then_anew(office: Office, day: date, source: Source) -> Draw:
    """Two bodies give up a drawn list and agree to draw the task anew; a value nobody controls decides both times."""
    session = office.session
    with clock.at(moment_on(day, 9)):
        task = office.ordered(_order("静安寺街道", "310106013", starts_on=day + timedelta(days=5), beacon=CODE))
    draw = _with_value(office, task, day=day, source=source)
    with clock.at(moment_on(day + timedelta(days=1), 10)):
        proposal = propose_abandonment(session, draw, reason="rule-error", note=REVOKED, actor=office.head())
    with clock.at(moment_on(day + timedelta(days=1), 15)):
        agree_to_abandon(session, draw, proposal, actor=office.oversight())
    with clock.at(moment_on(day + timedelta(days=2), 10)):
        proposal = propose_redraw(session, draw, note=ANEW, actor=office.head())
    with clock.at(moment_on(day + timedelta(days=2), 16)):
        agree_to_redraw(session, draw, proposal, actor=office.oversight())
    return _with_value(office, task, day=day + timedelta(days=3), source=source)


def _with_value(office: Office, task: Task, *, day: date, source: Source) -> Draw:
    with clock.at(moment_on(day, 10)):
        draw = office.freeze(task)
        office.seal(draw)
        office.commit_draw(draw)
    with clock.at(moment_on(day, 10, 12)):
        standing = standing_of(office.session, draw)
        if standing is None:
            raise ValueError(draw.number)
        raw = source.pulse(standing.current)
        hand_in(office.session, draw, raw=raw, way=EntryWay.PASTED, actor=office.lead())
        office.carry_out(draw)
    return draw


def _struck(office: Office, day: date) -> Draw:
    """A head shows on the day of the visit that a unit may not be inspected; oversight agrees, the reserve follows."""
    session = office.session
    with clock.at(moment_on(day, 9)):
        draw = office.drawn(office.ordered(_order("彭浦镇北部", "310106101", starts_on=day + timedelta(days=1))))
    first = min(visit.planned_on for visit in open_visits(session, draw))
    with clock.at(moment_on(first, 8)):
        head = office.head()
        unit = list_strikable(session, draw, viewer=head)[0].entity
        proposal = propose_strike(
            session, draw, entity_id=unit.id, ground="legal-exemption", evidence=EXEMPT,
            evidence_on=day - timedelta(days=200), actor=head,
        )  # fmt: skip
    with clock.at(moment_on(first, 8, 30)):
        agree_to_strike(session, draw, proposal, actor=office.oversight())
    return draw


def _confidential(office: Office, day: date) -> Draw:
    """A plan limited by risk class: what would tell anybody's class stays closed for ever."""
    with clock.at(moment_on(day, 9)):
        starts_on = day + timedelta(days=1)
        order = Order(
            title="餐饮服务单位专项联合检查", scope=Scope(risk_classes=CLASSES), starts_on=starts_on,
            ends_on=starts_on + VISITING, count=4,
        )  # fmt: skip
        return office.drawn(office.ordered(order))
