"""Everything the database says about draws, recomputed from the evidence: `flask draws check`.

The evidence is read from the firmest ground up: the audit log is keyed with a key outside the database, each of its
steps stands behind one leaf of the draw log, the leaves bind the files, the files and the secrets lead to the record,
and from record and log follows every row. Rows are read raw: what the application could not even load is found too.
"""
