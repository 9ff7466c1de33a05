"""Units that departments write in Chinese are read in the language of the page."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision.catalogue_files import FOLDER
from supervision.departments.queries import get_department
from supervision.items import services
from supervision.items.catalogue import load_item_catalogue
from supervision.items.models import CheckPoint, Item
from supervision.items.rules import AnswerKind
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser


@pytest.mark.parametrize(("language", "unit"), [("zh", "个月"), ("en", "months")])
def test_a_unit_is_read_in_the_language_of_the_page(
    session: Session, make: Make, browse: Browser, language: str, unit: str
) -> None:
    load_item_catalogue(session, FOLDER)
    draft = services.begin_draft(session, actor=make.actor(Role.COORDINATOR))
    own = get_department(session, "SCJG").id
    point = session.scalars(
        sa.select(CheckPoint)
        .join(Item, Item.id == CheckPoint.item_id)
        .where(Item.list_id == draft.id, Item.department_id == own)
        .limit(1)
    ).one()
    point.kind, point.unit, point.minimum, point.maximum, point.options = AnswerKind.NUMBER, "月", "3", "", []
    session.commit()
    page = browse(make.user(Role.LEAD, department=get_department(session, "SCJG")), language=language)
    for address in (f"/items/{point.item_id}", f"/items/draft/items/{point.item_id}/form"):
        shown = page.get(address).text
        assert unit in shown, address
        assert "3 月" not in shown, address
