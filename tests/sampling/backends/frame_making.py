"""Frames for tests of the backends, and the rules to draw from them."""

import io
import random
import string
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from sampling import freezing
from sampling.backends.plain import PlainFrame
from sampling.rules import read_rules
from sampling.select_command import draw_units
from tests.sampling.bundle_making import least_rules

KEY = "0123456789abcdef" * 2
# every character an identifier may have, those that files and databases like to read something into among them
CHARACTERS = [character for character in string.printable[:94] if character not in ":,"]


@dataclass(frozen=True)
class Made:
    """A frame, the rules for it, and what plain Python draws from it."""

    data: bytes
    rules: object
    key: str = KEY

    @property
    def opened(self):
        return partial(io.BytesIO, self.data)

    @property
    def salted(self):
        return self.rules.confidential

    @property
    def rows(self):
        return [tuple(line.split("\t")) for line in self.data.decode().splitlines()]

    def drawn_by(self, frames, *, rooted=True):
        return draw_units(frames, self.rules, entity_key=self.key, rooted=rooted).to_bytes()

    def drawn_plainly(self, *, rooted=True):
        return self.drawn_by(PlainFrame(opened=self.opened, salted=self.salted), rooted=rooted)


def identifiers(longest=64):
    return st.text(CHARACTERS, min_size=1, max_size=longest)


@st.composite
def frames(draw, *, hash_names=("sha256",)):
    """Draw a frame: empty, of one stratum or many, of codes of one length or of all, with salts or without."""
    names = draw(st.sampled_from([identifiers(), identifiers(2), st.from_regex(r"9131010[0-9]{10}X", fullmatch=True)]))
    units = draw(st.lists(names, unique=True, max_size=60))
    strata = draw(st.lists(identifiers(), unique=True, min_size=1, max_size=5))
    confidential = draw(st.booleans())
    chance = draw(st.randoms(use_true_random=False))
    salt = (lambda: (chance.randbytes(16).hex(),)) if confidential else tuple
    data = freezing.frame_tsv([(unit, chance.choice(strata), *salt()) for unit in units])
    rules = least_rules(
        hash=draw(st.sampled_from(hash_names)),
        strata="confidential" if confidential else "public",
        allocation=draw(allocations(strata)),
        reserve=draw(st.sampled_from([0, 1, 7, 100])),
        teams={"mode": "none"},
    )
    return Made(data=data, rules=read_rules(rules), key=draw(st.text("0123456789abcdef", min_size=32, max_size=32)))


@st.composite
def allocations(draw, strata):
    """Draw an allocation: nobody, everybody, or some."""
    count = draw(st.sampled_from([0, 1, 3, 1_000]))
    if draw(st.booleans()):
        return {"kind": "total", "total": draw(st.sampled_from([0, 5, 60]))}
    return {"kind": "count", "strata": {stratum: {"count": count} for stratum in strata}}


def long_frame(size, *, strata=7, seed=1):
    """Make a frame of several batches, with codes of one and of two blocks."""
    chance = random.Random(seed)  # noqa: S311 - test data, the same every time
    rows = [(f"{'9' * (number % 3 * 20)}{number:018}", f"S{chance.randrange(strata)}") for number in range(size)]
    rules = least_rules(allocation={"kind": "total", "total": size // 100}, reserve=3, teams={"mode": "none"})
    return Made(data=freezing.frame_tsv(rows), rules=read_rules(rules))
