"""Forms of the customers' mailboxes in the demo."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tickets.models import Channel


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Your answer"), max_length=20_000, widget=forms.Textarea)


class NewMailForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    address = forms.EmailField(label=_("E-mail address"), max_length=254)
    channel = forms.ModelChoiceField(
        label=_("To"), queryset=Channel.objects.none(), empty_label=None
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Message"), max_length=20_000, widget=forms.Textarea)

    def __init__(self, *args: Any, channels: "QuerySet[Channel]", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]
