"""What a notice says, in the customer's language and with times in their zone."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.links import unsubscribe_url
from customers.models import OptOut
from messaging.rendering import Bodies, render_bodies
from notifications.models import Notice
from notifications.quiet_hours import zone_of


@dataclass(frozen=True)
class Words:
    subject: str
    bodies: Bodies
    language: str


def words_of(notice: Notice) -> Words:
    """Subject and bodies of a notice."""
    language = notice.customer.language or settings.LANGUAGE_CODE
    zone = zone_of(notice.customer.time_zone, settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        if notice.kind == Notice.Kind.ANNOUNCEMENT:
            return _announcement(notice, language)
        return _about_order(notice, language)


def _about_order(notice: Notice, language: str) -> Words:
    number = notice.order.number if notice.order else ""
    subject = _SUBJECTS[Notice.Kind(notice.kind)]() % {"number": number}
    context: dict[str, object] = {
        "name": notice.customer.name,
        "order": notice.order,
        "date": date_format(timezone.localtime(notice.promised_at)) if notice.promised_at else "",
    }
    return Words(
        subject, render_bodies(f"notifications/mail/{notice.kind}", context, language), language
    )


_SUBJECTS = {
    Notice.Kind.ORDER_LATE: lambda: _("Your order %(number)s is late"),
    Notice.Kind.ORDER_MOVED: lambda: _("New date for your order %(number)s"),
}


def _announcement(notice: Notice, language: str) -> Words:
    texts = notice.announcement.texts if notice.announcement else {}
    said = texts.get(language) or texts[settings.LANGUAGE_CODE]
    url = unsubscribe_url(notice.customer, OptOut.Topic.NOTICES)
    context: dict[str, object] = {"text": said["text"], "unsubscribe_url": url}
    return Words(
        said["subject"],
        render_bodies("notifications/mail/announcement", context, language),
        language,
    )
