"""The shape of what agents and customers send; the rules are in the verbs."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.selectors import agents_visible_to, teams_visible_to
from customers.addresses import InvalidAddress, normalise_address
from helpdesk.lib.forms import FilesField
from helpdesk.lib.text import clean_file_name
from tickets.inbound import InboundAttachment
from tickets.models import Channel, Ticket
from tickets.recipients import FIELDS, Recipients, Surprise, surprises
from tickets.selectors import channels_visible_to, our_addresses_among
from tickets.services.replying import AFTER_REPLY

MAX_TEXT = 100_000
MAX_COPIES = 50
_SEPARATORS = re.compile(r"[,;\n]")


class TextForm(forms.Form):
    """Words and files."""

    text = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    # The name hides the form's own `files`, which Django sets on each instance all the same.
    files = FilesField()  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text", "").strip() and not cleaned.get("files"):
            self.add_error("text", _("Write something first."))
        return cleaned

    def attachments(self) -> list[InboundAttachment]:
        return attachments_from(self.cleaned_data["files"])


class NoteForm(TextForm):
    pass


class ReplyForm(TextForm):
    """An answer: `seen` is the version of the ticket that the agent looked at."""

    to = forms.CharField(required=False, max_length=5_000)
    cc = forms.CharField(required=False, max_length=5_000)
    bcc = forms.CharField(required=False, max_length=5_000)
    # The unexpected recipients that the agent has looked at.
    confirmed = forms.CharField(required=False, max_length=20_000)
    status = forms.ChoiceField(
        choices=[(status, status.label) for status in AFTER_REPLY], required=False
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, computed: Recipients, **options: Any) -> None:
        super().__init__(*args, **options)
        self.computed = computed

    def clean_to(self) -> list[str]:
        if "to" not in self.data:
            return self.computed["to"]
        chosen = self._addresses("to")
        # Whom nobody can write to by mail is reached another way: the channel says how.
        if not chosen and self.computed["to"]:
            raise forms.ValidationError(_("Say to whom this goes."))
        return chosen

    def clean_cc(self) -> list[str]:
        return self._addresses("cc")

    def clean_bcc(self) -> list[str]:
        return self._addresses("bcc")

    def _addresses(self, name: str) -> list[str]:
        parts = _SEPARATORS.split(self.cleaned_data[name])
        addresses = [_email(part) for part in dict.fromkeys(map(str.strip, parts)) if part]
        if len(addresses) > MAX_COPIES:
            raise forms.ValidationError(_("At most %(n)d addresses, please.") % {"n": MAX_COPIES})
        if ours := our_addresses_among(addresses):
            raise forms.ValidationError(
                _("%(address)s is an address of ours: the mail would come back to us.")
                % {"address": ", ".join(sorted(ours))}
            )
        return list(dict.fromkeys(addresses))

    def recipients(self) -> Recipients:
        """To, Cc and Bcc, each address in the most open of them."""
        taken: set[str] = set()
        chosen: dict[str, list[str]] = {}
        for name in FIELDS:
            chosen[name] = [a for a in self.cleaned_data[name] if a not in taken]
            taken.update(chosen[name])
        return chosen if chosen["bcc"] else {"to": chosen["to"], "cc": chosen["cc"]}

    def surprises(self, ticket: Ticket) -> list[Surprise]:
        """Unexpected recipients, confirmed or not."""
        return surprises(ticket, self.recipients())

    def unconfirmed(self, ticket: Ticket) -> list[Surprise]:
        """Unexpected recipients; none once the agent has confirmed each of them."""
        found = self.surprises(ticket)
        confirmed = set(self.cleaned_data["confirmed"].split(","))
        return [] if {surprise.address for surprise in found} <= confirmed else found


class StatusForm(forms.Form):
    status = forms.ChoiceField(choices=Ticket.Status.choices)
    seen = forms.IntegerField(min_value=0, required=False)


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(choices=Ticket.Priority.choices, coerce=int)
    seen = forms.IntegerField(min_value=0, required=False)


class SeenForm(forms.Form):
    seen = forms.IntegerField(min_value=0, required=False)


class AssignmentForm(forms.Form):
    assignee = forms.ModelChoiceField(User.objects.none(), required=False)
    team = forms.ModelChoiceField(Team.objects.none(), required=False)
    seen = forms.IntegerField(min_value=0, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "assignee", agents_visible_to(user))
        _offer(self, "team", teams_visible_to(user))


class TagsForm(forms.Form):
    """All tags of a ticket in one field, separated by commas."""

    tags = forms.CharField(required=False, max_length=2_000)

    def clean_tags(self) -> list[str]:
        return [name for part in self.cleaned_data["tags"].split(",") if (name := part.strip())]


class NewTicketForm(TextForm):
    """An agent writes first, to a customer."""

    address = forms.CharField(label=gettext_lazy("To"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Customer's name"), max_length=200, required=False)
    channel = forms.ModelChoiceField(Channel.objects.none(), label=gettext_lazy("Sent from"))
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300)
    text = forms.CharField(
        label=gettext_lazy("Message"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 8})
    )
    files = FilesField(label=gettext_lazy("Files"))
    field_order = ("address", "name", "channel", "subject", "text", "files")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        channels = channels_visible_to(user).filter(kind=Channel.MAILBOX)
        _offer(self, "channel", channels).empty_label = None
        self.fields["address"].widget.attrs.update(autocomplete="off", inputmode="email")

    def clean_address(self) -> str:
        return _email(self.cleaned_data["address"])


class AnswerForm(TextForm):
    """What a customer writes on the page of their ticket."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    files = FilesField(label=gettext_lazy("Files"))


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> forms.ModelChoiceField:
    field = cast(forms.ModelChoiceField, form.fields[name])
    field.queryset = rows
    return field


def _email(address: str) -> str:
    """The one spelling of an address, or an error that names it."""
    try:
        validate_email(address)
        return normalise_address("email", address)
    except (forms.ValidationError, InvalidAddress) as error:
        raise forms.ValidationError(
            _("“%(address)s” is not an e-mail address.") % {"address": address[:100]}
        ) from error


def attachments_from(files: "Iterable[UploadedFile[Any]]") -> list[InboundAttachment]:
    """Uploaded files as the verbs take them; names are cleaned, types are only a claim."""
    return [
        InboundAttachment(
            name=clean_file_name(file.name or "") or "file",
            content_type=(file.content_type or "application/octet-stream")[:150],
            content=file.read(),
        )
        for file in files
    ]
