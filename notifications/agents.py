"""What agents hear by mail: a customer has written in a ticket of theirs."""

from accounts.models import User
from messaging.models import Delivery
from messaging.rendering import render_bodies
from messaging.routing import outgoing_channel, signed_address
from messaging.services import send
from tickets.links import agent_url
from tickets.models import Message, Ticket, TicketEvent
from tickets.reply_tokens import agent_token
from tickets.selectors import tickets_visible_to


def tell_assignee(event: TicketEvent) -> None:
    """A customer wrote: mail it to whoever has the ticket and wants that.

    The mail carries the token of this agent's copy: answering it answers the customer.
    """
    ticket, message = event.ticket, event.message
    if message is None or ticket.assignee_id is None or message.is_auto_reply or ticket.is_spam:
        return
    if event.actor_kind != TicketEvent.ActorKind.CUSTOMER:
        return
    agent = ticket.assignee
    if agent is None or not agent.mail_on_answers or not _may_read(agent, ticket):
        return
    _mail(agent, ticket, message)


def _may_read(agent: User, ticket: Ticket) -> bool:
    return tickets_visible_to(agent).filter(pk=ticket.pk).exists()


def _mail(agent: User, ticket: Ticket, message: Message) -> None:
    token = agent_token(ticket.pk, agent.pk)
    channel = outgoing_channel(ticket)
    author = str(message.customer or ticket.requester)
    facts = {
        "author": author,
        "message": message,
        "ticket": ticket,
        "url": agent_url(ticket),
        "mark": f"#{token}",
        "files": list(message.attachments.values_list("name", flat=True)),
    }
    bodies = render_bodies("notifications/mail/customer_wrote", facts, agent.language)
    send(
        key=f"agent:{agent.pk}:{message.pk}",
        purpose=Delivery.Purpose.AGENT,
        channel=channel,
        recipients={"to": [agent.email]},
        subject=f"#{ticket.pk} {ticket.subject}",
        text=bodies.text,
        html=bodies.html,
        sender_name=author,
        language=agent.language,
        reply_to=signed_address(channel, token),
    )
