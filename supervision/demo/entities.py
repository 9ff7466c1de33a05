"""90,000 invented entities in the fourteen sub-districts of Jing'an."""

import csv
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any  # rows for bulk inserts

from stdnum.cn import uscc

from supervision import clock
from supervision.db import insert_many
from supervision.demo.identifiers import break_check, make_uscc
from supervision.demo.people import Names
from supervision.demo.registry import CATALOGUES, WORDS, Demo
from supervision.entities.models import Entity, EntityTag, RiskClassRecord, Tag
from supervision.entities.names import name_keys
from supervision.entities.rules import EntityStatus, RiskClass
from supervision.entities.search import rebuild_index

ENTITIES = 90_000
CHUNK = 10_000
# pairs of entries that may be one enterprise
TWINS = 9
CITY = "310000"
RISK_WEIGHTS = {RiskClass.A: 65, RiskClass.B: 25, RiskClass.C: 8, RiskClass.D: 2}
STATUS_WEIGHTS = {
    EntityStatus.ACTIVE: 9630, EntityStatus.DEREGISTERED: 200, EntityStatus.MOVED_OUT: 100,
    EntityStatus.REVOKED: 40, EntityStatus.CLOSED: 25, EntityStatus.RESCINDED: 5,
}  # fmt: skip
# how common a trade is, by the longest industry prefix that fits; everything else counts one
TRADE_WEIGHTS = {
    "H62": 8, "F52": 4, "F51": 5, "L72": 4, "O80": 4, "P839": 4, "M": 4, "I": 5, "K70": 2,
    "F5265": 0.1, "J66": 0.3, "L7231": 0.6, "L7232": 0.05, "L7239": 0.1, "P831": 0.3, "P832": 0.15, "P833": 0.15,
    "M7452": 0.2, "O8080": 0.2, "R8921": 0.4, "L7271": 0.6, "D45": 0.1, "F5162": 0.2, "F5169": 0.4,
}  # fmt: skip
TAGS = (
    ("prepaid-card", "单用途预付卡发卡", "Issues prepaid cards"), ("school-side", "校园周边", "Near a school"),
    ("large-venue", "人员密集场所", "Crowded venue"), ("chain", "连锁经营", "Chain store"),
    ("online-sales", "网络经营", "Sells online"), ("new-entity", "新设主体", "Newly established"),
)  # fmt: skip
# what everybody can see of an entity; the others say what the departments look at
PUBLIC_TAGS = frozenset({"large-venue", "chain", "online-sales", "new-entity"})


def read_rows(path: Any) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class Invention:
    """Invents one entity after the other."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.source: random.Random = demo.random("entities")
        self.names = Names(self.source)
        self.shop_words = (WORDS / "shop_words.txt").read_text(encoding="utf-8").split()
        self.trades = read_rows(WORDS / "industry_words.csv")
        self.trade_weights = [self._trade_weight(row["industry_code"]) for row in self.trades]
        places = read_rows(CATALOGUES / "sub_districts.csv")
        self.places = [(row["code"], int(row["weight"])) for row in places]
        self.streets: dict[str, list[str]] = {}
        for row in read_rows(WORDS / "streets.csv"):
            self.streets.setdefault(row["sub_district_code"], []).append(row["street"])
        types = read_rows(CATALOGUES / "entity_types.csv")
        self.types = [row["code"] for row in types if row["code"][0] != "U"]
        self.type_weights = [int(row["weight"]) for row in types if row["code"][0] != "U"]
        self.used: set[str] = set()
        self.codes: set[str] = set()

    @staticmethod
    def _trade_weight(code: str) -> float:
        fitting = [prefix for prefix in TRADE_WEIGHTS if code.startswith(prefix)]
        return TRADE_WEIGHTS[max(fitting, key=len)] if fitting else 1

    def rows(self, count: int) -> Iterator[dict[str, Any]]:
        """Yield ``count`` entities as rows."""
        source, now = self.source, clock.now()
        trades = source.choices(self.trades, self.trade_weights, k=count)
        types = source.choices(self.types, self.type_weights, k=count)
        places = source.choices([p for p, _ in self.places], [w for _, w in self.places], k=count)
        risks = source.choices(list(RISK_WEIGHTS), list(RISK_WEIGHTS.values()), k=count)
        states = source.choices(list(STATUS_WEIGHTS), list(STATUS_WEIGHTS.values()), k=count)
        for number in range(count):
            trade, place, state = trades[number], places[number], states[number]
            kind = self._type(trade, types[number])
            registered = self._registered_on()
            name = self._name(trade["name_part"], kind)
            sort_key, initials = name_keys(name)
            yield {
                "id": number + 1, **self._identity(kind), "name": name, "sort_key": sort_key, "initials": initials,
                "type_code": kind, "industry_code": trade["industry_code"], "sub_district_code": place,
                "address": self._address(place), "legal_representative": self.names.person(),
                "contact_phone": f"1380000{source.randrange(10_000):04d}", "business_scope": trade["scope_text"],
                "status": state, "registered_on": registered,
                "status_since": registered if state is EntityStatus.ACTIVE else self._later(registered),
                "risk_class": risks[number], "low_touch": source.random() < 0.004, "version": 1,
                "created_at": now, "updated_at": now,
            }  # fmt: skip

    def _type(self, trade: dict[str, str], drawn: str) -> str:
        hint = trade["entity_type_hint"].split(";")[0]
        return hint if hint and (hint[0] == "U" or self.source.random() < 0.55) else drawn

    def _registered_on(self) -> date:
        # most enterprises are young; the oldest date from 1995
        years = self.source.betavariate(1.1, 3.2) * 30
        return self.demo.today - timedelta(days=20 + round(years * 365))

    def _later(self, day: date) -> date:
        return day + timedelta(days=self.source.randrange(1, max(2, (self.demo.today - day).days)))

    def _name(self, part: str, kind: str) -> str:
        ending = {"9500": "", "2000": "有限公司静安分公司", "1200": "股份有限公司"}.get(kind, "有限公司")
        place = "静安区" if kind == "9500" else "上海"
        if kind.startswith("U") or kind[:2] == "45":
            ending = {"4533": "合伙企业(有限合伙)", "4530": "合伙企业", "4532": "合伙企业(特殊普通合伙)"}.get(kind, "")
        while True:
            word = self.source.choice(self.shop_words)
            if len(self.used) > 2000 or kind == "9500":
                word += self.source.choice(self.names.characters)
            name = f"{place}{word}{part}{ending}"
            if name not in self.used:
                self.used.add(name)
                return name

    def _identity(self, kind: str) -> dict[str, Any]:
        chance = self.source.random()
        if chance < 0.002:
            registration = f"31010600{len(self.codes):07d}"
            self.codes.add(registration)
            return {"unit_id": f"REG-{registration}", "uscc": None, "registration_number": registration,
                    "uscc_confirmed": False}  # fmt: skip
        code = make_uscc(self.source, kind, self.demo.district_code)
        while code in self.codes:
            code = make_uscc(self.source, kind, self.demo.district_code)
        pilot = chance < 0.0025
        code = break_check(code) if pilot else code
        self.codes.add(code)
        return {"unit_id": code, "uscc": code, "registration_number": None, "uscc_confirmed": pilot}

    def _address(self, place: str) -> str:
        street = self.source.choice(self.streets[place])
        return f"上海市静安区{street}{self.source.randrange(1, 1999)}号{self.source.randrange(1, 28)}层"


def with_twins(rows: Iterable[dict[str, Any]], count: int, demo: Demo) -> Iterator[dict[str, Any]]:
    """Yield ``rows``; some look like the entry before them, by each of the signs that registers show in turn."""
    every, before = max(2, count // TWINS), {"uscc": None}
    for row in rows:
        if row["id"] % every == 0 and row["status"] is before.get("status") is EntityStatus.ACTIVE:
            _look_like(row, before, sign=row["id"] // every % 3)
            demo.shared.setdefault("twins", []).append((before["id"], row["id"]))
        yield row
        before = row


def _look_like(row: dict[str, Any], other: dict[str, Any], *, sign: int) -> None:
    if sign == 1 and other["uscc"]:
        # the organization keeps its code when it is registered anew, here by the city instead of the district
        code = other["uscc"][:2] + CITY + other["uscc"][8:17]
        row["uscc"] = row["unit_id"] = code + str(uscc.calc_check_digit(code))
        row["registration_number"], row["uscc_confirmed"] = None, False
    elif sign == 2:
        row["name"] = f"{other['name'][:2]}·{other['name'][2:]}"
        row["sort_key"], row["initials"] = name_keys(row["name"])
    else:
        row["address"], row["legal_representative"] = other["address"], other["legal_representative"]


def load(demo: Demo) -> None:
    """Write the entities, their newest risk class, tags and the search index."""
    source = demo.random("entity details")
    demo.session.add_all(
        Tag(code=code, name_zh=chinese, name_en=english, public=code in PUBLIC_TAGS) for code, chinese, english in TAGS
    )
    demo.session.flush()
    as_of = demo.today.replace(day=1)
    count = demo.amount(ENTITIES)
    chunk: list[dict[str, Any]] = []
    brief: list[tuple[int, str, str, str, EntityStatus, RiskClass, date]] = []
    for row in with_twins(Invention(demo).rows(count), count, demo):
        chunk.append(row)
        brief.append((row["id"], row["unit_id"], row["industry_code"], row["type_code"], row["status"],
                      row["risk_class"], row["registered_on"]))  # fmt: skip
        if len(chunk) == CHUNK or row["id"] == count:
            _write(demo, source, chunk, as_of)
            chunk = []
    demo.shared["entities"] = brief
    rebuild_index(demo.session)


def _write(demo: Demo, source: random.Random, chunk: list[dict[str, Any]], as_of: date) -> None:
    now = clock.now()
    insert_many(demo.session, Entity, chunk)
    insert_many(demo.session, RiskClassRecord, [
        {"entity_id": row["id"], "risk_class": row["risk_class"], "as_of": as_of, "source": "信用风险分类月度结果",
         "recorded_at": now} for row in chunk])  # fmt: skip
    tagged = [{"entity_id": row["id"], "tag_code": source.choice(TAGS)[0]} for row in chunk if source.random() < 0.12]
    insert_many(demo.session, EntityTag, tagged)
