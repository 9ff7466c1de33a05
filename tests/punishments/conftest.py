"""What the tests of this floor start from."""

import pytest
from sqlalchemy.orm import Session

from tests.factories import Make
from tests.punishments.making import Office


@pytest.fixture
def office(session: Session, make: Make) -> Office:
    """Departments, people and one entity."""
    return Office(session, make)
