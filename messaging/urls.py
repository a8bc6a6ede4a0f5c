"""Addresses of the channels: each brings its own."""

from django.urls import include, path

app_name = "messaging"
urlpatterns = [
    path("", include("messaging.webform.urls")),
    path("", include("messaging.phone.urls")),
]
