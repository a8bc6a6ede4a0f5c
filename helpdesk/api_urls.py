"""The REST API: every app's resources under one version."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

import accounts.api_schema  # noqa: F401  registers the token scheme
from accounts.api import AgentList, TeamList
from customers import api as customers
from tickets.api import messages, tickets

app_name = "api"
urlpatterns = [
    path("tickets/", tickets.TicketList.as_view(), name="tickets"),
    path("tickets/<int:ticket_id>/", tickets.TicketDetail.as_view(), name="ticket"),
    path("tickets/<int:ticket_id>/messages/", messages.TicketMessages.as_view(), name="thread"),
    path("tickets/<int:ticket_id>/replies/", tickets.TicketReplies.as_view(), name="replies"),
    path("tickets/<int:ticket_id>/notes/", tickets.TicketNotes.as_view(), name="notes"),
    path(
        "tickets/<int:ticket_id>/resolution/", tickets.TicketResolution.as_view(), name="resolution"
    ),
    path("tickets/<int:ticket_id>/reopening/", tickets.TicketReopening.as_view(), name="reopening"),
    path(
        "tickets/<int:ticket_id>/assignment/", tickets.TicketAssignment.as_view(), name="assignment"
    ),
    path("tickets/<int:ticket_id>/tags/", tickets.TicketTags.as_view(), name="ticket_tags"),
    path("tickets/<int:ticket_id>/spam-mark/", tickets.TicketSpamMark.as_view(), name="spam_mark"),
    path("messages/", messages.MessageList.as_view(), name="messages"),
    path("messages/<int:message_id>/", messages.MessageDetail.as_view(), name="message"),
    path("tags/", messages.TagList.as_view(), name="tags"),
    path("channels/", messages.ChannelList.as_view(), name="channels"),
    path("teams/", TeamList.as_view(), name="teams"),
    path("agents/", AgentList.as_view(), name="agents"),
    path("customers/", customers.CustomerList.as_view(), name="customers"),
    path("customers/<int:customer_id>/", customers.CustomerDetail.as_view(), name="customer"),
    path(
        "customers/<int:customer_id>/addresses/",
        customers.CustomerAddresses.as_view(),
        name="addresses",
    ),
    path("customers/<int:customer_id>/orders/", customers.CustomerOrders.as_view(), name="orders"),
    path("customer-events", customers.CustomerEvents.as_view(), name="customer_events"),
    path(
        "customer-events/",
        customers.CustomerEvents.as_view(schema=None),
        name="customer_events_slash",
    ),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/",
        login_required(SpectacularSwaggerView.as_view(url_name="api:schema")),
        name="docs",
    ),
]
