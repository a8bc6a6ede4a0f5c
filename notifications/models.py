"""What we tell customers before they ask: one row a promise, and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Order
from messaging.models import Delivery


class Announcement(models.Model):
    """One message to many customers, in several languages.

    `audience` is what was chosen (`notifications.audiences.Audience`), `texts` is
    `{language: {"subject": …, "text": …}}`. `key` comes with the form: sending it twice makes one.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    audience = models.JSONField(_("audience"))
    texts = models.JSONField(_("texts"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-id",)

    def __str__(self) -> str:
        first: dict[str, str] = next(iter(self.texts.values()), {})
        return str(first.get("subject", ""))


class Notice(models.Model):
    """The promise to tell one customer one thing, once.

    `due` and `waiting` are still to come (`waiting`: put off, `reason` says why), `sent` was
    handed to messaging, `skipped` will not be told and `reason` says why.
    """

    class Kind(models.TextChoices):
        ORDER_LATE = "order_late", _("Order is late")
        ORDER_MOVED = "order_moved", _("Order has a new date")
        ANNOUNCEMENT = "announcement", _("Announcement")

    class State(models.TextChoices):
        DUE = "due", _("Due")
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Told")
        SKIPPED = "skipped", _("Not told")

    OPEN = (State.DUE, State.WAITING)
    ABOUT_THEIR_ORDER = (Kind.ORDER_LATE, Kind.ORDER_MOVED)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="notices", verbose_name=_("customer")
    )
    order = models.ForeignKey(
        Order,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("order"),
    )
    # The date it is about: the one that passed, or the new one.
    promised_at = models.DateTimeField(_("promised"), null=True, blank=True)
    announcement = models.ForeignKey(
        Announcement, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    # What it says, once: "order_late:12:2026-03-01T00:00:00+00:00".
    dedupe_key = models.CharField(max_length=150, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["due_at"],
                name="notice_due",
                condition=models.Q(state__in=["due", "waiting"]),
            ),
            models.Index(fields=["state", "-id"], name="notice_by_state"),
            models.Index(fields=["customer", "-id"], name="notice_by_customer"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_about_their_order(self) -> bool:
        """Such a notice is part of what they bought: no opt-out keeps it back."""
        return self.kind in self.ABOUT_THEIR_ORDER
