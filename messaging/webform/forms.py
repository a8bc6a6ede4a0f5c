"""What a visitor fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.addresses import InvalidAddress, normalise_address
from helpdesk.lib.forms import FilesField
from helpdesk.lib.text import one_line
from messaging.routing import is_our_address
from messaging.webform import once

MOST_CHARACTERS = 50_000


class ContactForm(forms.Form):
    """`website` is a trap for robots; `mark` tells when the form was shown (`once`)."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("Our answer goes there."),
        error_messages={
            "required": _("Write your e-mail address, so that we can answer."),
            "invalid": _("Write an e-mail address like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=MOST_CHARACTERS,
        error_messages={"required": _("Write what we can do for you.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    files = FilesField(label=_("Files"))  # type: ignore[assignment]  # our field, not the uploads
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    mark = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean_email(self) -> str:
        try:
            address = normalise_address("email", self.cleaned_data["email"])
        except InvalidAddress as error:
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"]) from error
        if is_our_address(address):
            raise forms.ValidationError(gettext("This is our address. Write your own."))
        return address

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                gettext("One field is there to stop robots. Leave it empty and send again.")
            )
        return ""

    def clean(self) -> dict[str, Any]:
        try:
            once.check_mark(self.data.get("mark", ""))
        except once.TooFast:
            self.add_error(None, gettext("That was very fast. Please send it once more."))
        except once.TooOld:
            self.add_error(
                None, gettext("This page was open for a long time. Please send it once more.")
            )
            self.data = {**self.data.dict(), "mark": once.new_mark()}  # type: ignore[attr-defined]
        return self.cleaned_data

    @property
    def visible_errors(self) -> bool:
        """Whether a field that people see has to be mended."""
        return any(
            self.has_error(name) for name in ("name", "email", "subject", "message", "files")
        )
