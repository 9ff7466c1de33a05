"""What attacks borrow from other rooms' tests."""

from tests.supervision.draws.conftest import visits
from tests.supervision.verify_page.conftest import engine as page_engine

__all__ = ["page_engine", "visits"]
