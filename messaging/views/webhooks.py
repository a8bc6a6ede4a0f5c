"""Where providers post the mail of a mailbox. The address holds the secret of its channel."""

import hmac

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.email.posted import PROVIDERS, Post, Refused, mails_in
from messaging.services import accept
from tickets.models import Channel


@csrf_exempt
@require_POST
def receive(request: HttpRequest, channel_id: int, provider: str, token: str) -> HttpResponse:
    """Keep what a provider posts; 200 only when it is committed.

    A wrong secret finds nothing (404), a wrong signature is refused (403), no mail is 400: what
    is refused leaves no trace. The provider's repeat keeps the first row.
    """
    channel = _channel_or_404(channel_id, provider, token)
    post = Post(request.read(), request.headers.get("Content-Type", ""), request.META)
    try:
        key = str(channel.settings.get("webhook_signing_key") or "")
        mails = mails_in(provider, post, signing_key=key)
    except Refused as error:
        status = 403 if "signature" in str(error) else 400
        return HttpResponse(f"{error}\n", content_type="text/plain", status=status)
    with transaction.atomic():
        for mail in mails:
            name, raw = f"{provider}:{mail.name}", mail.raw[: settings.MAX_MAIL_BYTES + 1]
            accept(channel, raw, external_id=name, source=provider)
    return HttpResponse("kept\n", content_type="text/plain")


def _channel_or_404(channel_id: int, provider: str, token: str) -> Channel:
    channel = Channel.objects.filter(pk=channel_id, kind="email", is_active=True).first()
    settings_of = channel.settings if channel else {}
    secret = (
        str(settings_of.get("webhook_secret") or "") if settings_of.get("receive_posts") else ""
    )
    # Compared in any case: the time it takes does not tell which channels there are.
    is_right = hmac.compare_digest(secret.encode(), token.encode()) and bool(secret)
    if not is_right or provider not in PROVIDERS or channel is None:
        raise Http404
    return channel
