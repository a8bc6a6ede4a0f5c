"""Whether somebody waits at a mailbox just now: then the sweep need not ask its server."""

from django.core.cache import cache

MARK_SECONDS = 60
"""How often whoever waits says so again; the mark itself outlives one missed time."""


def is_watched(channel_id: int) -> bool:
    return bool(cache.get(_key(channel_id)))


def note_watched(channel_id: int) -> None:
    cache.set(_key(channel_id), True, 2 * MARK_SECONDS)


def forget_watched(channel_id: int) -> None:
    cache.delete(_key(channel_id))


def _key(channel_id: int) -> str:
    return f"mailbox-watched:{channel_id}"
