"""The worlds of draws, for their fairness."""

from tests.supervision.draws.conftest import visits, world

__all__ = ["visits", "world"]
