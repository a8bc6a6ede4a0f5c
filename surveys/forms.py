"""What a customer may send with an answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.scales import Scale
from surveys.services.answering import MAX_COMMENT


class AnswerForm(forms.Form):
    """A score of one scale, exactly as the page offers it, and words if they like."""

    score = forms.TypedChoiceField(
        coerce=int, error_messages={"required": _("Choose a score first.")}
    )
    comment = forms.CharField(required=False, max_length=MAX_COMMENT, strip=True)

    def __init__(self, *args: Any, scale: Scale, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(step.score), str(step.score)) for step in scale.steps]
        self.fields["score"].choices = choices  # type: ignore[attr-defined]
        self.fields["score"].error_messages["invalid_choice"] = _("Choose one of the scores.")
