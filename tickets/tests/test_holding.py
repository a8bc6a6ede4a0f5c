"""Messages of people who are not part of a ticket: they wait, and nobody but agents sees them."""

import pytest
from django.db.models import F

from tickets.inbound import InboundAttachment, Person
from tickets.intake import receive
from tickets.links import attachment_token, ticket_token
from tickets.models import Message, Ticket, TicketEvent
from tickets.recipients import recipients_of
from tickets.reply_tokens import reply_token
from tickets.services import (
    TicketRefused,
    close_ticket,
    hold_message,
    let_in,
    make_own_ticket,
    merge_ticket,
    open_ticket,
    reply_to_ticket,
    resolve_ticket,
)
from tickets.tests.test_intake import mail

SECRET = "Open sesame 4711"
Kind = TicketEvent.Kind


def wait_on(ticket: Ticket, channel, **fields: object) -> Message:
    """What Leo, who is not part of it, writes with the ticket's own token."""
    token = f"support+{reply_token(ticket.pk)}@example.com"
    written = {"subject": "Your code", "text": SECRET, "to": (Person(token),)}
    receipt = receive(mail(**{**written, **fields}), channel)
    assert (receipt.fate, receipt.ticket) == ("held", ticket)
    assert receipt.reason
    return receipt.message


@pytest.fixture
def answered(ticket, ana) -> Ticket:
    return reply_to_ticket(ticket=ticket, by=ana, text="Ya llega.").ticket


@pytest.fixture
def held(answered, channel) -> Message:
    return wait_on(answered, channel)


def state(ticket: Ticket) -> dict[str, object]:
    """Everything of a ticket that a message could change, but for who looks at it."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return {name: row[name] for name in row if name not in ("version", "updated_at", "held_count")}


def test_it_works(held, answered, ana):
    ticket = let_in(message=held, by=ana)
    held.refresh_from_db()
    assert (held.kind, ticket.held_count, ticket.message_count) == ("customer", 0, 3)
    assert (ticket.status, ticket.snippet) == ("open", SECRET)
    assert ticket.waiting_since is not None
    assert recipients_of(ticket)["cc"] == ["leo@example.org"]
    events = ticket.events.filter(kind__in=(Kind.HELD, Kind.LET_IN, Kind.CUSTOMER_MESSAGE))
    assert [(e.kind, e.actor, e.message) for e in events][1:] == [
        (Kind.HELD, None, held),
        (Kind.LET_IN, ana, held),
        (Kind.CUSTOMER_MESSAGE, None, held),
    ]


def test_a_waiting_message_changes_no_state_and_no_recipients(answered, channel):
    before, recipients = state(answered), recipients_of(answered)
    wait_on(answered, channel, cc=(Person("friend@example.org"),))
    assert state(answered) == before
    assert recipients_of(answered) == recipients
    assert not answered.participants.exists()
    answered.refresh_from_db()
    assert answered.held_count == 1


def test_a_waiting_message_reopens_nothing(answered, channel, ana):
    resolve_ticket(ticket=answered, by=ana)
    wait_on(answered, channel)
    answered.refresh_from_db()
    assert answered.status == "resolved"


def test_the_requester_sees_nothing_of_it(held, answered, client, ana):
    page = client.get(f"/t/{ticket_token(answered, answered.requester)}/").content.decode()
    assert "Ya llega." in page
    assert SECRET not in page
    assert "leo" not in page.lower()
    reply = reply_to_ticket(ticket=answered, by=ana, text="Una cosa más.")
    assert SECRET not in reply.delivery.text + reply.delivery.html
    assert reply.delivery.recipients["to"] == ["dora@example.net"]
    assert held.message_id not in reply.delivery.references or not held.message_id


def test_its_files_open_for_agents_alone(answered, channel, client, ana):
    file = InboundAttachment("code.txt", "text/plain", SECRET.encode())
    kept = wait_on(answered, channel, attachments=(file,)).attachments.get()
    customer = attachment_token(kept.pk, f"customer.{answered.requester_id}")
    assert client.get(f"/attachments/{customer}/").status_code == 404
    client.force_login(ana)
    agent = attachment_token(kept.pk, f"agent.{ana.pk}")
    assert client.get(f"/attachments/{agent}/").status_code == 200


def test_whoever_was_let_in_takes_part(held, channel, ana):
    let_in(message=held, by=ana)
    receipt = receive(mail(in_reply_to="<first@example.net>"), channel)
    assert (receipt.fate, receipt.ticket) == ("added", held.ticket)


def test_everything_that_they_wrote_joins_and_nothing_of_others(held, answered, channel, ana):
    second = wait_on(answered, channel, text="And another thing")
    other = wait_on(answered, channel, sender="eve@example.org", text="Me too")
    ticket = let_in(message=second, by=ana)
    kinds = dict(Message.objects.values_list("pk", "kind"))
    assert (kinds[held.pk], kinds[second.pk], kinds[other.pk]) == ("customer", "customer", "held")
    assert (ticket.held_count, ticket.message_count) == (1, 4)


def test_letting_in_twice_changes_nothing(held, ana):
    let_in(message=held, by=ana)
    again = let_in(message=held, by=ana)
    assert again.version == Ticket.objects.get(pk=again.pk).version
    assert again.events.filter(kind=Kind.LET_IN).count() == 1


def test_nobody_is_let_into_a_closed_ticket(held, answered, ana):
    resolve_ticket(ticket=answered, by=ana)
    close_ticket(ticket=answered)
    with pytest.raises(TicketRefused, match="closed"):
        let_in(message=held, by=ana)
    assert Message.objects.get(pk=held.pk).kind == "held"
    assert make_own_ticket(message=held, by=ana).status == "new"


def test_a_full_ticket_refuses_instead_of_losing_them(held, answered, ana, monkeypatch):
    monkeypatch.setattr("tickets.services.opening.MAX_PARTICIPANTS", 0)
    with pytest.raises(TicketRefused, match="fits in"):
        let_in(message=held, by=ana)
    assert Message.objects.get(pk=held.pk).kind == "held"


def test_a_ticket_of_its_own(held, answered, ana, team):
    before = state(answered)
    own = make_own_ticket(message=held, by=ana)
    held.refresh_from_db()
    assert (held.ticket, held.kind) == (own, "customer")
    assert str(own.requester) == "Leo Prado"
    assert (own.subject, own.status, own.team, own.message_count) == ("Your code", "new", team, 1)
    assert own.waiting_since == held.created_at
    assert [event.kind for event in own.events.all()] == ["opened", "customer_message"]
    assert own.version == 2
    assert state(answered) == before
    answered.refresh_from_db()
    assert answered.held_count == 0
    assert answered.events.get(kind=Kind.MOVED_OUT).data == {"to": own.pk}
    assert make_own_ticket(message=held, by=ana) == own
    assert Ticket.objects.count() == 2


def test_what_an_agent_decided_about_is_no_spam(answered, channel, ana):
    spam = {"context": {"spam": ["It offers what spam offers."]}}
    let_in(message=wait_on(answered, channel, **spam), by=ana)
    eve = wait_on(answered, channel, sender="eve@example.org", **spam)
    own = make_own_ticket(message=eve, by=ana)
    assert not Ticket.objects.filter(is_spam=True).exists()
    assert own.is_counted


def test_what_waits_goes_along_when_its_ticket_is_merged(held, answered, channel, dora, ana):
    other, _message = open_ticket(channel=channel, requester=dora, subject="Other", text="x")
    merge_ticket(ticket=answered, into=other, by=ana)
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.ticket, other.held_count, other.message_count) == (other, 1, 1)
    assert let_in(message=held, by=ana).held_count == 0


def test_the_same_mail_twice_waits_once(answered, channel):
    wait_on(answered, channel, external_id="email:1")
    again = receive(mail(external_id="email:1", in_reply_to="<first@example.net>"), channel)
    assert again.fate == "duplicate"
    answered.refresh_from_db()
    assert answered.held_count == 1


def test_a_stranger_s_absence_notice_does_not_wait(answered, channel):
    absent = mail(is_auto_reply=True, in_reply_to="<first@example.net>")
    receipt = receive(absent, channel)
    assert (receipt.fate, receipt.ticket) == ("ignored", None)
    assert receipt.reason


def test_a_stranger_s_alert_waits(answered, channel):
    wait_on(answered, channel, is_auto_reply=True, context={"machine": "alert"})


def test_waiting_messages_are_not_counted_as_hidden(answered, channel, agent_client):
    Ticket.objects.filter(pk=answered.pk).update(message_count=F("message_count"))
    for n in range(3):
        hold_message(ticket=answered, customer=answered.requester, channel=channel, text=f"W{n}")
    page = agent_client.get(f"/tickets/{answered.pk}/").content.decode()
    assert "earlier message" not in page
    for n in range(60):
        hold_message(ticket=answered, customer=answered.requester, channel=channel, text=f"V{n}")
    page = agent_client.get(f"/tickets/{answered.pk}/").content.decode()
    assert "Show 5 earlier messages" in page


def test_the_page_shows_it_apart_with_both_choices(held, answered, agent_client):
    page = agent_client.get(f"/tickets/{answered.pk}/").content.decode()
    assert 'class="entry held"' in page
    assert "From somebody who is not part of this ticket" in page
    address = f"/tickets/{answered.pk}/messages/{held.pk}"
    done = agent_client.post(f"{address}/admission/", follow=True).content.decode()
    assert "Leo Prado is part of this ticket now." in done
    assert "Ana Ruiz let Leo Prado into the ticket" in done
    assert 'class="entry held"' not in done
    again = agent_client.post(f"{address}/own-ticket/", follow=True).content.decode()
    assert "A colleague has decided about this message already." in again
    assert Ticket.objects.count() == 1


def test_the_page_makes_it_a_ticket_of_its_own(held, answered, agent_client):
    address = f"/tickets/{answered.pk}/messages/{held.pk}/own-ticket/"
    done = agent_client.post(address, follow=True).content.decode()
    own = Ticket.objects.exclude(pk=answered.pk).get()
    assert f"The message is ticket #{own.pk} now." in done
    assert f"made a waiting message ticket #{own.pk}" in done


def test_a_message_is_decided_about_on_its_own_ticket_alone(held, channel, dora, agent_client):
    other, _message = open_ticket(channel=channel, requester=dora, subject="Other", text="x")
    address = f"/tickets/{other.pk}/messages/{held.pk}/admission/"
    assert agent_client.post(address).status_code == 404


def test_the_view_and_its_count(held, answered, channel, dora, ana, mia, client):
    open_ticket(channel=channel, requester=dora, subject="Other", text="x")
    resolve_ticket(ticket=answered, by=ana)
    client.force_login(ana)
    page = client.get("/tickets/?view=waiting").content.decode()
    assert f'data-id="{answered.pk}"' in page
    assert page.count("data-id=") == 1
    counts = client.get("/tickets/counts/").content.decode()
    assert 'id="count-waiting" hx-swap-oob="true">1<' in counts


def test_the_view_shows_nothing_of_other_teams(held, bruno, client):
    client.force_login(bruno)
    assert "data-id=" not in client.get("/tickets/?view=waiting").content.decode()


def test_the_api_shows_agents_a_flag(held, answered, agent_client):
    row = agent_client.get(f"/api/v1/messages/{held.pk}/").json()
    assert (row["kind"], row["is_held"]) == ("held", True)
    ticket = agent_client.get(f"/api/v1/tickets/{answered.pk}/").json()
    assert (ticket["held_count"], ticket["message_count"]) == (1, 2)
