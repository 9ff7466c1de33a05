"""What the code of a department may be: it is the name under which the department takes part in draws."""

import re

CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}")
# parties and parts of a draw that are no department (supervision.draws.rules, which stands above, has the same)
RESERVED_CODES = frozenset({"SYSTEM", "BEACON", "GROUPS", "OVERSIGHT"})
# named witnesses of a draw: W1, W2, … (supervision.draws.witness_rules)
_WITNESSES = re.compile(r"W[1-9][0-9]{0,2}")


def is_reserved(code: str) -> bool:
    """Say whether ``code`` names another party of a draw."""
    return code in RESERVED_CODES or _WITNESSES.fullmatch(code) is not None
