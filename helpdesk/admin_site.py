"""The Django admin: for managers (reports) and administrators (settings)."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _


class HelpdeskAdminSite(admin.AdminSite):
    site_header = _("Help desk administration")
    site_title = _("Help desk")
    index_title = _("Reports and settings")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a page prints it: most pages of the reports do not, and it takes a while."""
        return SimpleLazyObject(
            lambda: super(HelpdeskAdminSite, self).get_app_list(request, app_label)
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One door for everybody: the product's own sign-in, with its limits on guessing."""
        return redirect_to_login(
            request.GET.get("next") or reverse("admin:index"), reverse("account_login")
        )
