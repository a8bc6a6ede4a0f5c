"""The door to the reports in the admin: managers and administrators, reading only."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from reports import views
from reports.models import Report


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Listed as "Reports" in the admin's index; its list is the overview."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("", guard(views.overview_page), name="reports_report_changelist"),
            path("tickets/", guard(views.tickets_page), name="reports_tickets"),
            path("download/", guard(views.download), name="reports_download"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_manager", False))

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
