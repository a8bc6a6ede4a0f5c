"""The socket of an agent's page: hints to it, and from it where its agent is."""

import asyncio
import json
import time
from importlib import import_module
from typing import Any

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from notifications.live.eyes import Eyes, Hint, eyes_of, sees
from notifications.live.hints import GROUP

LIFETIME = 600
# So old, at most, is what we know of the session and the rights when something is told.
KNOWN_FOR = 30
# A page is told at most once in so many seconds.
GATHER = 0.2
MESSAGES_A_MINUTE = 120
STATES = ("looking", "writing")
GONE, AGAIN, TOO_MUCH = 4401, 4000, 4429


class Workspace(AsyncJsonWebsocketConsumer):
    """To the page: `{"changed": [[ticket, version], …]}` and `{"ticket", "user", "name", "state"}`.

    From the page: `{"on": ticket or null, "state": "looking" or "writing"}`, again every ten
    seconds. What is not that ends the connection.
    """

    eyes: Eyes
    ticket: int | None = None
    state = "looking"

    async def connect(self) -> None:
        self.user = self.scope["user"]
        if not (self.user.is_authenticated and self.user.is_active):
            await self.close(GONE)
            return
        self.eyes = await database_sync_to_async(eyes_of)(self.user)
        self.changed: dict[int, int] = {}
        self.gathering: asyncio.Task[None] | None = None
        self.minute, self.heard = 0, 0
        self.looked_at = time.monotonic()
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()
        self.ending = asyncio.create_task(self._end())

    async def disconnect(self, code: int) -> None:
        for task in ("ending", "gathering"):
            if running := getattr(self, task, None):
                running.cancel()
        if hasattr(self, "eyes"):
            await self._go_to(None)
            await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def _end(self) -> None:
        await asyncio.sleep(LIFETIME)
        await self.close(AGAIN)

    async def _is_let_in(self) -> bool:
        """Whether the session still holds; whoever was signed out or shut out hears no more."""
        if time.monotonic() - self.looked_at < KNOWN_FOR:
            return True
        key = self.scope["session"].session_key
        sessions = import_module(settings.SESSION_ENGINE)
        user: Any = await get_user({"session": sessions.SessionStore(key)})
        if not (user.is_authenticated and user.is_active):
            await self.close(GONE)
            return False
        self.eyes = await database_sync_to_async(eyes_of)(user)
        self.user, self.looked_at = user, time.monotonic()
        return True

    # From the page

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **_options: Any
    ) -> None:
        place = None if self._is_too_much() else _place(text_data or "")
        if place is None:
            await self.close(TOO_MUCH)
            return
        if not await self._is_let_in():
            return
        ticket, state = place
        is_new = ticket != self.ticket
        if is_new:
            await self._go_to(ticket)
        self.state = state
        await self._say(state, ask=is_new)

    def _is_too_much(self) -> bool:
        minute = int(time.monotonic() // 60)
        self.heard = self.heard + 1 if minute == self.minute else 1
        self.minute = minute
        return self.heard > MESSAGES_A_MINUTE

    async def _go_to(self, ticket: int | None) -> None:
        """Leave the ticket one was at; come to another only if one may see it."""
        if self.ticket is not None:
            await self._say("gone")
            await self.channel_layer.group_discard(_room(self.ticket), self.channel_name)
        self.ticket = None
        if ticket is not None and await database_sync_to_async(sees)(self.user, ticket):
            self.ticket = ticket
            await self.channel_layer.group_add(_room(ticket), self.channel_name)

    async def _say(self, state: str, *, ask: bool = False) -> None:
        if self.ticket is None:
            return
        await self.channel_layer.group_send(
            _room(self.ticket),
            {
                "type": "presence",
                "ticket": self.ticket,
                "user": self.user.pk,
                "name": str(self.user),
                "state": state,
                "ask": ask,
                "by": self.channel_name,
            },
        )

    # To the page

    async def tickets_changed(self, message: dict[str, Any]) -> None:
        hints: list[Hint] = message["hints"]
        for hint in filter(self.eyes.see, hints):
            ticket = hint["ticket"]
            self.changed[ticket] = max(hint["version"], self.changed.get(ticket, 0))
        if self.changed and self.gathering is None:
            self.gathering = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        await asyncio.sleep(GATHER)
        told, self.changed, self.gathering = self.changed, {}, None
        if await self._is_let_in():
            await self.send_json({"changed": list(told.items())})

    async def presence(self, message: dict[str, Any]) -> None:
        if message["by"] == self.channel_name or message["ticket"] != self.ticket:
            return
        if not await self._is_let_in():
            return
        if message["user"] != self.user.pk:
            told = {name: message[name] for name in ("ticket", "user", "name", "state")}
            await self.send_json(told)
        if message["ask"]:
            await self._say(self.state)


def _place(text: str) -> tuple[int | None, str] | None:
    """What a page says about where its agent is; None for anything else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    ticket, state = content.get("on"), content.get("state")
    if not isinstance(state, str) or state not in STATES:
        return None
    return (ticket, state) if ticket is None or type(ticket) is int else None


def _room(ticket: int) -> str:
    return f"ticket.{ticket}"
