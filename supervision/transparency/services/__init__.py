"""Every change of the log beside its leaves: keys, checkpoints, anchors, witnesses and what they hand in."""

from supervision.transparency.services.anchors import anchor_audit, anchor_daily, log_register
from supervision.transparency.services.checkpoints import make_checkpoint
from supervision.transparency.services.keys import ensure_key, new_key, resume_log, rotate_key
from supervision.transparency.services.statements import read_statement, take_statement
from supervision.transparency.services.witnesses import (
    add_witness,
    end_witness,
    find_kept,
    read_cosignature,
    take_cosignature,
)

__all__ = [
    "add_witness",
    "anchor_audit",
    "anchor_daily",
    "end_witness",
    "ensure_key",
    "find_kept",
    "log_register",
    "make_checkpoint",
    "new_key",
    "read_cosignature",
    "read_statement",
    "resume_log",
    "rotate_key",
    "take_cosignature",
    "take_statement",
]
