"""Our mails as others read them: parsed back by the standard library."""

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest

from customers.addresses import InvalidAddress
from messaging.adapters import Outbound
from messaging.email.compose import TooManyRecipients, compose, envelope_recipients
from messaging.email.marks import is_our_mark
from tickets.inbound import InboundAttachment, Person

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def outbound(**fields: object) -> Outbound:
    return Outbound(
        **{
            "channel_address": "support@example.com",
            "channel_name": "Support",
            "channel_settings": {},
            "to": (Person("dora@example.net", "Dora Gil"),),
            "subject": "Re: Where is it?",
            "text": "It comes tomorrow.\n",
            "message_id": "<1.ticket@example.com>",
            **fields,
        }
    )


def read(**fields: object) -> EmailMessage:
    raw = compose(outbound(**fields), at=AT).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return email.message_from_bytes(raw, policy=default)


def test_it_works():
    mail = read(
        sender_name="Ana Ruiz",
        html="<p>It comes tomorrow.</p>",
        in_reply_to="<first@example.net>",
        references=("<first@example.net>", "<second@example.net>"),
        headers={"List-Unsubscribe": "<https://example.com/u/1>"},
    )
    assert mail["From"] == '"Ana Ruiz (Support)" <support@example.com>'
    assert mail["To"] == "Dora Gil <dora@example.net>"
    assert mail["Subject"] == "Re: Where is it?"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<1.ticket@example.com>"
    assert mail["In-Reply-To"] == "<first@example.net>"
    assert mail["References"] == "<first@example.net> <second@example.net>"
    assert mail["List-Unsubscribe"] == "<https://example.com/u/1>"
    assert mail["Auto-Submitted"] is None
    assert is_our_mark(mail["X-Helpdesk-Delivery"])
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().strip() == "It comes tomorrow."
    assert "<p style=" in mail.get_body(("html",)).get_content()


def test_a_mail_without_html_is_plain():
    assert read().get_content_type() == "text/plain"


def test_automatic_mail_says_so():
    mail = read(is_automatic=True)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Support <support@example.com>"


INJECTIONS = [
    "x\r\nBcc: evil@example.org",
    "x\nBcc: evil@example.org",
    "x\rBcc: e@e",
    "x\u2028Bcc: e",
]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("field", ["subject", "sender_name", "channel_name"])
def test_no_text_makes_a_header(field, text):
    mail = read(**{field: text})
    assert mail["Bcc"] is None
    assert len(mail.keys()) == len(set(mail.keys()))


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_name_id_header_or_file_makes_a_header(text):
    mail = read(
        to=(Person("dora@example.net", text),),
        in_reply_to=f"<{text}>",
        references=(f"<{text}>",),
        headers={"X-Note": text, text: "x", "Bcc": "evil@example.org", "From": "evil@example.org"},
        attachments=(InboundAttachment(text, f"image/png{text}", b"x", content_id=text),),
    )
    assert mail["Bcc"] is None
    assert mail["In-Reply-To"] is None
    assert mail["From"] == "Support <support@example.com>"
    assert [a.get_content_type() for a in mail.iter_attachments()] == ["application/octet-stream"]
    assert all(part["Bcc"] is None for part in mail.walk())


@pytest.mark.parametrize(
    "name",
    [
        "Pérez, Dóra; evil@example.org",
        'Dora "the, boss" \\ Gil',
        "=?utf-8?q?x=0D=0ABcc=3A_e?=",
        "Ñ" * 150,
        "a, b <c@example.org>",
    ],
)
def test_a_name_stays_one_recipient(name):
    mail = read(to=(Person("dora@example.net", name), Person("leo@example.org")))
    assert [a.addr_spec for a in mail["To"].addresses] == ["dora@example.net", "leo@example.org"]
    # Python reads a space between two encoded words of a name; RFC 2047 (6.2) says there is none.
    assert mail["To"].addresses[0].display_name.replace("Ñ Ñ", "ÑÑ") == name


@pytest.mark.parametrize(
    "address",
    [
        "dora@example.net\r\nBcc: e@e.org",
        "dora@example.net, evil@example.org",
        '["a@b.c"]',
        "dora@example.net>",
        "a b@example.net",
        "x\x00@example.net",
        "",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InvalidAddress):
        compose(outbound(cc=(Person(address),)))


def test_ten_thousand_in_copy_are_refused():
    many = tuple(Person(f"p{n}@example.org") for n in range(10_000))
    with pytest.raises(TooManyRecipients):
        compose(outbound(cc=many))


def test_bcc_is_in_the_envelope_only():
    message = outbound(bcc=(Person("quiet@example.org"),), cc=(Person("Dora@example.net"),))
    assert envelope_recipients(message) == ["dora@example.net", "quiet@example.org"]
    assert b"quiet" not in compose(message).as_bytes()


def test_a_domain_with_other_letters_is_written_in_ascii():
    assert envelope_recipients(outbound(to=(Person("leo@exämple.org"),))) == [
        "leo@xn--exmple-cua.org"
    ]


def test_files_go_as_downloads_and_images_of_the_text_stay_in_place():
    mail = read(
        html='<p><img src="cid:logo"></p>',
        attachments=(
            InboundAttachment("señal, 1.html", "text/html; charset=x", b"<script>"),
            InboundAttachment("logo.png", "image/png", b"PNG", "logo", is_inline=True),
            InboundAttachment("mail.eml", "message/rfc822", b"From: a@b\r\n\r\nx"),
        ),
    )
    files = [(f.get_filename(), f.get_content_type()) for f in mail.iter_attachments()]
    assert files == [
        ("señal, 1.html", "application/octet-stream"),
        ("mail.eml", "application/octet-stream"),
    ]
    image = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert image["Content-ID"] == "<logo>"
    assert image.get_content() == b"PNG"


def test_the_same_delivery_has_the_same_id_each_time():
    assert read()["Message-ID"] == read()["Message-ID"]


def test_the_frame_shows_brand_colour_and_unsubscribing():
    mail = read(
        html="<p>Hola</p>",
        language="es",
        channel_settings={"brand_name": "Acme & <b>", "brand_color": "#123abc"},
        headers={"List-Unsubscribe": "<https://example.com/u/1>"},
    )
    page = mail.get_body(("html",)).get_content()
    assert '<html lang="es">' in page
    assert "Acme &amp; &lt;b&gt;" in page
    assert "#123abc" in page
    assert "https://example.com/u/1" in page
    assert "prefers-color-scheme" in page


@pytest.mark.parametrize("color", ["red;} body{display:none", "url(http://x)", "#12", None])
def test_a_colour_is_only_a_colour(color):
    page = read(html="<p>x</p>", channel_settings={"brand_color": color}).get_body(("html",))
    assert "display:none" not in page.get_content()
    assert "url(" not in page.get_content()
