"""What the parser makes of a mail, as people and programs write them."""

import hashlib
from datetime import UTC, datetime

import pytest

from messaging.email.errors import UnreadableMail
from messaging.email.parse import parse_mail
from messaging.email.tests.mails import mail, multipart, sections

PNG = "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n{}\r\n\r\niVBORw0KGgo="


def test_it_works() -> None:
    parsed = parse_mail(
        mail(
            "Hello",
            cc="Bea <bea@example.com>, cid@example.com",
            reply_to="other@example.com",
            in_reply_to="<0@example.org>",
            references="<a@example.org> <0@example.org>",
        )
    )
    assert (parsed.sender.value, parsed.sender.name) == ("ana@example.com", "Ana Silva")
    assert [person.value for person in parsed.cc] == ["bea@example.com", "cid@example.com"]
    assert parsed.reply_to[0].value == "other@example.com"
    assert parsed.subject == "Hello"
    assert parsed.message_id == "<1@example.com>"
    assert parsed.thread_ids == ("<0@example.org>", "<a@example.org>")
    assert parsed.sent_at == datetime(2040, 4, 2, 13, 44, 22, tzinfo=UTC)
    assert (parsed.text, parsed.reply_text, parsed.quoted_text) == ("Hello", "Hello", "")


CHARSETS = {
    "utf-8": ("Olá, João", "utf-8", "utf-8"),
    "latin1": ("Olá, João", "latin-1", "iso-8859-1"),
    "utf-8 declared as latin1": ("Olá, João", "utf-8", "iso-8859-1"),
    "latin1 declared as utf-8": ("Olá, João, não é?", "latin-1", "utf-8"),
    "cp1252 declared as latin1": ("“Olá” – 5 €", "cp1252", "iso-8859-1"),
    "cp1252 declared as ascii": ("Olá, João, tudo bem?", "cp1252", "us-ascii"),
    "unknown charset": ("Olá, João, tudo bem?", "cp1252", "x-nobody-knows"),
    "undeclared": ("Olá, João, tudo bem?", "cp1252", ""),
    "japanese": ("こんにちは", "iso-2022-jp", "iso-2022-jp"),
    "japanese, undeclared": ("こんにちは", "iso-2022-jp", ""),
    "japanese, declared as ascii": ("こんにちは", "iso-2022-jp", "us-ascii"),
    "shift-jis": ("①こんにちは", "cp932", "shift_jis"),
    "gb2312 with a wider letter": ("你好镕", "gbk", "gb2312"),
    "korean": ("안녕하세요", "cp949", "ks_c_5601-1987"),
    "russian": ("Здравствуйте", "koi8-r", "koi8-r"),
    "a codec that is no charset": ("Hello", "ascii", "zlib"),
    "another": ("Hello", "ascii", "unicode_escape"),
}


@pytest.mark.parametrize(("text", "real", "declared"), CHARSETS.values(), ids=CHARSETS.keys())
def test_charsets_wrong_or_missing(text: str, real: str, declared: str) -> None:
    content_type = f"text/plain; charset={declared}" if declared else "text/plain"
    assert parse_mail(mail(text.encode(real), content_type=content_type)).text == text


def test_a_long_text_without_charset_is_guessed() -> None:
    text = (
        "Здравствуйте, я хотел бы вернуть заказ, потому что он пришёл повреждённым. Спасибо! " * 3
    )
    parsed = parse_mail(mail(text.encode("cp1251"), content_type="text/plain"))
    assert parsed.text.strip() == text.strip()


SUBJECTS = {
    "q": ("=?utf-8?q?Ol=C3=A1_Jo=C3=A3o?=", "Olá João"),
    "b": ("=?UTF-8?B?T2zDoSBKb8Ojbw==?=", "Olá João"),
    "padding lost": ("=?UTF-8?B?T2zDoSBKb8Ojbw?=", "Olá João"),
    "two words": ("=?utf-8?q?Ol=C3=A1?= =?utf-8?q?_Jo=C3=A3o?=", "Olá João"),
    "a letter cut in two": ("=?utf-8?b?T2zD?= =?utf-8?b?oQ==?=", "Olá"),
    "spaces inside": ("=?utf-8?q?Ol=C3=A1 Jo=C3=A3o?=", "Olá João"),
    "in a sentence": ("Re: =?utf-8?q?Ol=C3=A1?= again", "Re: Olá again"),
    "unknown charset": ("=?x-no-such?q?Hello?=", "Hello"),
    "raw utf-8": ("Olá João", "Olá João"),
    "line ends hidden inside": (
        "=?utf-8?q?A=0D=0ABcc:_evil@example.com?=",
        "A Bcc: evil@example.com",
    ),
    "colours of a terminal": ("=?utf-8?q?A=1B[31mB?=", "A [31mB"),
    "reading direction": ("=?utf-8?b?4oCuZ3Bq?=", "gpj"),
    "folded": ("one\r\n two", "one two"),
}


@pytest.mark.parametrize(("written", "read"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_subjects_are_decoded_and_stay_on_one_line(written: str, read: str) -> None:
    assert parse_mail(mail(subject=written)).subject == read


SENDERS = {
    "name": ("Ana <ana@example.com>", "ana@example.com", "Ana"),
    "bare": ("ana@example.com", "ana@example.com", ""),
    "quoted": ('"Silva, Ana" <ana@example.com>', "ana@example.com", "Silva, Ana"),
    "comment": ("ana@example.com (Ana Silva)", "ana@example.com", "Ana Silva"),
    "encoded": ("=?utf-8?q?Jo=C3=A3o=2C_Z=C3=A9?= <j@example.com>", "j@example.com", "João, Zé"),
    "encoded, comma inside": ("=?utf-8?q?a,b?= <j@example.com>", "j@example.com", "a,b"),
    "encoded with an address": (
        "=?utf-8?q?boss@corp.com?= <evil@example.com>",
        "evil@example.com",
        "",
    ),
    "a name like an address": ('"boss@corp.com" <evil@example.com>', "evil@example.com", ""),
    "an encoded address stays": (
        "=?utf-8?q?boss=40corp.com?=@example.com",
        "=?utf-8?q?boss=40corp.com?=@example.com",
        "",
    ),
    "spaces": ("Ana < ana@example.com >", "ana@example.com", "Ana"),
    "unclosed": ("Ana <ana@example.com", "ana@example.com", "Ana"),
    "colon in the name": ("Shop: Ana <ana@example.com>", "ana@example.com", "Ana"),
    "empty": ("<>", "", ""),
}


@pytest.mark.parametrize(("written", "address", "name"), SENDERS.values(), ids=SENDERS.keys())
def test_the_sender_is_the_exact_address(written: str, address: str, name: str) -> None:
    sender = parse_mail(mail(**{"from": written})).sender
    assert (sender.value, sender.name) == (address, name)


@pytest.mark.parametrize(
    "written",
    [
        "<script>x</script> <ana@example.com>",
        "<Ana> <ana@example.com>",
        "<ana@example.com> <Ana>",
    ],
)
def test_brackets_around_other_words_name_nobody(written: str) -> None:
    assert parse_mail(mail(**{"from": written})).sender.value == "ana@example.com"


@pytest.mark.parametrize(
    "written",
    [
        "Ana <ana@example.com>\r\nFrom: Eve <eve@example.com>",
        "Ana <ana@example.com>\r\nfrom: Ana <ana@example.com>",
        "ana@example.com, eve@example.com",
        "Ana <ana@example.com> <eve@example.com>",
        "<Ana> <ana@example.com> <eve@example.com>",
    ],
)
def test_two_senders_are_refused(written: str) -> None:
    with pytest.raises(UnreadableMail) as refused:
        parse_mail(mail(**{"from": written}))
    assert refused.value.code == "several_senders"
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<[abc@x y>", "<[abc@xy>"),
        ("abc@example.com", "<abc@example.com>"),
        ("<a@b>\r\n\t", "<a@b>"),
        ("<>", ""),
        ("garbage", ""),
    ],
)
def test_broken_message_ids(written: str, read: str) -> None:
    assert parse_mail(mail(message_id=written)).message_id == read


@pytest.mark.parametrize(
    "written", ["yesterday", "Mon, 99 Foo 2040", "0", "Mon, 2 Apr 99999 1:1:1 +9999999"]
)
def test_a_date_that_is_none(written: str) -> None:
    assert parse_mail(mail(date=written)).sent_at is None


FILE_NAMES = {
    "rfc 2231": ("filename*=utf-8''Ol%C3%A1%20Jo%C3%A3o.pdf", "Olá João.pdf"),
    "rfc 2231, continued": (
        "filename*0*=utf-8''Ol%C3; filename*1*=%A1; filename*2=.pdf",
        "Olá.pdf",
    ),
    "rfc 2231, no charset": ("filename*=Ol%C3%A1.pdf", "Olá.pdf"),
    "rfc 2047": ('filename="=?utf-8?q?Ol=C3=A1.pdf?="', "Olá.pdf"),
    "rfc 2047, unquoted": ("filename==?utf-8?q?Ol=C3=A1.pdf?=", "Olá.pdf"),
    "raw": ('filename="Olá.pdf"', "Olá.pdf"),
    "semicolon": ('filename="a;b.pdf"', "a;b.pdf"),
    "quote": (r'filename="a\"b.pdf"', 'a"b.pdf'),
    "spaces, unquoted": ("filename=my file.pdf", "my file.pdf"),
    "folders": ('filename="../../etc/passwd"', "passwd"),
    "windows folders": (r'filename="C:\\Users\\ana\\a.pdf"', "a.pdf"),
    "hidden file": ('filename="\u200b.htaccess"', "htaccess"),
    "dot at the end": ('filename="x.php."', "x.php"),
    "reading direction": ('filename="a\u202egpj.exe"', "agpj.exe"),
    "line ends": ("filename*=utf-8''a%0D%0Ab.pdf", "a b.pdf"),
    "too long": (f'filename="{"é" * 255}.pdf"', "é" * 196 + ".pdf"),
    "nothing": ('filename=""', "attachment-1.pdf"),
}


@pytest.mark.parametrize(("written", "read"), FILE_NAMES.values(), ids=FILE_NAMES.keys())
def test_file_names(written: str, read: str) -> None:
    part = f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {written}\r\n\r\nx"
    assert [file.name for file in parse_mail(multipart(part)).attachments] == [read]


def test_text_and_html_say_the_same() -> None:
    parsed = parse_mail(
        multipart(
            "Content-Type: text/plain\r\n\r\nHello",
            "Content-Type: text/html\r\n\r\n<p>Hello<script>x</script></p>",
            kind="alternative",
        )
    )
    assert parsed.text == "Hello"
    assert parsed.html == "<p>Hello</p>"


def test_html_alone_is_read_as_text() -> None:
    html = "<style>p{}</style><p>One</p><p>Two<br>Three</p><ul><li>Four</li></ul>"
    parsed = parse_mail(mail(html, content_type="text/html"))
    assert parsed.text == "One\n\nTwo\nThree\n\n- Four"


def test_answers_between_the_quotes_of_html_alone_are_kept() -> None:
    html = (
        "<div>On 18 May 2044 at 23:10 Help wrote:</div><blockquote type=cite>Which size?"
        "</blockquote><p>Large.</p><blockquote type=cite>Which colour?</blockquote><p>Black.</p>"
    )
    parsed = parse_mail(mail(html, content_type="text/html"))
    for words in ("Which size?", "Large.", "Which colour?", "Black."):
        assert words in parsed.reply_text


def test_an_empty_text_beside_html_does_not_count() -> None:
    parsed = parse_mail(
        multipart(
            "Content-Type: text/plain\r\n\r\n \r\n",
            "Content-Type: text/html\r\n\r\n<p>Hello</p>",
            kind="alternative",
        )
    )
    assert parsed.text == "Hello"


def test_words_between_files_are_joined() -> None:
    parsed = parse_mail(
        multipart(
            "Content-Type: text/html\r\n\r\n<p>One</p>",
            PNG.format("Content-Disposition: inline; filename=a.png"),
            "Content-Type: text/plain\r\n\r\nTwo <b>",
        )
    )
    assert parsed.text == "One\nTwo <b>"
    assert "<p>One</p>" in parsed.html
    assert "Two &lt;b&gt;" in parsed.html
    assert [file.name for file in parsed.attachments] == ["a.png"]


def test_only_images_that_the_html_shows_are_inline() -> None:
    parsed = parse_mail(
        multipart(
            'Content-Type: text/html\r\n\r\n<img src="cid:a@x">',
            PNG.format("Content-ID: <a@x>\r\nContent-Disposition: attachment; filename=a.png"),
            PNG.format("Content-ID: <b@x>\r\nContent-Disposition: inline; filename=b.png"),
            kind="related",
        )
    )
    assert [(file.content_id, file.is_inline) for file in parsed.attachments] == [
        ("a@x", True),
        ("b@x", False),
    ]
    assert parsed.html == '<img data-cid="a@x">'


def test_an_attached_mail_keeps_its_bytes() -> None:
    inner = b"From: eve@example.com\r\nSubject: Inner\r\n\r\n" + sections("\r\nx", boundary="inner")
    parsed = parse_mail(
        multipart("\r\nSee", b"Content-Type: message/rfc822\r\n\r\n" + inner.rstrip(b"\r\n"))
    )
    assert parsed.text == "See"
    assert [file.name for file in parsed.attachments] == ["Inner.eml"]
    assert parsed.attachments[0].content == inner.rstrip(b"\r\n")


def test_files_written_into_the_text_long_ago() -> None:
    parsed = parse_mail(mail("See\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\nBye"))
    assert parsed.text.split() == ["See", "Bye"]
    assert [(file.name, file.content) for file in parsed.attachments] == [("a.txt", b"Cat")]


def test_soft_line_breaks_are_joined() -> None:
    body = "A long \r\nline.\r\n\r\n> quoted \r\n> text\r\n-- \r\nAna"
    parsed = parse_mail(mail(body, content_type="text/plain; format=flowed"))
    assert parsed.text == "A long line.\n\n> quoted \n> text\n-- \nAna"


@pytest.mark.parametrize(
    "raw",
    [
        mail(
            "--other\r\nContent-Type: text/plain\r\n\r\nHi\r\n--other--",
            content_type="multipart/mixed; boundary=x",
        ),
        mail("--x\r\n\r\nHi", content_type="multipart/mixed; boundary=x"),
        mail("Hi", content_type="multipart/mixed"),
        mail("Hi", content_type="nonsense"),
        mail("Hi", content_type="text"),
        mail("Hi", content_transfer_encoding="nonsense"),
        mail("SGk", content_transfer_encoding="base64"),
        mail("S G-k=\r\n", content_transfer_encoding="BASE64 "),
        b"\r\n\r\n" + mail("Hi"),
        b"From ana@example.com Mon Apr  2 2040\r\n" + mail("Hi"),
        mail("Hi").replace(b"\r\n", b"\n"),
        mail("Hi").replace(b"\r\n", b"\r"),
        mail("Hi", subject="one\r\nbroken line"),
    ],
)
def test_broken_mail_is_read_all_the_same(raw: bytes) -> None:
    parsed = parse_mail(raw)
    assert parsed.text.strip() == "Hi"
    assert parsed.sender.value == "ana@example.com"


def test_nothing_that_a_database_refuses() -> None:
    parsed = parse_mail(mail(b"a\x00b", subject="a\x00b", content_type="text/plain; charset=utf-7"))
    assert "\x00" not in parsed.text + parsed.subject


def test_the_same_mail_by_another_way_has_the_same_id() -> None:
    raw = mail("Hello")
    other = b"Received: from a by b\r\nDelivered-To: x@example.org\r\n" + raw
    assert parse_mail(raw).external_id == parse_mail(other).external_id
    assert parse_mail(raw).external_id.startswith("email:")
    assert parse_mail(mail("Other words")).external_id != parse_mail(raw).external_id


@pytest.mark.parametrize(
    ("plain", "is_stub"),
    [
        ("Your mail program cannot display HTML.", True),
        ("This message requires an HTML capable reader", True),
        ("My parcel is broken, thanks", False),
        ("parcel", False),
    ],
)
def test_a_plain_text_that_says_nothing_is_not_what_was_written(plain: str, is_stub: bool) -> None:
    parsed = parse_mail(
        multipart(
            f"Content-Type: text/plain\r\n\r\n{plain}",
            "Content-Type: text/html\r\n\r\n<p>My <b>parcel</b> is broken and wet, thanks for"
            " nothing at all, dear friends.</p>",
            kind="alternative",
        )
    )
    assert parsed.reply_text.startswith("My parcel is broken and wet") is is_stub


def test_without_id_and_date_only_the_bytes_are_the_same() -> None:
    raw = mail("Hello", message_id=None, date=None)
    assert parse_mail(raw).external_id == "email:" + hashlib.sha256(raw).hexdigest()


def test_without_id_and_date_the_first_server_tells_two_mails_apart():
    """The same alarm on two days is two mails; one mail in two mailboxes is one."""
    alarm = b"From: a@example.com\r\nMessage-ID:\r\nSubject: Disk full\r\n\r\nNow.\r\n"
    monday = b"Received: by relay.example.com; Mon, 5 Jan 2026 10:00:00 +0000\r\n" + alarm
    tuesday = b"Received: by relay.example.com; Tue, 6 Jan 2026 10:00:00 +0000\r\n" + alarm
    elsewhere = b"Delivered-To: z@example.com\r\nReceived: by mx.example.com; x\r\n" + monday
    ids = [parse_mail(raw).external_id for raw in (monday, tuesday, elsewhere)]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]
