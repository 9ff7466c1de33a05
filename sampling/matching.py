"""Section 6, the one procedure behind teams and deals: ticket-ordered greedy with augmenting paths.

`match` hands out places in levels: whoever carries least is served first, in an order drawn by tickets.
When an agent finds no free place directly, others are moved along a shortest chain so that one becomes
free; only when no chain exists does the agent leave. A full matching is therefore found whenever one
exists, and loads differ by more than one only where a cap, a tie or a load carried in forces it.

The result is exactly that of the text of section 6; three facts make it fast, none changes it:

* A task once full stays full, and whoever leaves a task leaves a full one. So what an agent has passed by
  in the queue it never has to look at again, and each agent keeps one finger in the queue.
* In the search for a chain the first agent *reached* that could take a free place is the one at which the
  search ends, since agents are taken in the order reached.
* When a search fails, all agents and tasks it saw lead only to each other, for good. Later searches pass
  them by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sampling.tickets import in_ticket_order

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Agent:
    """Someone who can be given places: an inspector, or a team to which units are dealt."""

    name: str
    cap: int
    prior: int = 0


@dataclass(frozen=True, slots=True)
class Matching:
    """Who was given what: the members of each task, and the number of places nobody could be given."""

    members: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, int]

    @property
    def places_left(self) -> int:
        """Count the places nobody could be given."""
        return sum(self.missing.values())


def match(
    key: str,
    *,
    hash_name: str,
    agents: Sequence[Agent],
    need: Mapping[str, int],
    barred: Mapping[str, Set[str]],
) -> Matching:
    """Run section 6's `match`; `barred` names the tasks an agent is not eligible for."""
    tickets = _LevelTickets(key, hash_name)
    queue = [task for _, task in in_ticket_order(f"{key}:task", need, hash_name=hash_name)]
    board = _Board(queue, agents=agents, need=need, barred=barred)
    _hand_out(board, agents=agents, tickets=tickets)
    return Matching(
        members={task: tuple(agents[i].name for i in board.members[t]) for t, task in enumerate(queue)},
        missing={task: board.free[t] for t, task in enumerate(queue) if board.free[t]},
    )


@dataclass(frozen=True, slots=True)
class _LevelTickets:
    """The order in which agents are served, drawn anew at every level."""

    key: str
    hash_name: str

    def ordered(self, names: Iterable[str], *, level: int) -> Iterator[str]:
        drawn = in_ticket_order(f"{self.key}:level:{level}", names, hash_name=self.hash_name)
        return (name for _, name in drawn)


def _hand_out(board: "_Board", *, agents: Sequence[Agent], tickets: _LevelTickets) -> None:
    """Go up level by level until no place or no agent is left."""
    base = min((agent.prior for agent in agents), default=0)
    number = {agent.name: i for i, agent in enumerate(agents)}
    active = {agent.name for agent in agents}
    load = dict.fromkeys(active, 0)
    level = 0
    while board.places_left and active:
        # Levels at which nobody is admitted are skipped.
        level = max(level, min(agents[number[name]].prior for name in active) - base) + 1
        admitted = [name for name in active if agents[number[name]].prior - base < level]
        for name in tickets.ordered(admitted, level=level):
            if not board.places_left:
                return
            agent = number[name]
            if load[name] < agents[agent].cap and board.give_place(agent):
                load[name] += 1
            else:
                active.discard(name)


class _Board:
    """The state of one run: tasks by their place in the queue, agents by their number."""

    __slots__ = (
        "barred",
        "closed_agents",
        "closed_tasks",
        "finger",
        "free",
        "held",
        "members",
        "next_open",
        "places_left",
    )

    def __init__(
        self,
        queue: Sequence[str],
        *,
        agents: Sequence[Agent],
        need: Mapping[str, int],
        barred: Mapping[str, Set[str]],
    ) -> None:
        """Begin with every place free."""
        place = {task: t for t, task in enumerate(queue)}
        self.free = [need[task] for task in queue]
        self.places_left = sum(self.free)
        self.members: list[list[int]] = [[] for _ in queue]
        self.held: list[set[int]] = [set() for _ in agents]
        self.barred = [{place[task] for task in barred.get(agent.name, _NOBODY) if task in place} for agent in agents]
        self.finger = [0] * len(agents)
        self.next_open = list(range(len(queue) + 1))
        for t, places in enumerate(self.free):
            if places == 0:
                self.next_open[t] = t + 1
        self.closed_agents = [False] * len(agents)
        self.closed_tasks = [False] * len(queue)

    def give_place(self, agent: int) -> bool:
        """Give the agent one more place, directly or by moving others; say whether it worked."""
        task = self._free_task(agent)
        if task is not None:
            self._join(agent, task)
            return True
        return self._augment(agent)

    def _free_task(self, agent: int) -> int | None:
        """Find the first task in the queue with a free place, eligible for the agent, the agent not on it."""
        barred, held = self.barred[agent], self.held[agent]
        task = self._open_from(self.finger[agent])
        while task < len(self.free) and (task in barred or task in held):
            task = self._open_from(task + 1)
        self.finger[agent] = task
        return task if task < len(self.free) else None

    def _open_from(self, task: int) -> int:
        """Find the first task with a free place from here on, halving the way for the next time."""
        following = self.next_open
        while following[task] != task:
            following[task] = following[following[task]]
            task = following[task]
        return task

    def _join(self, agent: int, task: int) -> None:
        self.members[task].append(agent)
        self.held[agent].add(task)
        self.free[task] -= 1
        self.places_left -= 1
        if self.free[task] == 0:
            self.next_open[task] = task + 1

    def _augment(self, root: int) -> bool:
        """Search breadth first for a chain of moves that ends at a free place, and carry it out."""
        if self.closed_agents[root]:
            return False
        # came[u] = (task u was met on, agent that was looking for a place there)
        came: dict[int, tuple[int, int]] = {}
        reached = [root]
        unseen: Iterable[int] = range(len(self.free))
        seen: list[int] = []
        for agent in reached:
            passed_by: list[int] = []
            for task in self._searchable(agent, unseen=unseen, passed_by=passed_by):
                seen.append(task)
                for member in self.members[task]:
                    if member == root or member in came or self.closed_agents[member]:
                        continue
                    came[member] = (task, agent)
                    reached.append(member)
                    last = self._free_task(member)
                    if last is not None:
                        self._move(member, to=last, came=came)
                        return True
            unseen = passed_by
        self._close(reached, seen)
        return False

    def _searchable(self, agent: int, *, unseen: Iterable[int], passed_by: list[int]) -> Iterator[int]:
        """Walk the unseen tasks the agent could join, in queue order; keep the others for later agents."""
        barred, held = self.barred[agent], self.held[agent]
        for task in unseen:
            if self.closed_tasks[task]:
                continue
            if task in barred or task in held:
                passed_by.append(task)
            else:
                yield task

    def _move(self, agent: int, *, to: int, came: Mapping[int, tuple[int, int]]) -> None:
        """Let the last agent take the free place and each earlier one the place its successor leaves."""
        self._join(agent, to)
        while agent in came:
            task, earlier = came[agent]
            self.members[task].remove(agent)
            self.held[agent].discard(task)
            self.members[task].append(earlier)
            self.held[earlier].add(task)
            agent = earlier

    def _close(self, agents: Iterable[int], tasks: Iterable[int]) -> None:
        for agent in agents:
            self.closed_agents[agent] = True
        for task in tasks:
            self.closed_tasks[task] = True
