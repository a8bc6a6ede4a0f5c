"""Agents hear by mail that a customer has written in a ticket of theirs."""

import pytest

from messaging.email.compose import compose
from messaging.models import Delivery
from messaging.selectors import deliveries_visible_to
from messaging.services.outbound import outbound_of
from tickets.reply_tokens import agent_token
from tickets.services import add_customer_message, assign_ticket, hold_message, open_ticket


@pytest.fixture
def anas(ticket, ana):
    ana.mail_on_answers = True
    ana.save()
    return assign_ticket(ticket=ticket, by=ana, assignee=ana, team=ticket.team)


def copies() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose="agent"))


def test_it_works(anas, ana, dora, channel):
    channel.settings = {"plus_addresses": True}
    channel.save()
    add_customer_message(ticket=anas, customer=dora, channel=channel, text="¿Y ahora?")
    (copy,) = copies()
    assert copy.recipients == {"to": ["ana@example.com"]}
    assert "¿Y ahora?" in copy.text
    assert "¿Y ahora?" in copy.html
    assert f"/tickets/{anas.pk}/" in copy.text
    token = agent_token(anas.pk, ana.pk)
    assert token in copy.text
    assert token in copy.html
    sent = compose(outbound_of(copy))
    assert f"<support+{token}@example.com>" in sent["Reply-To"]
    assert sent["Auto-Submitted"] == "auto-generated"


def test_without_signed_addresses_the_token_is_in_the_words_alone(anas, dora, channel):
    add_customer_message(ticket=anas, customer=dora, channel=channel, text="x")
    assert "Reply-To" not in compose(outbound_of(copies()[0]))


def test_nobody_hears_who_did_not_ask_for_it(ticket, ana, dora, channel):
    assign_ticket(ticket=ticket, by=ana, assignee=ana, team=ticket.team)
    add_customer_message(ticket=ticket, customer=dora, channel=channel, text="x")
    assert copies() == []


def test_nobody_hears_of_machines_notes_and_waiting_messages(anas, ana, dora, channel):
    fields = {"is_auto_reply": True}
    add_customer_message(ticket=anas, customer=dora, channel=channel, text="x", message=fields)
    hold_message(ticket=anas, customer=dora, channel=channel, text="x")
    add_customer_message(ticket=anas, customer=dora, channel=channel, text="x", by=ana)
    open_ticket(channel=channel, requester=dora, subject="Other", text="x")
    assert copies() == []


def test_nobody_hears_who_may_not_read_it(anas, ana, dora, channel):
    ana.is_active = False
    ana.save()
    add_customer_message(ticket=anas, customer=dora, channel=channel, text="x")
    assert copies() == []


def test_a_copy_speaks_for_its_agent_so_only_administrators_see_it(
    anas, ana, mia, admin_user, dora, channel
):
    add_customer_message(ticket=anas, customer=dora, channel=channel, text="x")
    (copy,) = copies()
    seen = [user for user in (ana, mia, admin_user) if copy in deliveries_visible_to(user)]
    assert seen == [admin_user]
