"""Duplicated, reordered, delayed, truncated, five times, killed, out of order: exactly one record, nothing lost.

A slice with every test; a thousand under ``make proof``, in parts (gate G-OFF of the security sheet).
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.joint_inspections.conftest import District
from tests.joint_inspections.field.conftest import leader_of, mate_of
from tests.joint_inspections.field.phone import Phone
from tests.joint_inspections.field.scenario_faults import faults_of
from tests.joint_inspections.field.scenarios import FAULTS, Day, Holder, Network
from tests.pages import Browser
from tests.proofs.effort import ON_POSTGRESQL, SEED, WHOLE, effort, proof
from tests.proofs.parts import search_in_parts

# with every test; on PostgreSQL under ``make proof``; and the thousand, which goes on where it was cut, part by part
SLICE, ON_SERVER = 60, 100
PART, PARTS = 50, 20
SEARCHED = (
    "joint_inspections/evidence", "joint_inspections/field", "joint_inspections/records",
    "joint_inspections/signatures", "joint_inspections/visits", "tests/joint_inspections/field",
)  # fmt: skip
EVIL = ("submit", "expire", "clash", "replace", "revoke")


def begin_day(session: Session, district: District, browse: Browser, seed: int) -> Day:
    """Give three of the team a phone each, all loaded in the office; then the signal goes."""
    random = Random(seed)  # noqa: S311 - a scenario repeats
    visit = district.visit
    second, second_user = mate_of(district, visit, department=district.lead.id)
    third, third_user = mate_of(district, visit, department=district.other.id)
    people = ((visit.leader, leader_of(district, visit)), (second, second_user), (third, third_user))
    holders = []
    for member, user in people:
        assert member is not None

        def sign_in(user: object = user) -> object:
            return browse(user).client  # type: ignore[arg-type]

        phone = Phone(sign_in(), Random(random.getrandbits(64)))  # type: ignore[arg-type]  # noqa: S311
        phone.piece = random.choice((700, 2000, phone.piece))
        phone.register()
        phone.load()
        network = Network(random, faulty=random.choice((0.1, 0.3, 0.6)))
        phone.network = network
        holders.append(Holder(member, phone, network, sign_in))
    evil = frozenset(name for name in EVIL if random.random() < 0.4)
    return Day(session, visit.id, holders, random, evil)


@dataclass
class Weeks:
    """Where scenarios are played: the district is made once, and each day is undone after it."""

    session: Session
    district: District
    browse: Browser
    connection: sa.Connection

    def play(self, seed: int) -> tuple[list[str], Counter[str]]:
        """Play one day; return what is wrong afterwards, and what it met."""
        saved = self.connection.begin_nested()
        day = begin_day(self.session, self.district, self.browse, seed)
        day.run(day.random.randrange(8, 24))
        wrong = [f"scenario {seed} ({', '.join(sorted(day.evil))}): {one}" for one in faults_of(day)]
        met = Counter(fault for holder in day.holders for fault in holder.network.met)
        met += Counter({"app-killed": day.killed})
        self.session.rollback()
        saved.rollback()
        self.session.expire_all()
        return wrong, met

    def search(self, begin: int, *, scenarios: int) -> Counter[str]:
        """Play so many days; the first at which something is wrong ends the search."""
        met: Counter[str] = Counter()
        for number in range(scenarios):
            wrong, faults = self.play(begin * 1000 + number)
            assert not wrong, wrong[:4]
            met += faults + Counter({"scenarios": 1})
        return met


@pytest.mark.timeout(1500)  # a hundred on the server
def test_whatever_the_network_does_there_is_one_record_and_nothing_is_lost(
    session: Session, ready: District, browse: Browser, connection: sa.Connection
) -> None:
    session.commit()
    weeks = Weeks(session, ready, browse, connection)
    with proof("offline-scenarios") as tally:
        if WHOLE and not ON_POSTGRESQL:
            search = partial(weeks.search, scenarios=PART)
            met = search_in_parts(search, parts=PARTS, name="offline-scenarios", searched=SEARCHED)
        else:
            met = weeks.search(SEED, scenarios=effort(SLICE, ON_SERVER))
        tally.passed = met.pop("scenarios")
        tally.facts["faults"] = dict(sorted(met.items()))
    assert set(met) == {*FAULTS, "app-killed"}
