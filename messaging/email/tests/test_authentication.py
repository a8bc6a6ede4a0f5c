"""Authentication-Results: only what a trusted server wrote on top is believed."""

# ruff: noqa: E501 - header lines stay on their line

import time

import pytest

from messaging.email.authentication import (
    claimed_results,
    is_forged,
    trusted_results,
    trusted_servers,
)
from messaging.email.headers import split_headers

OURS = "mx.example.net"


def results(head: str, *servers: str) -> dict[str, str]:
    headers, _ = split_headers(head.replace("\n", "\r\n").encode() + b"\r\n\r\nHi")
    return trusted_results(claimed_results(headers), servers or (OURS,))


def test_it_works() -> None:
    assert results(
        f"Authentication-Results: {OURS};\n spf=pass (ours; spf=fail) smtp.mailfrom=a@example.com;\n"
        ' dkim=fail reason="x; dmarc=fail" header.d=other.example;\n dkim=pass header.d=example.com;\n'
        " dmarc=pass (p=REJECT) header.from=example.com"
    ) == {"spf": "pass", "dkim": "pass", "dmarc": "pass"}


def test_filters_of_one_server_add_up() -> None:
    head = (
        f"Authentication-Results: {OURS}; dmarc=fail\nDKIM-Filter: x\n"
        f"Authentication-Results: {OURS} 1; dkim=none\nReceived-SPF: none\n"
        f"Authentication-Results: {OURS}; spf=softfail"
    )
    assert results(head) == {"dmarc": "fail", "dkim": "none", "spf": "softfail"}


FORGED = {
    "another server": "Authentication-Results: mx.evil.example; dmarc=pass",
    "below what brought it": (
        "Authentication-Results: mx.evil.example; spf=pass\nReceived: from evil\n"
        f"Authentication-Results: {OURS}; dmarc=pass"
    ),
    "named in a comment": f"Authentication-Results: mx.evil.example ({OURS}); dmarc=pass",
    "no server": "Authentication-Results: dmarc=pass",
}


@pytest.mark.parametrize("head", FORGED.values(), ids=FORGED.keys())
def test_what_came_with_the_mail_is_not_believed(head: str) -> None:
    assert results(head) == {}


def test_the_topmost_result_wins() -> None:
    head = f"Authentication-Results: {OURS}; dmarc=fail\nAuthentication-Results: {OURS}; dmarc=pass"
    assert results(head) == {"dmarc": "fail"}


def test_a_server_that_names_nobody_is_known_by_its_provider() -> None:
    servers = trusted_servers({"imap_host": "outlook.office365.com"})
    head = "Authentication-Results: spf=pass (x) smtp.mailfrom=a; dkim=pass; dmarc=pass action=none"
    assert results(head, *servers) == {"spf": "pass", "dkim": "pass", "dmarc": "pass"}


def test_an_administrator_names_the_servers() -> None:
    assert trusted_servers({"trusted_servers": "MX.example.net, b.example"}) == (
        "mx.example.net",
        "b.example",
    )
    assert trusted_servers({"imap_host": "imap.gmail.com"}) == ("mx.google.com",)
    assert trusted_servers({}) == ()


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        ({}, False),
        ({"dmarc": "pass", "spf": "fail"}, False),
        ({"dmarc": "fail", "spf": "pass"}, True),
        ({"dmarc": "none", "spf": "fail", "dkim": "none"}, True),
        ({"spf": "fail", "dkim": "pass"}, False),
        ({"spf": "softfail", "dkim": "none"}, False),
        ({"spf": "none", "dkim": "fail"}, True),
    ],
)
def test_who_is_a_forger(said: dict[str, str], is_so: bool) -> None:
    assert is_forged(said) is is_so


@pytest.mark.parametrize("piece", ["(", ")", '"', ";", "dkim=", "a;(", '\\"'])
def test_strange_headers_are_read_in_time(piece: str) -> None:
    head = "Authentication-Results: x; " + piece * (900_000 // len(piece))
    started = time.process_time()
    results(head, "x")
    assert time.process_time() - started < 1
