"""Section 3, tickets: `ticket(key, a, b, …) = H(key ":" a ":" b …)`.

A ticket is a lot nobody can choose: whoever knows the key can compute it, nobody can foresee it before
the key exists. `printf '%s:%s' KEY UNIT | sha256sum` gives the ticket of a unit.
"""

import heapq
from collections.abc import Iterable, Iterator

from sampling.hashing import hash_starter, hex_digest

TicketedName = tuple[str, str]


def ticket(key: str, *names: str, hash_name: str) -> str:
    """Give one ticket in lower-case hex."""
    return hex_digest(hash_name, ":".join((key, *names)).encode())


def ticketed(key: str, names: Iterable[str], *, hash_name: str) -> Iterator[TicketedName]:
    """Give (ticket, name) for many names, one at a time, so that a million cost no memory."""
    start = hash_starter(hash_name)
    prefix = f"{key}:".encode()
    return ((start(prefix + name.encode()).hexdigest(), name) for name in names)


def in_ticket_order(key: str, names: Iterable[str], *, hash_name: str) -> list[TicketedName]:
    """Give all names with their tickets, sorted by (ticket, name)."""
    return sorted(ticketed(key, names, hash_name=hash_name))


def smallest_tickets(key: str, names: Iterable[str], *, count: int, hash_name: str) -> list[TicketedName]:
    """Give the first `count` of the same order without sorting or keeping the rest."""
    return heapq.nsmallest(count, ticketed(key, names, hash_name=hash_name))
