"""Every step of a draw, in the order of its life."""

from supervision.draws.services.changes import lock_for_change, replace_inspector, strike_unit
from supervision.draws.services.contributing import commit, expire_reveals, reveal, seal
from supervision.draws.services.drawing import (
    carry_out,
    open_draw,
    open_finished,
    open_overdue,
    recomputed,
    visits_done,
)
from supervision.draws.services.ending import abandon, approve_void, propose_void, secrets_missing
from supervision.draws.services.freezing import freeze
from supervision.draws.services.rights import leads, may_end, takes_part

__all__ = [
    "abandon",
    "approve_void",
    "carry_out",
    "commit",
    "expire_reveals",
    "freeze",
    "leads",
    "lock_for_change",
    "may_end",
    "open_draw",
    "open_finished",
    "open_overdue",
    "propose_void",
    "recomputed",
    "replace_inspector",
    "reveal",
    "seal",
    "secrets_missing",
    "strike_unit",
    "takes_part",
    "visits_done",
]
