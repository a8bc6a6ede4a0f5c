"""Fetching from a real Dovecot: every mail once, whatever happens in between."""

import imaplib
import threading

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from messaging.email.fetch import fetch_mailbox, fetch_mailboxes
from messaging.email.tests.mailboxes import Account, due
from messaging.email.tests.samples import UNREADABLE, mail
from messaging.email.tests.servers import free_port
from messaging.models import MailboxState, RawInbound
from messaging.services import accept, process_due
from tickets.models import Channel, Message

pytestmark = [pytest.mark.imap, pytest.mark.django_db(transaction=True)]


def subjects() -> list[str]:
    return list(Message.objects.order_by("id").values_list("subject", flat=True))


def test_it_works(mailbox, account):
    account.put(mail(subject="One"))
    account.put(mail(subject="Two"))
    assert fetch_mailboxes() == 2
    assert fetch_mailboxes() == 0
    process_due()
    assert subjects() == ["One", "Two"]
    raw = RawInbound.objects.earliest("id")
    validity = MailboxState.objects.get().uid_validity
    assert raw.source == "imap"
    assert raw.external_id.startswith(f"imap:{validity}:1:")


def test_the_exact_bytes_are_kept_and_nothing_is_marked(mailbox, account):
    raw = mail("Cáfe").replace(b"\n", b"\r\n")
    account.put(raw)
    fetch_mailbox(mailbox)
    assert bytes(RawInbound.objects.get().payload) == raw
    account.client.select("INBOX")
    assert account.client.search(None, "UNSEEN")[1] == [b"1"]


def test_a_mailbox_in_use_is_taken_from_now_on(channel, account):
    account.put(mail(subject="Years ago"))
    channel.settings = account.settings()
    channel.save()
    assert fetch_mailbox(channel) == 0
    account.put(mail(subject="New"))
    assert fetch_mailbox(channel) == 1
    process_due()
    assert subjects() == ["New"]


def test_a_mail_that_somebody_read_is_fetched_too(mailbox, account):
    fetch_mailbox(mailbox)
    account.put(mail())
    account.client.select("INBOX")
    account.client.store("1", "+FLAGS", "\\Seen")
    assert fetch_mailbox(mailbox) == 1


def test_a_renumbered_mailbox_is_read_again_without_doubling(channel, account):
    channel.settings = account.settings(imap_folder="Help desk")
    channel.save()
    account.client.create('"Help desk"')
    old, known, missed = (mail(subject=s) for s in ("Old", "Known", "Missed"))
    years_ago = imaplib.Time2Internaldate(timezone.now().replace(year=2020))
    account.put(old, '"Help desk"', years_ago)
    fetch_mailbox(channel)
    account.put(known, '"Help desk"')
    fetch_mailbox(channel)
    before = MailboxState.objects.get()

    account.client.delete('"Help desk"')
    account.client.create('"Help desk"')
    account.put(old, '"Help desk"', years_ago)
    account.put(known, '"Help desk"')
    account.put(missed, '"Help desk"')
    fetch_mailbox(channel)
    process_due()
    assert MailboxState.objects.get().uid_validity != before.uid_validity
    fates = list(RawInbound.objects.order_by("id").values_list("fate", flat=True))
    assert fates == ["opened", "duplicate", "opened"]
    assert subjects() == ["Known", "Missed"]


def test_a_new_mail_is_taken_whatever_its_date(channel, account):
    channel.settings = account.settings()
    channel.save()
    fetch_mailbox(channel)
    account.put(mail(), date=imaplib.Time2Internaldate(timezone.now().replace(year=2020)))
    assert fetch_mailbox(channel) == 1


def test_another_account_begins_anew(mailbox, account, dovecot):
    account.put(mail())
    fetch_mailbox(mailbox)
    other = Account(dovecot)
    other.put(mail(subject="Other"))
    mailbox.settings = other.settings(fetch_existing=True)
    mailbox.save()
    assert fetch_mailbox(mailbox) == 1
    other.client.logout()


def test_the_place_moves_only_after_a_mail_is_kept(mailbox, account, monkeypatch):
    from messaging.email import fetch

    for n in range(3):
        account.put(mail(subject=str(n)))
    kept = []

    def accept(*args, **options):
        if len(kept) == 1:
            raise OperationalError("gone")
        kept.append(options["external_id"])
        return real(*args, **options)

    real = fetch.accept
    monkeypatch.setattr(fetch, "accept", accept)
    with pytest.raises(OperationalError):
        fetch_mailbox(mailbox)
    assert MailboxState.objects.get().last_uid == 1
    monkeypatch.undo()
    due(mailbox)
    assert fetch_mailbox(mailbox) == 2


def test_two_workers_at_once_take_each_mail_once(mailbox, account):
    for n in range(20):
        account.put(mail(subject=str(n)))
    results: list[int] = []

    def work() -> None:
        try:
            results.append(fetch_mailbox(Channel.objects.get(pk=mailbox.pk)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    due(mailbox)
    assert sum(results) + fetch_mailbox(mailbox) == 20
    assert RawInbound.objects.count() == 20


def test_a_claimed_mailbox_is_left_alone(mailbox, account):
    account.put(mail())
    later = timezone.now() + timezone.timedelta(minutes=5)
    MailboxState.objects.create(channel=mailbox, claimed_until=later)
    assert fetch_mailbox(mailbox) == 0
    due(mailbox)
    assert fetch_mailbox(mailbox) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"imap_password": "wrong"}, "did not accept user name and password"),
        ({"imap_folder": "Nowhere"}, "has no folder Nowhere"),
        ({"imap_port": "closed"}, "could not be reached"),
    ],
)
def test_a_mailbox_in_trouble_rests_and_the_next_goes_on(
    mailbox, account, dovecot, team, change, words
):
    if change.get("imap_port"):
        change = {"imap_port": free_port()}
    mailbox.settings = account.settings(**change)
    mailbox.save()
    other = Account(dovecot)
    other.put(mail())
    Channel.objects.create(
        kind="email",
        name="Other",
        address="z@example.com",
        settings=other.settings(fetch_existing=True),
    )
    assert fetch_mailboxes() == 1
    state = MailboxState.objects.get(channel=mailbox)
    assert words in state.last_error
    assert state.failures == 1
    assert state.next_try_at > timezone.now()
    assert fetch_mailbox(mailbox) == 0
    mailbox.settings = account.settings(fetch_existing=True)
    mailbox.save()
    due(mailbox)
    fetch_mailbox(mailbox)
    state.refresh_from_db()
    assert (state.last_error, state.failures) == ("", 0)
    other.client.logout()


def test_an_unreadable_mail_does_not_stop_the_next(mailbox, account):
    account.put(UNREADABLE)
    account.put(mail(subject="Fine"))
    fetch_mailbox(mailbox)
    process_due()
    assert sorted(RawInbound.objects.values_list("fate", flat=True)) == ["failed", "opened"]


def test_too_large_a_mail_is_kept_cut_and_shown_as_unreadable(mailbox, account, settings):
    settings.MAX_MAIL_BYTES = 2_000
    account.put(mail("x\n" * 5_000))
    fetch_mailbox(mailbox)
    process_due()
    raw = RawInbound.objects.get()
    assert (raw.size, raw.fate) == (2_001, "failed")
    assert "larger than allowed" in raw.reason


def test_a_mail_that_the_server_withholds_does_not_stop_the_next(mailbox, account, monkeypatch):
    """Exchange says NO to a mail that it cannot convert, each time."""
    for subject in ("One", "Broken", "Three"):
        account.put(mail(subject=subject))
    MailboxState.objects.create(channel=mailbox, failures=9, last_error="It was away for days.")
    from messaging.email import imap

    real = imap.Folder.fetch

    def fetch(self, uid, limit):
        if uid == 2:
            raise imap.Withheld("The requested message could not be converted")
        return real(self, uid, limit)

    monkeypatch.setattr(imap.Folder, "fetch", fetch)
    for _try in range(2):
        due(mailbox)
        fetch_mailbox(mailbox)
    process_due()
    fates = list(RawInbound.objects.order_by("id").values_list("fate", flat=True))
    assert fates == ["opened", "failed", "opened"]
    assert "did not hand it over" in RawInbound.objects.get(fate="failed").reason
    state = MailboxState.objects.get()
    assert (state.failures, state.last_error, state.last_uid) == (0, "", 3)


def test_a_long_outage_in_which_mail_came_was_read_and_was_deleted(mailbox, account):
    """Our place is a number, not a mark or a time: whatever others did meanwhile, each once."""
    account.put(mail(subject="Before"))
    fetch_mailbox(mailbox)
    for n in range(6):
        account.put(mail(subject=f"Meanwhile {n}"))
    account.client.select("INBOX")
    account.client.store("1:4", "+FLAGS", "\\Seen")
    account.delete("3")
    long_ago = timezone.now() - timezone.timedelta(days=400)
    MailboxState.objects.update(last_success_at=long_ago)
    fetch_mailbox(mailbox)
    process_due()
    kept = ["Before", *(f"Meanwhile {n}" for n in (0, 2, 3, 4, 5))]
    assert subjects() == kept
    assert fetch_mailbox(mailbox) == 0


def test_the_same_mail_in_two_mailboxes_and_by_smtp_is_one_message(mailbox, account, dovecot, team):
    """What the servers on the way wrote on top differs."""
    raw = mail(subject="To both").replace(b"\n", b"\r\n")
    account.put(b"Received: from a by b; Mon, 5 Jan 2026 10:00:00 +0000\r\n" + raw)
    other = Account(dovecot)
    other.put(b"Received: from c by d\r\nDelivered-To: z@example.com\r\nX-Spam: no\r\n" + raw)
    Channel.objects.create(
        kind="email",
        name="Other",
        address="z@example.com",
        settings=other.settings(fetch_existing=True),
    )
    assert fetch_mailboxes() == 2
    accept(mailbox, b"Return-Path: <leo@example.org>\r\n" + raw, external_id="s:1", source="smtp")
    process_due()
    assert sorted(RawInbound.objects.values_list("fate", flat=True)) == [
        "duplicate",
        "duplicate",
        "opened",
    ]
    assert subjects() == ["To both"]
    other.client.logout()
