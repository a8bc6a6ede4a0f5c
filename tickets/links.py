"""Signed links that customers get: they open one ticket for one person, without a password.

The token is an HMAC-SHA256 signature (Django's `Signer`) over ticket and customer: it cannot be
guessed, does not expire with the mail it stands in, and ends when the ticket is closed for good
by the answer of the page, not by the link.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from customers.models import Customer
from tickets.models import Ticket

SALT = "tickets.public"
FILE_SALT = "tickets.attachment"
FILE_TOKEN_SECONDS = 24 * 3600


class BadToken(ValueError):
    """The token was not made by us, or not for this purpose."""


def agent_url(ticket: Ticket) -> str:
    """The absolute address of the agents' page of a ticket; it opens after signing in."""
    return settings.SITE_URL + reverse("tickets:ticket", args=[ticket.pk])


def ticket_token(ticket: Ticket, customer: Customer) -> str:
    return signing.Signer(salt=SALT).sign(f"{ticket.pk}.{customer.pk}")


def ticket_url(ticket: Ticket, customer: Customer) -> str:
    """The absolute address of the customer's page of a ticket."""
    return settings.SITE_URL + reverse("tickets:public", args=[ticket_token(ticket, customer)])


def read_ticket_token(token: str) -> tuple[int, int]:
    """`(ticket id, customer id)`; raises `BadToken`."""
    try:
        ticket_id, customer_id = signing.Signer(salt=SALT).unsign(token).split(".")
        return int(ticket_id), int(customer_id)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken(token) from error


def attachment_token(attachment_id: int, reader: str) -> str:
    """A link to one file for one reader (`agent.3` or `customer.7`), good for a day."""
    return signing.TimestampSigner(salt=FILE_SALT).sign(f"{attachment_id}.{reader}")


def read_attachment_token(token: str) -> tuple[int, str, int]:
    """`(attachment id, "agent" or "customer", reader's id)`; raises `BadToken`."""
    try:
        text = signing.TimestampSigner(salt=FILE_SALT).unsign(token, max_age=FILE_TOKEN_SECONDS)
        attachment_id, kind, reader_id = text.split(".")
        return int(attachment_id), kind, int(reader_id)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken(token) from error
