"""Addresses of notices and announcements."""

from django.urls import path

from notifications.views import announcements, log, unsubscribing

app_name = "notifications"
urlpatterns = [
    path("notices/", log.notices, name="notices"),
    path("announcements/new/", announcements.new_announcement, name="new_announcement"),
    path("customers/<int:customer_id>/orders/", log.customer_orders, name="customer_orders"),
    path("tickets/<int:ticket_id>/notices/", log.ticket_panel, name="ticket_panel"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path(
        "unsubscribe/<str:token>/resubscription/",
        unsubscribing.resubscription,
        name="resubscription",
    ),
]
