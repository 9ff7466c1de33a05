"""Every step of a draw, in the order of its life."""

from supervision.draws.services.changes import (
    REPLACEMENT_GROUNDS,
    STRIKE_GROUNDS,
    lock_for_change,
    replace_inspector,
    strike_unit,
)
from supervision.draws.services.contributing import commit, expire_reveals, reveal, seal
from supervision.draws.services.drawing import (
    carry_out,
    finish_tasks,
    note_full_bundle,
    open_draw,
    open_finished,
    open_overdue,
    recomputed,
    visits_done,
)
from supervision.draws.services.ending import (
    agree_to_abandon,
    approve_void,
    propose_abandonment,
    propose_void,
    refuse_to_abandon,
    secrets_missing,
)
from supervision.draws.services.freezing import freeze
from supervision.draws.services.replacing import replace_on_ground, teams_to_change
from supervision.draws.services.rights import decides, leads, may_end, takes_part
from supervision.draws.services.striking import (
    agree_to_strike,
    check_strike,
    needs_agreement,
    propose_strike,
    recorded_by_body,
    refuse_strike,
    strike_on_register,
)

__all__ = [
    "REPLACEMENT_GROUNDS",
    "STRIKE_GROUNDS",
    "agree_to_abandon",
    "agree_to_strike",
    "approve_void",
    "carry_out",
    "check_strike",
    "commit",
    "decides",
    "expire_reveals",
    "finish_tasks",
    "freeze",
    "leads",
    "lock_for_change",
    "may_end",
    "needs_agreement",
    "note_full_bundle",
    "open_draw",
    "open_finished",
    "open_overdue",
    "propose_abandonment",
    "propose_strike",
    "propose_void",
    "recomputed",
    "recorded_by_body",
    "refuse_strike",
    "refuse_to_abandon",
    "replace_inspector",
    "replace_on_ground",
    "reveal",
    "seal",
    "secrets_missing",
    "strike_on_register",
    "strike_unit",
    "takes_part",
    "teams_to_change",
    "visits_done",
]
