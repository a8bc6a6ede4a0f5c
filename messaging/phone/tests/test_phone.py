"""The phone log through its pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Address, Customer
from customers.services import add_address, customer_at
from messaging.models import Delivery
from messaging.phone.models import CallBack
from messaging.services import deliver_due
from tickets.models import Channel, Message, Ticket
from tickets.services import assign_ticket, close_ticket, reply_to_ticket, resolve_ticket

NEW = "/calls/new/"


@pytest.fixture
def line(team) -> Channel:
    return Channel.objects.create(
        kind="phone", name="Hotline", address="+34910000000", default_team=team
    )


def words(line: Channel, **fields) -> dict:
    return {
        "line": line.pk,
        "direction": "in",
        "number": "600 123 456",
        "name": "Leo Prado",
        "email": "",
        "ticket": "",
        "subject": "Where is the invoice?",
        "notes": "He has not received the invoice of May.",
        "minutes": "4",
        "seconds": "10",
        "call_back_by": "",
        "status": "open",
        "token": "a-token-of-this-form",
        **fields,
    }


def local(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_it_works(agent_client, line, ana, team):
    answer = agent_client.post(NEW, words(line))
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.subject, ticket.status, ticket.team) == ("Where is the invoice?", "open", team)
    assert (ticket.assignee, ticket.requester.name) == (ana, "Leo Prado")
    assert ticket.requester.addresses.get().value == "+34600123456"
    call = ticket.messages.get()
    assert call.details == {"direction": "in", "seconds": 250, "number": "+34600123456"}
    assert call.text == "He has not received the invoice of May."
    assert not Delivery.objects.exists()


def test_a_call_was_answered_as_it_was_made(agent_client, line):
    agent_client.post(NEW, words(line))
    opened, said = Ticket.objects.get().events.order_by("version")
    assert (opened.actor_kind, said.actor_kind) == ("agent", "agent")


def test_sending_the_form_twice_keeps_one_call(agent_client, line):
    soon = local(timezone.now() + timedelta(hours=1))
    for _try in range(2):
        agent_client.post(NEW, words(line, call_back_by=soon))
    assert Ticket.objects.count() == Message.objects.count() == CallBack.objects.count() == 1


def test_a_call_joins_a_ticket(agent_client, line, ticket, dora):
    agent_client.post(NEW, words(line, ticket=ticket.pk, name="", subject=""))
    assert ticket.messages.count() == 2
    assert set(dora.addresses.values_list("value", flat=True)) == {
        "dora@example.net",
        "+34600123456",
    }


def test_somebody_else_may_call_about_a_ticket(agent_client, line, ticket, dora):
    agent_client.post(NEW, words(line, ticket=ticket.pk, subject=""))
    call = ticket.messages.last()
    assert call.customer.name == "Leo Prado"
    assert dora.addresses.count() == 1


def test_a_withheld_number_in_a_ticket_is_its_requester(agent_client, line, ticket, dora):
    agent_client.post(NEW, words(line, ticket=ticket.pk, number="", subject=""))
    assert ticket.messages.last().customer == dora


@pytest.mark.parametrize("status", ["open", "pending", "on_hold", "resolved"])
def test_the_agent_says_where_the_ticket_stands(agent_client, line, ticket, ana, status):
    resolve_ticket(ticket=ticket, by=ana)
    agent_client.post(NEW, words(line, ticket=ticket.pk, direction="out", status=status))
    ticket.refresh_from_db()
    assert ticket.status == status


def test_a_call_about_a_closed_ticket_opens_a_follow_up(agent_client, line, ticket, ana):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    agent_client.post(NEW, words(line, ticket=ticket.pk))
    assert Ticket.objects.get(follow_up_of=ticket).subject == "Where is the invoice?"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "12"}, "This is no phone number."),
        ({"number": "call me"}, "This is no phone number."),
        ({"number": ""}, "Write the number, or an e-mail address if the number was withheld."),
        ({"subject": ""}, "Say in a few words what it was about."),
        ({"notes": ""}, "Write down what was said."),
        ({"call_back_by": "2020-01-01T10:00"}, "Choose a time that is still to come."),
        ({"call_back_by": "soon"}, "Write a date and a time."),
        ({"status": "closed"}, "Select a valid choice."),
    ],
)
def test_an_error_says_what_to_do_and_keeps_what_was_typed(agent_client, line, fields, sentence):
    answer = agent_client.post(NEW, words(line, **fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "notes" in fields or "He has not received" in page
    assert not Ticket.objects.exists()


def test_an_unknown_number_with_a_known_mail_address_is_that_customer(agent_client, line, dora):
    agent_client.post(NEW, words(line, email="dora@example.net"))
    assert Ticket.objects.get().requester == dora
    assert Customer.objects.count() == 1


def test_two_customers_are_not_mixed_up(agent_client, line, dora):
    customer_at(kind="phone", value="+34600123456", name="Leo Prado")
    answer = agent_client.post(NEW, words(line, email="dora@example.net"))
    assert "belongs to another customer: Dora Gil" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_who_calls_is_found_while_typing(agent_client, line, ticket, dora):
    add_address(customer=dora, kind="phone", value="+34600123456")
    page = agent_client.get("/calls/callers/", {"number": "600123456"}).content.decode()
    assert "Dora Gil" in page
    assert f"#{ticket.pk}" in page


def test_an_agent_who_sees_only_their_own_finds_no_strangers(agent_client, ana, line, ticket, dora):
    ana.access = "assigned"
    ana.save()
    add_address(customer=dora, kind="phone", value="+34600123456")
    page = agent_client.get("/calls/callers/", {"number": "600123456"}).content.decode()
    assert "Dora" not in page


def test_tickets_of_other_teams_take_no_call(client, bruno, line, ticket):
    client.force_login(bruno)
    assert client.post(NEW, words(line, ticket=ticket.pk)).status_code == 422
    assert client.get(NEW, {"ticket": ticket.pk}).status_code == 404
    assert client.get(f"/tickets/{ticket.pk}/calls/").status_code == 404
    assert ticket.messages.count() == 1


def promise(client, line, **fields) -> CallBack:
    client.post(NEW, words(line, call_back_by=local(timezone.now() + timedelta(hours=2)), **fields))
    return CallBack.objects.get()


def test_a_promised_call_is_listed_until_it_is_done(agent_client, line, ana):
    call_back = promise(agent_client, line)
    assert "Leo Prado" in agent_client.get("/calls/").content.decode()
    agent_client.post(f"/call-backs/{call_back.pk}/done/")
    call_back.refresh_from_db()
    assert call_back.done_by == ana
    assert "Nobody is waiting for a call." in agent_client.get("/calls/").content.decode()


def test_an_overdue_promise_is_marked_in_list_and_ticket(agent_client, line):
    call_back = promise(agent_client, line)
    CallBack.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert "Overdue" in agent_client.get("/calls/").content.decode()
    part = agent_client.get(f"/tickets/{call_back.ticket_id}/calls/").content.decode()
    assert "Call back is overdue" in part


def test_done_from_the_ticket_page_gives_the_part_back(agent_client, line):
    call_back = promise(agent_client, line)
    done = agent_client.post(f"/call-backs/{call_back.pk}/done/", headers={"HX-Request": "true"})
    assert "Called back by Ana Ruiz" in done.content.decode()


def test_doing_it_twice_keeps_who_was_first(agent_client, line, ana, mia):
    call_back = promise(agent_client, line)
    agent_client.post(f"/call-backs/{call_back.pk}/done/")
    agent_client.force_login(mia)
    agent_client.post(f"/call-backs/{call_back.pk}/done/")
    call_back.refresh_from_db()
    assert call_back.done_by == ana


def test_promises_of_other_teams_are_not_there(client, bruno, ana, line):
    client.force_login(ana)
    call_back = promise(client, line)
    client.force_login(bruno)
    assert "Leo Prado" not in client.get("/calls/").content.decode()
    assert client.post(f"/call-backs/{call_back.pk}/done/").status_code == 404
    call_back.refresh_from_db()
    assert call_back.done_at is None


def test_a_reply_goes_by_mail_when_they_have_an_address(agent_client, line, ana, channel):
    agent_client.post(NEW, words(line, email="leo@example.org"))
    reply = reply_to_ticket(ticket=Ticket.objects.get(), by=ana, text="It is on its way.")
    assert reply.delivery.channel == channel
    assert reply.delivery.recipients["to"] == ["leo@example.org"]


def test_without_a_mail_address_the_reply_says_whom_to_call(agent_client, line, ana, channel):
    agent_client.post(NEW, words(line))
    reply = reply_to_ticket(ticket=Ticket.objects.get(), by=ana, text="It is on its way.")
    deliver_due()
    reply.refresh_from_db()
    assert reply.state == Message.State.FAILED
    assert reply.state_reason == "The customer has no e-mail address: call them at +34600123456."


def test_a_line_that_was_switched_off_takes_no_calls(agent_client, line):
    Channel.objects.filter(pk=line.pk).update(is_active=False)
    assert "There is no phone line yet" in agent_client.get(NEW).content.decode()
    assert agent_client.post(NEW, words(line)).status_code == 422


@pytest.mark.parametrize("url", ["/calls/", NEW, "/calls/callers/?number=1", "/tickets/1/calls/"])
def test_strangers_sign_in_first(client, db, url):
    assert client.get(url)["Location"].startswith("/accounts/login/")


def test_lists_take_few_queries(agent_client, line, ana, django_assert_max_num_queries):
    for number in range(5):
        promise_fields = words(
            line, token=f"a-token-number-{number:04}", number=f"60012345{number}"
        )
        promise_fields["call_back_by"] = local(timezone.now() + timedelta(hours=2))
        agent_client.post(NEW, promise_fields)
    with django_assert_max_num_queries(8):
        agent_client.get("/calls/")
    assert Address.objects.count() == 5


def test_a_ticket_assigned_away_keeps_its_promises(agent_client, line, ana, bruno, billing):
    call_back = promise(agent_client, line)
    assign_ticket(ticket=call_back.ticket, by=ana, assignee=bruno, team=billing)
    agent_client.force_login(bruno)
    assert "Leo Prado" in agent_client.get("/calls/").content.decode()
