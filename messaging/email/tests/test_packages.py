"""What programs wrap around a mail: Outlook's package, invitations, signatures, encryption."""

# ruff: noqa: E501 - a row of a table stays on its line

import base64
import struct
import time

import pytest

from messaging.email.guard import parse_guarded
from messaging.email.parse import parse_mail
from messaging.email.rtf import rtf_text
from messaging.email.tests.mails import mail, multipart
from messaging.email.tnef import read_tnef

PDF = b"%PDF-1.4 \x00\xff" * 300


def attribute(level: int, name: int, data: bytes) -> bytes:
    return (
        struct.pack("<BHHI", level, name, 6, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def properties(*rows: tuple[int, int, bytes]) -> bytes:
    """MAPI properties of variable length."""
    content = struct.pack("<I", len(rows))
    for kind, identity, value in rows:
        padding = b"\0" * (-len(value) % 4)
        content += struct.pack("<HHII", kind, identity, 1, len(value)) + value + padding
    return content


def named_first(content: bytes) -> bytes:
    """With a named property and numbers before the others, as Outlook has dozens of."""
    named = (
        struct.pack("<HH", 0x1F, 0x8001)
        + b"\1" * 16
        + struct.pack("<II", 1, 6)
        + "ab\0".encode("utf-16-le")
        + b"\0\0"
    )
    named += struct.pack("<II", 1, 4) + "x\0".encode("utf-16-le")
    several = struct.pack("<HHIII", 0x1003, 0x0E01, 2, 7, 8)
    number, moment = struct.pack("<HHI", 0x3, 0x0E02, 5), struct.pack("<HHQ", 0x40, 0x0039, 9)
    count = struct.unpack_from("<I", content)[0]
    return struct.pack("<I", count + 4) + named + several + number + moment + content[4:]


def wide(text: str) -> bytes:
    return f"{text}\0".encode("utf-16-le")


def stream(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


FILE = (
    attribute(2, 0x9002, b"\0" * 14)
    + attribute(2, 0x8010, b"RECHNU~1.PDF\0")
    + attribute(2, 0x800F, PDF)
)
NAMED = attribute(
    2,
    0x9005,
    named_first(
        properties(
            (0x1F, 0x3707, wide("Rechnung März.pdf")),
            (0x1F, 0x370E, wide("application/pdf")),
            (0x1F, 0x3712, wide("cid1@x")),
        )
    ),
)
WORDS = attribute(
    1,
    0x9003,
    named_first(
        properties(
            (0x1F, 0x1000, wide("Bitte prüfen.")), (0x102, 0x1013, b"<p>Bitte pr&uuml;fen.</p>")
        )
    ),
)


def packed(
    content: bytes, *before: str, name: str = "winmail.dat", kind: str = "application/ms-tnef"
) -> bytes:
    part = f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return multipart(*before, part.encode() + base64.encodebytes(content))


def test_it_works() -> None:
    parsed = parse_mail(packed(stream(WORDS, FILE, NAMED), "\r\nHello"))
    assert parsed.text == "Hello"
    [file] = parsed.attachments
    assert (file.name, file.content_type, file.content) == (
        "Rechnung März.pdf",
        "application/pdf",
        PDF,
    )
    assert file.content_id == "cid1@x"


def test_its_words_count_where_the_mail_has_none() -> None:
    parsed = parse_mail(packed(stream(WORDS, FILE)))
    assert parsed.reply_text == "Bitte prüfen."
    assert "prüfen" in parsed.html
    assert [file.name for file in parsed.attachments] == ["RECHNU~1.PDF"]


def test_it_is_known_by_its_name_too() -> None:
    parsed = parse_mail(packed(stream(FILE, NAMED), kind="application/octet-stream"))
    assert [file.name for file in parsed.attachments] == ["Rechnung März.pdf"]


def test_a_message_inside_gives_its_files() -> None:
    inner = properties((0xD, 0x3701, b"\7" * 16 + stream(WORDS, FILE, NAMED)))
    outer = stream(FILE, attribute(2, 0x9002, b"\0" * 14), attribute(2, 0x9005, inner))
    assert [f.name for f in parse_mail(packed(outer)).attachments] == [
        "Rechnung März.pdf",
        "RECHNU~1.PDF",
    ]


def test_what_is_no_package_stays_a_file() -> None:
    assert [f.name for f in parse_mail(packed(b"anything")).attachments] == ["winmail.dat"]


# The example of the format's own description.
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
    "0af32068656c090020627705b06c647d0a800fa0"
)


def plain_rtf(rtf: bytes) -> bytes:
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


def test_rich_text_is_unpacked() -> None:
    assert rtf_text(PACKED) == "hello world"


RICH = [
    (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 One\par Two\line Three}", "One\nTwo\nThree"),
    (rb"{\rtf1\ansicpg1252 A\'f1o \u8364? \{x\}}", "Año € {x}"),
    (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
    (
        rb"{\rtf1\fromhtml1{\*\htmltag64 <p>}Hello {\*\htmltag84 <b>}you\htmlrtf\par\htmlrtf0}",
        "Hello you",
    ),
    (b"nothing", "nothing"),
]


@pytest.mark.parametrize(("rtf", "text"), RICH)
def test_rich_text_is_read(rtf: bytes, text: str) -> None:
    assert rtf_text(plain_rtf(rtf)) == text


def test_rich_text_counts_where_there_is_nothing_else() -> None:
    words = attribute(1, 0x9003, properties((0x102, 0x1009, PACKED)))
    assert parse_mail(packed(stream(words, FILE))).reply_text == "hello world"


@pytest.mark.parametrize("cut", range(0, 50, 3))
def test_rich_text_cut_short_is_no_harm(cut: int) -> None:
    assert len(rtf_text(PACKED[:cut])) < 50


@pytest.mark.parametrize("piece", [b"{", b"}", b"\\", b"\\'", b"\\u9", b"{\\*"])
def test_strange_rich_text_is_read_in_time(piece: bytes) -> None:
    started = time.process_time()
    rtf_text(plain_rtf(piece * (900_000 // len(piece))))
    assert time.process_time() - started < 4


@pytest.mark.parametrize("cut", range(0, 700, 7))
def test_a_package_cut_short_is_read_so_far(cut: int) -> None:
    read_tnef(stream(WORDS, FILE, NAMED)[:cut])


BOMBS = {
    "lengths": stream(
        attribute(1, 0x9003, struct.pack("<IHHI", 2**32 - 1, 0x101F, 0x1000, 2**32 - 1))
    ),
    "attributes": stream(*[attribute(2, 0x9002, b"")] * 100_000),
    "properties": stream(
        attribute(1, 0x9003, struct.pack("<I", 2**31) + b"\x1f\x10\0\x10\0\0\0\0" * 100_000)
    ),
    "inside itself": stream(
        attribute(2, 0x9005, properties((0xD, 0x3701, b"\7" * 16 + stream(FILE) * 500)))
    ),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS.keys())
def test_a_package_made_to_harm_ends_soon(content: bytes) -> None:
    started = time.process_time()
    parse_guarded(packed(content), time_limit=60)
    assert time.process_time() - started < 5


ICS = """BEGIN:VCALENDAR
METHOD:{method}
BEGIN:VEVENT
UID:1
SUMMARY:Review of the
  contract\\, part 2
DTSTART;TZID=Europe/Madrid:20261116T090000
DTEND;TZID=Europe/Madrid:20261116T103000
LOCATION:Room 5
ORGANIZER;CN=Ana:mailto:ana@example.com
ATTENDEE;CN=Leo:mailto:leo@example.org
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
LINE = (
    "Review of the contract, part 2 · 2026-11-16 09:00-10:30 (Europe/Madrid) · Room 5"
    " · ana@example.com, leo@example.org"
)


def invitation(method: str = "REQUEST", text: str = "Please come.", ics: str = ICS) -> bytes:
    return multipart(
        f"Content-Type: text/plain\r\n\r\n{text}",
        f"Content-Type: text/calendar; method={method}\r\n\r\n{ics.format(method=method)}",
        kind="alternative",
    )


@pytest.mark.parametrize(("method", "sign"), [("REQUEST", "📅"), ("CANCEL", "✕"), ("REPLY", "↩")])
def test_an_invitation_says_what_when_where_and_who(method: str, sign: str) -> None:
    parsed = parse_mail(invitation(method))
    assert parsed.reply_text == f"{sign} {LINE}\n\nPlease come."
    [file] = parsed.attachments
    assert file.content_type == "text/calendar"
    assert file.name.endswith(".ics")
    assert b"DTSTART" in file.content


def test_a_zone_that_the_sender_describes() -> None:
    zone = (
        "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Our Time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    ics = ICS.replace("BEGIN:VCALENDAR", zone).replace("Europe/Madrid", "Our Time")
    assert "2026-11-16 09:00-10:30 (Our Time)" in parse_mail(invitation(ics=ics)).reply_text


def test_a_whole_day() -> None:
    ics = ICS.replace(";TZID=Europe/Madrid:20261116T090000", ";VALUE=DATE:20261116")
    assert "part 2 · 2026-11-16 · Room 5" in parse_mail(invitation(ics=ics)).reply_text


@pytest.mark.parametrize(
    "ics",
    [
        "BEGIN:VEVENT",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND:VEVENT\r\nEND:VCALENDAR",
        'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY;X="\r\n',
        "BEGIN:VEVENT\r\n" * 5_000,
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=../../etc/passwd:20261116T090000\r\nEND:VEVENT\r\nEND:VCALENDAR",
    ],
)
def test_a_broken_invitation_is_a_file(ics: str) -> None:
    started = time.process_time()
    parsed = parse_guarded(invitation(ics=ics), time_limit=60)
    assert "Please come." in parsed.reply_text
    assert len(parsed.attachments) == 1
    assert time.process_time() - started < 5


SIGNATURE = "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
PGP_SIGNATURE = "Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----"


@pytest.mark.parametrize(
    ("signature", "protocol", "kind", "name"),
    [
        (SIGNATURE, "application/pkcs7-signature", "smime_signed", "smime.p7s"),
        (PGP_SIGNATURE, "application/pgp-signature", "pgp_signed", "signature.asc"),
    ],
)
def test_signed_mail_is_read_and_its_signature_kept(
    signature: str, protocol: str, kind: str, name: str
) -> None:
    raw = multipart("\r\nHello", signature, kind=f'signed; protocol="{protocol}"; micalg=sha-256')
    parsed = parse_mail(raw)
    assert parsed.reply_text == "Hello"
    assert parsed.context["protection"] == kind
    assert [file.name for file in parsed.attachments] == [name]


def test_encrypted_mail_says_so_and_keeps_its_parts() -> None:
    raw = multipart(
        "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        "Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----",
        kind='encrypted; protocol="application/pgp-encrypted"',
    )
    parsed = parse_mail(raw)
    assert "PGP" in parsed.reply_text
    assert parsed.context["protection"] == "pgp_encrypted"
    assert [file.name for file in parsed.attachments][1] == "encrypted.asc"


@pytest.mark.parametrize(
    ("kind", "protection"),
    [("enveloped-data", "smime_encrypted"), ("signed-data", "smime_opaque")],
)
def test_sealed_smime_is_a_file(kind: str, protection: str) -> None:
    raw = mail("AAAA", content_type=f"application/pkcs7-mime; smime-type={kind}; name=smime.p7m")
    parsed = parse_mail(raw)
    assert "S/MIME" in parsed.reply_text
    assert parsed.context["protection"] == protection
    assert [file.name for file in parsed.attachments] == ["smime.p7m"]


def test_words_between_armor_are_the_words() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe key is new.\n\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----"
    )
    parsed = parse_mail(mail(text))
    assert parsed.reply_text == "The key is new."
    assert "Hash: SHA256" in parsed.quoted_text
    assert "iQEz" in parsed.quoted_text
    assert parsed.context["protection"] == "pgp_signed"


def test_a_text_in_armor_stays_as_it_came() -> None:
    text = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"
    parsed = parse_mail(mail(text))
    assert parsed.reply_text == text
    assert parsed.context["protection"] == "pgp_encrypted"
