"""What came in, raw, with its fate; what goes out, with its state."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from helpdesk.lib.fields import EncryptedJSONField
from messaging.phone.models import CallBack
from messaging.senders import BlockedSender
from tickets.inbound import Fate
from tickets.models import Channel, Message, Ticket

__all__ = [
    "BlockedSender",
    "CallBack",
    "Delivery",
    "MailboxDay",
    "MailboxGrant",
    "MailboxState",
    "RawInbound",
]


class RawInbound(models.Model):
    """A message from outside exactly as it came, kept before anybody tried to understand it.

    `fate` is "" until it is decided. `external_id` names this delivery at its door (a mailbox's
    UID, a provider's id), so that fetching twice keeps one row.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="raw_inbound")
    external_id = models.CharField(max_length=250)
    source = models.CharField(_("came by"), max_length=20)
    payload = models.BinaryField()
    size = models.PositiveBigIntegerField(_("size"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    fate = models.CharField(_("fate"), max_length=15, choices=Fate, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="raw_inbound"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Until then somebody works on it, or it rests before the next try.
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("inbound message")
        verbose_name_plural = _("inbound messages")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["channel", "external_id"], name="raw_inbound_once"),
        )
        indexes = (
            models.Index(
                fields=["claimed_until"], name="raw_inbound_open", condition=models.Q(fate="")
            ),
            models.Index(fields=["fate", "-id"], name="raw_inbound_by_fate"),
            models.Index(fields=["channel", "received_at"], name="raw_inbound_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class Delivery(models.Model):
    """A message on its way out, with everything frozen that it needs to be handed over."""

    class Purpose(models.TextChoices):
        REPLY = "reply", _("Reply")
        AUTOMATIC = "automatic", _("Automatic message")
        SURVEY = "survey", _("Survey")
        ORDER_NOTICE = "order_notice", _("Notice about their order")
        NOTICE = "notice", _("Notice")
        ACCOUNT = "account", _("Mail about an account")
        ALARM = "alarm", _("Alarm to administrators")
        AGENT = "agent", _("Mail to an agent")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        SUPPRESSED = "suppressed", _("Not sent")

    # They hold links and tokens by which one could act as somebody else.
    PRIVATE = (Purpose.ACCOUNT, Purpose.AGENT)
    BULK = (Purpose.SURVEY, Purpose.NOTICE, Purpose.ORDER_NOTICE)

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    message = models.OneToOneField(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="delivery"
    )
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose)
    # What it is for, once: "invitation:12". The same key is never sent twice.
    key = models.CharField(max_length=100, unique=True)
    recipients = models.JSONField(_("recipients"))
    sender_name = models.CharField(max_length=150, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    # Our Message-ID; `message_id` is the key of the ticket message.
    rfc_message_id = models.CharField(max_length=250, unique=True)
    in_reply_to = models.CharField(max_length=250, blank=True)
    references = models.JSONField(default=list, blank=True)
    headers = models.JSONField(default=dict, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["due_at"],
                name="delivery_due",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
            models.Index(fields=["customer", "-id"], name="delivery_by_customer"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class MailboxState(models.Model):
    """How far a mailbox has been fetched (IMAP: RFC 9051 section 2.3.1.1), and how it went."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="mailbox_state")
    # The mailbox these numbers belong to; another one begins anew.
    account = models.CharField(max_length=500, blank=True)
    uid_validity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    # When we first looked; null when we took everything that was there. After a renumbering the
    # mails up to `reread_to` are read again, without those that came before this time.
    taken_since = models.DateTimeField(null=True, blank=True)
    reread_to = models.PositiveBigIntegerField(default=0)
    # The mails up to here were there before us, and were left.
    skipped_to = models.PositiveBigIntegerField(default=0)
    watched_since = models.DateTimeField(default=timezone.now)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.channel)


class MailboxDay(models.Model):
    """What a mail server said it has for one day (of `TIME_ZONE`), when it was last asked.

    `uids` and `before_us` are sets of numbers as IMAP writes them ("1:5,9"); the second are those
    that were there before we began. `problem` says why it could not be asked.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="mailbox_days")
    day = models.DateField()
    uid_validity = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=12, blank=True)
    uids = models.TextField(blank=True)
    before_us = models.TextField(blank=True)
    # The number that the next mail gets: what has a higher one came since.
    next_uid = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "day"], name="mailbox_day_once"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"


class MailboxGrant(models.Model):
    """The provider's leave to read and send as a mailbox (OAuth 2.0, RFC 6749).

    `secret` holds what opens the mailbox: the refresh token, the access token and, until it has
    been exchanged, the code of the authorisation with its PKCE verifier.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="mailbox_grant")
    secret = EncryptedJSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.channel)
