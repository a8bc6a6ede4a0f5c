"""Two people at the same moment: no change is lost, and the slower one is told."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tickets.inbound import Inbound, Person
from tickets.intake import receive
from tickets.models import Message, Ticket
from tickets.services import (
    TicketChanged,
    add_note,
    assign_ticket,
    let_in,
    make_own_ticket,
    reply_to_ticket,
    resolve_ticket,
    set_priority,
    set_status,
    set_tags,
)

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], object]


def at_once(*works: Work) -> list[object]:
    """Start all at the same moment, each on a connection of its own; their results or errors."""
    barrier = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(number: int, work: Work) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            results[number] = work()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def replies(ticket, agent, seen):
    return reply_to_ticket(ticket=ticket, by=agent, text=f"From {agent}", seen=seen)


def takes(ticket, agent, seen):
    return assign_ticket(ticket=ticket, by=agent, assignee=agent, team=ticket.team, seen=seen)


def resolves(ticket, agent, seen):
    return resolve_ticket(ticket=ticket, by=agent, seen=seen)


def waits(ticket, agent, seen):
    return set_status(ticket=ticket, by=agent, status=Ticket.Status.ON_HOLD, seen=seen)


def hurries(ticket, agent, seen):
    return set_priority(ticket=ticket, by=agent, priority=4, seen=seen)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (replies, replies),
        (takes, takes),
        (resolves, resolves),
        (resolves, waits),
        (hurries, hurries),
    ],
)
def test_the_second_is_told(ticket, ana, mia, first, second):
    seen = ticket.version
    results = at_once(lambda: first(ticket, ana, seen), lambda: second(ticket, mia, seen))
    told = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in told] == [TicketChanged]
    assert told[0].events
    done_by = ana if results[1] is told[0] else mia
    assert told[0].events[0].actor == done_by
    assert_whole(ticket)


def test_changes_that_do_not_meet_are_all_kept(ticket, ana, mia):
    results = at_once(
        lambda: hurries(ticket, ana, ticket.version),
        lambda: set_tags(ticket=ticket, by=mia, names=["delivery"]),
        lambda: add_note(ticket=ticket, by=mia, text="The carrier does not answer."),
        lambda: takes(ticket, ana, ticket.version),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assignee) == (4, ana)
    assert [tag.name for tag in ticket.tags.all()] == ["delivery"]
    assert ticket.messages.filter(kind=Message.Kind.NOTE).count() == 1
    assert_whole(ticket)


def test_a_customer_writes_while_an_agent_replies(ticket, ana, channel):
    mail = Inbound(
        sender=Person("dora@example.net"),
        external_id="email:answer",
        text="And where is the invoice?",
        in_reply_to="<first@example.net>",
    )
    seen = ticket.version
    replied, received = at_once(lambda: replies(ticket, ana, seen), lambda: receive(mail, channel))
    assert received.fate == "added"
    ticket.refresh_from_db()
    if isinstance(replied, TicketChanged):
        assert [event.kind for event in replied.events] == ["customer_message"]
    else:
        assert ticket.status == Ticket.Status.OPEN  # reopened by the words that came after
    assert ticket.messages.filter(kind=Message.Kind.CUSTOMER).count() == 2
    assert_whole(ticket)


def test_the_same_mail_taken_in_four_times_at_once_is_one_message(channel):
    mail = Inbound(sender=Person("leo@example.org"), external_id="email:1", text="Hello there")
    fates = [receipt.fate for receipt in at_once(*[lambda: receive(mail, channel)] * 4)]
    assert sorted(fates) == ["duplicate", "duplicate", "duplicate", "opened"]
    assert Message.objects.count() == Ticket.objects.count() == 1


def assert_whole(ticket: Ticket) -> None:
    """Every change is in the log, in order, without a gap; the last one is the state."""
    ticket.refresh_from_db()
    versions = list(ticket.events.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, ticket.version + 1))
    last = ticket.events.order_by("version").last()
    assert (last.status, last.assignee_id) == (ticket.status, ticket.assignee_id)
    assert ticket.message_count == ticket.messages.count()


@pytest.mark.parametrize(
    "choices", [(let_in, make_own_ticket), (let_in, let_in), (make_own_ticket, make_own_ticket)]
)
def test_two_agents_who_decide_about_one_message_decide_once(ticket, channel, ana, mia, choices):
    waits = Inbound(sender=Person("leo@example.org"), text="x", in_reply_to="<first@example.net>")
    held = receive(waits, channel).message
    works = [
        lambda choice=choice, agent=agent: choice(
            message=Message.objects.select_related("ticket", "customer", "channel").get(pk=held.pk),
            by=agent,
        )
        for choice, agent in zip(choices, (ana, mia), strict=True)
    ]
    assert not [result for result in at_once(*works) if isinstance(result, Exception)]
    held.refresh_from_db()
    ticket.refresh_from_db()
    assert (held.kind, ticket.held_count) == ("customer", 0)
    stayed = held.ticket_id == ticket.pk
    assert (Ticket.objects.count(), ticket.message_count) == ((1, 2) if stayed else (2, 1))
    assert ticket.events.filter(kind__in=("let_in", "moved_out")).count() == 1


def test_two_strangers_wait_at_the_same_moment(ticket, channel):
    works = [
        lambda n=n: receive(
            Inbound(
                sender=Person(f"leo{n}@example.org"),
                text=f"Text {n}",
                external_id=f"email:{n}",
                in_reply_to="<first@example.net>",
            ),
            channel,
        )
        for n in range(4)
    ]
    assert [receipt.fate for receipt in at_once(*works)] == ["held"] * 4
    ticket.refresh_from_db()
    assert ticket.held_count == ticket.messages.filter(kind="held").count() == 4
