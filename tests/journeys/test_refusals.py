"""What must not happen: somebody without the right at each step, and a hostile file taken into a register."""

import random
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitState
from punishments.credit_lists.models import Listing
from punishments.credit_lists.rules import ListingState
from punishments.measures.models import Measure
from punishments.measures.rules import MeasureState
from supervision import clock
from supervision.db import Base
from supervision.demo.identifiers import make_uscc
from supervision.draws.models import Draw
from supervision.entities.models import Entity
from supervision.plans.models import PlanVersion, Task
from tests.journeys.conftest import Arrive, Reception, Site
from tests.journeys.people import Person

Attempt = tuple[str, str, str] | tuple[str, str, str, dict[str, str]]
# what a form would send where it is read before the right is asked
AGREE, REASON, DECIDE = (
    {"answer": "yes"},
    {"reason": "试试看。"},
    {"decision": "accept", "superior_approval": "批〔2026〕1号"},
)
ANSWER = {"answer": "not_applicable", "reason": "试试看。"}
NOTICE = {
    "document_number": "试1号", "served_on": "2026-01-05", "method": "direct", "recipient": "某人", "proof": "试试看。",
}  # fmt: skip
# who, how, where, with what; words in braces stand for things of the demonstration, see ``places``
WRONG: tuple[Attempt, ...] = (
    # drafting, agreement and approval of a plan
    ("reviewer.scjg", "GET", "/plans/"),
    ("inspector.scjg", "GET", "/plans/new"),
    ("head.scjg", "POST", "/plans/new"),
    ("lead.fgw", "GET", "/plans/{draft}"),
    ("lead.sthj", "GET", "/plans/{draft}/draft/period"),
    ("lead.sthj", "POST", "/plans/{draft}/send"),
    ("lead.fgw", "POST", "/plans/{sent}/answer", AGREE),
    ("head.scjg", "POST", "/plans/{sent}/answer", AGREE),
    ("lead.scjg", "POST", "/plans/{agreed}/approve"),
    ("head.sthj", "POST", "/plans/{agreed}/approve"),
    ("coordinator", "POST", "/plans/{agreed}/approve"),
    ("lead.sthj", "POST", "/plans/{published}/tasks/new"),
    ("lead.sthj", "POST", "/plans/{published}/revise", REASON),
    # freeze, contributions, commitment, draw, opening
    ("lead.sthj", "POST", "/draws/freeze/{task}"),
    ("head.scjg", "POST", "/draws/freeze/{task}"),
    ("lead.fgw", "GET", "/draws/{sealed}"),
    ("inspector.scjg", "GET", "/draws/{sealed}"),
    ("lead.fgw", "POST", "/draws/{sealed}/contribute"),
    ("coordinator", "POST", "/draws/{sealed}/contribute"),
    ("lead.sthj", "POST", "/draws/{sealed}/commit"),
    ("head.scjg", "POST", "/draws/{sealed}/commit"),
    ("lead.fgw", "POST", "/draws/{committed}/reveal"),
    ("oversight", "POST", "/draws/{committed}/reveal"),
    ("reviewer.scjg", "POST", "/draws/{committed}/draw"),
    ("lead.scjg", "GET", "/draws/{drawn}/bundle/full"),
    ("lead.scjg", "GET", "/draws/{drawn}/bundle/public"),
    ("lead.scjg", "POST", "/draws/{committed}/void/approve"),
    # visits, records, review, publication
    ("head.scjg", "POST", "/visits/{assigned}/acceptance"),
    ("reviewer.scjg", "POST", "/visits/{assigned}/acceptance"),
    ("inspector.scjg", "POST", "/visits/approvals"),
    ("lead.scjg", "POST", "/visits/approvals"),
    ("lead.scjg", "POST", "/visits/{assigned}/arrival"),
    ("lead.scjg", "POST", "/visits/{submitted}/submission"),
    ("lead.scjg", "POST", "/visits/{submitted}/review"),
    ("head.scjg", "POST", "/visits/{submitted}/review"),
    ("coordinator", "POST", "/visits/{accepted}/publication"),
    ("head.scjg", "POST", "/follow-ups/1/closing"),
    ("lead.fgw", "POST", "/visits/{accepted}/publication"),
    ("lead.fgw", "GET", "/visits/{accepted}"),
    ("inspector.scjg", "POST", "/visits/{accepted}/publication"),
    # from the penalty to the measure
    ("lead.sthj", "GET", "/measures/propose/{penalty}"),
    ("head.scjg", "GET", "/measures/propose/{penalty}"),
    ("lead.sthj", "POST", "/listings/{proposed}/notice", NOTICE),
    ("head.scjg", "POST", "/listings/{proposed}/hearing"),
    ("lead.scjg", "POST", "/listings/{proposed}/decide", DECIDE),
    ("head.scjg", "POST", "/listings/{proposed}/service", NOTICE),
    ("lead.sthj", "POST", "/listings/{proposed}/drop", REASON),
    ("lead.sthj", "POST", "/plans/{published}/proposals/1"),
    ("head.sthj", "POST", "/listings/{proposed}/decide", DECIDE),
    ("lead.scjg", "POST", "/measures/{asked}/answer", ANSWER),
    ("lead.fgw", "POST", "/measures/{asked}/answer", ANSWER),
    # registers, and the three administrators
    ("head.scjg", "GET", "/imports/new/entities"),
    ("inspector.scjg", "POST", "/imports/new/entities"),
    ("reviewer.scjg", "GET", "/entities/new"),
    ("lead.scjg", "GET", "/audit/"),
    ("lead.scjg", "GET", "/users"),
    ("coordinator", "GET", "/users"),
    ("system.admin", "GET", "/plans/"),
    ("system.admin", "POST", "/users/1/roles"),
    ("security.admin", "GET", "/entities/"),
    ("security.admin", "POST", "/users/1/active"),
    ("audit.admin", "GET", "/users"),
    ("audit.admin", "GET", "/draws/"),
)
PLAN_PLACES = {"draft": "江宁路", "sent": "石门二路", "agreed": "静安寺", "published": "曹家渡"}
DRAW_PLACES = {"task": "南京西路", "sealed": "大宁路", "committed": "彭浦新村", "drawn": "彭浦镇", "visited": "宝山路"}
# rows about people looking, not about the work
ASIDE = {"login_sessions", "sign_in_failures"}


@pytest.fixture(scope="module")
def insiders(site: Site, chromium: Browser) -> Iterator[dict[str, Person]]:
    """Everybody in the table, signed in once."""
    reception = Reception(site, chromium)
    yield {name: reception(name) for name in sorted({name for name, *_ in WRONG})}
    reception.close()


@pytest.fixture(scope="module")
def places(site: Site) -> dict[str, int]:
    """Numbers of the things in braces, as the demonstration leaves them at each step."""
    with Session(site.app.extensions["engine"]) as session:
        versions = {place: _version(session, place) for place in PLAN_PLACES.values()}
        plans = {name: versions[place].plan_id for name, place in PLAN_PLACES.items()}
        draws = {name: _draw(session, place).id for name, place in DRAW_PLACES.items() if name != "task"}
        visited = _visits(session, DRAW_PLACES["visited"])
        visits = {
            "assigned": _visits(session, DRAW_PLACES["drawn"])[-1].id,
            "submitted": next(one.id for one in visited if one.state is VisitState.SUBMITTED),
            "accepted": next(one.id for one in visited if one.state is VisitState.ACCEPTED),
        }
        proposed = session.scalars(sa.select(Listing).where(Listing.state == ListingState.PROPOSED)).all()[0]
        asked = session.scalars(sa.select(Measure).where(Measure.state == MeasureState.WAITING)).all()[0]
        task = session.scalars(sa.select(Task).join(Task.plan_version).where(_of(DRAW_PLACES["task"]))).one()
        return {
            **plans, **draws, **visits,
            "task": task.id, "proposed": proposed.id, "penalty": proposed.penalty_id, "asked": asked.id,
        }  # fmt: skip


def _of(place: str) -> sa.ColumnElement[bool]:
    return PlanVersion.title == f"{place}餐饮服务单位联合检查"


def _version(session: Session, place: str) -> PlanVersion:
    return session.scalars(sa.select(PlanVersion).where(_of(place))).one()


def _draw(session: Session, place: str) -> Draw:
    return session.scalars(sa.select(Draw).join(Draw.task).join(Task.plan_version).where(_of(place))).one()


def _visits(session: Session, place: str) -> list[Visit]:
    draw = _draw(session, place)
    return list(session.scalars(sa.select(Visit).where(Visit.draw_id == draw.id).order_by(Visit.planned_on, Visit.id)))


@pytest.mark.parametrize("attempt", WRONG, ids=lambda one: " ".join(one[:3]))
def test_without_the_right_nothing_opens_and_nothing_changes(
    site: Site, insiders: dict[str, Person], places: dict[str, int], attempt: Attempt
) -> None:
    (username, method, path), sent = attempt[:3], dict(*attempt[3:])
    person, before = insiders[username], rows_of(site)
    address = path.format(**places)
    if method == "GET":
        status = person.page.request.get(person.address + address, max_redirects=0).status
    else:
        status = person.post(address, sent)
    assert status in {403, 404}
    assert rows_of(site) == before


def test_nobody_gets_in_without_signing_in(site: Site, arrive: Arrive, places: dict[str, int]) -> None:
    stranger, before = arrive(), rows_of(site)
    stranger.open("/sign-in")
    for _username, method, path, *sent in WRONG:
        address = path.format(**places)
        if method == "POST":
            assert stranger.post(address, *sent) in {302, 401, 403}, address
            continue
        answer = stranger.page.request.get(stranger.address + address, max_redirects=0)
        assert answer.status == 302, address
        assert "/sign-in" in answer.headers["location"]
    assert rows_of(site) == before


def rows_of(site: Site) -> dict[str, int]:
    """Return how many rows each table has, in each state; the audit log among them, which grows with every change."""
    found: dict[str, int] = {}
    with Session(site.app.extensions["engine"]) as session:
        for table in Base.metadata.sorted_tables:
            if table.name in ASIDE:
                continue
            state = table.c.state if "state" in table.c else sa.literal("")
            rows = session.execute(sa.select(state, sa.func.count()).select_from(table).group_by(state))
            found |= {f"{table.name} {one}": count for one, count in rows}
    return found


HEADER = "统一社会信用代码,企业名称,企业类型,行业代码,所属街道,住所,法定代表人,成立日期,登记状态"
MARKUP = "<img src=x onerror=alert(1)>上海标记餐饮有限公司"


def test_a_hostile_file_gives_its_right_rows_and_a_list_of_mistakes(site: Site, arrive: Arrive) -> None:
    lead = arrive("lead.fgw")
    lead.open("/entities/")
    lead.picture("register-of-entities")
    codes = [make_uscc(random.Random(f"file {number}"), "1100", "310106") for number in range(9)]  # noqa: S311
    content = "\n".join(["静安区市场主体名单（2026）", HEADER, *hostile_rows(codes)]).encode("gb18030")
    before = entities_of(site)

    _send(site, lead, content)
    assert _counts(lead) == [9, 4, 0, 0, 5]
    for reason in ("Not a date of the calendar.", "The day lies in the future."):
        lead.sees(reason)
    lead.picture("import-preview", at=lead.main.get_by_role("heading", name=lead.say("Rows to correct")))
    lead.check_access()
    mistakes = lead.download("Download these rows (CSV)").decode("utf-8-sig")
    assert "\"'=HYPERLINK" in mistakes
    assert codes[0] in mistakes
    assert entities_of(site) == before

    lead.choose("Only the right rows; the wrong ones stay in the error file")
    lead.choose("I have compared the rows with warnings; they are right.")
    lead.fill("How did you make sure?", "已与营业执照逐一核对。")
    lead.press("Take into the register")
    _work(site)
    lead.look_again()
    lead.sees("Taken in")
    taken = entities_of(site)
    assert taken - before == {codes[0], codes[1], codes[6], codes[7]}

    lead.open(f"/entities/?q={codes[6]}")
    lead.press(MARKUP)
    _send(site, lead, content)
    assert _counts(lead) == [9, 0, 0, 4, 5]
    assert entities_of(site) == taken


def hostile_rows(codes: list[str]) -> list[str]:
    """Four right rows in forms that departments send, the last with a name like the second's, and five wrong ones."""
    wide = codes[0].translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789"})
    names = [f"上海㛃{number}号食品有限公司" for number in range(9)]
    end = "有限责任公司,H6210,静安寺街道,南京西路1号,李四"
    return [
        f"{wide},{names[0]},{end},２０１９年３月５日,存续（在营、开业、在册）",
        f"{codes[1]},{names[1]},{end},20190305,开业",
        f"{codes[0]},{names[2]},{end},2019-03-05,在营",  # the code of the first row
        f",{names[3]},{end},2019-03-05,在营",  # no code
        f'{codes[4]},"=HYPERLINK(""http://example.invalid"",""{names[4]}"")",{end},2019-02-30,在营',
        f"{codes[5]},{names[5]},{end},{clock.today().year + 1}-01-01,在营",
        f"{codes[6]},{MARKUP},{end},2019/3/5,在营",
        f"{codes[7]},{names[1].replace('东', '東').replace('食品', '⻝品')},{end},2019.03.05,在营",
        f"{codes[8][:-1]}O,{names[8]},{end},2019-03-05,在营",  # a letter that no code has
    ]


def _send(site: Site, lead: Person, content: bytes) -> None:
    """Choose the file, send it, and let the worker check it."""
    lead.open("/imports/new/entities")
    file = {"name": "名单.csv", "mimeType": "text/csv", "buffer": content}
    lead.field("File").set_input_files(file)  # type: ignore[arg-type]
    lead.press("Send and check")
    _work(site)
    lead.look_again()


def _work(site: Site) -> None:
    """Let the worker carry what waits, as the command of the service does."""
    done = site.app.test_cli_runner().invoke(args=["jobs", "work", "--once"])
    assert done.exit_code == 0, done.output


def _counts(lead: Person) -> list[int]:
    """Return rows read, new, changed, same and wrong, as the page shows them."""
    terms = lead.main.get_by_role("group", name=lead.say("What the rows of the file mean")).locator("b")
    return [int(text.replace(",", "")) for text in terms.all_inner_texts()]


def entities_of(site: Site) -> set[str]:
    """Return the codes of all entities."""
    with Session(site.app.extensions["engine"]) as session:
        return set(session.scalars(sa.select(Entity.unit_id)))
