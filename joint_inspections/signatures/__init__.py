"""Drawn signatures of the team and what the enterprise did with the record, over the digest of what was read."""
