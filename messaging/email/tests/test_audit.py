"""The account of a day, beside what a real server says it has."""

import imaplib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from messaging.auditing import Server, compare, days_of, today
from messaging.email import uid_sets
from messaging.email.fetch import fetch_mailbox
from messaging.email.tests.samples import mail
from messaging.email.tests.servers import free_port
from messaging.models import MailboxDay, MailboxState, RawInbound
from messaging.services import process_due

on_dovecot = [pytest.mark.imap, pytest.mark.django_db(transaction=True)]


def told(*words: str) -> tuple[list[dict], int]:
    """The lines of the command and its exit code."""
    output = StringIO()
    try:
        call_command("intake_report", "--json", *words, stdout=output)
        code = 0
    except CommandError as error:
        code = error.returncode
    return [json.loads(line) for line in output.getvalue().splitlines()], code


@pytest.mark.parametrize(
    ("uids", "text"), [((), ""), ((7,), "7"), ((3, 1, 2, 9, 11, 10), "1:3,9:11")]
)
def test_sets_of_numbers(uids, text):
    assert uid_sets.written(uids) == text
    assert uid_sets.read(text) == frozenset(uids)


def test_every_difference_has_one_reason():
    server = Server(
        uids=frozenset({1, 2, 3, 4, 5, 9}), before_us=frozenset({1}), next_uid=10, last_uid=8
    )
    found = compare(server, kept=frozenset({3, 7, 12}), kept_elsewhen=frozenset({4}))
    assert found.before_us == {1}
    assert found.missing == {2, 5}
    assert found.not_fetched_yet == {9}
    assert found.gone_from_server == {7}
    assert found.came_since == {12}


class TestOnDovecot:
    pytestmark = on_dovecot

    def test_it_works(self, mailbox, account):
        one, two = mail(subject="One"), mail(subject="Two")
        for raw in (one, two, two):
            account.put(raw)
        fetch_mailbox(mailbox)
        process_due()
        [line], code = told()
        assert (line["on_server"], line["kept"], line["doors"]) == (3, 3, {"imap": 3})
        assert line["fates"] == {"duplicate": 1, "opened": 2}
        assert (line["sentences"], code) == ([], 0)

    def test_each_difference_is_named(self, mailbox, account):
        for n in range(4):
            account.put(mail(subject=str(n)))
        fetch_mailbox(mailbox)
        account.delete("1")
        account.put(mail(subject="new"))
        [line], code = told()
        assert (line["on_server"], line["kept"], code) == (4, 4, 0)
        assert line["gone_from_server"] == [1]
        assert line["not_fetched_yet"] == [5]
        assert line["sentences"] == [
            "1 is on the server and not fetched yet.",
            "1 was fetched and is not on the server any more: deleted or moved there.",
            "4 have no fate yet.",
        ]

    def test_a_mail_that_nobody_took_is_not_explained(self, mailbox, account):
        for n in range(3):
            account.put(mail(subject=str(n)))
        fetch_mailbox(mailbox)
        RawInbound.objects.filter(external_id__contains=":2:").delete()
        [line], code = told()
        assert (line["missing"], line["is_explained"], code) == ([2], False, 1)
        assert "nobody knows why: number 2" in line["sentences"][0]

    def test_what_was_there_before_us(self, channel, account):
        account.put(mail(subject="Years ago"))
        channel.settings = account.settings()
        channel.save()
        fetch_mailbox(channel)
        account.put(mail(subject="New"))
        fetch_mailbox(channel)
        [line], code = told()
        assert (line["on_server"], line["kept"], line["before_us"], code) == (2, 1, 1, 0)

    def test_after_renumbering(self, channel, account):
        channel.settings = account.settings(imap_folder="Desk", fetch_existing=True)
        channel.save()
        mails = mail(subject="One"), mail(subject="Two")
        for _time in range(2):
            account.client.delete("Desk")
            account.client.create("Desk")
            for raw in mails:
                account.put(raw, "Desk")
            fetch_mailbox(channel)
            process_due()
        [line], code = told()
        assert (line["on_server"], line["kept"], code) == (2, 4, 0)
        assert line["fates"] == {"duplicate": 2, "opened": 2}
        assert "2 were fetched before the mailbox was renumbered" in line["sentences"][0]

    def test_a_day_is_a_day_of_the_installation(self, mailbox, account, settings):
        settings.TIME_ZONE = "America/Sao_Paulo"
        # 01:30 UTC is 22:30 of the day before in São Paulo.
        account.put(mail(subject="Late"), date='"06-Jan-2026 01:30:00 +0000"')
        account.put(mail(subject="Noon"), date='"06-Jan-2026 15:00:00 +0000"')
        fetch_mailbox(mailbox)
        for day in ("2026-01-05", "2026-01-06"):
            [line], code = told("--day", day)
            assert (line["on_server"], line["kept"], code) == (1, 1, 0)

    def test_a_server_that_cannot_be_asked(self, mailbox, account):
        account.put(mail())
        fetch_mailbox(mailbox)
        told()
        mailbox.settings = account.settings(imap_port=free_port())
        mailbox.save()
        [line], code = told()
        assert code == 1
        assert "could not be reached" in line["sentences"][0]
        # What it said before still stands.
        assert line["on_server"] == 1

    def test_many_mails_of_other_days_are_not_counted(self, mailbox, account):
        old = imaplib.Time2Internaldate(timezone.now() - timezone.timedelta(days=2))
        for n in range(5):
            account.put(mail(subject=str(n)), date=old)
        account.put(mail(subject="today"))
        fetch_mailbox(mailbox)
        [report] = days_of(today(), ask=True)
        assert (report.on_server, report.kept) == (1, 1)
        assert MailboxDay.objects.get().uids == "6"
        assert MailboxState.objects.get().last_uid == 6
