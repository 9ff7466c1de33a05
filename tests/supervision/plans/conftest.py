"""What tests of plans share."""

import pytest

from tests.factories import Make
from tests.supervision.plans.house import House, make_house


@pytest.fixture
def house(make: Make) -> House:
    """Return a small house."""
    return make_house(make)
