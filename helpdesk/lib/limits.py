"""How often somebody may do something, counted in the shared cache by all web processes."""

import hashlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import ngettext
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `most` of something in `seconds`; `name` keeps the counters apart."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Use:
    """`amount` of what `limit` counts, done by `who`."""

    limit: Limit
    who: str
    amount: int = 1


def seconds_to_wait(uses: Iterable[Use], *, now: float | None = None) -> int:
    """Count the uses; 0 when all are within their limits, else the seconds until they may be.

    Fixed windows: an address may do at most twice `most` across a border. Without the cache
    nothing is counted and nobody is kept out.
    """
    now = time.time() if now is None else now
    try:
        return max((_wait(use, now) for use in uses), default=0)
    except (RedisError, OSError) as error:
        log.warning("limits are not counted: %s", error)
        return 0


def try_again_in(seconds: int) -> str:
    """The sentence for who has to wait."""
    minutes = -(-seconds // 60)
    return ngettext(
        "Please send this one in a minute.", "Please send this one in %(n)d minutes.", minutes
    ) % {"n": minutes}


def _wait(use: Use, now: float) -> int:
    limit = use.limit
    window, passed = divmod(int(now), limit.seconds)
    # A digest: no e-mail address stands readable in the cache.
    who = hashlib.sha256(use.who.encode()).hexdigest()[:32]
    key = f"limit:{limit.name}:{who}:{window}"
    cache.add(key, 0, timeout=limit.seconds + 60)
    try:
        count = cache.incr(key, use.amount)
    except ValueError:
        return 0  # evicted in between
    return limit.seconds - passed if count > limit.most else 0
