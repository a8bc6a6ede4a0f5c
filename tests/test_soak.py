"""The soak in its small form: two hundred mails while everything is killed and started again."""

import os
from collections import Counter

import pytest

from helpdesk.testing.servers import dovecot_binary, postgres_server
from tools.soak import MAILBOX, soak
from tools.soak_mails import KINDS, Writer


def test_the_mails_are_of_every_kind_and_repeatable():
    mails = Writer(7, MAILBOX).mails(1_000)
    assert set(KINDS) == {mail.kind for mail in mails}
    again = Writer(7, MAILBOX).mails(1_000)
    assert [(m.kind, m.word) for m in mails] == [(m.kind, m.word) for m in again]
    words = Counter(mail.word for mail in mails if mail.kind != "duplicate" and mail.word)
    assert set(words.values()) == {1}


@pytest.mark.services
@pytest.mark.timeout(400)
def test_every_mail_is_accounted_for():
    if postgres_server() is None or not dovecot_binary():
        cannot_run = pytest.fail if os.environ.get("TEST_REQUIRE") else pytest.skip
        cannot_run("no PostgreSQL in which we may create databases, or no Dovecot")
    counts, wrong = soak(200, seed=20260105, seconds=15, pause=2)
    assert wrong == [], counts
    assert counts["kept"] == 200
    assert sum(counts["broken"].values()) >= 4, counts
