"""Mail that was made to do harm: each ends below five seconds, and the next one is read."""

import base64
import os
import time

import pytest

from messaging.email import guard
from messaging.email.errors import UnreadableMail
from messaging.email.guard import is_ordinary, parse_guarded
from messaging.email.tests.mails import mail, multipart, sections


def processor_seconds() -> float:
    """Of this process and its children: the clock on the wall also counts what others do."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def nested(depth: int) -> bytes:
    body = b"\r\nHi"
    for level in range(depth):
        edge = f"edge{level}"
        head = f'Content-Type: multipart/mixed; boundary="{edge}"\r\n\r\n'.encode()
        body = head + sections(body, boundary=edge)
    return mail().split(b"\r\n\r\n")[0] + b"\r\n" + body


def forwarded(times: int) -> bytes:
    raw = mail("Hi")
    for _ in range(times):
        raw = mail(raw, content_type="message/rfc822")
    return raw


REFUSED = {
    "parts in parts": (nested(200), "too_deep"),
    "very deep": (nested(3_000), "too_deep"),
    "ten thousand parts": (multipart(*["\r\nx"] * 10_000), "too_many_parts"),
    "too large": (mail(b"x" * 37_000_000), "too_large"),
    "headers without end": (b"X-A: b\r\n" * 200_000 + mail(), "headers_too_large"),
    "one header without end": (mail(x_a="b" * 2_000_000), "headers_too_large"),
    "nothing": (b"", "empty"),
    "blank": (b"\r\n \r\n", "empty"),
}


@pytest.mark.parametrize(("raw", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_mail_over_the_limits_is_refused(raw: bytes, code: str) -> None:
    started = processor_seconds()
    with pytest.raises(UnreadableMail) as refused:
        parse_guarded(raw, time_limit=60)
    assert refused.value.code == code
    assert processor_seconds() - started < 5


READ = {
    "references": mail(references=" ".join(f"<{n}@x>\r\n" for n in range(20_000)).rstrip()),
    "mails in mails": forwarded(300),
    "a long line": mail(b"x" * 900_000),
    "comments in addresses": mail(to="(" * 40_000 + ")" * 40_000 + " a@example.com"),
    "quotes in addresses": mail(to='"\\' * 30_000),
    "angles in addresses": mail(to="<" * 50_000),
    "addresses": mail(cc=",".join(f"a{n}@example.com" for n in range(5_000))),
    "encoded words": mail(subject="=?utf-8?q?" * 9_000),
    "parameters": mail(content_type="text/plain; " + "a=b; " * 20_000),
    "deep quotes": mail("".join(">" * n + " x\r\n" for n in range(1_300))),
    "long quotes": mail((">" * 2_000 + " x\r\n") * 400),
    "announcements": mail("On Mon, Jan 1, 2020 at 1:00 PM a\r\n" * 20_000),
    "heads": mail("From: a\r\nSent: b\r\n" * 30_000),
    "boundaries": mail("--edgex\r\n" * 400_000, content_type="multipart/mixed; boundary=edge"),
    "beginnings": mail("begin 644 x\r\n" * 60_000 + "end\r\n"),
    "deep html": mail("<div>" * 150_000 + "Hi", content_type="text/html"),
    "unclosed tags": mail("<b>" * 200_000 + "Hi", content_type="text/html"),
    "open brackets": mail("<" * 800_000, content_type="text/html"),
    "unknown charsets": mail(subject=" ".join(f"=?x-{n}?q?a=FF?=" for n in range(9_000))),
    "quotes in quotes": mail("<blockquote>" * 4_000 + "Hi", content_type="text/html"),
    "quoted containers": mail(
        '<div class="protonmail_quote">a<blockquote>b</blockquote>' * 3_000 + "Hi",
        content_type="text/html",
    ),
    "legal words": mail("\n\n".join(["Hi", *["this message is confidential " * 40] * 700])),
    "devices": mail("Hi\n\n" + "Sent from my iPhone\n\n" * 30_000),
    "checks of senders": mail(authentication_results="x; " + "dkim=pass (a; " * 50_000),
    "comments in the sender": mail(**{"from": "(" * 40_000 + ")" * 40_000 + " ana@example.com"}),
    "many bounces": mail(
        sections(
            "\r\nfailed",
            "Content-Type: message/delivery-status\r\n\r\n"
            + "Final-Recipient: rfc822;a@example.com\r\nAction: failed\r\n\r\n" * 15_000,
        ),
        content_type="multipart/report; boundary=edge; report-type=delivery-status",
    ),
}


@pytest.mark.parametrize("raw", READ.values(), ids=READ.keys())
def test_strange_mail_is_read_in_time(raw: bytes) -> None:
    started = processor_seconds()
    parsed = parse_guarded(raw, time_limit=60)
    assert processor_seconds() - started < 5
    assert parsed.sender.value == "ana@example.com"


def test_references_are_capped_and_the_nearest_kept() -> None:
    parsed = parse_guarded(READ["references"], time_limit=60)
    assert len(parsed.references) == 100
    assert parsed.references[-1] == "<19999@x>"


def test_large_files_come_through_the_child() -> None:
    content = bytes(range(256)) * 8_000
    raw = multipart(
        "\r\nSee",
        b"Content-Type: application/x-a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content),
    )
    assert not is_ordinary(raw)
    assert parse_guarded(raw, time_limit=60).attachments[0].content == content


def test_ordinary_mail_needs_no_child() -> None:
    assert is_ordinary(mail("Hello\r\n" * 200))


def test_a_mail_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "parse_mail", lambda *_args, **_options: time.sleep(30))
    with pytest.raises(UnreadableMail) as refused:
        parse_guarded(mail(b"x" * 300_000), time_limit=0.2)
    assert refused.value.code == "too_slow"


def test_a_mail_that_eats_the_memory_ends_only_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "parse_mail", lambda *_args, **_options: bytearray(2**30))
    with pytest.raises(UnreadableMail) as refused:
        parse_guarded(mail(b"x" * 300_000))
    assert refused.value.code == "too_much_memory"


@pytest.mark.parametrize("size", [10, 300_000], ids=["here", "child"])
def test_what_nobody_foresaw_is_unreadable_too(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise KeyError("unforeseen")

    monkeypatch.setattr(guard, "parse_mail", fail)
    with pytest.raises(UnreadableMail) as refused:
        parse_guarded(mail(b"x" * size))
    assert refused.value.code == "broken"
