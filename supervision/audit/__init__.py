"""The audit log: one entry per operation, in the same transaction, chained by hashes (R-8.02)."""
