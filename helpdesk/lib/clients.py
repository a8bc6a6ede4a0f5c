"""Who is at the other end of a request."""

import ipaddress
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """The IP address of the visitor, or "unknown"; never anything but an address.

    X-Forwarded-For is believed only behind our own proxy, and then only its last entry: the one
    that the proxy wrote itself.
    """
    return _address(_claimed(request.META))


def client_network(request: HttpRequest) -> str:
    """What to count requests by: the IPv4 address, or the /64 that one IPv6 customer owns."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def _claimed(meta: Mapping[str, str]) -> str:
    direct = meta.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return direct
    return meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2] or direct


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return UNKNOWN
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).compressed
