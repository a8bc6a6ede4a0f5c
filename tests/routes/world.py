"""One of each thing that an address can name, all of them of the team Support."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from accounts.services import create_api_token
from customers.links import unsubscribe_token
from customers.models import Customer
from customers.orders import OrderNews, record_customer_event
from customers.services import customer_at
from messaging.models import RawInbound
from messaging.phone.services import Call, log_call
from messaging.services import accept
from notifications.audiences import Audience
from notifications.services import announce
from surveys.models import Invitation
from surveys.services import create_default_surveys, send_due_invitations
from tickets.inbound import InboundAttachment
from tickets.links import attachment_token, ticket_token
from tickets.models import Channel, Ticket
from tickets.services import add_note, open_ticket, reply_to_ticket, resolve_ticket, set_tags

PASSWORD = "correct horse"
WEBHOOK_SECRET = "a-secret-of-the-provider-1"
FILE = InboundAttachment("note.txt", "text/plain", b"x")


@dataclass
class World:
    """`ids` fills the parameters of an address, `tokens` its `token` by what it is for."""

    clients: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def build() -> World:
    support, billing = Team.objects.create(name="Support"), Team.objects.create(name="Billing")
    world = World()
    people = {
        "own": _user("ana", teams=[support]),
        "other": _user("bruno", teams=[billing]),
        "assigned": _user("carla", teams=[support], access=User.Access.ASSIGNED),
        "manager": _user("mia", role=User.Role.MANAGER),
        "admin": _user("root", role=User.Role.ADMIN),
    }
    _channels(support)
    dora = customer_at(kind="email", value="dora@example.net", name="Dora Gil", language="es")
    ticket = _ticket(dora, people["own"])
    _invitation(dora, people["own"], world)
    call_back = _call(ticket, people["own"])
    _notices(dora, people["manager"])
    reply = reply_to_ticket(ticket=ticket, by=people["own"], text="Ya llega.")
    form_ticket, _message = open_ticket(
        channel=Channel.objects.get(kind="webform"), requester=dora, subject="Form", text="x"
    )
    token, _secret = create_api_token(user=people["own"], name="anas")
    message = ticket.messages.first()
    file = message.attachments.get()
    world.ids |= {
        "ticket_id": ticket.pk,
        "message_id": message.pk,
        "customer_id": dora.pk,
        "call_back_id": call_back.pk,
        "token_id": token.pk,
        "delivery_id": reply.delivery.pk,
        "reply_id": reply.pk,
        "raw_id": RawInbound.objects.get().pk,
        "channel_id": Channel.objects.get(kind="email").pk,
        "slug": "contact",
    }
    world.tokens |= {
        "ticket": ticket_token(ticket, dora),
        "webhook": WEBHOOK_SECRET,
        "form": ticket_token(form_ticket, dora),
        "attachment": attachment_token(file.pk, f"agent.{people['own'].pk}"),
        "unsubscribe": unsubscribe_token(dora, "notices"),
    }
    world.clients = {"out": Client()} | {role: _signed_in(u) for role, u in people.items()}
    return world


def _user(name: str, *, teams: list[Team] | None = None, **fields: Any) -> User:
    user = User.objects.create_user(f"{name}@example.com", PASSWORD, name=name, **fields)
    user.teams.set(teams or [])
    return user


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def _channels(team: Team) -> None:
    for kind, address in (
        ("email", "support@example.com"), ("webform", "contact"), ("phone", "+34910000000"),
    ):  # fmt: skip
        Channel.objects.create(kind=kind, name=kind, address=address, default_team=team)
    mailbox = Channel.objects.get(kind="email")
    mailbox.settings = {"receive_posts": True, "webhook_secret": WEBHOOK_SECRET}
    mailbox.save(update_fields=["settings"])
    accept(mailbox, b"From: a@b.example\n\nx", external_id="1", source="pipe")


def _ticket(customer: Customer, agent: User) -> Ticket:
    ticket, _message = open_ticket(
        channel=Channel.objects.get(kind="email"),
        requester=customer,
        subject="Pedido",
        text="¿Dónde está?",
        files=[FILE],
        message={"html": "<p>¿Dónde está?</p>", "sender_address": "dora@example.net"},
    )
    add_note(ticket=ticket, by=agent, text="Interno")
    return set_tags(ticket=ticket, by=agent, names=["envio"])


def _invitation(customer: Customer, agent: User, world: World) -> None:
    create_default_surveys()
    ticket, _message = open_ticket(
        channel=Channel.objects.get(kind="email"), requester=customer, subject="Otro", text="x"
    )
    long_ago = timezone.now() - timedelta(minutes=settings.SURVEY_DELAY_MINUTES + 60)
    resolve_ticket(ticket=ticket, by=agent, at=long_ago)
    send_due_invitations(now=timezone.now())
    world.tokens["survey"] = Invitation.objects.earliest("id").token
    world.tokens["solved"] = ticket_token(ticket, customer)


def _call(ticket: Ticket, agent: User) -> Any:
    log_call(
        Channel.objects.get(kind="phone"),
        Call(
            direction="in",
            notes="Llama",
            token=uuid.uuid4().hex,
            number="+34600000001",
            ticket=ticket,
            call_back_by=timezone.now() + timedelta(hours=1),
        ),
        by=agent,
    )
    from messaging.phone.models import CallBack

    return CallBack.objects.get()


def _notices(customer: Customer, manager: User) -> None:
    record_customer_event(
        OrderNews(
            event_id="e1",
            kind="order_placed",
            occurred_at=timezone.now(),
            number="A-1",
            email="dora@example.net",
        )
    )
    texts = {"en": {"subject": "News", "text": "x"}}
    announce(by=manager, audience=Audience(tag="envio"), texts=texts)
