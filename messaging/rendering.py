"""How what we say reads in a customer's mail: a text and an HTML fragment that say the same."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from tickets.links import ticket_url
from tickets.models import Message
from tickets.reply_tokens import reply_token
from tickets.subjects import is_answer


@dataclass(frozen=True)
class Bodies:
    text: str
    html: str


def render_bodies(template: str, context: dict[str, object], language: str) -> Bodies:
    """Render `templates/<template>.txt` and `.html` in the customer's language."""
    with translation.override(language or None):
        return Bodies(
            text=render_to_string(f"{template}.txt", context).strip() + "\n",
            html=render_to_string(f"{template}.html", context),
        )


def reply_bodies(message: Message) -> Bodies:
    """An agent's or automatic message, with "did this solve it?" where it asks.

    At its foot stands the ticket's mark, by which an answer that quotes it finds its way back.
    """
    ticket = message.ticket
    return render_bodies(
        "messaging/mail/reply",
        {
            "message": message,
            "ticket": ticket,
            "url": ticket_url(ticket, ticket.requester),
            "mark": f"#{reply_token(ticket.pk)}",
        },
        ticket.language,
    )


def reply_subject(message: Message) -> str:
    """The customer's subject, marked as an answer once; or the message's own."""
    subject = message.ticket.subject
    if message.subject != subject:
        return message.subject
    return subject if is_answer(subject) else f"Re: {subject}"
