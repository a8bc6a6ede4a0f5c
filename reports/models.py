"""What was calculated from the event log, kept so that a report is a few sums.

Nothing here is a source of truth: every row can be thrown away and calculated again
(`rebuild_metrics`). Durations are seconds; a business value is null where no calendar applied.
A clock with `…_running_since` has not stopped: its value is what it read at `as_of`, "at least".
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from customers.models import Customer
from tickets.models import Channel, Ticket

CLOCKS = (
    "first_response_time",
    "requester_wait_time",
    "agent_wait_time",
    "on_hold_time",
    "unowned_time",
    "first_resolution_time",
    "full_resolution_time",
)


def _agent(related_name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name=related_name,
        db_index=False,
    )


def _team() -> models.ForeignKey:
    return models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )


class TicketMetrics(models.Model):
    """Every clock, count and flag of one ticket, with the ticket's present team and channel."""

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="metrics"
    )
    as_of = models.DateTimeField()
    version = models.PositiveIntegerField()
    is_counted = models.BooleanField()
    is_backlog = models.BooleanField()
    is_running = models.BooleanField()

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    team = _team()
    assignee = _agent()
    requester = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    first_responder = _agent()
    resolved_by = _agent()

    opened_at = models.DateTimeField()
    customer_wrote_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    first_response_time_calendar = models.BigIntegerField(null=True)
    first_response_time_business = models.BigIntegerField(null=True)
    first_response_time_running_since = models.DateTimeField(null=True)
    requester_wait_time_calendar = models.BigIntegerField()
    requester_wait_time_business = models.BigIntegerField(null=True)
    requester_wait_time_running_since = models.DateTimeField(null=True)
    agent_wait_time_calendar = models.BigIntegerField()
    agent_wait_time_business = models.BigIntegerField(null=True)
    agent_wait_time_running_since = models.DateTimeField(null=True)
    on_hold_time_calendar = models.BigIntegerField()
    on_hold_time_business = models.BigIntegerField(null=True)
    on_hold_time_running_since = models.DateTimeField(null=True)
    unowned_time_calendar = models.BigIntegerField()
    unowned_time_business = models.BigIntegerField(null=True)
    unowned_time_running_since = models.DateTimeField(null=True)
    first_resolution_time_calendar = models.BigIntegerField()
    first_resolution_time_business = models.BigIntegerField(null=True)
    first_resolution_time_running_since = models.DateTimeField(null=True)
    full_resolution_time_calendar = models.BigIntegerField()
    full_resolution_time_business = models.BigIntegerField(null=True)
    full_resolution_time_running_since = models.DateTimeField(null=True)

    transfers = models.PositiveIntegerField()
    human_replies = models.PositiveIntegerField()
    reopenings = models.PositiveIntegerField()
    one_touch = models.BooleanField()

    class Meta:
        verbose_name = _("figures of a ticket")
        verbose_name_plural = _("figures of tickets")
        ordering = ("ticket",)
        indexes = (
            models.Index(fields=["opened_at"], name="metrics_opened"),
            models.Index(fields=["customer_wrote_at"], name="metrics_wrote"),
            models.Index(
                fields=["requester", "is_counted", "opened_at"], name="metrics_of_requester"
            ),
            models.Index(
                fields=["as_of"], name="metrics_running", condition=models.Q(is_running=True)
            ),
            models.Index(
                fields=["ticket"], name="metrics_backlog", condition=models.Q(is_backlog=True)
            ),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class OfTicket(models.Model):
    """A row of a ticket, with the columns that a report chooses by, so that it need not join.

    They are the ticket's present team, assignee and channel, and whether it counts.
    """

    is_counted = models.BooleanField(default=True)
    ticket_team = _team()
    ticket_assignee = _agent()
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class TicketFlow(OfTicket):
    """One crossing of the backlog's border; `change` is +1 into it and -1 out of it.

    `second` is `at` in seconds since 1970: days in any zone are then whole-number arithmetic.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("Created")
        REOPENED = "reopened", _("Reopened")
        RESTORED = "restored", _("Restored")
        RESOLVED = "resolved", _("Resolved")
        REMOVED = "removed", _("Removed")

    metrics = models.ForeignKey(TicketMetrics, on_delete=models.CASCADE, related_name="flows")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    second = models.BigIntegerField()
    change = models.SmallIntegerField()
    team = _team()
    agent = _agent()

    class Meta:
        verbose_name = _("flow")
        verbose_name_plural = _("flows")
        ordering = ("metrics", "number")
        indexes = (
            models.Index(fields=["second", "kind", "change"], name="flow_at"),
            models.Index(fields=["kind", "at"], name="flow_by_kind"),
        )
        constraints = (models.UniqueConstraint(fields=["metrics", "number"], name="flow_in_order"),)

    def __str__(self) -> str:
        return f"{self.kind} #{self.metrics_id}"


class TicketResolution(OfTicket):
    """One time a ticket was resolved, credited to who did it, with what became of it."""

    metrics = models.ForeignKey(TicketMetrics, on_delete=models.CASCADE, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    team = _team()
    agent = _agent()
    human_replies = models.PositiveIntegerField()
    reopened_at = models.DateTimeField(null=True)
    is_reopened = models.BooleanField()
    is_first_contact = models.BooleanField()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ("metrics", "number")
        indexes = (models.Index(fields=["at"], name="resolution_at"),)
        constraints = (
            models.UniqueConstraint(fields=["metrics", "number"], name="resolution_in_order"),
        )

    def __str__(self) -> str:
        return f"#{self.metrics_id}.{self.number}"


class ReplyTime(OfTicket):
    """One exchange: the customer's first unanswered message, and the agent who answered it."""

    metrics = models.ForeignKey(TicketMetrics, on_delete=models.CASCADE, related_name="reply_times")
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    agent = _agent()
    calendar = models.BigIntegerField()
    business = models.BigIntegerField(null=True)
    running_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reply time")
        verbose_name_plural = _("reply times")
        ordering = ("metrics", "number")
        indexes = (models.Index(fields=["asked_at"], name="reply_time_asked"),)
        constraints = (
            models.UniqueConstraint(fields=["metrics", "number"], name="reply_time_in_order"),
        )

    def __str__(self) -> str:
        return f"#{self.metrics_id}.{self.number}"


class StaleTicket(models.Model):
    """A note that something happened to a ticket since its figures were calculated.

    One row for each event: who calculates deletes the notes read before reading the events, so an
    event recorded meanwhile is never lost.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("stale ticket")
        verbose_name_plural = _("stale tickets")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class Report(TicketMetrics):
    """The door to the manager's pages in the admin."""

    class Meta:
        proxy = True
        verbose_name = _("report")
        verbose_name_plural = _("reports")
