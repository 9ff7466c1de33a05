"""Addresses, receipts and hosts that somebody means ill with, or that nobody meant any more."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from supervision import clock
from supervision.accounts.queries import actor_of
from supervision.notifications import services
from supervision.notifications.carriers import channel_key, is_signed, signature
from supervision.notifications.models import ContactWishes, Receipt
from supervision.notifications.rules import DeliveryState
from supervision.notifications.services import Wished
from supervision.notifications.sources import Waiting
from supervision.permissions import Role
from tests.conftest import SECRET
from tests.factories import Make
from tests.pages import Browser
from tests.supervision.notifications.test_sending import box, enter, messenger, tell, wants_mail
from tests.supervision.notifications.world import Gateway, Mailbox

__all__ = ["box", "messenger"]  # fixtures
# each passes for something with an at sign, and stops the library that writes mails in another way
BROKEN = ["a@[b.cn", ":@[;..=", "=?utf-8?b?DQo=?=@b.cn", "a,b@c.cn", "a@a>.,<"]


@pytest.mark.parametrize("address", BROKEN)
def test_an_address_that_no_mail_can_carry_is_refused_beside_its_field(
    make: Make, browse: Browser, box: Mailbox, address: str
) -> None:
    page = browse(make.user(Role.LEAD)).post("/messages/wishes", {"email": address}, status=200)
    assert 'id="email-error"' in page.text
    assert box.mails == []


@pytest.mark.parametrize("address", BROKEN[:3])
def test_an_address_that_breaks_the_mail_holds_up_nobody_else(
    app: Flask, session: Session, make: Make, box: Mailbox, address: str
) -> None:
    first, second = make.user(Role.INSPECTOR), make.user(Role.INSPECTOR)
    wants_mail(session, first)
    wants_mail(session, second)
    session.execute(sa.update(ContactWishes).where(ContactWishes.user_id == first.id).values(email=address))
    session.expire_all()
    assert tell(app, Waiting(first.id, "A"), Waiting(second.id, "B")) == {
        DeliveryState.WAITING: 1, DeliveryState.SENT: 1,
    }  # fmt: skip
    assert len(box.mails) == 1


def test_a_receipt_signed_with_letters_from_elsewhere_is_refused(
    session: Session, browse: Browser, messenger: Gateway
) -> None:
    enter(session, messenger.url)
    now = int(clock.now().timestamp())
    headers = {"X-Signature": f"t={now},v1=é"}
    assert browse().client.post("/channels/sms/receipts", data=b"{}", headers=headers).status_code == 400


def test_only_what_was_signed_of_a_receipt_is_believed(
    app: Flask, session: Session, make: Make, browse: Browser, messenger: Gateway
) -> None:
    channel, user = enter(session, messenger.url), make.user(Role.LEAD)
    services.keep_wishes(session, user, Wished(channel="sms", channel_address="1"), actor=actor_of(user))
    tell(app, Waiting(user.id, "k"), urgent=True)
    signed = b" " * 2000
    now = int(clock.now().timestamp())
    body = signed + json.dumps({"reference": messenger.said[0]["reference"], "state": "read"}).encode()
    header = signature(channel_key(SECRET, channel), signed, at=now)
    answer = browse().client.post(
        "/channels/sms/receipts", data=body, headers={"X-Signature": header}, content_type="application/json"
    )
    assert answer.status_code == 413
    assert session.scalars(sa.select(Receipt)).all() == []
    assert is_signed(channel_key(SECRET, channel), signed, header, now=now)


def test_a_host_taken_off_the_list_is_told_nothing_any_more(
    app: Flask, session: Session, make: Make, browse: Browser, messenger: Gateway
) -> None:
    channel, user = enter(session, messenger.url), make.user(Role.LEAD)
    services.keep_wishes(session, user, Wished(channel="sms", channel_address="1"), actor=actor_of(user))
    app.config["NOTIFY_HOSTS"] = ()
    assert tell(app, Waiting(user.id, "k"), urgent=True) == {DeliveryState.DROPPED: 1}
    browse(make.user(Role.SYSTEM_ADMIN)).post(f"/channels/{channel.id}/trial", page="/channels", status=422)
    assert messenger.asked == []
