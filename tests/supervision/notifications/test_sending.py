"""Messages leave the house: real mail, real gateways, receipts, quiet hours, what goes wrong."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.models import User
from supervision.accounts.queries import actor_of
from supervision.notifications import queries, services, telling
from supervision.notifications.carriers import (
    MailSettings,
    NotCarried,
    Outgoing,
    carry_in_time,
    channel_key,
    is_signed,
    signature,
)
from supervision.notifications.models import Channel, Delivery, Message, Receipt
from supervision.notifications.rules import PAUSES, DeliveryState, Shape
from supervision.notifications.services import Wished
from supervision.notifications.sources import Waiting
from supervision.permissions import Role, system_actor
from tests.conftest import SECRET
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.notifications.world import Gateway, Mailbox, gateway, mail_server, only_kind

S = DeliveryState


@pytest.fixture
def box(app: Flask) -> Iterator[Mailbox]:
    """A mail server that the application knows."""
    with mail_server() as found:
        app.extensions["mail_settings"] = MailSettings("127.0.0.1", found.port, "platform@example.invalid", "none")
        yield found
        app.extensions["mail_settings"] = None


@pytest.fixture
def messenger(app: Flask) -> Iterator[Gateway]:
    """A gateway whose host is allowed."""
    with gateway() as found:
        app.config["NOTIFY_HOSTS"] = ("127.0.0.1",)
        yield found
        app.config["NOTIFY_HOSTS"] = ()


def enter(session: Session, url: str, shape: Shape = Shape.GATEWAY) -> Channel:
    return services.add_channel(
        session,
        code="sms",
        name_zh="短信",
        name_en="SMS",
        url=url,
        shape=shape,
        hosts=["127.0.0.1"],
        actor=system_actor(),
    )


def wants_mail(session: Session, user: User, **wished: object) -> None:
    wishes = Wished(email="inspector@example.invalid")
    services.keep_wishes(session, user, replace(wishes, **wished), actor=actor_of(user))  # type: ignore[arg-type]
    if wishes.email:
        services.confirm_email(session, user, "inspector@example.invalid", actor=actor_of(user))


def tell(app: Flask, *waiting: Waiting, urgent: bool = False) -> dict[DeliveryState, int]:
    with only_kind(list(waiting), urgent=urgent):
        return dict(telling.tell(app)[1])


def test_a_mail_says_how_many_things_wait_and_names_none(
    app: Flask, session: Session, make: Make, box: Mailbox
) -> None:
    user = make.user(Role.INSPECTOR)
    wants_mail(session, user)
    assert tell(app, Waiting(user.id, "N-1", {"number": "N-1"})) == {S.SENT: 1}
    (mail,) = box.mails
    assert mail["To"] == "inspector@example.invalid"
    text = mail.get_content()
    assert "待答复的检查任务：1" in text
    assert "Assignments to answer: 1" in text
    assert "N-1" not in text
    assert user.name not in text
    # told once, however often the worker looks
    assert tell(app, Waiting(user.id, "N-1", {"number": "N-1"})) == {}
    assert len(box.mails) == 1


def test_nobody_is_told_outside_unless_they_asked_and_proved_the_address(
    app: Flask, session: Session, make: Make, box: Mailbox
) -> None:
    silent, unproved = make.user(Role.LEAD), make.user(Role.LEAD)
    services.keep_wishes(session, unproved, Wished(email="someone@example.invalid"), actor=actor_of(unproved))
    assert tell(app, Waiting(silent.id, "k"), Waiting(unproved.id, "k")) == {}
    assert box.mails == []


def test_another_address_must_be_proved_anew(app: Flask, session: Session, make: Make, box: Mailbox) -> None:
    user = make.user(Role.LEAD)
    wants_mail(session, user)
    services.keep_wishes(session, user, Wished(email="other@example.invalid"), actor=actor_of(user))
    assert tell(app, Waiting(user.id, "k")) == {}
    assert box.mails == []


def test_a_refusing_server_is_asked_again_later_and_given_up_in_the_end(
    app: Flask, session: Session, make: Make, box: Mailbox
) -> None:
    user = make.user(Role.LEAD)
    wants_mail(session, user)
    waiting, box.refuses, moment = Waiting(user.id, "k"), True, clock.now()
    for pause in (*PAUSES, 0):
        with clock.at(moment):
            assert tell(app, waiting) == {S.WAITING if pause else S.FAILED: 1}
            assert tell(app, waiting) == {}
        moment += timedelta(minutes=pause)
    delivery = session.scalars(sa.select(Delivery)).one()
    session.refresh(delivery)
    assert (delivery.state, delivery.attempts) == (S.FAILED, len(PAUSES) + 1)
    assert "SMTP" in delivery.fault
    assert "example" not in delivery.fault


def test_a_server_that_recovers_gets_the_mail_once(app: Flask, session: Session, make: Make, box: Mailbox) -> None:
    user = make.user(Role.LEAD)
    wants_mail(session, user)
    box.refuses, now = True, clock.now()
    tell(app, Waiting(user.id, "k"))
    box.refuses = False
    with clock.at(now + timedelta(minutes=2)):
        assert tell(app, Waiting(user.id, "k")) == {S.SENT: 1}
        assert tell(app, Waiting(user.id, "k")) == {}
    assert len(box.mails) == 1


def test_what_was_done_or_read_meanwhile_is_not_told(app: Flask, session: Session, make: Make, box: Mailbox) -> None:
    user, now = make.user(Role.LEAD), clock.now()
    wants_mail(session, user, daily_at=clock.local(now + timedelta(hours=2)).time().replace(second=0, microsecond=0))
    assert tell(app, Waiting(user.id, "A"), Waiting(user.id, "B")) == {}
    assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1
    with clock.at(now + timedelta(hours=3)):
        assert tell(app, Waiting(user.id, "B")) == {S.SENT: 1}
        assert "：1" in box.mails[0].get_content()
    with clock.at(now + timedelta(hours=4)):
        tell(app, Waiting(user.id, "C"))
        services.mark_read(session, session.scalars(sa.select(Message)).all(), actor=actor_of(user))
        session.commit()
    with clock.at(now + timedelta(hours=30)):
        assert tell(app, Waiting(user.id, "C")) == {S.DROPPED: 1}
    assert len(box.mails) == 1


def test_a_gateway_gets_a_signed_request_and_sends_receipts(
    app: Flask, session: Session, make: Make, browse: Browser, messenger: Gateway
) -> None:
    channel, user = enter(session, messenger.url), make.user(Role.LEAD)
    services.keep_wishes(session, user, Wished(channel="sms", channel_address="13800000000"), actor=actor_of(user))
    assert tell(app, Waiting(user.id, "k"), urgent=True) == {S.SENT: 1}
    ((headers, body),) = messenger.asked
    now, key = int(clock.now().timestamp()), channel_key(SECRET, channel)
    assert is_signed(key, body, headers["X-Signature"], now=now)
    said = messenger.said[0]
    assert said["to"] == "13800000000"
    assert said["counts"] == {"trial": 1}
    assert headers["Idempotency-Key"] == said["reference"]

    def receipt(state: str, *, signed: bool = True, reference: str = said["reference"]) -> int:
        told = f'{{"reference": "{reference}", "state": "{state}"}}'.encode()
        header = signature(key if signed else b"wrong", told, at=now)
        answer = browse().client.post(
            "/channels/sms/receipts", data=told, headers={"X-Signature": header}, content_type="application/json"
        )
        return answer.status_code

    assert receipt("read", signed=False) == 400
    assert receipt("eaten") == 400
    assert receipt("read", reference="unknown") == 404
    assert receipt("read") == 200
    assert receipt("delivered") == 200  # late, and no step back
    assert receipt("read") == 200  # twice
    delivery = session.scalars(sa.select(Delivery)).one()
    session.refresh(delivery)
    assert delivery.state is S.READ
    assert sorted(session.scalars(sa.select(Receipt.told))) == ["delivered", "read"]


def test_a_robot_is_told_in_its_own_words(app: Flask, session: Session, make: Make, messenger: Gateway) -> None:
    enter(session, messenger.url, Shape.ROBOT)
    user = make.user(Role.LEAD)
    services.keep_wishes(session, user, Wished(channel="sms", channel_address="lead"), actor=actor_of(user))
    tell(app, Waiting(user.id, "k"))
    assert messenger.said[0]["msgtype"] == "text"
    assert messenger.said[0]["text"]["mentioned_list"] == ["lead"]


@pytest.mark.parametrize("status", [301, 307, 400, 500])
def test_only_a_plain_yes_counts_and_nothing_is_followed(
    app: Flask, session: Session, make: Make, messenger: Gateway, status: int
) -> None:
    enter(session, messenger.url)
    messenger.status, user = status, make.user(Role.LEAD)
    services.keep_wishes(session, user, Wished(channel="sms", channel_address="1"), actor=actor_of(user))
    assert tell(app, Waiting(user.id, "k")) == {S.WAITING: 1}
    assert len(messenger.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.evil.example/", "http://[::ffff:127.0.0.1]/", "http://0x7f.1/", "ftp://127.0.0.1/",
        "http://127.0.0.1@evil.example/", "http://evil@127.0.0.1/", "//127.0.0.1/", "http://127.0.0.1:99999/", "http://[/",
    ],
)  # fmt: skip
def test_a_gateway_elsewhere_is_refused(
    session: Session, make: Make, browse: Browser, messenger: Gateway, url: str
) -> None:
    admin = make.user(Role.SYSTEM_ADMIN)
    data = {"code": "sms", "name_zh": "短信", "url": url, "shape": "gateway"}
    page = browse(admin).post("/channels/new", data, status=200)
    assert "NOTIFY_HOSTS" in page.text
    assert queries.list_channels(session) == []


def test_the_system_administrator_enters_tries_and_ends_a_gateway(
    session: Session, make: Make, browse: Browser, messenger: Gateway
) -> None:
    admin = browse(make.user(Role.SYSTEM_ADMIN))
    data = {"code": "sms", "name_zh": "短信", "url": f"{messenger.url}/in?x=1", "shape": "gateway"}
    page = admin.post("/channels/new", data, status=200)
    (channel,) = queries.list_channels(session)
    assert channel_key(SECRET, channel).decode() in page.text
    assert channel_key(SECRET, channel).decode() not in admin.get("/channels").text
    admin.post(f"/channels/{channel.id}/trial", page="/channels")
    assert messenger.said[0]["to"] == "trial"
    admin.post(f"/channels/{channel.id}/end", {"reason": "Another one is used now."})
    session.refresh(channel)
    assert channel.ended_at is not None
    assert queries.find_channel(session, "sms") is None
    assert admin.post("/channels/new", data, status=200).status_code == 200


def test_people_say_how_they_want_to_be_told_and_prove_their_address(
    app: Flask, session: Session, make: Make, browse: Browser, box: Mailbox
) -> None:
    user, stranger = make.user(Role.INSPECTOR), make.user(Role.INSPECTOR)
    visitor = browse(user)
    visitor.post("/messages/wishes", {"email": "me@example.invalid", "quiet_from": "21:00", "quiet_until": "07:30"})
    (mail,) = box.mails
    link = next(word for word in mail.get_content().split() if "/messages/confirm/" in word)
    path = link[link.index("/messages/") :]
    browse(stranger).get(path, status=404)
    visitor.get(path[:-3] + "xyz", status=404)
    wishes = queries.find_wishes(session, user.id)
    assert wishes is not None
    session.refresh(wishes)
    assert wishes.email_confirmed_at is None
    visitor.get(path, status=302)
    session.refresh(wishes)
    assert wishes.email_confirmed_at is not None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"quiet_from": "21:00"}, "quiet_until"),
        ({"channel": "gone"}, "channel"),
        ({"daily_at": "25:61"}, "daily_at"),
    ],
)
def test_wishes_that_cannot_be_kept_are_told_beside_their_field(
    make: Make, browse: Browser, data: dict[str, str], field: str
) -> None:
    page = browse(make.user(Role.LEAD)).post("/messages/wishes", data, status=200)
    assert f'id="{field}-error"' in page.text


def test_the_list_of_deliveries_shows_no_address_and_no_message(
    app: Flask, session: Session, make: Make, browse: Browser, box: Mailbox
) -> None:
    user = make.user(Role.LEAD)
    wants_mail(session, user)
    tell(app, Waiting(user.id, "N-9", {"number": "N-9"}))
    text = browse(make.user(Role.SYSTEM_ADMIN)).get("/channels").text
    assert user.name in text
    assert "inspector@example.invalid" not in text
    assert "N-9" not in text


class Dripping:
    """Answers a byte now and then, for ever: within every limit of reading, and never done."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.over = threading.Event()

    def carry(self, outgoing: Outgoing) -> None:
        self.asked.append(outgoing.reference)
        self.over.wait(60)


def test_a_dripping_gateway_holds_up_nobody(
    app: Flask, session: Session, make: Make, messenger: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    drip = Dripping()
    with pytest.raises(NotCarried, match="deadline"):
        carry_in_time(drip, Outgoing("one", "x", "", "", "", {}), seconds=0.05)
    monkeypatch.setattr(carry_in_time, "__kwdefaults__", {"seconds": 0.05})
    enter(session, messenger.url)
    monkeypatch.setattr(telling, "GatewayCarrier", lambda *_: drip)
    users = [make.user(Role.INSPECTOR) for _ in range(3)]
    for user in users:
        wished = Wished(channel="sms", channel_address="1")
        services.keep_wishes(session, user, wished, actor=actor_of(user))
    told = tell(app, *[Waiting(user.id, f"K-{user.id}") for user in users])
    # one was tried and waits for another try, the others were left for the next round
    assert told == {S.WAITING: 1}
    assert len(drip.asked) == 2
    drip.over.set()


def test_the_link_to_confirm_an_address_is_sent_a_few_times_a_day_only(
    session: Session, make: Make, box: Mailbox, browse: Browser
) -> None:
    make.catalogues()
    person = browse(make.user(Role.INSPECTOR), language="en")
    for number in range(7):
        said = {"email": f"a{number}@example.invalid", "channel": "", "channel_address": ""}
        person.post("/messages/wishes", said)
    assert len(box.mails) == 5
    assert "5 times today" in person.get("/messages/wishes").text
    session.execute(sa.text("UPDATE parameters SET value = '6' WHERE code = 'confirmation-mails-per-day'"))
    session.commit()
    person.post("/messages/wishes", {"email": "b@example.invalid", "channel": "", "channel_address": ""})
    assert len(box.mails) == 6
