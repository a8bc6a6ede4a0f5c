"""Mail that providers post, as they post it."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from messaging.email.tests.samples import mail
from messaging.models import RawInbound
from messaging.services import process_due
from tickets.models import Message

pytestmark = pytest.mark.django_db
SECRET = "a-secret-address"
KEY = "key-signing"


@pytest.fixture
def mailbox(channel):
    channel.settings = {
        "receive_posts": True,
        "webhook_secret": SECRET,
        "webhook_signing_key": KEY,
    }
    channel.save()
    return channel


def address(channel, provider: str, secret: str = SECRET) -> str:
    return reverse("messaging:mail_webhook", args=[channel.pk, provider, secret])


def signed(key: str = KEY) -> dict[str, str]:
    stamp, token = str(int(time.time())), hashlib.sha256(str(time.time_ns()).encode()).hexdigest()
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": stamp, "token": token, "signature": signature}


def mailgun_raw(raw: bytes, **more: str) -> dict[str, str]:
    return {
        "recipient": "support@example.com",
        "sender": "leo@example.org",
        "body-mime": raw.decode(),
        **signed(),
        **more,
    }


def mailgun_parsed() -> dict[str, object]:
    headers = [
        ["Received", "by luna.mailgun.net"],
        ["Message-Id", "<m1@example.org>"],
        ["Date", "Mon, 5 Jan 2026 10:00:00 +0000"],
        ["From", "Leo Prado <leo@example.org>"],
        ["To", "support@example.com"],
        ["Subject", "¿Dónde está?"],
    ]
    return {
        "recipient": "support@example.com",
        "sender": "leo@example.org",
        "from": "Leo Prado <leo@example.org>",
        "subject": "¿Dónde está?",
        "body-plain": "Está aquí.\n",
        "stripped-text": "Está aquí.",
        "body-html": "<p>Está aquí.</p>",
        "message-headers": json.dumps(headers),
        "attachment-count": "1",
        "attachment-1": SimpleUploadedFile("factura.pdf", b"%PDF-1.4 x", "application/pdf"),
        **signed(),
    }


def postmark(raw: bytes | None = None) -> dict[str, object]:
    event: dict[str, object] = {
        "FromName": "Leo Prado",
        "From": "leo@example.org",
        "FromFull": {"Email": "leo@example.org", "Name": "Leo Prado", "MailboxHash": ""},
        "To": "support@example.com",
        "ToFull": [{"Email": "support@example.com", "Name": "", "MailboxHash": ""}],
        "CcFull": [],
        "BccFull": [],
        "OriginalRecipient": "support@example.com",
        "Subject": "Where is it?",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "ReplyTo": "",
        "Date": "Mon, 5 Jan 2026 10:00:00 +0000",
        "TextBody": "Here.",
        "HtmlBody": "<p>Here.</p>",
        "StrippedTextReply": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<leo@example.org>"},
            {"Name": "Message-ID", "Value": "<p1@example.org>"},
        ],
        "Attachments": [
            {
                "Name": "a.txt",
                "Content": base64.b64encode(b"hello").decode(),
                "ContentType": "text/plain",
                "ContentLength": 5,
            }
        ],
    }
    return event | ({"RawEmail": raw.decode()} if raw else {})


def sendgrid_parsed() -> dict[str, object]:
    return {
        "headers": "Message-ID: <s1@example.org>\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n"
        "From: Leo Prado <leo@example.org>\nTo: support@example.com\nSubject: Hello\n",
        "to": "support@example.com",
        "from": "Leo Prado <leo@example.org>",
        "subject": "Hello",
        "text": "Here.",
        "html": "<p>Here.</p>",
        "envelope": '{"to":["support@example.com"],"from":"leo@example.org"}',
        "charsets": '{"to":"UTF-8","subject":"UTF-8","from":"UTF-8","text":"UTF-8"}',
        "attachments": "1",
        "attachment-info": json.dumps({"attachment1": {"filename": "a.txt", "type": "text/plain"}}),
        "attachment1": SimpleUploadedFile("a.txt", b"hello", "text/plain"),
    }


def as_json(client, where: str, event: object):
    return client.post(where, json.dumps(event), content_type="application/json")


def only_message() -> Message:
    process_due()
    raw = RawInbound.objects.get()
    assert (raw.fate, raw.reason) == ("opened", "")
    return Message.objects.get()


def test_it_works(client, mailbox):
    raw = mail("Where is it?", subject="Raw")
    where = address(mailbox, "mailgun")
    assert client.post(where, mailgun_raw(raw)).status_code == 200
    kept = RawInbound.objects.get()
    assert bytes(kept.payload) == raw
    assert kept.source == "mailgun"
    assert only_message().subject == "Raw"


def test_mailgun_posts_raw_mail_where_the_address_ends_so(client, mailbox):
    where = reverse("messaging:mail_webhook_mime", args=[mailbox.pk, "mailgun", SECRET])
    assert where.endswith("mime")
    assert client.post(where, mailgun_raw(mail())).status_code == 200


def test_the_same_post_again_is_one_row(client, mailbox):
    raw = mail()
    for _try in range(3):
        # The signature is another one each time.
        client.post(address(mailbox, "mailgun"), mailgun_raw(raw))
        client.post(address(mailbox, "mailgun"), mailgun_parsed())
        client.post(address(mailbox, "sendgrid"), sendgrid_parsed())
        as_json(client, address(mailbox, "postmark"), postmark())
    assert RawInbound.objects.count() == 4


def test_mailgun_rebuilt(client, mailbox):
    assert client.post(address(mailbox, "mailgun"), mailgun_parsed()).status_code == 200
    message = only_message()
    assert (message.subject, message.text) == ("¿Dónde está?", "Está aquí.")
    assert message.sender_address == "leo@example.org"
    assert message.message_id == "<m1@example.org>"
    [file] = message.attachments.all()
    assert (file.name, file.file.read()) == ("factura.pdf", b"%PDF-1.4 x")


def test_postmark_raw_and_rebuilt(client, mailbox):
    raw = mail(subject="Raw of Postmark")
    assert as_json(client, address(mailbox, "postmark"), postmark(raw)).status_code == 200
    assert bytes(RawInbound.objects.get().payload) == raw
    RawInbound.objects.all().delete()
    assert as_json(client, address(mailbox, "postmark"), postmark()).status_code == 200
    message = only_message()
    assert (message.subject, message.text) == ("Where is it?", "Here.")
    assert message.message_id == "<p1@example.org>"
    assert message.attachments.get().file.read() == b"hello"


def test_sendgrid_raw_and_rebuilt(client, mailbox):
    raw = mail("Olá, já está?", subject="Raw of SendGrid")
    form = {"email": raw.decode(), "to": "support@example.com"}
    assert client.post(address(mailbox, "sendgrid"), form).status_code == 200
    assert bytes(RawInbound.objects.get().payload) == raw
    RawInbound.objects.all().delete()
    assert client.post(address(mailbox, "sendgrid"), sendgrid_parsed()).status_code == 200
    message = only_message()
    assert (message.subject, message.text) == ("Hello", "Here.")
    assert message.attachments.get().file.read() == b"hello"


def test_bytes_that_are_no_utf8_stay(client, mailbox):
    raw = (
        b"From: leo@example.org\r\nSubject: x\r\n"
        b"Content-Type: text/plain; charset=latin-1\r\n\r\n\xe1\r\n"
    )
    boundary = "xYzZY"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="email"\r\n\r\n'.encode()
        + raw
        + f"\r\n--{boundary}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={boundary}"
    assert client.post(address(mailbox, "sendgrid"), body, content_type=kind).status_code == 200
    assert bytes(RawInbound.objects.get().payload) == raw
    assert only_message().text == "á"


def test_sparkpost_and_amazon(client, mailbox):
    raw = mail(subject="One")
    relay = {"content": {"email_rfc822": raw.decode(), "email_rfc822_is_base64": False}}
    event = [{"msys": {"relay_message": relay}}]
    assert as_json(client, address(mailbox, "sparkpost"), event).status_code == 200
    second = mail(subject="Two")
    notice = {
        "Type": "Notification",
        "Message": json.dumps(
            {
                "notificationType": "Received",
                "receipt": {"action": {"type": "SNS", "encoding": "BASE64"}},
                "content": base64.b64encode(second).decode(),
            }
        ),
    }
    assert as_json(client, address(mailbox, "amazon-ses"), notice).status_code == 200
    assert [bytes(r.payload) for r in RawInbound.objects.order_by("id")] == [raw, second]


def test_the_same_mail_by_two_ways_is_one_message(client, mailbox):
    raw = mail(subject="Once")
    client.post(address(mailbox, "mailgun"), mailgun_raw(b"Received: by x\n" + raw))
    as_json(client, address(mailbox, "postmark"), postmark(raw))
    process_due()
    assert sorted(RawInbound.objects.values_list("fate", flat=True)) == ["duplicate", "opened"]


def test_a_large_mail_is_kept(client, mailbox):
    """Larger than Django takes as a text of a form, and than it reads as a body."""
    raw = mail(("x" * 70 + "\n") * 120_000)
    assert client.post(address(mailbox, "mailgun"), mailgun_raw(raw)).status_code == 200
    assert as_json(client, address(mailbox, "postmark"), postmark(raw)).status_code == 200
    assert [bytes(r.payload) for r in RawInbound.objects.all()] == [raw, raw]


def test_too_large_a_mail_is_kept_cut_and_shown_as_unreadable(client, mailbox, settings):
    settings.MAX_MAIL_BYTES = 2_000
    client.post(address(mailbox, "mailgun"), mailgun_raw(mail("x\n" * 5_000)))
    process_due()
    raw = RawInbound.objects.get()
    assert (raw.size, raw.fate) == (2_001, "failed")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"signature": "0" * 64}, 403),
        ({"signature": ""}, 403),
        ({"signature": "é"}, 403),
        ({"timestamp": "1"}, 403),
        (signed("another key"), 403),
    ],
)
def test_a_wrong_signature_keeps_nothing(client, mailbox, change, status):
    response = client.post(address(mailbox, "mailgun"), mailgun_raw(mail(), **change))
    assert response.status_code == status
    assert not RawInbound.objects.exists()


def test_without_a_signing_key_mailgun_is_refused(client, mailbox):
    mailbox.settings.pop("webhook_signing_key")
    mailbox.save()
    form = mailgun_raw(mail(), **signed(""))
    assert client.post(address(mailbox, "mailgun"), form).status_code == 403


@pytest.mark.parametrize(
    ("settings_of", "secret", "provider"),
    [
        ({"receive_posts": True, "webhook_secret": SECRET}, "wrong", "postmark"),
        ({"receive_posts": True, "webhook_secret": SECRET}, SECRET, "nobody"),
        ({"webhook_secret": SECRET}, SECRET, "postmark"),
        ({"receive_posts": True}, SECRET, "postmark"),
    ],
)
def test_a_wrong_address_is_not_there(client, channel, settings_of, secret, provider):
    channel.settings = settings_of
    channel.save()
    event = postmark(mail())
    assert as_json(client, address(channel, provider, secret), event).status_code == 404
    assert not RawInbound.objects.exists()


@pytest.mark.parametrize(
    ("provider", "event"),
    [
        ("postmark", {}),
        ("postmark", []),
        ("postmark", "x"),
        ("sparkpost", {}),
        ("sparkpost", [{}]),
        ("amazon-ses", {"Type": "Notification", "Message": "{}"}),
        ("amazon-ses", {}),
        ("sendgrid", {"text": "no mail"}),
    ],
)
def test_what_is_no_mail_is_refused(client, mailbox, provider, event):
    assert as_json(client, address(mailbox, provider), event).status_code == 400
    assert not RawInbound.objects.exists()


def test_a_mailbox_that_is_switched_off_takes_nothing(client, mailbox):
    mailbox.is_active = False
    mailbox.save()
    assert as_json(client, address(mailbox, "postmark"), postmark()).status_code == 404


def test_the_admin_shows_the_addresses(client, channel, admin_user):
    client.post("/accounts/login/", {"login": admin_user.email, "password": "correct horse"})
    where = reverse("admin:tickets_channel_change", args=[channel.pk])
    form = {
        "name": channel.name,
        "address": channel.address,
        "is_active": "on",
        "imap_security": "ssl",
        "smtp_security": "starttls",
        "receive_posts": "on",
    }
    assert client.post(where, form).status_code == 302
    channel.refresh_from_db()
    secret = channel.settings["webhook_secret"]
    assert len(secret) > 40
    assert address(channel, "postmark", secret) in client.get(where).content.decode()
    client.post(where, form)
    channel.refresh_from_db()
    assert channel.settings["webhook_secret"] == secret
