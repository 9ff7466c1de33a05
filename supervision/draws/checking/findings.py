"""What a check found: the record in the database that does not fit, and the evidence it does not fit."""

from dataclasses import dataclass

from supervision.labels import N_

CHANGED = N_("Table %(table)s, record %(key)s, column %(column)s: differs from %(evidence)s.")
UNSURE = N_("Table %(table)s, record %(key)s: differs from %(evidence)s; the column cannot be told.")
MISSING = N_("Table %(table)s, record %(key)s: is missing, but %(evidence)s speaks of it.")
SURPLUS = N_("Table %(table)s, record %(key)s: must not be there; %(evidence)s knows nothing of it.")

# what evidence is called; a number may follow, and names of files stand for themselves
EVIDENCE = frozenset({
    N_("audit chain"),
    N_("audit entry"),
    N_("audit log"),
    N_("draw log"),
    N_("its digest"),
    N_("its hash"),
    N_("its text or hash"),
    N_("log leaf"),
    N_("the commitment of a draw"),
    N_("the draw computed once more"),
    N_("the draw's form"),
    N_("the file"),
    N_("the frozen files"),
    N_("the leaf of the freeze"),
    N_("the leaf's text"),
    N_("the parties of the draw"),
    N_("the platform's key"),
    N_("the protocol"),
    N_("the published document"),
    N_("the record"),
    N_("the rule of replacement"),
    N_("the sealed digest"),
    N_("the secret"),
    N_("the rule of the public value"),
    N_("what the source published"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad record; ``message`` is a message id with places for table, key, column and evidence."""

    table: str
    key: str
    column: str
    evidence: str
    message: str

    @property
    def called(self) -> tuple[str, str]:
        """What the evidence is called, as a message id if it has one, and the number behind it."""
        name, _, number = self.evidence.rpartition(" ")
        return (name, number) if number.isdecimal() and name in EVIDENCE else (self.evidence, "")

    @property
    def parameters(self) -> dict[str, object]:
        """What fills the message."""
        return {"table": self.table, "key": self.key, "column": self.column, "evidence": self.evidence}


def changed(table: str, key: object, column: str, evidence: str) -> Bad:
    """A value is not what the evidence says."""
    return Bad(table, str(key), column, evidence, CHANGED if column else UNSURE)


def missing(table: str, key: object, evidence: str) -> Bad:
    """A row is not there."""
    return Bad(table, str(key), "", evidence, MISSING)


def surplus(table: str, key: object, evidence: str) -> Bad:
    """A row is there that nothing speaks of."""
    return Bad(table, str(key), "", evidence, SURPLUS)
