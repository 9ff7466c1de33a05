"""Section 3, tickets: `ticket(key, a, b, …) = H(key ":" a ":" b …)`.

A ticket is a lot nobody can choose: whoever knows the key can compute it, nobody can foresee it before
the key exists. `printf '%s:%s' KEY UNIT | sha256sum` gives the ticket of a unit.
"""

from collections.abc import Iterable, Iterator

from sampling.hashing import hash_starter, hex_digest

TicketedName = tuple[str, str]

_ABOVE_ALL_HEX = "g"
_SPARE = 1_000


def ticket(key: str, *names: str, hash_name: str) -> str:
    """Give one ticket in lower-case hex."""
    return hex_digest(hash_name, ":".join((key, *names)).encode())


def ticketed(key: str, names: Iterable[str], *, hash_name: str) -> Iterator[TicketedName]:
    """Give (ticket, name) for many names, one at a time, so that a million cost no memory."""
    fork = hash_starter(hash_name)(f"{key}:".encode()).copy
    for name in names:
        running = fork()
        running.update(name.encode())
        yield running.hexdigest(), name


def in_ticket_order(key: str, names: Iterable[str], *, hash_name: str) -> list[TicketedName]:
    """Give all names with their tickets, sorted by (ticket, name)."""
    return sorted(ticketed(key, names, hash_name=hash_name))


def smallest_tickets(key: str, names: Iterable[str], *, count: int, hash_name: str) -> list[TicketedName]:
    """Give the first `count` of the same order without sorting or keeping the rest.

    Whoever has a larger ticket than `count` others already seen cannot be among the first `count`, so it is
    dropped at once. Equal tickets are kept, so the order by name between them is the same too.
    """
    if count <= 0:
        return []
    fork = hash_starter(hash_name)(f"{key}:".encode()).copy
    kept: list[TicketedName] = []
    cut_off = _ABOVE_ALL_HEX
    room = 2 * count + _SPARE
    for name in names:
        # Written out rather than taken from `ticketed`: this loop runs a million times for a national register.
        running = fork()
        running.update(name.encode())
        lot = running.hexdigest()
        if lot <= cut_off:
            kept.append((lot, name))
            if len(kept) >= room:
                kept.sort()
                del kept[count:]
                cut_off = kept[-1][0]
    kept.sort()
    return kept[:count]
