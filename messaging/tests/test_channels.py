"""Every channel takes the same way: in, answered, solved, asked. A channel is one folder."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from messaging.adapters import DeliveryError, Outbound, Unreadable
from messaging.models import Delivery
from messaging.registry import adapter_for
from messaging.services import accept, deliver_due, process
from surveys.models import Answer, Invitation
from surveys.services import create_default_surveys, send_due_invitations
from tickets.inbound import Person
from tickets.models import Channel, Ticket, TicketEvent
from tickets.services import reply_to_ticket, resolve_ticket

ROOT = Path(settings.BASE_DIR)
SUBJECT, WORDS = "Where is my order?", "I have been waiting since Monday, where is it?"
ADDRESS = "leo@example.org"

Opening = Callable[[Client, Channel], None]


@dataclass(frozen=True)
class Case:
    """A channel, how a customer reaches us by it, and what is its own in what follows."""

    kind: str
    address: str
    opens: Opening
    opened_by: str = "customer"
    status: str = "new"


def write_mail(client: Client, channel: Channel) -> None:
    raw = (
        f"From: Leo Prado <{ADDRESS}>\r\nTo: {channel.address}\r\nSubject: {SUBJECT}\r\n"
        f"Message-ID: <first@example.org>\r\n\r\n{WORDS}\r\n"
    )
    kept, _is_new = accept(channel, raw.encode(), external_id="1", source="test")
    assert process(kept.pk).fate == "opened"


def fill_in_form(client: Client, channel: Channel) -> None:
    url = f"/forms/{channel.address}/"
    mark = re.search(r'name="mark" value="([^"]+)"', Client().get(url).text)[1]
    fields = {"name": "Leo Prado", "email": ADDRESS, "subject": SUBJECT, "message": WORDS}
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        assert Client().post(url, {**fields, "mark": mark}).status_code == 302


def log_call(client: Client, channel: Channel) -> None:
    fields = {
        "line": channel.pk, "direction": "in", "number": "+34600123456", "name": "Leo Prado",
        "email": ADDRESS, "subject": SUBJECT, "notes": WORDS, "status": "open",
        "token": "a-token-of-this-form",
    }  # fmt: skip
    assert client.post("/calls/new/", fields).status_code == 302


CASES = (
    Case("email", "support@example.com", write_mail),
    Case("webform", "contact", fill_in_form),
    Case("phone", "+34910000000", log_call, opened_by="agent", status="open"),
)


@pytest.fixture(params=CASES, ids=lambda case: case.kind)
def case(request, channel, team) -> Case:
    """`channel` is the mailbox by which every answer goes out."""
    cache.clear()
    create_default_surveys()
    case: Case = request.param
    Channel.objects.get_or_create(
        kind=case.kind,
        address=case.address,
        defaults={"name": case.kind.title(), "default_team": team},
    )
    return case


@pytest.fixture
def opened(case, agent_client) -> Ticket:
    case.opens(agent_client, Channel.objects.get(kind=case.kind))
    return Ticket.objects.get()


def test_every_channel_has_its_case():
    assert {case.kind for case in CASES} == set(settings.CHANNEL_ADAPTERS)


def test_in(case, opened, team):
    message = opened.messages.get()
    assert (opened.subject, opened.status, opened.team) == (SUBJECT, case.status, team)
    assert (opened.channel.kind, opened.requester.name) == (case.kind, "Leo Prado")
    assert (message.kind, message.text.strip()) == ("customer", WORDS)
    assert list(opened.events.order_by("version").values_list("kind", "actor_kind")) == [
        ("opened", case.opened_by),
        ("customer_message", case.opened_by),
    ]


def test_reply(case, opened, ana, channel):
    reply = reply_to_ticket(ticket=opened, by=ana, text="It comes tomorrow.")
    deliver_due()
    delivery = Delivery.objects.get(message=reply)
    assert (delivery.state, delivery.channel) == ("sent", channel)
    assert delivery.recipients == {"to": [ADDRESS], "cc": []}
    assert delivery.subject == f"Re: {SUBJECT}"
    opened.refresh_from_db()
    assert (opened.status, opened.assignee) == ("pending", ana)
    assert opened.events.last().kind == TicketEvent.Kind.REPLY_SENT


def test_resolve_asks_whether_it_is_solved(case, opened, ana):
    resolve_ticket(ticket=opened, by=ana)
    deliver_due()
    asked = Delivery.objects.get(message__asks_if_solved=True)
    assert (asked.state, asked.recipients["to"]) == ("sent", [ADDRESS])
    page, _query = re.search(r"http://127.0.0.1:8000(/t/[^?\s]+)(\?solved=no)", asked.text).groups()
    assert Client().post(f"{page}reopening/").status_code == 302
    opened.refresh_from_db()
    assert opened.status == "open"


def test_survey(case, opened, ana, channel):
    reply_to_ticket(ticket=opened, by=ana, text="It comes tomorrow.", status="resolved")
    send_due_invitations(now=timezone.now() + timedelta(days=2))
    deliver_due(bulk=True)
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.agent) == ("sent", ana)
    assert (invitation.delivery.state, invitation.delivery.channel) == ("sent", channel)
    answer = Client().post(f"/s/{invitation.token}/", {"score": 5, "comment": "Quick"})
    assert answer.status_code == 302
    assert Answer.objects.get().score == 5
    opened.refresh_from_db()
    assert opened.status == "resolved"


def test_the_customers_next_words_join_the_ticket(case, opened, ana, channel):
    reply_to_ticket(ticket=opened, by=ana, text="It comes tomorrow.")
    deliver_due()
    sent = Delivery.objects.get(purpose="reply")
    raw = (
        f"From: {ADDRESS}\r\nTo: {channel.address}\r\nSubject: {sent.subject}\r\n"
        f"In-Reply-To: {sent.rfc_message_id}\r\n\r\nThank you!\r\n"
    )
    kept, _is_new = accept(channel, raw.encode(), external_id="2", source="test")
    assert (process(kept.pk).fate, process(kept.pk).ticket) == ("added", opened)
    opened.refresh_from_db()
    assert opened.status == "open"


@pytest.mark.parametrize("kind", sorted(settings.CHANNEL_ADAPTERS))
def test_every_adapter_keeps_the_contract(kind):
    """It knows whom it writes to; nonsense raises `Unreadable`, what it cannot carry says why."""
    adapter = adapter_for(kind)
    assert adapter.address_kind
    outbound = Outbound(
        channel_address="support@example.com",
        channel_name="Support",
        channel_settings={},
        to=(Person("no address", kind=adapter.address_kind),),
    )
    with pytest.raises(DeliveryError) as refused:
        adapter.send(outbound)
    assert refused.value.permanent
    assert str(refused.value).endswith(".") or adapter.sends
    if not adapter.sends:
        with pytest.raises(Unreadable):
            adapter.parse(b"nonsense")


CORE = ("tickets", "surveys", "automation", "notifications", "reports", "customers", "accounts")
# Kinds of address have the names of kinds of channel: these may be told apart by address alone.
ADDRESS_KINDS = {"email", "phone"}


def test_the_core_knows_no_channel_by_name():
    """Outside tables, nothing in the core asks which kind a channel is."""
    kinds = set(settings.CHANNEL_ADAPTERS)
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _modules()
        for node in _questions(ast.parse(path.read_text()), kinds)
    ] == []


def _modules() -> Iterator[Path]:
    for app in CORE:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                yield path


def _questions(module: ast.Module, kinds: set[str]) -> Iterator[ast.expr]:
    tables = {id(key) for node in ast.walk(module) for key in _table_keys(node)}
    for node in ast.walk(module):
        if _is_name_of(node, kinds - ADDRESS_KINDS) and id(node) not in tables:
            yield node
        if isinstance(node, ast.Compare) and _asks_a_channel(node.left):
            yield from (other for other in node.comparators if _is_name_of(other, kinds))
        if isinstance(node, ast.Call) and "channel" in ast.unparse(node.func).lower():
            yield from (
                word.value
                for word in node.keywords
                if (word.arg or "").startswith("kind") and _is_name_of(word.value, kinds)
            )


def _table_keys(node: ast.AST) -> list[ast.expr | None]:
    return node.keys if isinstance(node, ast.Dict) else []


def _is_name_of(node: ast.AST, kinds: set[str]) -> bool:
    return isinstance(node, ast.Constant) and node.value in kinds


def _asks_a_channel(node: ast.expr) -> bool:
    return "channel" in (text := ast.unparse(node).lower()) and text.endswith("kind")


def test_the_table_of_the_settings_is_the_only_mention_of_an_adapter():
    paths = {path.rsplit(".", 2)[0] for path in settings.CHANNEL_ADAPTERS.values()}
    others = [path for path in _modules() if any(p in path.read_text() for p in paths)]
    assert others == []


@pytest.mark.parametrize(
    ("source", "is_seen"),
    [
        ("if ticket.channel.kind == 'email': pass", True),
        ("if 'webform' in kinds: pass", True),
        ("channels_visible_to(user).filter(kind='phone')", True),
        ("address_of(customer, 'email')", False),
        ("ICONS = {'webform': 'globe', 'email': 'mail'}", False),
    ],
)
def test_the_check_itself_sees_what_it_should(source, is_seen):
    assert bool(list(_questions(ast.parse(source), set(settings.CHANNEL_ADAPTERS)))) == is_seen
