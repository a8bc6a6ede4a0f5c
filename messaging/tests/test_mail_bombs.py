"""A mail made to harm is kept and shown, the worker lives, and the next mail goes through."""

import os

import pytest

from messaging.email.tests.samples import mail
from messaging.email.tests.test_guard import READ, REFUSED
from messaging.services import take
from tickets.inbound import Fate

BOMBS = {name: raw for name, (raw, _code) in REFUSED.items() if raw} | {
    name: READ[name]
    for name in ("mails in mails", "deep html", "comments in addresses", "unknown charsets")
}


@pytest.mark.parametrize("payload", BOMBS.values(), ids=BOMBS.keys())
def test_the_next_mail_goes_through(channel, payload):
    before = os.getpid()
    raw = take(channel, payload, external_id="bomb", source="test")
    assert raw.fate in (Fate.FAILED, Fate.OPENED)
    assert bytes(raw.payload) == payload
    if raw.fate == Fate.FAILED:
        assert raw.reason
    assert take(channel, mail(), external_id="next", source="test").fate == Fate.OPENED
    assert os.getpid() == before
