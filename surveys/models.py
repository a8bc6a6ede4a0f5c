"""Surveys, whom they were promised to, and what people answered."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from customers.models import Customer
from messaging.models import Delivery
from surveys.scales import SCALES, Scale, SurveyKind
from tickets.models import Ticket, TicketEvent

TOKEN_BYTES = 24


def new_token() -> str:
    """192 random bits: whoever has it may answer this one invitation, nobody can guess it."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class SurveyPolicy(models.Model):
    """The one row of rules that every survey shares."""

    do_not_ask_days = models.PositiveSmallIntegerField(
        _("days between two surveys"),
        default=30,
        help_text=_("Nobody is asked again, by any survey, before these days are over."),
    )

    class Meta:
        verbose_name = _("survey policy")
        verbose_name_plural = _("survey policy")
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="survey_policy_is_one"),)

    def __str__(self) -> str:
        return str(_("Survey policy"))


class Survey(models.Model):
    """A question that goes out by itself, after each resolution or once a period."""

    class Trigger(models.TextChoices):
        ON_RESOLUTION = "on_resolution", _("After a ticket is resolved")
        QUARTERLY = "quarterly", _("To each customer once a quarter")
        YEARLY = "yearly", _("To each customer once a year")

    PERIODIC = (Trigger.QUARTERLY, Trigger.YEARLY)

    kind = models.CharField(_("kind"), max_length=4, choices=SurveyKind)
    name = models.CharField(_("name"), max_length=100, unique=True)
    trigger = models.CharField(_("when"), max_length=15, choices=Trigger)
    is_active = models.BooleanField(_("active"), default=True)
    delay_minutes = models.PositiveIntegerField(
        _("delay in minutes"),
        null=True,
        blank=True,
        help_text=_("After a resolution. Empty: as in the setting SURVEY_DELAY_MINUTES."),
    )
    expires_after_days = models.PositiveSmallIntegerField(
        _("days to answer"), default=30, validators=[MinValueValidator(1)]
    )
    # Periodic surveys count their periods from here, so that switching one on asks nobody at once.
    started_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(is_active=True),
                name="one_active_survey_a_kind",
                violation_error_message=_("Another survey of this kind is active already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SurveyKind.values), name="survey_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=["on_resolution", "quarterly", "yearly"]),
                name="survey_trigger_is_known",
            ),
            models.CheckConstraint(condition=Q(expires_after_days__gte=1), name="survey_expires"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> Scale:
        return SCALES[self.kind]

    @property
    def delay(self) -> timedelta:
        """How long after a resolution the customer is asked."""
        minutes = self.delay_minutes
        return timedelta(minutes=settings.SURVEY_DELAY_MINUTES if minutes is None else minutes)


class Invitation(models.Model):
    """A promise to ask one customer once, and what became of it.

    `agent` and `team` are those who resolved the ticket, frozen here: the score is theirs whatever
    happens to the ticket later. `sent_at` is null until a mail was promised; a customer who rates
    on the ticket's page before that was never sent one.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Planned")
        SENT = "sent", _("Sent")
        ANSWERED = "answered", _("Answered")
        SKIPPED = "skipped", _("Not asked")
        EXPIRED = "expired", _("Not answered in time")

    class Reason(models.TextChoices):
        """Why a customer was not asked."""

        NOT_RESOLVED = "not_resolved", _("The ticket was reopened.")
        RESOLVED_AGAIN = "resolved_again", _("The ticket was resolved again later.")
        MERGED = "merged", _("The ticket was merged into another.")
        SPAM = "spam", _("The ticket is spam.")
        OPTED_OUT = "opted_out", _("The customer does not want surveys.")
        NO_ADDRESS = "no_address", _("We have no e-mail address of the customer.")
        UNREACHABLE = "unreachable", _("Mail to the customer comes back.")
        NO_CHANNEL = "no_channel", _("There is no active mailbox to send from.")
        ASKED_LATELY = "asked_lately", _("The customer was asked a short time ago.")
        INACTIVE = "inactive", _("The survey was switched off.")
        TOO_LATE = "too_late", _("It was too long ago to ask about it.")

    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("survey")
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="survey_invitations",
        verbose_name=_("customer"),
    )
    ticket = models.ForeignKey(
        Ticket,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="survey_invitations",
        verbose_name=_("ticket"),
    )
    # The resolution that it asks about.
    event = models.ForeignKey(
        TicketEvent, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # The day on which a periodic survey met this customer, ISO 8601; "" for the others.
    period = models.CharField(_("period"), max_length=10, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="survey_invitations",
        verbose_name=_("agent"),
    )
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="survey_invitations",
        verbose_name=_("team"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SCHEDULED)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    due_at = models.DateTimeField(_("due"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    delivery = models.OneToOneField(
        Delivery,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invitation",
        verbose_name=_("delivery"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["due_at"], name="invitation_due", condition=Q(state="scheduled")),
            models.Index(
                fields=["expires_at"], name="invitation_expiring", condition=Q(state="sent")
            ),
            models.Index(
                fields=["sent_at"], name="invitation_sent", condition=Q(sent_at__isnull=False)
            ),
            models.Index(
                fields=["customer", "sent_at"],
                name="invitation_asked",
                condition=Q(sent_at__isnull=False),
            ),
            models.Index(fields=["survey", "due_at"], name="invitation_of_survey"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["survey", "event"],
                condition=Q(event__isnull=False),
                name="invitation_once_a_resolution",
            ),
            models.UniqueConstraint(
                fields=["survey", "customer", "period"],
                condition=~Q(period=""),
                name="invitation_once_a_period",
            ),
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, period="")
                | (Q(ticket__isnull=True, event__isnull=True) & ~Q(period="")),
                name="invitation_ticket_or_period",
            ),
            models.CheckConstraint(
                condition=(Q(state="skipped") & ~Q(reason=""))
                | (~Q(state="skipped") & Q(reason="")),
                name="invitation_skipped_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "expired"])
                | Q(sent_at__isnull=False, expires_at__isnull=False),
                name="invitation_sent_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(expires_at__isnull=False),
                name="invitation_answered_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "sent", "answered", "skipped", "expired"]),
                name="invitation_state_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.survey} #{self.pk}"

    @property
    def scale(self) -> Scale:
        return self.survey.scale


class Answer(models.Model):
    """One answer to an invitation. A changed mind adds a row; the current one counts.

    `score` is on the scale of `kind`: CSAT 1–5, NPS 0–10, CES 1–7. `external_id` names the
    message it came by, so that a mail that comes twice counts once.
    """

    class Source(models.TextChoices):
        PAGE = "page", _("Survey page")
        MAIL = "mail", _("Mail")
        PUBLIC_TICKET = "public_ticket", _("Ticket page")
        API = "api", _("API")

    invitation = models.ForeignKey(
        Invitation,
        on_delete=models.CASCADE,
        related_name="answers",
        verbose_name=_("invitation"),
    )
    kind = models.CharField(_("kind"), max_length=4, choices=SurveyKind)
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)
    source = models.CharField(_("came by"), max_length=15, choices=Source)
    language = models.CharField(_("language"), max_length=10, blank=True)
    external_id = models.CharField(max_length=250, blank=True)
    is_current = models.BooleanField(_("counts"), default=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["kind", "answered_at"],
                name="answer_counted",
                condition=Q(is_current=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["invitation"],
                condition=Q(is_current=True),
                name="answer_current_is_one",
            ),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="answer_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="csat", score__gte=1, score__lte=5)
                | Q(kind="nps", score__gte=0, score__lte=10)
                | Q(kind="ces", score__gte=1, score__lte=7),
                name="answer_on_its_scale",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["page", "mail", "public_ticket", "api"]),
                name="answer_source_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"

    @property
    def is_bad(self) -> bool:
        return SCALES[self.kind].is_bad(self.score)

    @property
    def words(self) -> str:
        """ "Very good", or "" where a score has no words of its own."""
        return str(SCALES[self.kind].step(self.score).words)
