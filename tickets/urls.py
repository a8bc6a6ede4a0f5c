"""Addresses of the workspace and of the customer's page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "tickets"


def _coming(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [
    path("tickets/", _coming, name="list"),
    path("t/<str:token>/", _coming, name="public"),
]
