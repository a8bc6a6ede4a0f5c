"""Surveys for administrators; what was asked and answered is only read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from surveys.models import Answer, Invitation, Survey, SurveyPolicy
from surveys.services import start_survey


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "trigger", "is_active", "delay_minutes", "expires_after_days")
    list_filter = ("kind", "is_active")

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and obj.is_active and "is_active" in form.changed_data:
            start_survey(survey=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """Its answers belong to it: switch it off instead."""
        used = obj is not None and obj.invitations.exists()
        return not used and super().has_delete_permission(request, obj)


@admin.register(SurveyPolicy)
class SurveyPolicyAdmin(admin.ModelAdmin):
    list_display = ("__str__", "do_not_ask_days")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SurveyPolicy.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: SurveyPolicy | None = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AnswerInline(admin.TabularInline):
    model = Answer
    extra = 0
    can_delete = False
    fields = readonly_fields = ("score", "comment", "source", "is_current", "answered_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("id", "survey", "customer", "ticket", "state", "reason", "due_at", "sent_at")
    list_filter = ("state", "survey", "reason")
    list_select_related = ("survey", "customer", "ticket")
    search_fields = ("customer__name", "customer__addresses__value")
    # Not the token: whoever has it may answer as the customer.
    fields = (
        "survey", "customer", "ticket", "period", "agent", "team", "language", "state", "reason",
        "due_at", "sent_at", "expires_at", "delivery", "created_at",
    )  # fmt: skip
    inlines = (AnswerInline,)
    show_full_result_count = False


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "score", "comment", "invitation", "source", "is_current",
                    "answered_at")  # fmt: skip
    list_filter = ("kind", "score", "is_current", "source")
    list_select_related = ("invitation__survey",)
    search_fields = ("comment",)
    date_hierarchy = "answered_at"
    show_full_result_count = False
