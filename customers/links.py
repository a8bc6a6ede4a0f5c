"""Signed links by which a customer tells us what not to write about any more.

The token is an HMAC-SHA256 signature (Django's `Signer`) over customer and topic: it cannot be
guessed and does not expire, because a mail may be read years later.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from customers.models import Customer, OptOut

SALT = "customers.unsubscribe"


class BadUnsubscribeToken(ValueError):
    """The token was not made by us, or not for this purpose."""


def unsubscribe_token(customer: Customer, topic: str) -> str:
    return signing.Signer(salt=SALT).sign(f"{customer.pk}.{topic}")


def unsubscribe_url(customer: Customer, topic: str) -> str:
    """The absolute address of the page that ends mails of a topic (`OptOut.Topic`)."""
    token = unsubscribe_token(customer, topic)
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token])


def unsubscribe_headers(customer: Customer, topic: str) -> dict[str, str]:
    """List-Unsubscribe with one-click (RFC 2369 and RFC 8058) for a mail about a topic."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(customer, topic)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read_unsubscribe_token(token: str) -> tuple[int, str]:
    """`(customer id, topic)`; raises `BadUnsubscribeToken`."""
    try:
        customer_id, topic = signing.Signer(salt=SALT).unsign(token).split(".")
        return int(customer_id), str(OptOut.Topic(topic))
    except (signing.BadSignature, ValueError) as error:
        raise BadUnsubscribeToken(token) from error
