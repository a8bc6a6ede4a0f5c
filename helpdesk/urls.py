"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from django.views.i18n import set_language

from helpdesk import health

handler404 = "helpdesk.api_errors.not_found"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="tickets:list")),
    path("", include("tickets.urls")),
    path("", include("messaging.urls")),
    path("", include("surveys.urls")),
    path("", include("notifications.urls")),
    path("api/v1/", include("helpdesk.api_urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("language/", require_POST(set_language), name="set_language"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]
