"""Users, teams and API tokens, for administrators who have given their password lately."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import user_of
from accounts.forms import NewUserForm, UserForm
from accounts.fresh_sign_in import needs_fresh_sign_in
from accounts.models import ApiToken, Team, User
from accounts.services import create_user, log_role_change, revoke_api_token

# Rights come from roles and a user has one address: these tables of the libraries stay empty.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    list_display = ("name", "email", "role", "access", "is_active", "last_login")
    list_filter = ("role", "is_active", "teams")
    search_fields = ("name", "email")
    filter_horizontal = ("teams",)
    actions = None

    @method_decorator(sensitive_post_parameters())
    @method_decorator(needs_fresh_sign_in)
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> type[ModelForm]:  # type: ignore[type-arg]
        options["form"] = self.form if obj else NewUserForm
        return super().get_form(request, obj, change=change, **options)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        fields: list[Any] = list(UserForm.Meta.fields)
        return fields if obj else [*fields[:2], "password", *fields[2:]]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Who has worked here stays in the history; take "active" away instead."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            before = User.objects.get(pk=obj.pk)
            super().save_model(request, obj, form, change)
            log_role_change(before=before, after=obj, by=user_of(request))
            return
        password = form.cleaned_data["password"]
        create_user(user=obj, password=password or None, by=user_of(request))
        if not password:
            _invite(request, obj)

    def response_add(self, request: HttpRequest, obj: User, *args: Any, **kw: Any) -> HttpResponse:
        if not obj.has_usable_password():
            messages.info(request, _("%(user)s gets a mail with a link.") % {"user": obj.email})
        return super().response_add(request, obj, *args, **kw)


def _invite(request: HttpRequest, user: User) -> None:
    """Mail a link with which they choose their password: the same as for a forgotten one."""
    form = ResetPasswordForm(data={"email": user.email})
    if form.is_valid():
        form.save(request)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """To look at and to revoke: only their owners make tokens."""

    list_display = ("name", "user", "scope", "prefix", "created_at", "expires_at", "last_used_at",
                    "revoked_at")  # fmt: skip
    list_select_related = ("user",)
    exclude = ("digest",)
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Revoke the chosen tokens"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        for token in queryset:
            revoke_api_token(token=token)
