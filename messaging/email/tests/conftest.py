"""A channel that is fetched from a real Dovecot."""

import pytest

from messaging.email.tests.mailboxes import Account


@pytest.fixture
def account(dovecot):
    account = Account(dovecot)
    yield account
    account.client.logout()


@pytest.fixture
def mailbox(channel, account):
    channel.settings = account.settings(fetch_existing=True)
    channel.save()
    return channel
