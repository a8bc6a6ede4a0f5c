"""The core: channels, tickets, messages and the log of what happened to them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from customers.models import Customer
from helpdesk.lib.fields import EncryptedJSONField


class Channel(models.Model):
    """One mailbox, one form, one number. The code for its kind lives in `messaging/<kind>/`."""

    # The kind that carries answers where the channel of the question cannot.
    MAILBOX = "email"

    kind = models.CharField(_("kind"), max_length=30)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=254)
    default_team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    settings = EncryptedJSONField(_("settings"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("kind", "address")
        constraints = (models.UniqueConstraint(fields=["kind", "address"], name="channel_once"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.address})"

    @property
    def is_mailbox(self) -> bool:
        return self.kind == self.MAILBOX


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=50, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """One matter of one requester. Its state is written by `tickets.services` alone.

    `version` counts its events: a page that shows version 7 can tell that something came since.
    """

    class Status(models.TextChoices):
        # With a context: a view of many tickets has another ending in Spanish and Portuguese.
        NEW = "new", pgettext_lazy("ticket", "New")
        OPEN = "open", pgettext_lazy("ticket", "Open")
        PENDING = "pending", pgettext_lazy("ticket", "Pending")
        ON_HOLD = "on_hold", pgettext_lazy("ticket", "On hold")
        RESOLVED = "resolved", pgettext_lazy("ticket", "Resolved")
        CLOSED = "closed", pgettext_lazy("ticket", "Closed")

    class Priority(models.IntegerChoices):
        LOW = 1, _("Low")
        NORMAL = 2, _("Normal")
        HIGH = 3, _("High")
        URGENT = 4, _("Urgent")

    WITH_US = (Status.NEW, Status.OPEN)
    UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)

    subject = models.CharField(_("subject"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, verbose_name=_("channel"))
    requester = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("requester")
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_tickets",
        verbose_name=_("assignee"),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets", verbose_name=_("tags"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    version = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)
    last_customer_message_at = models.DateTimeField(null=True, blank=True)
    # The first customer message nobody has answered yet; null while we owe no answer.
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="resolved_tickets",
    )
    # When an agent must have answered, answered again, solved. Computed by automation.
    first_response_due = models.DateTimeField(null=True, blank=True)
    next_reply_due = models.DateTimeField(null=True, blank=True)
    resolution_due = models.DateTimeField(null=True, blank=True)

    # Nearly always null: a full index would lure SQLite into reading every ticket by it.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_tickets",
        db_index=False,
    )
    follow_up_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    is_spam = models.BooleanField(default=False)

    # For the list: words of the last message, and how many there are.
    snippet = models.CharField(max_length=160, blank=True)
    message_count = models.PositiveIntegerField(default=0)
    # Messages of people who take no part, which wait for an agent: not in `message_count`.
    held_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ("-updated_at", "-id")
        indexes = (
            models.Index(fields=["-updated_at", "-id"], name="ticket_latest"),
            models.Index(fields=["status", "-updated_at", "-id"], name="ticket_by_status"),
            models.Index(fields=["assignee", "status", "-updated_at"], name="ticket_by_assignee"),
            models.Index(fields=["team", "status", "-updated_at"], name="ticket_by_team"),
            models.Index(fields=["requester", "-created_at"], name="ticket_by_requester"),
            models.Index(fields=["created_at"], name="ticket_created"),
            models.Index(
                fields=["-updated_at", "-id"],
                name="ticket_unsolved",
                condition=models.Q(
                    status__in=["new", "open", "pending", "on_hold"],
                    is_spam=False,
                    merged_into=None,
                ),
            ),
            models.Index(
                fields=["merged_into"],
                name="ticket_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["resolved_at"],
                name="ticket_to_close",
                condition=models.Q(status="resolved"),
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                name="ticket_spam",
                condition=models.Q(is_spam=True),
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                name="ticket_with_held",
                condition=models.Q(held_count__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def is_unsolved(self) -> bool:
        return self.status in self.UNSOLVED

    @property
    def is_counted(self) -> bool:
        """Neither merged away nor spam: part of every figure."""
        return not self.is_spam and self.merged_into_id is None


class Participant(models.Model):
    """Somebody besides the requester who gets the replies (Cc) and may write into the ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="participations")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["ticket", "customer"], name="participant_once"),
        )

    def __str__(self) -> str:
        return f"{self.customer} in {self.ticket_id}"


class Message(models.Model):
    """Something said in a ticket.

    `text` is what to show; for a customer's mail `text` is the words of that mail and
    `quoted_text` the rest. `html` is cleaned. A held one was sent by somebody who takes no part in
    the ticket: agents alone see it until one of them decides. `recipients` is
    `{"to": […], "cc": […], "bcc": […]}`, frozen when an agent writes.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Note")
        AUTOMATIC = "automatic", _("Automatic message")
        HELD = "held", _("Waiting message")

    class State(models.TextChoices):
        """What became of a message that goes out; "" for the others."""

        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")

    PUBLIC = (Kind.CUSTOMER, Kind.REPLY, Kind.AUTOMATIC)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    sender_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    quoted_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    recipients = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=250, blank=True)
    in_reply_to = models.CharField(max_length=250, blank=True)
    external_id = models.CharField(max_length=250, blank=True)
    is_auto_reply = models.BooleanField(default=False)
    asks_if_solved = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, blank=True)
    state_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Facts of a channel of its own: a call's direction and duration, a form's fields.
    details = models.JSONField(default=dict, blank=True)
    # Folded, stemmed words: see `tickets.search`.
    search_text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("created_at", "id")
        indexes = (
            models.Index(fields=["ticket", "created_at", "id"], name="message_in_ticket"),
            models.Index(
                fields=["message_id"], name="message_by_id", condition=~models.Q(message_id="")
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["external_id"],
                name="message_once",
                condition=~models.Q(external_id=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} in #{self.ticket_id}"

    @property
    def is_public(self) -> bool:
        return self.kind in self.PUBLIC

    @property
    def is_held(self) -> bool:
        return self.kind == self.Kind.HELD


def attachment_path(attachment: "Attachment", _name: str) -> str:
    """A random place: nothing of the sender's file name reaches the disk."""
    token = uuid.uuid4().hex
    return f"{token[:2]}/{token}"


class Attachment(models.Model):
    """A file of a message. Opened only through a signed link, as a download."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path, max_length=100)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class TicketEvent(models.Model):
    """One thing that happened to a ticket, with the state after it. Never changed, never deleted.

    `(ticket, version)` orders a ticket's events without a gap. Everything that follows from a
    ticket (notifications, SLA, surveys, reports) is computed from these rows.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened the ticket")
        CUSTOMER_MESSAGE = "customer_message", _("wrote")
        REPLY = "reply", _("replied")
        REPLY_SENT = "reply_sent", _("reply delivered")
        REPLY_FAILED = "reply_failed", _("reply could not be delivered")
        NOTE = "note", _("wrote a note")
        ASSIGNED = "assigned", _("changed the assignee")
        TEAM_CHANGED = "team_changed", _("changed the team")
        STATUS_CHANGED = "status_changed", _("changed the status")
        PRIORITY_CHANGED = "priority_changed", _("changed the priority")
        TAGGED = "tagged", _("added a tag")
        UNTAGGED = "untagged", _("removed a tag")
        RESOLVED = "resolved", _("resolved the ticket")
        REOPENED = "reopened", _("reopened the ticket")
        CONFIRMED_SOLVED = "confirmed_solved", _("confirmed that it is solved")
        CLOSED = "closed", _("closed the ticket")
        MARKED_SPAM = "marked_spam", _("marked the ticket as spam")
        UNMARKED_SPAM = "unmarked_spam", _("took the spam mark off")
        MERGED = "merged", _("merged the ticket into another")
        UNMERGED = "unmerged", _("undid the merge")
        HELD = "held", _("a message of somebody else waits")
        LET_IN = "let_in", _("let somebody in")
        MOVED_OUT = "moved_out", _("made a waiting message a ticket of its own")

    class ActorKind(models.TextChoices):
        AGENT = "agent", _("Agent")
        CUSTOMER = "customer", _("Customer")
        SYSTEM = "system", _("System")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    # The state after the event.
    status = models.CharField(max_length=10, choices=Ticket.Status)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        ordering = ("ticket", "version")
        indexes = (models.Index(fields=["kind", "at"], name="event_by_kind"),)
        constraints = (
            models.UniqueConstraint(fields=["ticket", "version"], name="event_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.ticket_id}.{self.version}"
