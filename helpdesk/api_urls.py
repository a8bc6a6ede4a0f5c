"""The REST API: every app's resources under one version."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
