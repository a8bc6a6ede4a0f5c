"""What an agent writes down of a call."""

import secrets
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.addresses import InvalidAddress, normalise_address
from customers.models import Address
from customers.selectors import address_of
from helpdesk.lib.text import one_line
from messaging.phone.services import Call, Direction
from tickets.models import Channel, Ticket
from tickets.selectors import channels_visible_to, tickets_visible_to
from tickets.services.replying import AFTER_REPLY

MOST_MINUTES = 24 * 60
CALL_FIELDS = "direction number name email ticket subject notes call_back_by status token".split()
WRONG_NUMBER = _("This is no phone number. Write it with the country code, like +34 600 123 456.")


class CallForm(forms.Form):
    """A call, in a new ticket or in one that the agent sees."""

    line = forms.ModelChoiceField(
        label=_("Line"), queryset=Channel.objects.none(), empty_label=None
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=Direction.choices,
        initial=Direction.IN,
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        required=False,
        help_text=_("With the country code, like +34 600 123 456."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("To answer in writing."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    ticket = forms.ModelChoiceField(queryset=Ticket.objects.none(), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    notes = forms.CharField(
        label=_("What was said"),
        max_length=50_000,
        error_messages={"required": _("Write down what was said.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=MOST_MINUTES, required=False
    )
    seconds = forms.IntegerField(label=_("Seconds"), min_value=0, max_value=59, required=False)
    call_back_by = forms.DateTimeField(
        label=_("Call back by"),
        required=False,
        help_text=_("Only if you promised it."),
        error_messages={"invalid": _("Write a date and a time.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    status = forms.ChoiceField(
        label=_("Afterwards the ticket is"),
        choices=[(status, status.label) for status in AFTER_REPLY],
    )
    token = forms.RegexField(regex=r"^[\w-]{16,64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, about: Ticket | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {**_initial(about), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.about = about
        lines = channels_visible_to(user).filter(kind="phone").order_by("id")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["line"].initial = lines.first()
        self.fields["ticket"].queryset = tickets_visible_to(user)  # type: ignore[attr-defined]
        self.has_choice_of_lines = len(lines) > 1

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        try:
            return normalise_address(Address.Kind.PHONE, number) if number else ""
        except InvalidAddress as error:
            raise forms.ValidationError(WRONG_NUMBER) from error

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        try:
            return normalise_address(Address.Kind.EMAIL, email) if email else ""
        except InvalidAddress as error:
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"]) from error

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_call_back_by(self) -> Any:
        due = self.cleaned_data["call_back_by"]
        if due and due <= timezone.now():
            raise forms.ValidationError(gettext("Choose a time that is still to come."))
        return due

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ticket"):
            return cleaned
        if not cleaned.get("subject"):
            self.add_error("subject", gettext("Say in a few words what it was about."))
        if not cleaned.get("number") and not cleaned.get("email") and not self._has_bad_address():
            self.add_error(
                "number",
                gettext("Write the number, or an e-mail address if the number was withheld."),
            )
        return cleaned

    def _has_bad_address(self) -> bool:
        return self.has_error("number") or self.has_error("email")

    def call(self) -> Call:
        """What was written down, once the form is valid."""
        minutes, seconds = self.cleaned_data["minutes"] or 0, self.cleaned_data["seconds"] or 0
        given = {name: self.cleaned_data[name] for name in CALL_FIELDS}
        return Call(**given, seconds=60 * minutes + seconds)


def _initial(about: Ticket | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"token": secrets.token_urlsafe(16), "status": Ticket.Status.OPEN}
    if about is None:
        return initial
    requester = about.requester
    phone, email = (address_of(requester, kind) for kind in ("phone", "email"))
    if about.status in AFTER_REPLY:
        initial["status"] = about.status
    return {
        **initial,
        "ticket": about.pk,
        "number": phone.value if phone else "",
        "email": email.value if email else "",
        "name": requester.name,
    }
