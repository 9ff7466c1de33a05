"""Messages gathered, read and settled; the pages of the inbox."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.audit.events import Event
from supervision.audit.models import AuditEntry
from supervision.errors import NotFound
from supervision.notifications import queries, services
from supervision.notifications.models import Message
from supervision.notifications.sources import Waiting
from supervision.permissions import Role
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.notifications.world import only_kind


def about(user: User, number: str = "N-1") -> Waiting:
    return Waiting(user.id, number, {"number": number})


def gather(session: Session) -> services.Gathered:
    return services.gather(session, services.look(session))


def messages(session: Session) -> list[Message]:
    return list(session.scalars(sa.select(Message).order_by(Message.id)))


def test_what_waits_is_told_once_and_settles_by_itself(session: Session, make: Make) -> None:
    user = make.user(Role.LEAD)
    waiting: list[Waiting] = []
    with only_kind(waiting):
        waiting.append(about(user))
        assert gather(session) == services.Gathered(1, 0)
        assert gather(session) == services.Gathered(0, 0)
        waiting.clear()
        assert gather(session) == services.Gathered(0, 1)
    (message,) = messages(session)
    assert message.settled_at is not None
    assert queries.count_unread(session, user.id) == 0


def test_what_waits_again_is_the_same_message_opened_again(session: Session, make: Make) -> None:
    user = make.user(Role.LEAD)
    waiting: list[Waiting] = []
    with only_kind(waiting):
        for round_ in ([about(user)], [], [about(user)]):
            waiting[:] = round_
            gather(session)
    (message,) = messages(session)
    assert message.settled_at is None


def test_gathering_leaves_one_entry_in_the_log_and_none_when_nothing_changed(session: Session, make: Make) -> None:
    waiting = [about(make.user(Role.LEAD)), about(make.user(Role.HEAD))]
    count = sa.select(sa.func.count()).where(AuditEntry.event == Event.MESSAGES_GATHERED)
    with only_kind(waiting):
        gather(session)
        gather(session)
    assert session.scalar(count) == 1


def test_figures_in_a_message_follow_what_waits(session: Session, make: Make) -> None:
    user = make.user(Role.LEAD)
    with only_kind(waiting := [Waiting(user.id, "today", {"number": 2})]):
        gather(session)
        waiting[:] = [Waiting(user.id, "today", {"number": 5})]
        gather(session)
    assert [one.values for one in messages(session)] == [{"number": 5}]


@pytest.mark.parametrize(("language", "word"), [("zh", "等待贵单位提交随机数"), ("en", "waits for the random number")])
def test_the_inbox_words_messages_in_the_language_of_the_page(
    session: Session, make: Make, browse: Browser, language: str, word: str
) -> None:
    user = make.user(Role.LEAD)
    with only_kind([about(user, "310106-7")]):
        gather(session)
        text = browse(user, language=language).get("/messages").text
    assert "310106-7" in text
    assert word in text


def test_following_a_message_reads_it_and_leads_to_the_work(session: Session, make: Make, browse: Browser) -> None:
    user = make.user(Role.LEAD)
    with only_kind([about(user)]):
        gather(session)
        (message,) = messages(session)
        assert 'class="unread"' in browse(user).get("/messages").text
        answer = browse(user).get(f"/messages/{message.id}", status=302)
        assert answer.location == "/"
        session.refresh(message)
        assert message.read_at is not None
        assert 'class="unread"' not in browse(user).get("/messages").text


def test_nobody_reads_or_marks_the_messages_of_others(session: Session, make: Make, browse: Browser) -> None:
    user, other = make.user(Role.LEAD), make.user(Role.LEAD)
    with only_kind([about(user)]):
        gather(session)
        (message,) = messages(session)
        browse(other).get(f"/messages/{message.id}", status=404)
        browse(other).post("/messages/read", {"message": [str(message.id), "x", "9" * 30]}, page="/messages/wishes")
    session.refresh(message)
    assert message.read_at is None
    with pytest.raises(NotFound):
        queries.get_message(session, make.actor(Role.HEAD), message.id)


def test_marking_a_page_as_read(session: Session, make: Make, browse: Browser) -> None:
    user = make.user(Role.LEAD)
    with only_kind([about(user, "A"), about(user, "B")]):
        gather(session)
        browse(user).post("/messages/read", {"message": [str(one.id) for one in messages(session)]}, page="/messages")
    assert queries.count_unread(session, user.id) == 0
    (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Event.MESSAGES_READ))
    assert entry.details["messages"] == 2


def test_the_inbox_filters_and_pages(session: Session, make: Make, browse: Browser) -> None:
    user = make.user(Role.LEAD)
    waiting: list[Waiting] = []
    with only_kind(waiting):
        waiting[:] = [about(user, f"N-{number:03d}") for number in range(25)]
        gather(session)
        waiting[:] = waiting[:22]
        gather(session)
        page = browse(user)
        assert page.get("/messages").text.count("data-label") > 0
        assert "N-024" not in page.get("/messages").text
        assert "N-024" in page.get("/messages?state=all").text
        assert page.get("/messages?page=2").text.count("N-0") == 2


def test_a_day_is_worded_as_the_language_does(session: Session, make: Make, browse: Browser) -> None:
    user = make.user(Role.LEAD)
    with only_kind([Waiting(user.id, "k", {"number": clock.today()})]):
        gather(session)
        assert str(clock.today().year) in browse(user).get("/messages").text
        assert '{"day"' not in browse(user).get("/messages").text
