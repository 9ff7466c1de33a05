"""The draw in the system: freeze, commit, draw, open."""
