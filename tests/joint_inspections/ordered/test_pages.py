"""Pages of orders: giving one, deciding, replacing, the list; who sees them, in both languages."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.notices.queries import list_notices
from joint_inspections.ordered.models import OrderedInspection
from joint_inspections.ordered.rules import OrderState
from joint_inspections.visits.queries import count_visited
from joint_inspections.visits.rules import VisitState
from reports.statistics.queries import count_results
from supervision import clock
from supervision.permissions import Role
from supervision.web.languages import LANGUAGES
from tests.conftest import Browser
from tests.joint_inspections.ordered.conftest import Office


def form(office: Office, **values: object) -> dict[str, object]:
    """What a lead types."""
    typed: dict[str, object] = {
        "ground": "complaint",
        "facts": "后厨卫生状况较差",
        "lead": str(office.district.lead.id),
        "items": [str(one.id) for one in office.district.items],
        "planned_on": clock.today().isoformat(),
    }
    return {**typed, **values}


def only_order(session: Session) -> OrderedInspection:
    """The one order there is."""
    return session.scalars(sa.select(OrderedInspection)).one()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lead_orders_and_two_heads_approve(office: Office, session: Session, browse: Browser, language: str) -> None:
    district = office.district
    lead = browse(district.user(Role.LEAD), language=language)
    assert office.entity.name not in lead.get("/orders/").text
    lead.get("/orders/new")
    assert office.entity.name in lead.get(f"/orders/new?unit_id={office.entity.unit_id}").text
    lead.post(f"/orders/new?unit_id={office.entity.unit_id}", form(office))
    order = only_order(session)
    assert order.state is OrderState.WAITING
    for department in (district.lead, district.other):
        head = browse(district.user(Role.HEAD, department), language=language)
        assert order.number in head.get("/").text
        head.get(f"/orders/{order.id}")
        head.post(f"/orders/{order.id}/decision", {"decision": "agreed", "note": ""}, page=f"/orders/{order.id}")
    session.expire_all()
    assert order.visit is not None
    assert order.visit.state is VisitState.ASSIGNED
    page = lead.get(f"/orders/{order.id}").text
    assert order.visit.team_now[0].inspector.name in page
    assert order.number in lead.get("/orders/?kind=triggered&state=sent").text
    assert order.number not in lead.get("/orders/?state=cancelled").text
    assert order.number in lead.get("/orders/export?format=csv").text
    visit = lead.get(f"/visits/{order.visit.id}").text
    assert order.facts in visit
    assert order.number in lead.get("/visits/all?kind=triggered").text


def test_a_form_that_says_too_little_names_what_is_missing(office: Office, session: Session, browse: Browser) -> None:
    lead = browse(office.district.user(Role.LEAD))
    address = f"/orders/new?unit_id={office.entity.unit_id}"
    page = lead.post(address, {}, status=200).text
    assert "Say what must be looked at" in page
    own = [str(office.district.items[2].id)]
    assert "Choose an item of the department that leads" in lead.post(address, form(office, items=own), status=200).text
    late = form(office, planned_on="2020-01-01")
    assert "Choose a day from today" in lead.post(address, late, status=200).text
    assert "No enterprise in the register" in lead.get("/orders/new?unit_id=91310106XXXXXXXXXX").text
    assert session.scalar(sa.select(sa.func.count()).select_from(OrderedInspection)) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_urgent_order_sends_the_team_at_once_and_is_shown_until_it_is_complete(
    office: Office, session: Session, browse: Browser, language: str
) -> None:
    district = office.district
    lead, head = browse(district.user(Role.LEAD), language=language), district.user(Role.HEAD)
    now = clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M")
    typed = form(office, ground="accident", urgent="y", oral_by=str(head.id), oral_at=now)
    lead.post(f"/orders/new?unit_id={office.entity.unit_id}", typed)
    order = only_order(session)
    assert order.visit is not None
    assert order.number in lead.get("/").text
    assert order.number in lead.get("/orders/?urgent=yes").text
    lead.get(f"/orders/{order.id}")
    district.accept(order.visit)
    session.commit()
    leader = browse(district.inspector_user(order.visit.leader), language=language)  # type: ignore[arg-type]
    assert order.facts in leader.get(f"/visits/{order.visit.id}").text
    leader.post(f"/visits/{order.visit.id}/arrival", page=f"/visits/{order.visit.id}")
    session.expire_all()
    assert order.visit.state is VisitState.ON_SITE
    for department in (district.lead, district.other):
        browse(district.user(Role.HEAD, department), language=language).post(
            f"/orders/{order.id}/decision", {"decision": "agreed", "note": ""}, page=f"/orders/{order.id}"
        )
    session.expire_all()
    assert order.in_writing
    assert order.number not in lead.get("/orders/?urgent=late").text


def test_refusing_needs_a_reason_and_ends_the_order(office: Office, session: Session, browse: Browser) -> None:
    order = office.order()
    session.commit()
    head = browse(office.district.user(Role.HEAD))
    page = head.post(
        f"/orders/{order.id}/decision", {"decision": "refused", "note": ""}, page=f"/orders/{order.id}", status=200
    ).text
    assert "Say why the order is refused" in page
    head.post(f"/orders/{order.id}/decision", {"decision": "refused", "note": "线索不属实"}, page=f"/orders/{order.id}")
    session.expire_all()
    assert order.state is OrderState.REFUSED
    assert "线索不属实" in head.get(f"/orders/{order.id}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_machine_replaces_from_the_page_of_the_order(
    office: Office, session: Session, browse: Browser, language: str
) -> None:
    order = office.order()
    visit = office.approve(order)
    session.commit()
    member = next(one for one in visit.team_now if one.department_id == office.district.lead.id)
    head = browse(office.district.user(Role.HEAD), language=language)
    address = f"/orders/{order.id}/team/{member.inspector_id}"
    head.get(address)
    head.post(address, {"ground": "leave", "evidence": ""}, status=200)
    head.post(address, {"ground": "emergency", "evidence": "抽调防汛"})
    session.expire_all()
    assert member.inspector_id not in {one.inspector_id for one in visit.team_now}
    assert member.inspector.name in head.get(f"/orders/{order.id}").text
    other = browse(office.district.user(Role.HEAD, office.district.other))
    still = next(one for one in visit.team_now if one.department_id == office.district.lead.id)
    other.get(f"/orders/{order.id}/team/{still.inspector_id}", status=404)


def test_a_lead_cancels_with_a_reason(office: Office, session: Session, browse: Browser) -> None:
    order = office.order()
    session.commit()
    lead = browse(office.district.user(Role.LEAD))
    lead.post(f"/orders/{order.id}/cancellation", {"reason": ""}, page=f"/orders/{order.id}", status=200)
    lead.post(f"/orders/{order.id}/cancellation", {"reason": "线索已由他案处理"}, page=f"/orders/{order.id}")
    session.expire_all()
    assert order.state is OrderState.CANCELLED


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_that_was_made_is_ordered_again(
    office: Office, session: Session, browse: Browser, language: str
) -> None:
    visit = office.approve(office.order())
    office.district.finish(visit)
    session.commit()
    lead = browse(office.district.user(Role.LEAD), language=language)
    assert f"/orders/new?again={visit.id}" in lead.get(f"/visits/{visit.id}").text
    address = f"/orders/new?again={visit.id}"
    assert office.entity.name in lead.get(address).text
    lead.post(address, form(office, ground="reinspection", items=[str(office.district.items[0].id)]))
    again = session.scalars(sa.select(OrderedInspection).order_by(OrderedInspection.id.desc())).first()
    assert again is not None
    assert again.origin_visit_id == visit.id
    assert again.number in lead.get(f"/visits/{visit.id}").text


def test_nobody_else_sees_an_order(office: Office, session: Session, browse: Browser) -> None:
    order = office.order()
    session.commit()
    district = office.district
    stranger = browse(district.make.user(Role.LEAD))
    stranger.get(f"/orders/{order.id}", status=404)
    assert order.number not in stranger.get("/orders/").text
    for role in (Role.INSPECTOR, Role.REVIEWER, Role.SYSTEM_ADMIN):
        browse(district.make.user(role)).get(f"/orders/{order.id}", status=403)
    browse(district.user(Role.HEAD)).get("/orders/new", status=403)
    browse(district.make.user(Role.OVERSIGHT)).get(f"/orders/{order.id}")
    browse().get(f"/orders/{order.id}", status=302)
    lead = browse(district.user(Role.LEAD))
    lead.post(f"/orders/{order.id}/decision", {"decision": "agreed"}, page=f"/orders/{order.id}", status=403)


def test_the_notice_says_what_it_is_and_nothing_of_who_complained(
    office: Office, session: Session, browse: Browser
) -> None:
    order = office.order()
    visit = office.approve(order)
    office.district.begin(visit)
    session.commit()
    notice = list_notices(session, visit)[0]
    page = browse().get(f"/notices/check/{notice.token}").text
    assert "Triggered inspection" in page
    assert order.facts not in page
    assert "Complaint" not in page


def test_plans_and_tasks_know_nothing_of_what_stands_behind_an_order(
    office: Office, session: Session, browse: Browser
) -> None:
    visit = office.approve(office.order())
    session.commit()
    plan, task = visit.plan_version.plan, visit.task
    for viewer in (office.district.user(Role.LEAD), office.district.make.user(Role.COORDINATOR)):
        page = browse(viewer)
        assert task.number not in page.get("/tasks/").text
        page.get(f"/tasks/{task.id}", status=404)
        page.get(f"/plans/{plan.id}", status=404)
        assert "触发式检查" not in page.get("/plans/").text
        page.get("/figures/")
    assert task.number not in browse().get("/public/plans").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_reads_what_kind_it_was_and_figures_of_random_inspections_leave_it_out(
    office: Office, session: Session, browse: Browser, language: str
) -> None:
    order = office.order()
    visit = office.approve(order)
    office.district.finish(visit)
    office.district.publish(visit)
    session.commit()
    public = browse(language=language)
    page = public.get(f"/public/results/{visit.number}").text
    assert {"en": "Triggered inspection", "zh": "触发式检查"}[language] in page
    assert order.facts not in page
    assert str(visit.number) in public.get("/public/results?kind=triggered").text
    assert str(visit.number) not in public.get("/public/results?kind=random").text
    assert sum(one.count for one in count_results(session, year=clock.today().year)) == 0
    assert count_visited(session, office.entity.id, year=clock.today().year) == (1, 0)
    lead = browse(office.district.user(Role.LEAD), language=language)
    for address in ("/figures/", "/plans/", "/tasks/", "/draws/", f"/visits/{visit.id}", f"/visits/{visit.id}/form"):
        lead.get(address)
