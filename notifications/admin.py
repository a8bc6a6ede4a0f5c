"""Notices and announcements to look at: what was promised is not edited."""

from django.contrib import admin
from django.http import HttpRequest

from notifications.models import Announcement, Notice


class ReadOnly(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("id", "kind", "customer", "order", "state", "reason", "due_at", "told_at")
    list_filter = ("state", "kind")
    list_select_related = ("customer", "order")
    search_fields = ("customer__name", "order__number")
    raw_id_fields = ("customer", "order", "announcement", "delivery")


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly):
    list_display = ("id", "__str__", "created_by", "created_at")
    list_select_related = ("created_by",)
