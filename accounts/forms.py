"""Forms of signing in, of API tokens, and of the admin's users."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from helpdesk.lib.times import zones

MAX_PASSWORD = 1000


class SignInForm(LoginForm):  # type: ignore[misc]
    """Refuses a password of a megabyte before anybody hashes it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].validators.append(MaxLengthValidator(MAX_PASSWORD))


class ApiTokenForm(forms.Form):
    DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("One year")), (0, _("Never")))

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What will use it, so that you know later.")
    )
    scope = forms.ChoiceField(label=_("It may"), choices=ApiToken.Scope.choices)
    days = forms.TypedChoiceField(label=_("Ends after"), choices=DAYS, coerce=int, initial=90)

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None


class MailForm(forms.Form):
    """What a user is mailed: their own choice."""

    on_answers = forms.BooleanField(
        label=_("Mail me when a customer writes in one of my tickets"),
        required=False,
        help_text=_("Answer such a mail, and your words go to the customer as from the help desk."),
    )


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """Without a language the pages follow the browser."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=(("", "—"), *settings.LANGUAGES)
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=partial(zones, empty=settings.TIME_ZONE)
    )

    class Meta:
        model = User
        fields = ("email", "name", "role", "access", "teams", "language", "time_zone",
                  "mail_on_answers", "is_active")  # fmt: skip


class NewUserForm(UserForm):
    """Without a password an invitation is mailed, with which they choose one themselves."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to send an invitation by e-mail."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password
