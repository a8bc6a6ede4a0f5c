"""Where the socket is, and who gets to it: a session of this site, from a page of this site."""

from typing import Any, cast

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from notifications.live.consumers import Workspace


async def _refuse(_scope: Any, receive: Any, send: Any) -> None:
    """No such socket: said in the protocol, not by an error in the log."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


# Typed for HTTP views only.
_sockets: list[Any] = [path("ws/", Workspace.as_asgi()), path("<path:any>", cast("Any", _refuse))]
application = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(_sockets)))
