"""A channel's settings as fields, by kind. Secrets go in and never come out."""

from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from customers.addresses import InvalidAddress, normalise_address
from messaging.email.providers import PROVIDERS, Provider
from tickets.models import Channel

SECURITY = [("ssl", _("TLS from the start")), ("starttls", "STARTTLS"), ("none", _("None"))]
ONE_LINE = RegexValidator(r"[\r\n\0]", _("This has to be one line."), inverse_match=True)
KEPT = _("Leave it empty to keep the one that is stored.")


def _text(label: Any, **options: Any) -> forms.CharField:
    validators = [ONE_LINE, *options.pop("validators", [])]
    return forms.CharField(label=label, required=False, validators=validators, **options)


def _secret(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    return _text(label, widget=widget, help_text=KEPT, strip=False, max_length=500)


def _port(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=65535)


def _security(label: Any, usual: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=SECURITY, initial=usual)


FIELDS: Mapping[str, Mapping[str, forms.Field]] = {
    "email": {
        "acknowledge": forms.BooleanField(
            label=_("Confirm new requests"),
            required=False,
            help_text=_("Tell whoever opens a ticket its number, at most once an hour."),
        ),
        "plus_addresses": forms.BooleanField(
            label=_("Signed addresses for answers"),
            required=False,
            help_text=_(
                "Mails ask to be answered at support+TOKEN@…: only where the mail server delivers "
                "such addresses to this mailbox."
            ),
        ),
        "trusted_servers": _text(
            _("Servers that check senders"),
            max_length=500,
            help_text=_(
                "As they name themselves in Authentication-Results, such as mx.example.com. Known "
                "for Gmail and Microsoft 365."
            ),
        ),
        "brand_name": _text(_("Name in the mails"), max_length=100),
        "brand_color": _text(
            _("Colour in the mails"),
            help_text=_("For example #4f46e5."),
            validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write it like #4f46e5."))],
        ),
        "sign_in": forms.ChoiceField(
            label=_("Sign in with"),
            required=False,
            choices=[("", _("Password")), *((key, p.name) for key, p in PROVIDERS.items())],
            help_text=_("Gmail and Microsoft 365 want their permission in place of a password."),
        ),
        "oauth_client_id": _text(_("Client id"), max_length=254),
        "oauth_client_secret": _secret(_("Client secret")),
        "oauth_tenant": _text(
            _("Organisation (tenant)"),
            max_length=100,
            help_text=_("Only for Microsoft 365: its id or domain."),
            validators=[RegexValidator(r"^[A-Za-z0-9.-]+$", _("Letters, digits, dots, dashes."))],
        ),
        "receive_posts": forms.BooleanField(
            label=_("Take mail that a provider posts"),
            required=False,
            help_text=_("Mailgun, Postmark, SendGrid, SparkPost, Amazon SES: see the addresses."),
        ),
        "webhook_signing_key": _secret(_("Signing key")),
        "imap_host": _text(
            _("IMAP server"),
            max_length=253,
            help_text=_("Where mail is fetched from; empty when it comes another way."),
        ),
        "imap_security": _security(_("Encryption"), "ssl"),
        "imap_port": _port(_("Port")),
        "imap_user": _text(_("User name"), max_length=254),
        "imap_password": _secret(_("Password")),
        "imap_folder": _text(_("Folder"), max_length=200, help_text=_("INBOX unless you say so.")),
        "fetch_existing": forms.BooleanField(
            label=_("Take the mail that is already there"),
            required=False,
            help_text=_("Otherwise only what arrives from now on becomes tickets."),
        ),
        "smtp_host": _text(
            _("SMTP server"),
            max_length=253,
            help_text=_("By which mail is sent; empty for the one of this installation."),
        ),
        "smtp_security": _security(_("Encryption"), "starttls"),
        "smtp_port": _port(_("Port")),
        "smtp_user": _text(_("User name"), max_length=254),
        "smtp_password": _secret(_("Password")),
    },
    "webform": {
        "acknowledge": forms.BooleanField(label=_("Confirm new requests"), required=False),
    },
    "phone": {},
}
GROUPS: Mapping[str, Sequence[tuple[Any, Sequence[str]]]] = {
    "email": (
        (_("Mail"), ("acknowledge", "plus_addresses", "trusted_servers", "brand_name",
                      "brand_color")),
        (
            _("Fetching"),
            ("imap_host", "imap_security", "imap_port", "imap_user", "imap_password",
             "imap_folder", "fetch_existing"),
        ),
        (
            _("Permission of the provider (OAuth 2.0)"),
            ("sign_in", "oauth_client_id", "oauth_client_secret", "oauth_tenant"),
        ),
        (_("Posted mail"), ("receive_posts", "webhook_signing_key")),
        (
            _("Sending"),
            ("smtp_host", "smtp_security", "smtp_port", "smtp_user", "smtp_password"),
        ),
    ),
    "webform": ((_("Form"), ("acknowledge",)),),
}  # fmt: skip
SECRETS: Mapping[str, str] = {
    "imap_password": "imap_host",
    "smtp_password": "smtp_host",
    "oauth_client_secret": "sign_in",
    "webhook_signing_key": "receive_posts",
}
"""Each secret with the server it is for: it is never handed to another one."""


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, address and team; the settings of the kind are fields of `form_for(kind)`."""

    class Meta:
        model = Channel
        fields = ("kind", "name", "address", "default_team", "language", "is_active")

    setting_names: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "kind" in self.fields:
            kinds = [(kind, kind) for kind in settings.CHANNEL_ADAPTERS]
            self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=kinds)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"),
                required=False,
                choices=[("", _("Found out for each ticket")), *settings.LANGUAGES],
            )
        for name in self.setting_names:
            if name not in SECRETS and name in self.instance.settings:
                self.fields[name].initial = self.instance.settings[name]

    def clean_address(self) -> str:
        kind = self.cleaned_data.get("kind") or self.instance.kind
        address = str(self.cleaned_data["address"]).strip()
        if kind == "email":
            try:
                address = normalise_address("email", address)
            except InvalidAddress as error:
                raise forms.ValidationError(_("This is not an e-mail address.")) from error
        others = Channel.objects.filter(kind=kind, address=address).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a channel with this address already."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for secret, host in SECRETS.items():
            if secret in self.setting_names and self._goes_elsewhere(secret, host, cleaned):
                self.add_error(secret, _("Another server: give the password again."))
        if provider := PROVIDERS.get(cleaned.get("sign_in") or ""):
            self._needs_their_servers(provider, cleaned)
        return cleaned

    def _needs_their_servers(self, provider: Provider, cleaned: Mapping[str, Any]) -> None:
        wanted = {"imap_host": provider.imap_host, "smtp_host": provider.smtp_host}
        for name, host in wanted.items():
            if str(cleaned.get(name) or host).lower() != host:
                facts = {"provider": provider.name, "host": host}
                self.add_error(name, _("With the permission of %(provider)s: %(host)s") % facts)

    def _goes_elsewhere(self, secret: str, host: str, cleaned: Mapping[str, Any]) -> bool:
        before = self.instance.settings
        is_moved = bool(cleaned.get(host)) and cleaned[host] != before.get(host, "")
        return bool(before.get(secret)) and is_moved and not cleaned.get(secret)

    def save(self, commit: bool = True) -> Any:
        self.instance.settings = self._new_settings()
        return super().save(commit)

    def _new_settings(self) -> dict[str, object]:
        """What is not a field here stays as it is; so does a secret that was left empty."""
        kept = dict(self.instance.settings)
        for name in self.setting_names:
            value = self.cleaned_data.get(name)
            if name in SECRETS and not value:
                if not self.cleaned_data.get(SECRETS[name]):
                    kept.pop(name, None)
            elif value in (None, "", False):
                kept.pop(name, None)
            else:
                kept[name] = value
        if kept.get("receive_posts") and not kept.get("webhook_secret"):
            kept["webhook_secret"] = token_urlsafe(32)
        return kept


def form_for(kind: str) -> type[ChannelForm]:
    """The form of a channel of this kind."""
    fields = FIELDS.get(kind, {})
    return type("KindForm", (ChannelForm,), {**fields, "setting_names": tuple(fields)})
