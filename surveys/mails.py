"""The mail that asks: subject, both bodies and headers, in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.rendering import render_bodies
from surveys.models import Invitation
from surveys.scales import SurveyKind


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def answer_url(invitation: Invitation) -> str:
    """The absolute address of the page of an invitation."""
    return settings.SITE_URL + reverse("surveys:answer", args=[invitation.token])


def unsubscribe_url(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("surveys:unsubscribe", args=[invitation.token])


def invitation_mail(invitation: Invitation) -> Mail:
    """The mail of an invitation whose `expires_at` is set."""
    bodies = render_bodies(
        f"surveys/mail/{invitation.survey.kind}",
        {
            "invitation": invitation,
            "ticket": invitation.ticket,
            "scale": invitation.scale,
            "url": answer_url(invitation),
            "unsubscribe_url": unsubscribe_url(invitation),
            "SITE_NAME": settings.SITE_NAME,
        },
        invitation.language,
    )
    return Mail(_subject(invitation), bodies.text, bodies.html, _headers(invitation))


def _subject(invitation: Invitation) -> str:
    with translation.override(invitation.language or None):
        if invitation.survey.kind == SurveyKind.NPS:
            return _("One question from %(site)s") % {"site": settings.SITE_NAME}
        if invitation.ticket is None:
            return _("How did we do?")
        return _("How did we do? “%(subject)s”") % {"subject": invitation.ticket.subject}


def _headers(invitation: Invitation) -> Mapping[str, str]:
    """One-click unsubscribe (RFC 8058); the frame of the mail shows the same address."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(invitation)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
