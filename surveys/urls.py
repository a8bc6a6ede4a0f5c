"""Addresses of surveys: for customers by a secret token, for agents beside their ticket."""

from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("s/<str:token>/", views.answer, name="answer"),
    path("s/<str:token>/unsubscribe/", views.unsubscription, name="unsubscribe"),
    path("t/<str:token>/rating/", views.rate_ticket, name="rate_ticket"),
    path("tickets/<int:ticket_id>/surveys/", views.ticket_panel, name="ticket_panel"),
]
