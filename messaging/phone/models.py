"""What we promised on the phone."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models import Message, Ticket


class CallBack(models.Model):
    """We said that we would call back by `due_at`; kept when `done_at` is set."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="call_backs")
    # The call in which it was promised: one promise a call.
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="call_back")
    number = models.CharField(_("number"), max_length=20, blank=True)
    due_at = models.DateTimeField(_("call back by"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("promised by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("call back")
        verbose_name_plural = _("calls back")
        ordering = ("due_at", "id")
        indexes = (
            models.Index(fields=["due_at"], name="call_back_due", condition=models.Q(done_at=None)),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.number}"

    def is_overdue(self, now: datetime | None = None) -> bool:
        return self.done_at is None and self.due_at < (now or timezone.now())
