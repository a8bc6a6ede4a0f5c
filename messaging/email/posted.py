"""Mail that a provider posts to us: the raw mail as it came where they give it, else rebuilt.

Their formats: Mailgun "Routes", Postmark "Inbound webhook", SendGrid "Inbound Parse", SparkPost
"Relay webhooks", Amazon SES "Receive email: SNS action".
"""

import hashlib
import hmac
import json
import logging
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import MIMEPart
from email.parser import BytesParser
from email.policy import HTTP
from functools import cached_property
from io import BytesIO
from typing import Any

from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

log = logging.getLogger(__name__)

SIGNATURE_FIELDS = ("timestamp", "token", "signature")


class Refused(Exception):
    """What was posted is not from the provider, or is no mail."""


@dataclass(frozen=True)
class Posted:
    """One mail; `name` is the same when the provider posts it again."""

    raw: bytes
    name: str


@dataclass(frozen=True)
class Post:
    """What was posted: the body, and how to read it as a form."""

    body: bytes
    content_type: str
    environ: Mapping[str, Any]

    @cached_property
    def fields(self) -> Mapping[str, bytes]:
        """The fields of a multipart form that are no files, as the bytes that were sent.

        Django's own reading would decode them, and refuses texts of more than a few megabytes.
        """
        head = f"Content-Type: {self.content_type}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return {
            str(part.get_param("name", "", header="content-disposition")): _content(part)
            for part in form.iter_parts()
            if part.get_filename() is None
        }

    def form(self) -> WSGIRequest:
        """The form as Django reads it, files on disk."""
        return WSGIRequest({**self.environ, "wsgi.input": BytesIO(self.body)})

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refused("no JSON") from error


def mails_in(provider: str, post: Post, *, signing_key: str) -> list[Posted]:
    """The mails in a post. Raises `Refused`, and `KeyError` for a provider that we do not know."""
    try:
        return PROVIDERS[provider](post, signing_key)
    except (AttributeError, TypeError, ValueError, LookupError) as error:
        if provider not in PROVIDERS:
            raise
        log.warning("post of %s cannot be understood: %r", provider, error)
        raise Refused("not understood") from error


def _mailgun(post: Post, signing_key: str) -> list[Posted]:
    timestamp, token, signature = (post.fields.get(name, b"") for name in SIGNATURE_FIELDS)
    expected = hmac.digest(signing_key.encode(), timestamp + token, "sha256").hex()
    if not signing_key or not hmac.compare_digest(expected.encode(), signature):
        raise Refused("wrong signature")
    if raw := post.fields.get("body-mime"):
        return [_as_it_came(raw)]
    form = post.form()
    view = MailgunInboundWebhookView(webhook_signing_key=signing_key)
    return [_rebuilt(view.message_from_mailgun_parsed(form), _form_name(form))]


def _sendgrid(post: Post, signing_key: str) -> list[Posted]:
    if raw := post.fields.get("email"):
        return [_as_it_came(raw)]
    form = post.form()
    if len(post.body) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        _ = form.body  # the library reads it again where a text has another charset
    if "headers" not in form.POST:
        raise Refused("no mail")
    view = SendGridInboundWebhookView(webhook_secret=["not:used"])
    return [_rebuilt(view.message_from_sendgrid_parsed(form), _form_name(form))]


def _postmark(post: Post, signing_key: str) -> list[Posted]:
    event = post.json()
    if raw := event.get("RawEmail"):
        return [_as_it_came(_as_bytes(raw))]
    if "FromFull" not in event:
        raise Refused("no mail")
    view = PostmarkInboundWebhookView(webhook_secret=["not:used"])
    return [_rebuilt(view.esp_to_anymail_event(event).message, _digest(post.body))]


def _sparkpost(post: Post, signing_key: str) -> list[Posted]:
    events = post.json()
    if not isinstance(events, list):
        raise Refused("no mail")
    contents = [event["msys"]["relay_message"]["content"] for event in events]
    return [
        _as_it_came(
            b64decode(content["email_rfc822"])
            if content.get("email_rfc822_is_base64")
            else _as_bytes(content["email_rfc822"])
        )
        for content in contents
    ]


def _amazon_ses(post: Post, signing_key: str) -> list[Posted]:
    notice = post.json()
    if notice["Type"] == "SubscriptionConfirmation":
        log.warning("to receive mail of Amazon SES, open once: %s", notice["SubscribeURL"])
        return []
    event = json.loads(notice["Message"])
    if "content" not in event:
        raise Refused("no mail: the SNS action has to include it")
    is_encoded = event["receipt"]["action"].get("encoding") == "BASE64"
    content = event["content"]
    return [_as_it_came(b64decode(content) if is_encoded else _as_bytes(content))]


PROVIDERS: Mapping[str, Callable[[Post, str], list[Posted]]] = {
    "mailgun": _mailgun,
    "sendgrid": _sendgrid,
    "postmark": _postmark,
    "sparkpost": _sparkpost,
    "amazon-ses": _amazon_ses,
}


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _as_it_came(raw: bytes) -> Posted:
    return Posted(raw, _digest(raw))


def _rebuilt(message: Any, name: str) -> Posted:
    return Posted(message.as_bytes(), name)


def _form_name(form: WSGIRequest) -> str:
    """Of the fields and files, without the signature: that is another one each time."""
    digest = hashlib.sha256()
    for key in sorted(form.POST):
        if key not in SIGNATURE_FIELDS:
            digest.update(repr((key, form.POST.getlist(key))).encode("utf-8", "replace"))
    for key in sorted(form.FILES):
        for file in form.FILES.getlist(key):
            digest.update(repr((key, file.name, _digest(file.read()))).encode("utf-8", "replace"))
            file.seek(0)
    return digest.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
