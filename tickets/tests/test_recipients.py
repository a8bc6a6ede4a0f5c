"""Who gets a reply: computed from the last message, shown, confirmed where it surprises, frozen."""

import pytest
from django.urls import reverse

from customers.models import Organization
from customers.services import add_address, customer_at, mark_unreachable
from tickets.inbound import Inbound, Person
from tickets.intake import receive
from tickets.models import Message
from tickets.public_page import public_page
from tickets.recipients import recipients_of, surprises
from tickets.services import add_note, add_participants, open_ticket, reply_to_ticket

pytestmark = pytest.mark.django_db


def people(*addresses):
    return tuple(Person(address) for address in addresses)


@pytest.fixture
def write(channel, ticket):
    """Somebody writes into the ticket by mail."""

    def write(sender="dora@example.net", to=("support@example.com",), cc=(), **fields):
        inbound = Inbound(
            sender=Person(sender),
            to=people(*to),
            cc=people(*cc),
            text="And this",
            subject=fields.pop("subject", "Re: ¿Dónde está mi pedido?"),
            in_reply_to="<first@example.net>",
            **fields,
        )
        return receive(inbound, channel)

    return write


def send(client, ticket, **fields):
    return client.post(reverse("tickets:replies", args=[ticket.pk]), {"text": "Soon", **fields})


def replies(ticket):
    return ticket.messages.filter(kind=Message.Kind.REPLY)


def test_it_works(ticket, write):
    write(to=("support@example.com", "Boss@Example.net"), cc=("leo@example.org",))
    assert recipients_of(ticket) == {
        "to": ["dora@example.net"],
        "cc": ["boss@example.net", "leo@example.org"],
    }


def test_ours_and_addresses_nobody_reads_are_left_out(ticket, write):
    write(
        to=("support@example.com", "support+shop@example.com", "NoReply@shop.example"),
        cc=("nao-responda@shop.example", "mailer-daemon@x.example", "leo@example.org"),
    )
    assert recipients_of(ticket)["cc"] == ["leo@example.org"]


def test_whoever_the_customer_took_out_stays_out(ticket, write):
    write(cc=("leo@example.org", "boss@example.net"))
    write(cc=("boss@example.net",))
    assert recipients_of(ticket)["cc"] == ["boss@example.net"]


def test_when_somebody_in_copy_writes_they_stay_in_and_the_requester_is_asked(ticket, write):
    write(cc=("leo@example.org",))
    write(sender="leo@example.org", to=("support@example.com", "dora@example.net"))
    assert recipients_of(ticket) == {"to": ["dora@example.net"], "cc": ["leo@example.org"]}


def test_an_absence_notice_changes_nothing(ticket, write):
    write(cc=("leo@example.org",))
    write(is_auto_reply=True)
    assert recipients_of(ticket)["cc"] == ["leo@example.org"]


def test_our_own_last_reply_counts_when_it_is_newer(ticket, write, ana):
    write(cc=("leo@example.org",))
    to = {"to": ["dora@example.net"], "cc": ["eva@example.net"]}
    reply_to_ticket(ticket=ticket, by=ana, text="x", recipients=to)
    assert recipients_of(ticket)["cc"] == ["eva@example.net"]
    write(cc=("leo@example.org",))
    assert recipients_of(ticket)["cc"] == ["leo@example.org"]


def test_the_requester_is_written_to_where_they_last_wrote_from(ticket, write, dora):
    add_address(customer=dora, kind="email", value="dora@work.example")
    write(sender="Dora@Work.Example")
    assert recipients_of(ticket)["to"] == ["dora@work.example"]


def test_an_address_that_failed_is_avoided_when_there_is_another(channel, dora):
    add_address(customer=dora, kind="email", value="dora@work.example")
    mark_unreachable(kind="email", value="dora@work.example", reason="x")
    called, _message = open_ticket(channel=channel, requester=dora, subject="By phone", text="x")
    assert recipients_of(called)["to"] == ["dora@example.net"]


def test_recipients_are_frozen_when_the_agent_writes(ticket, write, ana):
    write(cc=("leo@example.org",))
    reply = reply_to_ticket(ticket=ticket, by=ana, text="x")
    add_note(ticket=ticket, by=ana, text="for us")
    write(cc=("boss@example.net",))
    reply.refresh_from_db()
    assert reply.recipients == {"to": ["dora@example.net"], "cc": ["leo@example.org"]}


def test_whoever_was_let_in_since_the_last_message_is_in_copy(ticket, write, ana):
    write(cc=("leo@example.org",))
    eva = customer_at(kind="email", value="eva@example.net")
    add_participants(ticket=ticket, customers=[eva])
    assert recipients_of(ticket)["cc"] == ["leo@example.org", "eva@example.net"]
    write(cc=("leo@example.org",))
    assert recipients_of(ticket)["cc"] == ["leo@example.org"]


def test_whom_an_agent_copies_takes_part_from_then_on(ticket, write, ana):
    to = {"to": ["dora@example.net"], "cc": ["eva@partner.example"], "bcc": ["spy@example.com"]}
    reply = reply_to_ticket(ticket=ticket, by=ana, text="x", recipients=to)
    joined = {p.customer.addresses.get().value for p in ticket.participants.all()}
    assert joined == {"eva@partner.example"}
    receipt = write(sender="eva@partner.example", references=(reply.message_id,))
    assert receipt.ticket == ticket


@pytest.mark.parametrize(
    ("chosen", "sentences"),
    [
        ({"to": ["dora@example.net"], "cc": ["leo@example.org"]}, []),
        ({"to": ["dora@example.net"]}, []),
        ({"to": ["leo@example.org"]}, []),
        (
            {"to": ["dora@example.net"], "cc": ["early@example.org"]},
            ["early@example.org was not in the last message."],
        ),
        (
            {"to": ["dora@example.net"], "bcc": ["new@example.net"]},
            ["new@example.net was not in the last message."],
        ),
        (
            {"to": ["new@elsewhere.example"], "cc": ["leo@example.org"]},
            [
                "new@elsewhere.example is of another organisation and would read this for the "
                "first time."
            ],
        ),
    ],
)
def test_surprises_are_told_in_sentences(ticket, write, chosen, sentences):
    write(cc=("early@example.org",))
    write(cc=("leo@example.org",))
    assert [surprise.sentence for surprise in surprises(ticket, chosen)] == sentences


def test_known_organisations_are_compared_before_domains(ticket, dora):
    acme, other = (Organization.objects.create(name=name) for name in ("Acme", "Other"))
    for address, organization in (("a@elsewhere.example", acme), ("b@example.net", other)):
        person = customer_at(kind="email", value=address)
        person.organization = organization
        person.save()
    dora.organization = acme
    dora.save()
    ticket.refresh_from_db()
    found = surprises(ticket, {"to": ["a@elsewhere.example", "b@example.net"]})
    assert ["first time" in surprise.sentence for surprise in found] == [False, True]


def test_a_surprise_is_sent_only_when_it_was_confirmed(agent_client, ticket):
    response = send(agent_client, ticket, cc="boss@other.example", text="My long words")
    page = response.content.decode()
    assert response.status_code == 422
    assert "My long words" in page
    assert "boss@other.example is of another organisation" in page
    assert not replies(ticket).exists()

    send(agent_client, ticket, cc="boss@other.example", confirmed="eva@other.example")
    assert not replies(ticket).exists()

    send(agent_client, ticket, cc="boss@other.example", confirmed="boss@other.example")
    assert replies(ticket).get().recipients["cc"] == ["boss@other.example"]


def test_the_warning_comes_while_the_addresses_are_typed(agent_client, ticket):
    address = reverse("tickets:recipients", args=[ticket.pk])
    typed = {"to": "dora@example.net", "cc": "boss@other.example", "bcc": ""}
    page = agent_client.get(address, typed).content.decode()
    assert 'name="confirmed" value="boss@other.example" required' in page
    for harmless in ({"to": "dora@example.net"}, {"cc": "not an address"}, {}):
        assert agent_client.get(address, harmless).content.decode().strip() == ""


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"to": " , "}, "Say to whom this goes."),
        ({"cc": "Support@Example.com"}, "support@example.com is an address of ours"),
        ({"bcc": "support+x@example.com"}, "support+x@example.com is an address of ours"),
        ({"to": "nobody"}, "“nobody” is not an e-mail address."),
        ({"bcc": ",".join(f"a{n}@b.example" for n in range(51))}, "At most 50 addresses, please."),
    ],
)
def test_wrong_recipients_are_refused_and_nothing_is_lost(agent_client, ticket, fields, sentence):
    response = send(agent_client, ticket, text="My long words", **fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "My long words" in page
    assert not replies(ticket).exists()


def test_an_address_stands_in_one_field_only(agent_client, ticket):
    send(
        agent_client,
        ticket,
        to="dora@example.net; leo@example.net",
        cc="LEO@example.net, eva@example.net",
        bcc="eva@example.net,dora@example.net",
        confirmed="leo@example.net,eva@example.net",
    )
    assert replies(ticket).get().recipients == {
        "to": ["dora@example.net", "leo@example.net"],
        "cc": ["eva@example.net"],
    }


def test_bcc_is_seen_by_agents_only(agent_client, ticket):
    send(agent_client, ticket, bcc="spy@example.net", confirmed="spy@example.net")
    shown = agent_client.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()
    assert "Bcc: spy@example.net" in shown
    public = str(public_page(ticket, ticket.requester))
    assert "Soon" in public
    assert "spy@" not in public


def test_a_ticket_of_a_caller_without_an_address_can_be_answered(agent_client, channel):
    caller = customer_at(kind="phone", value="+34600111222")
    called, _message = open_ticket(channel=channel, requester=caller, subject="Call", text="x")
    assert send(agent_client, called, to="").status_code == 302
    assert replies(called).get().recipients == {"to": [], "cc": []}
