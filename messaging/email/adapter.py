"""The e-mail channel."""

from dataclasses import replace
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from customers.addresses import InvalidAddress
from messaging.adapters import LOG, DeliveryError, Inbound, Outbound, Unreadable
from messaging.email.alarms import raise_alarms
from messaging.email.audit import ask_servers
from messaging.email.compose import (
    MAX_RECIPIENTS,
    TooManyRecipients,
    compose,
    envelope_recipients,
)
from messaging.email.errors import UnreadableMail
from messaging.email.fetch import fetch_mailboxes
from messaging.email.guard import parse_guarded
from messaging.email.header_lines import header_address
from messaging.email.headers import split_headers
from messaging.email.marks import HEADER as MARK
from messaging.email.marks import is_our_mark
from messaging.email.mime import Limits
from messaging.email.sign_in import NotAuthorised, sending_token
from messaging.email.smtp import Server, hand_over, server_for
from messaging.email.spam import screened
from tickets.models import Channel


class EmailAdapter:
    address_kind: ClassVar[str] = "email"
    sends: ClassVar[bool] = True

    def parse(self, raw: bytes) -> list[Inbound]:
        """Read a mail in a guard: no mail takes long or ends the worker. Raises `Unreadable`."""
        if not raw.strip():
            raise Unreadable(_("The mail is empty, or its server did not hand it over."))
        try:
            inbound = parse_guarded(raw, limits=Limits(size=settings.MAX_MAIL_BYTES))
        except UnreadableMail as error:
            raise Unreadable(str(error)) from error
        if _carries_our_mark(raw):
            inbound = replace(inbound, context={**inbound.context, "own_mail": True})
        return [inbound]

    def screened(self, inbound: Inbound, channel: Channel) -> Inbound:
        """With what trusted servers found about the sender, and the signs of spam."""
        return screened(inbound, channel)

    def fetch(self) -> int:
        """Fetch every mailbox that is due; returns how many mails were new.

        Administrators hear of one that could not be fetched for long.
        """
        fetched = fetch_mailboxes()
        raise_alarms()
        return fetched

    def ask_servers(self, day: date) -> int:
        """Note which mails of a day the server of each mailbox has."""
        return ask_servers(day)

    def send(self, outbound: Outbound) -> str:
        """Hand it to the channel's server, or `SMTP_URL`'s; without either it stays in the log."""
        try:
            mail = compose(outbound)
            recipients = envelope_recipients(outbound)
            sender = header_address(outbound.channel_address)
        except InvalidAddress as error:
            reason = _("This is not an e-mail address: %(address)s") % {"address": error}
            raise DeliveryError(reason, permanent=True) from error
        except TooManyRecipients as error:
            reason = _("A mail can go to at most %(n)d people.") % {"n": MAX_RECIPIENTS}
            raise DeliveryError(reason, permanent=True) from error
        server = server_for(outbound.channel_settings)
        if server is None:
            return LOG
        server = _authorised(server, outbound)
        return hand_over(server, sender=sender, recipients=recipients, mail=mail.as_bytes())


def _authorised(server: Server, outbound: Outbound) -> Server:
    settings_of, address = outbound.channel_settings, outbound.channel_address
    try:
        token = sending_token(settings_of, address, server.host)
    except NotAuthorised as error:
        raise DeliveryError(str(error), permanent=False) from error
    return replace(server, access_token=token)


def _carries_our_mark(raw: bytes) -> bool:
    name = MARK.encode().lower()
    if name not in raw[: 256 * 1024].lower():
        return False
    headers, _body = split_headers(raw, skip_blank=True)
    return is_our_mark(headers.raw(MARK.lower()))
