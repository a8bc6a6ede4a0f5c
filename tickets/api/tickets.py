"""REST resources: tickets, and what can happen to one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import user_of
from helpdesk.lib.api.bodies import StrictSerializer
from helpdesk.lib.api.lists import ListView
from tickets.api.bodies import (
    AssignmentBody,
    NoteBody,
    Nothing,
    ReplyBody,
    Seen,
    TagsBody,
    TicketBody,
    TicketPatch,
)
from tickets.api.changes import change_ticket, open_by_api
from tickets.api.filters import TicketApiFilter
from tickets.api.rows import MessageRow, TicketRow
from tickets.inbound import Fate
from tickets.models import Message, Ticket
from tickets.selectors import listed_tickets, tickets_visible_to
from tickets.services import (
    TicketRefused,
    add_note,
    mark_spam,
    reopen_ticket,
    reply_to_ticket,
    resolve_ticket,
    set_tags,
    tag_ticket,
    unmark_spam,
)

CHANGED = {
    200: TicketRow,
    400: OpenApiResponse(description="A sentence that says what is wrong."),
    409: OpenApiResponse(description="Something happened since `seen`; `events` says what."),
}
WRITTEN = {**CHANGED, 201: MessageRow}
del WRITTEN[200]


class _Tickets(GenericAPIView[Ticket]):
    serializer_class: type[Any] = TicketRow
    queryset = Ticket.objects.none()

    def get_queryset(self) -> QuerySet[Ticket]:
        return _with_names(tickets_visible_to(user_of(self.request)))

    def ticket(self) -> Ticket:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["ticket_id"])

    def body(self, kind: type[StrictSerializer]) -> dict[str, Any]:
        body = kind(data=self.request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


def _with_names(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related("channel", "requester", "team", "assignee").prefetch_related(
        "tags"
    )


def answer(ticket: Ticket, code: int = status.HTTP_200_OK) -> Response:
    """The ticket as it is now, also when it has just left what this user may see."""
    row = _with_names(Ticket.objects.filter(pk=ticket.pk)).get()
    return Response(TicketRow(row).data, status=code)


class TicketList(_Tickets, ListView):
    """Neither merged away nor spam."""

    filterset_class = TicketApiFilter
    orderings = (
        "-updated_at", "updated_at", "-created_at", "created_at", "-priority", "priority", "-id",
        "id",
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Ticket]:
        return _with_names(listed_tickets(user_of(self.request)))

    @extend_schema(
        request=TicketBody,
        responses={
            201: TicketRow,
            200: OpenApiResponse(TicketRow, description="Seen before: the first ticket."),
        },
    )
    def post(self, request: Request) -> Response:
        """Open a ticket in a customer's name."""
        receipt = open_by_api(by=user_of(request), wanted=self.body(TicketBody))
        if receipt.ticket is None:
            raise TicketRefused(receipt.reason)
        if receipt.fate == Fate.OPENED:
            return answer(receipt.ticket, status.HTTP_201_CREATED)
        if not tickets_visible_to(user_of(request)).filter(pk=receipt.ticket.pk).exists():
            sentence = _("A request with this external_id came before.")
            return Response({"detail": sentence}, status=status.HTTP_409_CONFLICT)
        return answer(receipt.ticket)


class TicketDetail(_Tickets):
    def get(self, request: Request, ticket_id: int) -> Response:
        return Response(TicketRow(self.ticket()).data)

    @extend_schema(request=TicketPatch, responses=CHANGED)
    def patch(self, request: Request, ticket_id: int) -> Response:
        """Change team, assignee, priority, tags and status: all of it, or nothing."""
        ticket, wanted = self.ticket(), self.body(TicketPatch)
        seen = wanted.pop("seen", None)
        return answer(change_ticket(ticket=ticket, by=user_of(request), wanted=wanted, seen=seen))


class TicketReplies(_Tickets):
    @extend_schema(request=ReplyBody, responses=WRITTEN)
    def post(self, request: Request, ticket_id: int) -> Response:
        """Answer the customer; the ticket then waits in `status` (default `pending`)."""
        ticket, wanted = self.ticket(), self.body(ReplyBody)
        return _written(reply_to_ticket(ticket=ticket, by=user_of(request), **wanted))


class TicketNotes(_Tickets):
    @extend_schema(request=NoteBody, responses=WRITTEN)
    def post(self, request: Request, ticket_id: int) -> Response:
        """Write something that only colleagues read."""
        ticket, wanted = self.ticket(), self.body(NoteBody)
        return _written(add_note(ticket=ticket, by=user_of(request), **wanted))


def _written(message: Message) -> Response:
    return Response(MessageRow(message).data, status=status.HTTP_201_CREATED)


class TicketResolution(_Tickets):
    @extend_schema(request=Seen, responses=CHANGED)
    def post(self, request: Request, ticket_id: int) -> Response:
        """The matter is solved; the customer is asked whether it is."""
        ticket, wanted = self.ticket(), self.body(Seen)
        return answer(resolve_ticket(ticket=ticket, by=user_of(request), **wanted))


class TicketReopening(_Tickets):
    @extend_schema(request=Nothing, responses=CHANGED)
    def post(self, request: Request, ticket_id: int) -> Response:
        """A resolved ticket is open again."""
        ticket, _wanted = self.ticket(), self.body(Nothing)
        return answer(reopen_ticket(ticket=ticket, by=user_of(request)))


class TicketAssignment(_Tickets):
    @extend_schema(request=AssignmentBody, responses=CHANGED)
    def post(self, request: Request, ticket_id: int) -> Response:
        """Give it to an agent and a team; null means nobody, a field left out stays."""
        ticket, wanted = self.ticket(), self.body(AssignmentBody)
        seen = wanted.pop("seen", None)
        return answer(change_ticket(ticket=ticket, by=user_of(request), wanted=wanted, seen=seen))


class TicketTags(_Tickets):
    @extend_schema(request=TagsBody, responses=CHANGED)
    def post(self, request: Request, ticket_id: int) -> Response:
        """Add tags and leave the others."""
        ticket, wanted = self.ticket(), self.body(TagsBody)
        return answer(tag_ticket(ticket=ticket, by=user_of(request), names=wanted["tags"]))

    @extend_schema(request=TagsBody, responses=CHANGED)
    def put(self, request: Request, ticket_id: int) -> Response:
        """Make these the ticket's tags."""
        ticket, wanted = self.ticket(), self.body(TagsBody)
        return answer(set_tags(ticket=ticket, by=user_of(request), names=wanted["tags"]))


class TicketSpamMark(_Tickets):
    @extend_schema(request=Nothing, responses=CHANGED)
    def post(self, request: Request, ticket_id: int) -> Response:
        """Take the ticket out of lists and figures."""
        ticket, _wanted = self.ticket(), self.body(Nothing)
        return answer(mark_spam(ticket=ticket, by=user_of(request)))

    @extend_schema(request=None, responses=CHANGED)
    def delete(self, request: Request, ticket_id: int) -> Response:
        """It was no spam after all."""
        return answer(unmark_spam(ticket=self.ticket(), by=user_of(request)))
