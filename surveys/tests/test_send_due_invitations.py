"""What is due goes out once, after a last look at whether it still should."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.utils import timezone, translation

from customers.services import mark_unreachable, opt_out
from messaging.email.compose import compose
from messaging.models import Delivery
from messaging.services import deliver_due
from messaging.services.outbound import outbound_of
from surveys import tasks
from surveys.models import Invitation, Survey, SurveyPolicy
from surveys.services import expire_invitations, send_due_invitations
from surveys.services import sending as sending_service
from surveys.tests.times import when_due
from tickets.models import Channel, Ticket
from tickets.services import (
    close_ticket,
    mark_spam,
    merge_ticket,
    open_ticket,
    reopen_ticket,
    resolve_ticket,
)


def sweep(**later: float) -> Invitation:
    send_due_invitations(now=when_due(**later))
    return Invitation.objects.latest("id")


def test_it_works(resolved):
    assert send_due_invitations() == 0
    sent = sweep()
    assert (sent.state, sent.reason) == ("sent", "")
    assert sent.expires_at - sent.sent_at == timedelta(days=30)
    mail = sent.delivery
    assert mail.key == f"invitation:{sent.pk}"
    assert mail.purpose == Delivery.Purpose.SURVEY
    assert mail.recipients == {"to": ["dora@example.net"], "cc": []}
    assert mail.language == "es"


def test_the_mail_holds_every_score_as_a_link_in_both_parts(resolved):
    sent = sweep()
    for score in range(1, 6):
        link = f"http://127.0.0.1:8000/s/{sent.token}/?score={score}"
        assert f"\n{link}\n" in sent.delivery.text
        assert f'href="{link}"' in sent.delivery.html
    with translation.override("es"):
        words = str(sent.scale.step(5).words)
    assert words in sent.delivery.text
    assert words in sent.delivery.html


def test_it_can_be_left_with_one_click(resolved):
    sent = sweep()
    raw = compose(outbound_of(sent.delivery)).as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    assert (
        mail["List-Unsubscribe"].strip() == f"<http://127.0.0.1:8000/s/{sent.token}/unsubscribe/>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_all("Auto-Submitted") == ["auto-generated"]
    assert f"/s/{sent.token}/unsubscribe/" in sent.delivery.text
    assert f"/s/{sent.token}/unsubscribe/" in mail.get_body(("html",)).get_content()


def test_two_sweeps_make_one_mail(resolved):
    sweep()
    sweep()
    deliver_due(bulk=True)
    deliver_due(bulk=True)
    assert Delivery.objects.filter(purpose="survey").count() == 1


def test_the_beat_task_needs_no_hint(resolved):
    Invitation.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert tasks.send_due_invitations() == 1
    assert Invitation.objects.get().state == "sent"


def test_a_closed_ticket_is_still_asked_about(resolved):
    close_ticket(ticket=resolved)
    assert sweep().state == "sent"


def _reopen(ticket: Ticket) -> None:
    reopen_ticket(ticket=ticket, by=ticket.requester)


def _spam(ticket: Ticket) -> None:
    mark_spam(ticket=ticket, by=None)


def _merge(ticket: Ticket) -> None:
    other, _first = open_ticket(
        channel=ticket.channel, requester=ticket.requester, subject="x", text="x"
    )
    merge_ticket(ticket=ticket, into=other, by=None)


def _opt_out(ticket: Ticket) -> None:
    opt_out(customer=ticket.requester, topic="surveys")


def _bounce(ticket: Ticket) -> None:
    mark_unreachable(kind="email", value="dora@example.net", reason="No such user")


def _forget_address(ticket: Ticket) -> None:
    ticket.requester.addresses.all().delete()


def _switch_off(ticket: Ticket) -> None:
    Survey.objects.update(is_active=False)


def _close_mailbox(ticket: Ticket) -> None:
    Channel.objects.update(is_active=False)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (_reopen, "not_resolved"),
        (_spam, "spam"),
        (_merge, "merged"),
        (_opt_out, "opted_out"),
        (_bounce, "unreachable"),
        (_forget_address, "no_address"),
        (_switch_off, "inactive"),
        (_close_mailbox, "no_channel"),
    ],
)
def test_what_happened_meanwhile_keeps_it_back(resolved, meanwhile, reason):
    meanwhile(resolved)
    kept = sweep()
    assert (kept.state, kept.reason) == ("skipped", reason)
    assert kept.sent_at is None
    assert not Delivery.objects.filter(purpose="survey").exists()


def test_what_would_have_expired_by_now_is_not_asked(resolved):
    assert sweep(days=31).reason == "too_late"


def test_reopened_and_resolved_again_is_asked_once(resolved, ana):
    _reopen(resolved)
    resolve_ticket(ticket=resolved, by=ana)
    sweep()
    assert list(Invitation.objects.order_by("id").values_list("state", flat=True)) == [
        "skipped",
        "sent",
    ]


def test_nobody_is_asked_twice_within_the_period_that_all_surveys_share(invitation, nps, ana):
    second, _first = open_ticket(
        channel=invitation.ticket.channel, requester=invitation.customer, subject="x", text="x"
    )
    resolve_ticket(ticket=second, by=ana)
    assert sweep(days=1).reason == "asked_lately"
    due = Invitation.objects.create(
        survey=nps, customer=invitation.customer, period="2026-01-01", due_at=when_due(days=29)
    )
    send_due_invitations(now=when_due(days=29))
    due.refresh_from_db()
    assert due.reason == "asked_lately"


def test_after_that_period_they_are_asked_again(invitation, ana):
    SurveyPolicy.objects.update(do_not_ask_days=1)
    second, _first = open_ticket(
        channel=invitation.ticket.channel, requester=invitation.customer, subject="x", text="x"
    )
    resolve_ticket(ticket=second, by=ana)
    assert sweep(days=2).state == "sent"


def test_one_that_cannot_be_sent_does_not_hold_up_the_next(resolved, ana, monkeypatch):
    other, _first = open_ticket(
        channel=resolved.channel, requester=_somebody(), subject="x", text="x"
    )
    resolve_ticket(ticket=other, by=ana)
    render = sending_service.invitation_mail

    def break_on_the_first(invitation):
        if invitation.ticket == resolved:
            raise ValueError("broken")
        return render(invitation)

    monkeypatch.setattr(sending_service, "invitation_mail", break_on_the_first)
    send_due_invitations(now=when_due())
    states = dict(Invitation.objects.values_list("ticket", "state"))
    assert states == {resolved.pk: "scheduled", other.pk: "sent"}


def _somebody():
    from customers.services import customer_at

    return customer_at(kind="email", value="leo@example.org", name="Leo", language="en")


def test_what_nobody_answers_expires(invitation):
    assert expire_invitations(now=when_due(days=29)) == 0
    assert expire_invitations(now=when_due(days=31)) == 1
    assert Invitation.objects.get().state == "expired"


def test_nps_mail_holds_eleven_links(nps, ticket):
    made = Invitation.objects.create(
        survey=nps, customer=ticket.requester, period="2026-01-01", due_at=timezone.now()
    )
    send_due_invitations()
    made.refresh_from_db()
    for score in range(11):
        assert f'/s/{made.token}/?score={score}"' in made.delivery.html
        assert f"/s/{made.token}/?score={score}\n" in made.delivery.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_mail(resolved):
    _at_once(lambda: send_due_invitations(now=when_due()), times=3)
    assert Delivery.objects.filter(purpose="survey").count() == 1
    assert Invitation.objects.get().state == "sent"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_surveys_for_one_person_at_once_send_one(resolved, ana):
    second, _first = open_ticket(
        channel=resolved.channel, requester=resolved.requester, subject="x", text="x"
    )
    resolve_ticket(ticket=second, by=ana)
    ids = list(Invitation.objects.values_list("pk", flat=True))
    works = [lambda i=i: sending_service.send_invitation(i, now=when_due()) for i in ids]
    _at_once(*works)
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["sent", "skipped"]


def _at_once(*works, times: int = 1) -> None:
    start = threading.Barrier(len(works) * times)

    def run(work) -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works * times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
