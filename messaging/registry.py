"""Channel kinds and the code that talks to them."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.adapters import Adapter


@cache
def adapter_for(kind: str) -> Adapter:
    """The adapter of a channel kind; raises `KeyError` for one that is not installed."""
    adapter: Adapter = import_string(settings.CHANNEL_ADAPTERS[kind])()
    return adapter
