"""The draw of experts once more, written from docs/expert-draw.md alone: hashlib, json and plain loops."""

import hashlib
import json
from typing import Any  # JSON


def sha(*lines: str) -> str:
    """SHA-256 of lines, each followed by LF."""
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def ticket(*parts: str) -> str:
    """A lot."""
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


def key(label: str, seed: str) -> str:
    """The key of one purpose."""
    return sha(f"expert-draw/1 {label}", seed)[:32]


def seed_of(list_digest: str, parts: dict[str, str]) -> str:
    """What list and later values make together."""
    return sha("expert-draw/1 seed", list_digest, *(f"{by}:{parts[by]}" for by in sorted(parts)))


def draw(listed: dict[str, Any], teams: dict[str, list[str]], ties: set[tuple[str, str]], seed: str) -> set[Any]:
    """Return (team, need, expert) of the whole draw."""
    placed: set[tuple[str, str, str]] = set()
    for need in listed["needs"]:
        code = need["need"]
        agents = sorted(one["expert"] for one in listed["experts"] if code in one["needs"])
        barred = {
            (agent, team)
            for agent in agents
            for team, units in teams.items()
            if any((agent, unit) in ties for unit in units) or any((team, agent) == (at, who) for at, _, who in placed)
        }
        prior = {agent: sum(who == agent for _, _, who in placed) for agent in agents}
        members = _Match(key(f"match {code}", seed), list(teams), need["per_team"], barred).hand_out(agents, prior)
        placed |= {(team, code, agent) for team, there in members.items() for agent in there}
    return placed


class _Match:
    """Section 6 of the draw protocol, word for word: places handed out level by level, others moved if need be."""

    def __init__(self, own: str, teams: list[str], places: int, barred: set[tuple[str, str]]) -> None:
        self.own, self.places, self.barred = own, places, barred
        self.queue = sorted(teams, key=lambda team: (ticket(own, "task", team), team))
        self.members: dict[str, list[str]] = {team: [] for team in self.queue}

    def hand_out(self, agents: list[str], prior: dict[str, int]) -> dict[str, list[str]]:
        """Go up the levels until no place or nobody is left."""
        active, base, level = set(agents), min(prior.values(), default=0), 0
        while self._left() and active:
            level += 1
            admitted = [one for one in active if prior[one] - base < level]
            for agent in sorted(admitted, key=lambda one: (ticket(self.own, "level", str(level), one), one)):
                if self._left() and not self._join(agent):
                    active.discard(agent)
        return self.members

    def _left(self) -> int:
        return sum(self.places - len(there) for there in self.members.values())

    def _may(self, agent: str, team: str) -> bool:
        return (agent, team) not in self.barred and agent not in self.members[team]

    def _join(self, agent: str) -> bool:
        for team in self.queue:
            if len(self.members[team]) < self.places and self._may(agent, team):
                self.members[team].append(agent)
                return True
        return self._augment(agent)

    def _augment(self, agent: str) -> bool:
        reached, seen = [agent], set[str]()
        came: dict[str, tuple[str, str]] = {}
        for one in reached:
            for team in [team for team in self.queue if team not in seen and self._may(one, team)]:
                seen.add(team)
                if len(self.members[team]) < self.places:
                    self._move(one, team, came)
                    return True
                for other in self.members[team]:
                    if other not in reached:
                        came[other] = (team, one)
                        reached.append(other)
        return False

    def _move(self, last: str, team: str, came: dict[str, tuple[str, str]]) -> None:
        self.members[team].append(last)
        while last in came:
            home, before = came[last]
            self.members[home].remove(last)
            self.members[home].append(before)
            last = before


def following(
    listed: dict[str, Any], need: str, *, team: str, k: int, seed: str, gone: set[str], placed: set[Any]
) -> str:
    """Return who follows in the k-th change of a need, nobody being tied."""
    there = {who for at, _, who in placed if at == team}
    own = key(f"replace {need}", seed)
    agents = [one["expert"] for one in listed["experts"] if need in one["needs"] and one["expert"] not in gone | there]
    return min(agents, key=lambda one: (sum(who == one for _, _, who in placed), ticket(own, team, str(k), one), one))


def listed(content: str) -> dict[str, Any]:
    """Read a list, refusing one that is not canonical enough to have its digest."""
    found: dict[str, Any] = json.loads(content)
    return found
