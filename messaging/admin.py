"""Channels in the admin, for administrators who have given their password lately."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.fresh_sign_in import needs_fresh_sign_in
from helpdesk.lib.times import Clock
from messaging import senders_admin  # noqa: F401  it registers itself
from messaging.admin_forms import GROUPS, ChannelForm, form_for
from messaging.email.posted import PROVIDERS
from messaging.email.sign_in import redirect_address
from messaging.models import MailboxGrant, MailboxState
from tickets.models import Channel

SHOWN = ("fetching", "leave", "posting")


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "address", "default_team", "is_active", "fetching")
    list_filter = ("kind", "is_active")
    list_select_related = ("default_team", "mailbox_state")
    search_fields = ("name", "address")
    actions = None

    @method_decorator(sensitive_post_parameters())
    @method_decorator(needs_fresh_sign_in)  # type: ignore[arg-type]
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> type[ModelForm]:  # type: ignore[type-arg]
        options["form"] = form_for(obj.kind) if obj else ChannelForm
        options["fields"] = None
        return super().get_form(request, obj, change=change, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        first = ("kind", "name", "address", "default_team", "language", "is_active")
        if obj is None:
            return [(None, {"fields": first})]
        groups = [(title, {"fields": names}) for title, names in GROUPS.get(obj.kind, ())]
        seen = SHOWN if obj.kind == "email" else ()
        return [(None, {"fields": (*first, *seen)}), *groups]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind", *SHOWN) if obj else ()

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        """Whoever changed the settings wants to see at once whether they work."""
        super().save_model(request, obj, form, change)
        MailboxState.objects.filter(channel=obj).update(
            next_try_at=None, failures=0, watched_since=timezone.now()
        )

    @admin.display(description=_("fetching"))
    def fetching(self, channel: Channel) -> str:
        """When the mailbox was last fetched, or what is wrong."""
        state = getattr(channel, "mailbox_state", None)
        if state is None or not channel.settings.get("imap_host"):
            return "—"
        if state.last_error:
            return str(state.last_error)
        return Clock().ago(state.last_success_at) if state.last_success_at else "—"

    @admin.display(description=_("permission of the provider"))
    def leave(self, channel: Channel) -> str:
        """How it stands with the provider's leave, and the way to ask for it."""
        if not channel.settings.get("sign_in"):
            return "—"
        address = reverse("messaging:authorise_mailbox", args=[channel.pk])
        return format_html(
            '{} <a class="button" href="{}">{}</a><br>{}: <code>{}</code>',
            _state_of_leave(getattr(channel, "mailbox_grant", None)),
            address,
            _("Connect"),
            _("Redirect address to enter at the provider"),
            redirect_address(),
        )

    @admin.display(description=_("addresses for posted mail"))
    def posting(self, channel: Channel) -> str:
        """What to enter at a provider; whoever knows it can hand in mail."""
        secret = channel.settings.get("webhook_secret")
        if not secret or not channel.settings.get("receive_posts"):
            return "—"
        addresses = (
            settings.SITE_URL + reverse(_posting_route(name), args=[channel.pk, name, secret])
            for name in PROVIDERS
        )
        return format_html_join("", "<code>{}</code><br>", ((address,) for address in addresses))

    def response_add(
        self, request: HttpRequest, obj: Channel, *args: Any, **kw: Any
    ) -> HttpResponse:
        """A new channel is saved with its name only: its settings come on the next page."""
        response = super().response_add(request, obj, *args, **kw)
        if "_addanother" in request.POST or not GROUPS.get(obj.kind):
            return response
        return HttpResponseRedirect(reverse("admin:tickets_channel_change", args=[obj.pk]))

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What came by a channel stays; take "active" away instead."""
        return False


def _posting_route(provider: str) -> str:
    return "messaging:mail_webhook" + ("_mime" if provider == "mailgun" else "")


def _state_of_leave(grant: MailboxGrant | None) -> str:
    if grant is None or not grant.secret:
        return _now("Not connected.")
    if grant.problem:
        return str(grant.problem)
    if "code" in grant.secret:
        return _now("Being connected …")
    return _now("Connected by %(who)s.") % {"who": grant.granted_by or "—"}
