"""The form of an announcement: whom, and what in each language."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from customers.models import Organization
from notifications.audiences import Audience
from tickets.models import Tag

ANY = ("", _("any"))


class AnnouncementForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    tag = forms.ModelChoiceField(
        Tag.objects.order_by("name"),
        label=_("With an unsolved ticket tagged"),
        to_field_name="name",
        required=False,
        empty_label=ANY[1],
    )
    language = forms.ChoiceField(
        label=_("Who speak"), choices=[ANY, *settings.LANGUAGES], required=False
    )
    organization = forms.ModelChoiceField(
        Organization.objects.order_by("name"),
        label=_("Who belong to"),
        required=False,
        empty_label=ANY[1],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = uuid.uuid4
        for code, _name in settings.LANGUAGES:
            is_main = code == settings.LANGUAGE_CODE
            self.fields[f"subject_{code}"] = forms.CharField(
                label=_("Subject"), max_length=150, required=is_main
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text"), max_length=20_000, required=is_main, widget=forms.Textarea
            )

    def languages(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(name, subject field, text field), the main language first."""
        main_first = sorted(settings.LANGUAGES, key=lambda row: row[0] != settings.LANGUAGE_CODE)
        return [(str(name), self[f"subject_{c}"], self[f"text_{c}"]) for c, name in main_first]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            if bool(cleaned.get(f"subject_{code}")) != bool(cleaned.get(f"text_{code}")):
                missing = "text" if cleaned.get(f"subject_{code}") else "subject"
                if f"{missing}_{code}" not in self.errors:
                    self.add_error(f"{missing}_{code}", _("Write both subject and text, or none."))
        return cleaned

    def audience(self) -> Audience:
        tag, organization = self.cleaned_data["tag"], self.cleaned_data["organization"]
        return Audience(
            tag=tag.name if tag else "",
            language=self.cleaned_data["language"],
            organization=organization.pk if organization else None,
        )

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            code: {
                "subject": self.cleaned_data[f"subject_{code}"],
                "text": self.cleaned_data[f"text_{code}"],
            }
            for code, _name in settings.LANGUAGES
        }
