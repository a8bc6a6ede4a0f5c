"""Reads on surveys. What a page shows starts at `…_visible_to(user)`."""

from datetime import datetime, timedelta

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.models import User
from customers.selectors import customers_visible_to
from messaging.models import Delivery
from surveys.models import TOKEN_BYTES, Answer, Invitation, Survey, SurveyPolicy
from surveys.scales import SurveyKind
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to

State = Invitation.State
TOKEN_LENGTH = TOKEN_BYTES * 4 // 3
NOT_DELIVERED = (Delivery.State.FAILED, Delivery.State.SUPPRESSED)


def invitations_visible_to(user: User) -> QuerySet[Invitation]:
    """Those about tickets the user may see; those about no ticket, of customers they may see."""
    if user.is_manager:
        return Invitation.objects.all()
    about_tickets = Q(ticket__in=tickets_visible_to(user))
    about_none = Q(ticket=None, customer__in=customers_visible_to(user))
    return Invitation.objects.filter(about_tickets | about_none)


def answers_visible_to(user: User) -> QuerySet[Answer]:
    """The answers that count, to invitations the user may see; not of spam and merged tickets."""
    answers = Answer.objects.filter(is_current=True)
    if not user.is_manager:
        answers = answers.filter(invitation__in=invitations_visible_to(user))
    return answers.filter(
        Q(invitation__ticket=None)
        | Q(invitation__ticket__is_spam=False, invitation__ticket__merged_into=None)
    )


def invitations_sent_between(
    start: datetime, end: datetime, *, kind: str = ""
) -> QuerySet[Invitation]:
    """The cohort of a response rate: what was sent in `[start, end)` (UTC), with its answer.

    Each row has `score`, `comment` and `answered_at` of the answer that counts, None without one.
    Left out: mail that was held back or came back, and tickets that are spam or merged away.
    """
    sent = invitations_that_reached(kind).filter(sent_at__gte=start, sent_at__lt=end)
    return with_current_answer(sent).order_by("sent_at", "id")


def invitations_that_reached(kind: str = "") -> QuerySet[Invitation]:
    """Invitations that count as sent: on their way to the customer, about a ticket that counts."""
    sent = Invitation.objects.filter(
        Q(delivery=None) | ~Q(delivery__state__in=NOT_DELIVERED),
        Q(ticket=None) | Q(ticket__is_spam=False, ticket__merged_into=None),
        sent_at__isnull=False,
    )
    return sent.filter(survey__kind=kind) if kind else sent


def with_current_answer(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Add `score`, `comment` and `answered_at` of the answer that counts to each row."""
    return invitations.annotate(
        current=FilteredRelation("answers", condition=Q(answers__is_current=True)),
        score=F("current__score"),
        comment=F("current__comment"),
        answered_at=F("current__answered_at"),
    )


def active_survey(kind: str) -> Survey | None:
    """At most one of a kind is active."""
    return Survey.objects.filter(kind=kind, is_active=True).first()


def surveys_on_resolution() -> QuerySet[Survey]:
    return Survey.objects.filter(is_active=True, trigger=Survey.Trigger.ON_RESOLUTION).order_by(
        "id"
    )


def do_not_ask_period() -> timedelta:
    """How long nobody is asked again, by any survey."""
    policy = SurveyPolicy.objects.filter(pk=1).first() or SurveyPolicy()
    return timedelta(days=policy.do_not_ask_days)


def asked_since(customer_id: int, since: datetime) -> QuerySet[Invitation]:
    """The invitations of any survey that were sent to a customer after `since`."""
    return Invitation.objects.filter(customer_id=customer_id, sent_at__gt=since)


def invitation_with(token: str) -> Invitation | None:
    """The invitation that a link names; None for anything that is not exactly one of our tokens."""
    if len(token) != TOKEN_LENGTH or not token.isascii() or not token.isprintable():
        return None
    return (
        Invitation.objects.select_related("survey", "customer", "ticket__requester")
        .filter(token=token)
        .first()
    )


def invitation_of_delivery(delivery: Delivery) -> Invitation | None:
    return (
        Invitation.objects.select_related("survey", "customer", "ticket")
        .filter(delivery=delivery)
        .first()
    )


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether it may be answered, or its answer changed."""
    return invitation.expires_at is not None and now < invitation.expires_at


def current_answer(invitation: Invitation) -> Answer | None:
    return invitation.answers.filter(is_current=True).first()


def rating_invitation(ticket: Ticket) -> Invitation | None:
    """The satisfaction invitation about a ticket's last resolution, whatever became of it."""
    return (
        Invitation.objects.select_related("survey", "customer", "ticket__requester")
        .filter(ticket=ticket, survey__kind=SurveyKind.CSAT)
        .order_by("-id")
        .first()
    )


def answer_by_mail(external_id: str) -> Answer | None:
    """The answer that came by this message, if it came before."""
    return Answer.objects.filter(external_id=external_id).first() if external_id else None


def newest_answer_and_invitation() -> tuple[int | None, datetime | None]:
    """The id of the newest answer and when the newest invitation went out: has anything changed?"""
    answer = Answer.objects.order_by("-id").values_list("id", flat=True).first()
    sent = Invitation.objects.filter(sent_at__isnull=False).order_by("-sent_at")
    return answer, sent.values_list("sent_at", flat=True).first()
