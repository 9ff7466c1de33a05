"""The pages of changes after a draw, in both languages; confirmed twice, told to those concerned, noted in the log."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from supervision import clock
from supervision.accounts.models import User
from supervision.audit.events import DisclosedList, Event
from supervision.audit.models import AuditEntry
from supervision.draws import services
from supervision.draws.models import Draw, DrawMember, DrawProposal
from supervision.draws.rules import OVERSIGHT, DrawState, UnitState
from supervision.entities.rules import EntityStatus
from supervision.entities.services import change_status
from supervision.permissions import Role
from tests.pages import Browser
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.test_change_steps import away, member, unit_of
from tests.supervision.draws.world import World


def head_user(world: World, place: int = 0) -> User:
    """The head of one of the departments, as a user."""
    return world.users[f"head {world.departments[place].code}"]


def noted(world: World, draw: Draw) -> int:
    """How often somebody's look at names out of this draw is on record."""
    statement = sa.select(sa.func.count()).where(
        AuditEntry.event == Event.LIST_VIEWED,
        AuditEntry.subject_kind == DisclosedList.DRAWN.value,
        AuditEntry.subject_id == str(draw.id),
    )
    return world.session.scalar(statement) or 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_empty_and_full(world: World, visits: Visits, browse: Browser, language: str) -> None:
    draw = world.drawn()
    viewer = browse(head_user(world), language=language)
    for page in ("replace", "strike"):
        viewer.get(f"/draws/{draw.id}/{page}")
    assert noted(world, draw) == 0
    one, unit = member(world, draw), unit_of(world, draw)
    away(world, one, visits)
    unit.entity.status = EntityStatus.CLOSED
    visits.disclosed = True
    for page in ("replace", "strike"):
        viewer.get(f"/draws/{draw.id}/{page}")
    viewer.get(f"/draws/{draw.id}/replace/{one.inspector_id}")
    viewer.get(f"/draws/{draw.id}/strike/{unit.entity_id}")
    assert one.inspector.name in viewer.get(f"/draws/{draw.id}").text
    assert f"/draws/{draw.id}/replace" in viewer.get("/").text
    assert noted(world, draw) == 1


def test_an_inspector_is_replaced_only_after_a_second_look(world: World, visits: Visits, browse: Browser) -> None:
    draw = world.drawn()
    one = member(world, draw)
    away(world, one, visits)
    viewer, url = browse(head_user(world)), f"/draws/{draw.id}/replace/{one.inspector_id}"
    missing = viewer.post(url, {"team": ""}, status=200)
    assert "Choose a ground." in missing.text
    wrong = viewer.post(url, {"ground": "transfer", "team": ""}, status=200)
    assert "The register of inspectors does not show this ground" in wrong.text
    wanted = {"ground": "illness", "team": "", "evidence": ""}
    review = viewer.post(url, wanted, status=200)
    assert "It cannot be undone" in review.text
    world.session.refresh(one)
    assert not one.left
    viewer.post(url, {**wanted, "confirmed": "yes"})
    world.session.refresh(one)
    assert one.left
    told = viewer.get(f"/draws/{draw.id}").text
    statement = sa.select(DrawMember).where(DrawMember.draw_id == draw.id).order_by(DrawMember.id.desc())
    successor = world.session.scalars(statement).first()
    assert successor is not None
    assert successor.inspector.name in told
    assert "Illness" in told
    lead = browse(world.users[world.departments[0].code]).get(f"/draws/{draw.id}").text
    assert "Illness" in lead
    assert one.inspector.name not in lead
    viewer.get(url, status=404)


def test_an_enterprise_is_struck_only_after_a_second_look(world: World, browse: Browser) -> None:
    draw = world.drawn()
    unit = unit_of(world, draw)
    unit.entity.status = EntityStatus.RESCINDED
    viewer, url = browse(head_user(world)), f"/draws/{draw.id}/strike/{unit.entity_id}"
    wrong = viewer.post(url, {"ground": "closed", "evidence": "file 7"}, status=200)
    assert "does not show this status" in wrong.text
    wanted = {"ground": "rescinded", "evidence": "file 7", "evidence_on": ""}
    assert "nobody chooses it" in viewer.post(url, wanted, status=200).text
    world.session.refresh(unit)
    assert unit.state is UnitState.SELECTED
    viewer.post(url, {**wanted, "confirmed": "yes"})
    world.session.refresh(unit)
    assert unit.state is UnitState.STRUCK
    told = viewer.get(f"/draws/{draw.id}").text
    assert "Registration rescinded" in told
    assert not any(one.name in told for one in world.entities)
    viewer.get(url, status=404)


def test_a_strike_on_a_document_goes_to_another_body(world: World, visits: Visits, browse: Browser) -> None:
    draw = world.drawn()
    unit, visits.disclosed = unit_of(world, draw), True
    url = f"/draws/{draw.id}/strike/{unit.entity_id}"
    wanted = {"ground": "legal-exemption", "evidence": "decree 3", "evidence_on": clock.today().isoformat()}
    one, two = head_user(world, 0), head_user(world, 1)
    late = {**wanted, "evidence_on": (clock.today() + timedelta(days=3)).isoformat()}
    assert "younger than the freeze" in browse(one).post(url, late, status=200).text
    assert "until another body agrees" in browse(one).post(url, wanted, status=200).text
    browse(one).post(url, {**wanted, "confirmed": "yes"})
    proposal = world.session.scalars(sa.select(DrawProposal)).one()
    page = f"/draws/{draw.id}/proposals/{proposal.id}"
    assert page in browse(two).get(f"/draws/{draw.id}").text
    assert page not in browse(world.users[world.departments[1].code]).get(f"/draws/{draw.id}").text
    for language in ("zh", "en"):
        assert unit.entity.name in browse(two, language=language).get(page).text
    assert "Say why" in browse(two).post(f"{page}/refuse", {"note": ""}, page=page, status=200).text
    browse(two).post(f"{page}/agree", page=page)
    world.session.refresh(unit)
    assert unit.state is UnitState.STRUCK


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_status_recorded_by_the_own_body_is_told_and_goes_to_another_body(
    world: World, visits: Visits, browse: Browser, language: str
) -> None:
    draw = world.drawn()
    unit, visits.disclosed = unit_of(world, draw), True
    change_status(
        world.session, unit.entity, EntityStatus.CLOSED, since=clock.today(), reason="visit",
        version=unit.entity.version, actor=world.lead,
    )  # fmt: skip
    url = f"/draws/{draw.id}/strike/{unit.entity_id}"
    wanted = {"ground": "closed", "evidence": "file 7", "evidence_on": ""}
    one, two = (browse(head_user(world, place), language=language) for place in (0, 1))
    said = {"zh": "只能提请剔除", "en": "only propose to strike"}[language]
    assert said in one.get(url).text
    assert said not in two.get(url).text
    assert {"zh": "该登记状态由本机构记入", "en": "Your own body recorded this status"}[language] in (
        one.post(url, wanted, status=200).text
    )
    one.post(url, {**wanted, "confirmed": "yes"})
    world.session.refresh(unit)
    assert unit.state is UnitState.SELECTED
    proposal = world.session.scalars(sa.select(DrawProposal)).one()
    page = f"/draws/{draw.id}/proposals/{proposal.id}"
    assert "None" not in one.get(page).text
    assert {"zh": "提请机构自行记入名录库", "en": "recorded this status in the register itself"}[language] in (
        two.get(page).text
    )
    two.post(f"{page}/agree", page=page)
    world.session.refresh(unit)
    assert unit.state is UnitState.STRUCK


def test_leads_strangers_and_inspectors_are_kept_out(world: World, visits: Visits, browse: Browser) -> None:
    draw = world.drawn()
    visits.disclosed = True
    one, unit = member(world, draw), unit_of(world, draw)
    pages = ["replace", f"replace/{one.inspector_id}", "strike", f"strike/{unit.entity_id}", "proposals/1"]
    stranger = world.make.user(Role.HEAD, department=world.make.department())
    lead, inspector = world.users[world.departments[0].code], world.make.user(Role.INSPECTOR)
    for page in pages:
        browse(stranger).get(f"/draws/{draw.id}/{page}", status=404)
        browse(lead).get(f"/draws/{draw.id}/{page}", status=403)
        browse(inspector).get(f"/draws/{draw.id}/{page}", status=403)
    browse(head_user(world, 1)).get(f"/draws/{draw.id}/replace/{one.inspector_id}", status=404)
    browse(world.users[OVERSIGHT]).get(f"/draws/{draw.id}/replace/{one.inspector_id}")


def test_before_the_draw_and_after_its_end_there_is_nothing_to_change(world: World, browse: Browser) -> None:
    draw = world.committed()
    viewer = browse(head_user(world))
    assert "Nobody to replace" in viewer.get(f"/draws/{draw.id}/replace").text
    assert "Nothing to strike" in viewer.get(f"/draws/{draw.id}/strike").text
    viewer.get(f"/draws/{draw.id}/strike/{world.entities[0].id}", status=404)
    assert "Changes after the draw" not in viewer.get(f"/draws/{draw.id}").text


def test_a_refused_abandonment_is_told_and_the_draw_goes_on(world: World, browse: Browser) -> None:
    draw = world.drawn()
    one, two = head_user(world, 0), head_user(world, 1)
    browse(one).post(f"/draws/{draw.id}/abandon", {"reason": "list-leaked", "note": "press"})
    proposal = world.session.scalars(sa.select(DrawProposal)).one()
    page = f"/draws/{draw.id}/proposals/{proposal.id}"
    for language in ("zh", "en"):
        browse(two, language=language).get(page)
    browse(two).post(f"{page}/refuse", {"note": "nothing leaked"}, page=page)
    world.session.refresh(draw)
    assert draw.state is DrawState.DRAWN
    assert "nothing leaked" in browse(one).get(page).text
    assert "Propose to abandon the draw" in browse(one).get(f"/draws/{draw.id}").text


def test_the_opened_draw_names_who_went_and_who_came(world: World, visits: Visits, browse: Browser) -> None:
    draw = world.drawn()
    unit = unit_of(world, draw)
    unit.entity.status = EntityStatus.CLOSED
    services.strike_on_register(
        world.session,
        draw,
        entity_id=unit.entity_id,
        ground="closed",
        evidence="file 7",
        actor=world.actor(f"head {world.departments[0].code}"),
    )
    public = f"/public/draws/{draw.number}"
    sealed = browse().get(public).text
    assert "Unit struck" in sealed, "that something was changed is public at once"
    assert unit.entity.unit_id not in sealed
    assert "Closed or in liquidation" not in sealed
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    for language in ("zh", "en"):
        told = browse(language=language).get(public).text
        assert unit.entity.unit_id in told.partition('id="changes"')[2]
    assert "Closed or in liquidation" in told
    assert unit.entity.name in browse(world.users[world.departments[0].code]).get(f"/draws/{draw.id}").text
