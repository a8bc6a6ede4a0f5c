"""A mailbox that nobody could fetch for a while: administrators hear of it, once an outage."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from helpdesk.lib.times import Clock
from messaging.email.imap import is_fetched
from messaging.models import Delivery, MailboxState
from messaging.services import send
from tickets.models import Channel


def late_mailboxes(now: datetime | None = None) -> list[MailboxState]:
    """Mailboxes without a success for `MAILBOX_ALARM_MINUTES`, the longest first."""
    return [state for state in _quiet(now or timezone.now()) if is_fetched(state.channel)]


def _quiet(now: datetime) -> QuerySet[MailboxState]:
    silent_since = Greatest(Coalesce("last_success_at", "watched_since"), "watched_since")
    limit = now - timedelta(minutes=settings.MAILBOX_ALARM_MINUTES)
    return (
        MailboxState.objects.filter(channel__is_active=True)
        .annotate(silent_since=silent_since)
        .filter(silent_since__lt=limit)
        .select_related("channel")
        .order_by("silent_since", "id")
    )


def raise_alarms() -> int:
    """Write to every active administrator about each late mailbox; returns how many mails.

    Every outage has its own key, so that the same one is told once, whoever looks how often.
    """
    late = [state for state in late_mailboxes() if state.last_error]
    if not late:
        return 0
    admins = list(User.objects.filter(is_active=True, role=User.Role.ADMIN).order_by("id"))
    return sum(_tell(admin, state) for state in late for admin in admins)


def _tell(admin: User, state: MailboxState) -> bool:
    since = state.silent_since  # type: ignore[attr-defined]
    key = f"mailbox:{state.channel_id}:{since.timestamp():.0f}:{admin.pk}"
    if Delivery.objects.filter(key=key).exists():
        return False
    channel = _channel_to_write_from(state.channel)
    with translation.override(admin.language or settings.LANGUAGE_CODE):
        facts = {
            "mailbox": state.channel.address,
            "since": Clock(zone=timezone.get_default_timezone()).exact(since),
            "problem": state.last_error,
            "url": settings.SITE_URL + reverse("messaging:intake_days"),
        }
        text = _(
            "The mailbox %(mailbox)s could not be fetched since %(since)s.\n\n"
            "%(problem)s\n\n"
            "Mail is not lost: it waits on the server and is fetched when it answers again. "
            "You see how it stands here:\n%(url)s"
        )
        send(
            key=key,
            purpose=Delivery.Purpose.ALARM,
            channel=channel,
            recipients={"to": [admin.email], "cc": [], "bcc": []},
            subject=_("Mailbox %(mailbox)s cannot be fetched") % facts,
            text=text % facts,
            html=_paragraphs(text % facts),
            language=translation.get_language() or "",
        )
    return True


def _paragraphs(text: str) -> str:
    return "".join(format_html("<p>{}</p>", part) for part in text.split("\n\n"))


def _channel_to_write_from(broken: Channel) -> Channel:
    """Another mailbox where there is one: what is wrong here may be wrong with sending too."""
    mailboxes: Iterable[Channel] = Channel.objects.filter(kind="email", is_active=True)
    return min(mailboxes, key=lambda channel: (channel.pk == broken.pk, channel.pk))
