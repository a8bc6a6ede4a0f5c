"""Addresses of the workspace and of the customer's page."""

from django.urls import path

from tickets.views import attachments, held, lists, new, public, tickets, verbs

app_name = "tickets"
urlpatterns = [
    path("tickets/", lists.ticket_list, name="list"),
    path("tickets/new/", new.new_ticket, name="new"),
    path("tickets/filters/", lists.filters, name="filters"),
    path("tickets/counts/", lists.counts, name="counts"),
    path("tickets/<int:ticket_id>/", tickets.ticket, name="ticket"),
    path("tickets/<int:ticket_id>/requester/", tickets.requester, name="requester"),
    path("tickets/<int:ticket_id>/recipients/", tickets.recipients, name="recipients"),
    path("tickets/<int:ticket_id>/replies/", verbs.replies, name="replies"),
    path("tickets/<int:ticket_id>/notes/", verbs.notes, name="notes"),
    path("tickets/<int:ticket_id>/assignment/", verbs.assignment, name="assignment"),
    path(
        "tickets/<int:ticket_id>/assignment/form/", tickets.assignment_form, name="assignment_form"
    ),
    path("tickets/<int:ticket_id>/status/", verbs.status, name="status"),
    path("tickets/<int:ticket_id>/priority/", verbs.priority, name="priority"),
    path("tickets/<int:ticket_id>/tags/", verbs.tags, name="tags"),
    path("tickets/<int:ticket_id>/resolution/", verbs.resolution, name="resolution"),
    path("tickets/<int:ticket_id>/reopening/", verbs.reopening, name="reopening"),
    path("tickets/<int:ticket_id>/spam-mark/", verbs.spam_mark, name="spam_mark"),
    path(
        "tickets/<int:ticket_id>/messages/<int:message_id>/html/",
        tickets.message_html,
        name="message_html",
    ),
    path(
        "tickets/<int:ticket_id>/messages/<int:message_id>/original/",
        tickets.message_original,
        name="message_original",
    ),
    path(
        "tickets/<int:ticket_id>/messages/<int:message_id>/admission/",
        held.admission,
        name="admission",
    ),
    path(
        "tickets/<int:ticket_id>/messages/<int:message_id>/own-ticket/",
        held.own_ticket,
        name="own_ticket",
    ),
    path("attachments/<str:token>/", attachments.attachment, name="attachment"),
    path("t/<str:token>/", public.public_ticket, name="public"),
    path("t/<str:token>/answers/", public.public_answer, name="public_answer"),
    path("t/<str:token>/confirmation/", public.public_confirmation, name="public_confirmation"),
    path("t/<str:token>/reopening/", public.public_reopening, name="public_reopening"),
]
