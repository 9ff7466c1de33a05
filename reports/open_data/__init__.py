"""Lists for reuse, with data notes."""
