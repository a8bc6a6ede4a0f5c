"""The shared cache, with the process's own memory while the server is away.

What is cached here are limits and short-lived facts. Without the server they are counted per
process: nobody is locked out of the pages, and guessing stays slow.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = logging.getLogger(__name__)


class SharedCache(RedisCache):
    """Django's Redis cache; each call falls back to memory when the server cannot be reached."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("while-the-server-is-away", params)


def _with_memory(name: str) -> Callable[..., Any]:
    through = getattr(RedisCache, name)

    @wraps(through)
    def call(self: SharedCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return through(self, *args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError) as error:
            log.warning("cache is away: %s", error)
            return getattr(self._memory, name)(*args, **kwargs)

    return call


for _name in (
    "add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many",
    "delete_many", "clear",
):  # fmt: skip
    setattr(SharedCache, _name, _with_memory(_name))
