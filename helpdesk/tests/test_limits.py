"""Whose address is believed, and how often somebody may do something."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from helpdesk.lib.clients import client_address, client_network
from helpdesk.lib.limits import Limit, Use, seconds_to_wait


def request(**meta):
    return RequestFactory().get("/", **meta)


@pytest.mark.parametrize(
    ("behind_proxy", "direct", "forwarded", "address"),
    [
        (False, "203.0.113.7", "", "203.0.113.7"),
        (False, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (True, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (True, "10.0.0.1", "<script>", "unknown"),
        (False, "", "", "unknown"),
        (False, "::ffff:203.0.113.7", "", "203.0.113.7"),
    ],
)
def test_the_address_of_a_visitor(settings, behind_proxy, direct, forwarded, address):
    settings.BEHIND_PROXY = behind_proxy
    meta = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(request(REMOTE_ADDR=direct, **meta)) == address


def test_one_owner_of_many_ipv6_addresses_is_one_visitor(settings):
    networks = {
        client_network(request(REMOTE_ADDR=f"2001:db8:1:2::{n}")) for n in ("1", "beef", "ffff")
    }
    assert networks == {"2001:db8:1:2::/64"}


def test_the_one_too_many_waits_until_the_window_ends():
    cache.clear()
    three = Limit("test", most=3, seconds=60)
    waits = [seconds_to_wait([Use(three, "a")], now=125.0) for _try in range(4)]
    assert waits == [0, 0, 0, 55]
    assert seconds_to_wait([Use(three, "b")], now=125.0) == 0
    assert seconds_to_wait([Use(three, "a")], now=180.0) == 0


def test_amounts_are_added_up():
    cache.clear()
    megabytes = Limit("test.mb", most=10, seconds=60)
    assert seconds_to_wait([Use(megabytes, "a", amount=9)], now=0.0) == 0
    assert seconds_to_wait([Use(megabytes, "a", amount=2)], now=0.0) == 60
