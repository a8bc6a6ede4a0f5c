"""The customer's form in the admin."""

from functools import partial

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from helpdesk.lib.times import zones


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Language and time zone are one of those there are, or unknown."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=(("", "—"), *settings.LANGUAGES)
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=partial(zones, empty="—")
    )

    class Meta:
        model = Customer
        fields = ("name", "organization", "language", "time_zone", "notes")
