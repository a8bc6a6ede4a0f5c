"""One message to many customers: a promise for each, spread over time, and no ticket."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.audiences import Audience, customers_in
from notifications.models import Announcement, Notice

A_MINUTE = 200  # notices that may leave in a minute, so that no mail server takes us for spam
BATCH = 1000


class AnnouncementRefused(ValueError):
    """The announcement cannot be made; the text is a sentence for the manager."""


@transaction.atomic
def announce(
    *,
    by: User,
    audience: Audience,
    texts: Mapping[str, Mapping[str, str]],
    key: UUID | None = None,
    at: datetime | None = None,
) -> Announcement:
    """Promise one notice to each customer of the audience, `A_MINUTE` a minute from `at` on.

    `texts` is `{language: {"subject", "text"}}` and must hold the account's language, which others
    fall back to. The same `key` again returns the first announcement. Raises
    `AnnouncementRefused` for an audience of everybody or of nobody, and for missing words.
    """
    if key and (earlier := Announcement.objects.filter(key=key).first()):
        return earlier
    if audience.is_everybody:
        raise AnnouncementRefused(_("Choose a tag, a language or an organization first."))
    written = {code: dict(said) for code, said in texts.items() if said["text"].strip()}
    if settings.LANGUAGE_CODE not in written:
        raise AnnouncementRefused(_("Write the text in the main language at least."))
    if not all(said["subject"].strip() for said in written.values()):
        raise AnnouncementRefused(_("Each text needs a subject."))
    announcement = Announcement.objects.create(
        key=key or uuid4(), audience=asdict(audience), texts=written, created_by=by
    )
    if not _promise(announcement, audience, at or timezone.now()):
        raise AnnouncementRefused(_("Nobody belongs to this audience."))
    return announcement


def _promise(announcement: Announcement, audience: Audience, start: datetime) -> int:
    count, batch = 0, []
    for customer_id in customers_in(audience).values_list("pk", flat=True).iterator():
        batch.append(
            _notice(announcement, customer_id, start + timedelta(minutes=count // A_MINUTE))
        )
        count += 1
        if len(batch) == BATCH:
            Notice.objects.bulk_create(batch)
            batch = []
    Notice.objects.bulk_create(batch)
    return count


def _notice(announcement: Announcement, customer_id: int, due_at: datetime) -> Notice:
    return Notice(
        kind=Notice.Kind.ANNOUNCEMENT,
        customer_id=customer_id,
        announcement=announcement,
        dedupe_key=f"announcement:{announcement.pk}:{customer_id}",
        due_at=due_at,
    )
