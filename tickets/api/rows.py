"""How tickets and messages read in the REST API."""

from typing import Any

from rest_framework import serializers

from accounts.models import Team, User
from customers.models import Customer
from tickets.models import Attachment, Channel, Message, Tag, Ticket

PRIORITIES = {Ticket.Priority(p).name.lower(): p for p in Ticket.Priority.values}
PRIORITY_CHOICES = tuple(PRIORITIES)


class TeamName(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ("id", "name")


class AgentName(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "name")


class CustomerName(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = ("id", "name")


class ChannelRow(serializers.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = ("id", "kind", "name")


class TagRow(serializers.ModelSerializer[Tag]):
    class Meta:
        model = Tag
        fields = ("id", "name")


class TicketRow(serializers.ModelSerializer[Ticket]):
    priority = serializers.ChoiceField(choices=PRIORITY_CHOICES, read_only=True)
    channel = ChannelRow()
    requester = CustomerName()
    team = TeamName(allow_null=True)
    assignee = AgentName(allow_null=True)
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)  # type: ignore[var-annotated]
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    follow_up_of = serializers.IntegerField(source="follow_up_of_id", allow_null=True)

    class Meta:
        model = Ticket
        fields = (
            "id", "subject", "status", "priority", "channel", "requester", "team", "assignee",
            "tags", "language", "version", "created_at", "updated_at", "last_customer_message_at",
            "waiting_since", "resolved_at", "first_response_due", "next_reply_due",
            "resolution_due", "merged_into", "follow_up_of", "is_spam", "message_count",
            "held_count", "snippet",
        )  # fmt: skip

    def to_representation(self, instance: Ticket) -> dict[str, Any]:
        row = super().to_representation(instance)
        row["priority"] = Ticket.Priority(instance.priority).name.lower()
        return row


class AttachmentRow(serializers.ModelSerializer[Attachment]):
    class Meta:
        model = Attachment
        fields = ("id", "name", "content_type", "size", "sha256", "is_inline")


class MessageRow(serializers.ModelSerializer[Message]):
    """`text` holds the words of this message, `quoted_text` what it quotes; `html` is cleaned.

    `is_held`: its sender is not part of the ticket; the customers see nothing of it.
    """

    ticket = serializers.IntegerField(source="ticket_id")
    channel = ChannelRow()
    customer = CustomerName(allow_null=True)
    agent = AgentName(allow_null=True)
    attachments = AttachmentRow(many=True)
    is_held = serializers.BooleanField(read_only=True)

    class Meta:
        model = Message
        fields = (
            "id", "ticket", "kind", "channel", "customer", "agent", "sender_address", "recipients",
            "subject", "text", "quoted_text", "html", "is_auto_reply", "is_held", "state",
            "state_reason", "created_at", "details", "attachments",
        )  # fmt: skip
