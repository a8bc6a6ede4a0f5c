"""The socket: who hears what, and what it makes of nonsense."""

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from helpdesk.asgi import application
from helpdesk.testing.processes import wait_for
from notifications.live import consumers, hints
from notifications.live.eyes import eyes_of, hint_of
from notifications.live.hints import GROUP
from tickets.models import TicketEvent
from tickets.services import add_note, assign_ticket

pytestmark = pytest.mark.django_db(transaction=True)

QUIET = 0.4
"""Seconds after which nothing more is expected."""


@pytest.fixture(autouse=True)
def hinted(monkeypatch):
    """The hints of this process, kept: another loop would send them."""
    given: list[Any] = []
    monkeypatch.setattr(hints, "_give", given.append)
    return given


def cookie_of(user) -> bytes:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}".encode()


class Socket(ApplicationCommunicator):
    """A page's end of the socket (ASGI WebSocket, version 2.3)."""

    let_in = False

    async def connect(self) -> None:
        await self.send_input({"type": "websocket.connect"})
        self.let_in = (await self.receive_output())["type"] == "websocket.accept"

    async def say(self, content: Any) -> None:
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})

    async def hears(self) -> Any:
        return json.loads((await self.receive_output())["text"])


@asynccontextmanager
async def socket_of(cookie: bytes = b"", origin: bytes = b"http://testserver", path: str = "/ws/"):
    headers = [(b"host", b"testserver"), (b"origin", origin), (b"cookie", cookie)]
    scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b""}
    socket = Socket(application, scope)
    await socket.connect()
    try:
        yield socket
    finally:
        if socket.let_in:
            await socket.send_input({"type": "websocket.disconnect", "code": 1000})
            await socket.wait()


async def hint(*given) -> None:
    message = {"type": "tickets.changed", "hints": list(given)}
    await get_channel_layer().group_send(GROUP, message)


def run(scene) -> None:
    asyncio.run(scene())


def test_it_works(ana, mia, ticket, hinted):
    cookies = cookie_of(ana), cookie_of(mia)
    add_note(ticket=ticket, by=mia, text="x")

    async def scene():
        async with socket_of(cookies[0]) as here, socket_of(cookies[1]) as there:
            await hint(*hinted[:1])
            await hint(*hinted[1:])
            told = {"changed": [[ticket.pk, hinted[-1]["version"]]]}
            assert await here.hears() == told
            assert await there.hears() == told
            assert await here.receive_nothing(QUIET)

    run(scene)


def test_a_hint_says_nothing_but_the_number(ticket, ana, hinted):
    add_note(ticket=ticket, by=ana, text="Secret words")
    assert {"Secret", "Dora"}.isdisjoint(str(hinted).split())
    assert hinted[-1]["ticket"] == ticket.pk


def test_who_does_not_see_a_ticket_is_not_told(bruno, ticket, ana, hinted):
    cookie = cookie_of(bruno)
    add_note(ticket=ticket, by=ana, text="x")

    async def scene():
        async with socket_of(cookie) as socket:
            await hint(hinted[-1])
            assert await socket.receive_nothing(QUIET)

    run(scene)


def test_whoever_loses_a_ticket_is_told_that_it_went(ticket, ana, bruno, billing, hinted):
    assign_ticket(ticket=ticket, by=ana, assignee=None, team=billing)
    moved = [given for given in hinted if billing.pk in given["teams"]]
    assert moved
    assert all(eyes_of(user).see(moved[0]) for user in (ana, bruno))


@pytest.mark.parametrize("access", ["all", "teams", "assigned"])
def test_eyes_see_what_the_selector_shows(access, ticket, ana, bruno, team, billing):
    from tickets.selectors import tickets_visible_to

    for assignee, given_team in ((None, team), (None, billing), (None, None), (bruno, team)):
        ticket.assignee, ticket.team = assignee, given_team
        ticket.save()
        event = TicketEvent.objects.filter(ticket=ticket).select_related("ticket").first()
        for user in (ana, bruno):
            user.access = access
            user.save()
            shown = tickets_visible_to(user).filter(pk=ticket.pk).exists()
            assert eyes_of(user).see(hint_of(event)) == shown


@pytest.mark.parametrize("who", ["nobody", "left"])
def test_without_a_session_there_is_no_socket(ana, who):
    cookie = cookie_of(ana) if who == "left" else b"sessionid=guessed"
    if who == "left":
        ana.is_active = False
        ana.save()

    async def scene():
        async with socket_of(cookie) as socket:
            assert not socket.let_in

    run(scene)


@pytest.mark.parametrize(
    ("origin", "path"), [(b"https://evil.example", "/ws/"), (b"http://testserver", "/ws/other/")]
)
def test_other_sites_and_other_addresses_get_no_socket(ana, origin, path):
    cookie = cookie_of(ana)

    async def scene():
        async with socket_of(cookie, origin=origin, path=path) as socket:
            assert not socket.let_in

    run(scene)


def test_two_at_one_ticket_see_each_other(ana, mia, ticket):
    cookies = cookie_of(ana), cookie_of(mia)

    async def scene():
        async with socket_of(cookies[0]) as here:
            await here.say({"on": ticket.pk, "state": "looking"})
            async with socket_of(cookies[1]) as there:
                await there.say({"on": ticket.pk, "state": "looking"})
                mia_is = {"ticket": ticket.pk, "user": mia.pk, "name": "Mia Weber"}
                assert await here.hears() == {**mia_is, "state": "looking"}
                assert (await there.hears())["name"] == "Ana Ruiz"
                await there.say({"on": ticket.pk, "state": "writing"})
                assert (await here.hears())["state"] == "writing"
            assert await here.hears() == {**mia_is, "state": "gone"}

    run(scene)


def test_who_may_not_see_a_ticket_neither_sees_nor_is_seen_there(ana, bruno, ticket):
    cookies = cookie_of(ana), cookie_of(bruno)

    async def scene():
        async with socket_of(cookies[0]) as here, socket_of(cookies[1]) as there:
            await here.say({"on": ticket.pk, "state": "writing"})
            await there.say({"on": ticket.pk, "state": "looking"})
            assert await there.receive_nothing(QUIET)
            assert await here.receive_nothing(QUIET)

    run(scene)


@pytest.mark.parametrize(
    "nonsense",
    ["", "{", "[]", "7", '{"on": "1"}', '{"on": true}', '{"on": 1.5}', '{"on": 1, "state": "x"}',
     '{"on": 1, "state": ["looking"]}', "[" * 4000],
)  # fmt: skip
def test_nonsense_ends_the_connection(ana, nonsense):
    cookie = cookie_of(ana)

    async def scene():
        async with socket_of(cookie) as socket:
            await socket.send_input({"type": "websocket.receive", "text": nonsense})
            assert (await socket.receive_output())["type"] == "websocket.close"

    run(scene)


def test_a_number_that_is_no_ticket_is_nowhere(ana):
    cookie = cookie_of(ana)

    async def scene():
        async with socket_of(cookie) as socket:
            for number in (0, -1, 2**70, None):
                await socket.say({"on": number, "state": "looking"})
            assert await socket.receive_nothing(QUIET)

    run(scene)


def test_who_talks_too_much_is_shown_out(ana, monkeypatch):
    monkeypatch.setattr(consumers, "MESSAGES_A_MINUTE", 5)
    cookie = cookie_of(ana)

    async def scene():
        async with socket_of(cookie) as socket:
            for _n in range(11):
                await socket.say({"on": None, "state": "looking"})
            assert (await socket.receive_output())["code"] == consumers.TOO_MUCH

    run(scene)


@pytest.mark.parametrize("end", ["signed out", "shut out", "new password"])
def test_whoever_is_out_hears_no_more(ana, ticket, monkeypatch, hinted, end):
    monkeypatch.setattr(consumers, "KNOWN_FOR", 0)
    cookie = cookie_of(ana)
    add_note(ticket=ticket, by=ana, text="x")

    def leave() -> None:
        if end == "signed out":
            Session.objects.all().delete()
        elif end == "shut out":
            ana.is_active = False
        else:
            ana.set_password("another correct horse")
        ana.save()

    async def scene():
        async with socket_of(cookie) as socket:
            await hint(hinted[-1])
            assert "changed" in await socket.hears()
            await database_sync_to_async(leave)()
            await hint(hinted[-1])
            assert (await socket.receive_output())["code"] == consumers.GONE

    run(scene)


def test_rights_are_looked_at_again_after_a_while(ana, monkeypatch):
    monkeypatch.setattr(consumers, "LIFETIME", 0.05)
    cookie = cookie_of(ana)

    async def scene():
        async with socket_of(cookie) as socket:
            assert (await socket.receive_output())["code"] == consumers.AGAIN

    run(scene)


def test_without_a_broker_nothing_breaks(settings, monkeypatch, caplog):
    monkeypatch.setattr(hints, "GATHER", 0)
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": ["unix:///nowhere/redis.sock"]},
        }
    }
    messenger = hints.Messenger()
    given = {"ticket": 1, "version": 1, "teams": [], "users": []}
    for _round in range(3):
        for _n in range(hints.WAITING + 5):
            messenger.give(given)
        wait_for(lambda: not messenger.waiting and messenger.is_cut_off, what="the hints to go")
    messenger.loop.call_soon_threadsafe(messenger.loop.stop)
    assert caplog.text.count("live hints are not given") == 1


def test_what_happens_at_once_goes_out_together(monkeypatch):
    sent: list[Any] = []

    class Layer:
        async def group_send(self, group: str, message: Any) -> None:
            sent.append((group, message))

    monkeypatch.setattr(hints, "get_channel_layer", Layer)
    messenger = hints.Messenger()
    given = [{"ticket": n, "version": 1, "teams": [], "users": []} for n in range(50)]
    for hint in given:
        messenger.give(hint)
    wait_for(lambda: sent, what="the hints to go")
    messenger.loop.call_soon_threadsafe(messenger.loop.stop)
    assert sent == [(GROUP, {"type": "tickets.changed", "hints": given})]
