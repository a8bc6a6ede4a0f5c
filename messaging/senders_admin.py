"""The list of blocked senders in the admin."""

from django.contrib import admin

from messaging.senders import BlockedSender


@admin.register(BlockedSender)
class BlockedSenderAdmin(admin.ModelAdmin):
    list_display = ("value", "note", "created_at")
    search_fields = ("value", "note")
    fields = ("value", "note")
