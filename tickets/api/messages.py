"""REST resources: what was said, and the names that tickets refer to."""

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import user_of
from helpdesk.lib.api.lists import ListView
from tickets.api.filters import MessageFilter, NameFilter
from tickets.api.rows import ChannelRow, MessageRow, TagRow
from tickets.models import Channel, Message, Tag
from tickets.selectors import (
    channels_visible_to,
    messages_visible_to,
    tags_visible_to,
    tickets_visible_to,
)


def _whole(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.select_related("channel", "customer", "agent").prefetch_related("attachments")


class MessageList(ListView):
    serializer_class = MessageRow
    filterset_class = MessageFilter
    queryset = Message.objects.none()
    orderings = ("-id", "id")

    def get_queryset(self) -> QuerySet[Message]:
        return _whole(messages_visible_to(user_of(self.request)))


class TicketMessages(ListView):
    """The conversation of one ticket with its notes, oldest first."""

    serializer_class = MessageRow
    queryset = Message.objects.none()
    orderings = ("created_at", "-created_at")

    def get_queryset(self) -> QuerySet[Message]:
        tickets = tickets_visible_to(user_of(self.request))
        return _whole(get_object_or_404(tickets, pk=self.kwargs["ticket_id"]).messages.all())


class MessageDetail(GenericAPIView[Message]):
    serializer_class = MessageRow
    queryset = Message.objects.none()

    def get(self, request: Request, message_id: int) -> Response:
        messages = _whole(messages_visible_to(user_of(request)))
        return Response(MessageRow(get_object_or_404(messages, pk=message_id)).data)


class TagList(ListView):
    serializer_class = TagRow
    filterset_class = NameFilter
    queryset = Tag.objects.none()
    orderings = ("name", "-name", "id")

    def get_queryset(self) -> QuerySet[Tag]:
        return tags_visible_to(user_of(self.request))


class ChannelList(ListView):
    """Where tickets come from; how we sign in there is nobody's business."""

    serializer_class = ChannelRow
    queryset = Channel.objects.none()
    orderings = ("id", "-id")

    def get_queryset(self) -> QuerySet[Channel]:
        return channels_visible_to(user_of(self.request))
