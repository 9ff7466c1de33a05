"""Named witnesses: parties from outside, each with a link of their own (draw protocol, section 2; T04)."""

import secrets
from datetime import timedelta

import pytest

from sampling.seeds import contribution_digest, dice_secret
from supervision import clock
from supervision.draws import services
from supervision.draws.checking.check import check_all
from supervision.draws.models import Draw
from supervision.draws.queries import list_leaves
from supervision.draws.queries.witnesses import find_by_token, hash_of, list_witnesses, public_witnesses
from supervision.draws.rules import OVERSIGHT, SYSTEM, DrawState, shown_order
from supervision.draws.services import NewWitness
from supervision.draws.witness_models import Witness
from supervision.draws.witness_rules import next_code, shown_name
from supervision.permissions import Actor
from tests.supervision.draws.conftest import Visits
from tests.supervision.draws.world import OPERATOR, World, refused

NOTARY = NewWitness(kind="notary", name="王建国", is_person=True, contact="13800000000")
DICE = "1362451263" * 5 + "4"


def named(world: World, draw: Draw, new: NewWitness = NOTARY, actor: Actor | None = None) -> tuple[Witness, str]:
    """Name a witness; return them with their token."""
    return services.name_witness(world.session, draw, new, actor=actor or world.lead)


def sealed(world: World, witness: Witness) -> str:
    """Seal a contribution of a witness; return the secret."""
    secret = secrets.token_hex(32)
    digest = contribution_digest(hash_name="sha256", draw=witness.draw.number, by=witness.by, secret=secret)
    services.seal_as_witness(world.session, witness, digest=digest)
    return secret


def seal_departments(world: World, draw: Draw) -> None:
    """Let every department seal."""
    for body in world.departments:
        services.seal(world.session, draw, digest=world.digest(draw, body.code), actor=world.actor(body.code))


def reveal_departments(world: World, draw: Draw) -> None:
    """Let every department reveal."""
    for body in world.departments:
        services.reveal(world.session, draw, secret=world.secrets[body.code], actor=world.actor(body.code))


def test_a_witness_is_a_party_like_any_other(world: World) -> None:
    draw = world.freeze()
    witness, token = named(world, draw)
    assert witness.by == "W1"
    assert [entry.by for entry in draw.contributions if entry.by != SYSTEM].count("W1") == 1
    assert find_by_token(world.session, token) is witness
    seal_departments(world, draw)
    with refused("not-all-sealed"):
        services.commit(world.session, draw, actor=world.lead)
    secret = dice_secret(hash_name="sha256", draw=draw.number, by="W1", digits=DICE)
    digest = contribution_digest(hash_name="sha256", draw=draw.number, by="W1", secret=secret)
    services.seal_as_witness(world.session, witness, digest=digest)
    services.commit(world.session, draw, actor=world.lead)
    reveal_departments(world, draw)
    assert services.secrets_missing(draw)
    with refused("secret-wrong"):
        services.reveal_as_witness(world.session, witness, secret="6" * 50)
    services.reveal_as_witness(world.session, witness, secret=DICE)
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    assert {entry.by: entry.secret for entry in services.recomputed(world.session, draw).contributions}["W1"] == secret


def test_only_the_lead_and_oversight_name_witnesses_between_freeze_and_commitment(world: World) -> None:
    draw = world.freeze()
    for name in (world.departments[1].code, f"head {world.departments[0].code}"):
        with refused("witness-refused"):
            named(world, draw, actor=world.actor(name))
    by_oversight, _token = named(world, draw, actor=world.actor(OVERSIGHT))
    assert by_oversight.named_body == OVERSIGHT
    with refused("witness-named"):
        named(world, draw)
    with refused("unknown-reason"):
        named(world, draw, NewWitness(kind="friend", name="李四", is_person=True))
    with refused("witness-nameless"):
        named(world, draw, NewWitness(kind="press", name=" ", is_person=False))
    seal_departments(world, draw)
    sealed(world, by_oversight)
    services.commit(world.session, draw, actor=world.lead)
    with refused("witness-too-late"):
        named(world, draw, NewWitness(kind="press", name="静安报", is_person=False))
    with refused("witness-too-late"):
        services.remove_witness(world.session, by_oversight, reason="did-not-come", actor=world.actor(OVERSIGHT))


def test_the_lead_takes_off_who_never_came_and_the_public_reads_why(world: World) -> None:
    draw = world.freeze()
    witness, token = named(world, draw)
    with refused("unknown-reason"):
        services.remove_witness(world.session, witness, reason="dislike", actor=world.lead)
    with refused("witness-not-yours"):
        services.remove_witness(
            world.session, witness, reason="did-not-come", actor=world.actor(world.departments[1].code)
        )
    services.remove_witness(world.session, witness, reason="did-not-come", actor=world.lead)
    assert "W1" not in world.parties(draw)
    assert find_by_token(world.session, token) is None
    assert witness.contact == ""
    shown = public_witnesses(world.session, draw)[0]
    assert (shown.public_name, shown.removal and shown.removal.code) == ("王某", "did-not-come")
    leaves = list_leaves(world.session, draw)
    assert [leaf.event.value for leaf in leaves] == ["frozen", "witness_named", "witness_removed"]
    assert '"reason":"did-not-come"' in leaves[-1].leaf
    assert "王" not in leaves[-1].leaf
    # the code stays taken, and the draw goes on without
    again, _token = named(world, draw)
    assert again.by == "W2"
    services.remove_witness(world.session, again, reason="withdrew", actor=world.lead)
    seal_departments(world, draw)
    assert services.commit(world.session, draw, actor=world.lead).state is DrawState.COMMITTED


def test_nobody_is_taken_off_who_has_sealed_and_nobody_but_oversight_takes_off_whom_it_named(world: World) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    sealed(world, witness)
    for actor in (world.lead, world.actor(OVERSIGHT)):
        with refused("witness-sealed"):
            services.remove_witness(world.session, witness, reason="interest", actor=actor)
    other, _token = named(world, draw, NewWitness("press", "静安报", is_person=False), world.actor(OVERSIGHT))
    with refused("witness-not-yours"):
        services.remove_witness(world.session, other, reason="did-not-come", actor=world.lead)
    with refused("witness-not-yours"):  # with a link of their own the lead would speak for oversight's witness
        services.renew_link(world.session, other, actor=world.lead)
    services.remove_witness(world.session, other, reason="did-not-come", actor=world.actor(OVERSIGHT))
    assert other.removed_at is not None


def test_a_new_link_kills_the_old_one_and_cannot_replace_what_is_sealed(world: World) -> None:
    draw = world.freeze()
    witness, first = named(world, draw)
    sealed(world, witness)
    secret = sealed(world, witness)  # by the link it was sealed with, as any party may until the commitment
    second = services.renew_link(world.session, witness, actor=world.actor(OVERSIGHT))
    assert find_by_token(world.session, first) is None
    assert find_by_token(world.session, second) is witness
    with refused("sealed-before-this-link"):
        sealed(world, witness)
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    services.reveal_as_witness(world.session, witness, secret=secret)
    with refused("witness-not-yours"):
        services.renew_link(world.session, witness, actor=world.actor(world.departments[1].code))


def test_the_lead_cannot_silence_a_witness_who_has_sealed(world: World) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    lead, oversight = world.lead, world.actor(OVERSIGHT)
    own = services.renew_link(world.session, witness, actor=lead)  # nothing is sealed: the first link was lost
    sealed(world, witness)
    with refused("witness-link-oversight"):
        services.renew_link(world.session, witness, actor=lead)
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=lead)
    with refused("witness-link-oversight"):
        services.renew_link(world.session, witness, actor=lead)
    assert find_by_token(world.session, own) is witness
    services.renew_link(world.session, witness, actor=oversight)
    assert find_by_token(world.session, own) is None


def test_every_new_link_stands_in_the_public_log(world: World) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    services.renew_link(world.session, witness, actor=world.lead)
    sealed(world, witness)
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    services.renew_link(world.session, witness, actor=world.actor(OVERSIGHT))
    links = [leaf for leaf in list_leaves(world.session, draw) if leaf.event.value == "witness_link"]
    assert len(links) == 2
    assert all('"by":"W1"' in leaf.leaf for leaf in links)
    assert witness.link_made_at == links[-1].at
    assert all(witness.name not in leaf.leaf for leaf in links)
    world.session.commit()
    assert check_all(world.session, OPERATOR).bad == ()
    witness.seal_fixed, witness.link_made_at = False, draw.frozen_at - timedelta(days=1)
    world.session.flush()
    assert {one.column for one in check_all(world.session, OPERATOR).bad} == {"seal_fixed", "link_made_at"}


def test_a_link_ends_some_days_after_the_draw_and_takes_the_contact_with_it(
    world: World, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = world.freeze()
    witness, token = named(world, draw)
    secret = sealed(world, witness)
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    reveal_departments(world, draw)
    services.reveal_as_witness(world.session, witness, secret=secret)
    services.carry_out(world.session, draw, actor=world.lead, operator=OPERATOR)
    visits.done = True
    services.open_draw(world.session, draw, actor=world.lead)
    assert find_by_token(world.session, token) is witness
    assert services.end_links(world.session) == 0
    later = clock.now() + timedelta(days=30, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert find_by_token(world.session, token) is None
    assert services.end_links(world.session) == 1
    assert (witness.token_hash, witness.contact, witness.public_name) == (None, "", "王某")
    assert services.end_links(world.session) == 0


def test_a_silent_witness_is_named_and_the_draw_is_void(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = world.freeze()
    witness, _token = named(world, draw)
    secret = sealed(world, witness)
    seal_departments(world, draw)
    services.commit(world.session, draw, actor=world.lead)
    reveal_departments(world, draw)
    late = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: late)
    with refused("reveal-too-late"):
        services.reveal_as_witness(world.session, witness, secret=secret)
    services.expire_reveals(world.session)
    assert draw.state is DrawState.VOID
    assert draw.end_note == "W1"


def test_only_hashes_of_tokens_are_kept(world: World) -> None:
    draw = world.freeze()
    witness, token = named(world, draw)
    assert len(token) == 43  # 256 bits
    assert witness.token_hash == hash_of(token)
    columns = {name: getattr(witness, name) for name in Witness.__table__.columns.keys()}  # noqa: SIM118
    assert token not in map(str, columns.values())
    for wrong in ("", "x", token[:-1], token.lower() + "é", witness.token_hash or ""):
        assert find_by_token(world.session, wrong) is None


def test_codes_are_never_given_twice_and_never_a_departments(world: World) -> None:
    assert next_code([]) == "W1"
    assert next_code(["W1", "W9", "SCJG", "WATER"]) == "W10"
    world.make.department(code="W1")
    draw = world.freeze()
    witness, _token = named(world, draw)
    assert witness.by == "W2"
    assert [one.by for one in list_witnesses(world.session, draw)] == ["W2"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王建国", "王某"), ("欧阳修远", "欧阳某"), ("欧阳", "欧某"), ("Mary Ann Smith", "M. A. S."), ("李", "李某")],
)
def test_the_public_reads_the_surname_alone_unless_told_otherwise(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_readers_find_the_bodies_first_then_witnesses_by_number_and_the_system_last() -> None:
    codes = ["system", "W10", "XFJY", "W2", "OVERSIGHT", "SCJG"]
    assert sorted(codes, key=shown_order) == ["OVERSIGHT", "SCJG", "XFJY", "W2", "W10", "system"]
