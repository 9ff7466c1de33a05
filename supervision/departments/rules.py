"""What the code of a department may be: it is the name under which the department takes part in draws."""

import re

CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}")
# parties and parts of a draw that are no department (supervision.draws.rules, which stands above, has the same)
RESERVED_CODES = frozenset({"SYSTEM", "BEACON", "GROUPS", "OVERSIGHT"})
