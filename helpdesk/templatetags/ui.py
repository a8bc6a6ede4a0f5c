"""`{% load ui %}`: icons, status marks and form fields in the product's look."""

from collections.abc import Mapping

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, RadioSelect, Select, Textarea
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from helpdesk.lib import icons

register = template.Library()

CSS_CLASSES = ((Textarea, "textarea"), (Select, "select"))
PLAIN = (CheckboxInput, RadioSelect)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return icons.icon(name, label)


@register.simple_tag
def mark(name: str, label: str = "") -> SafeString:
    return icons.mark(name, label)


@register.simple_tag
def control(field: BoundField, **attributes: object) -> SafeString:
    """The bare widget with the product's class; `_` in a name stands for `-`."""
    return field.as_widget(attrs=_attributes(field, attributes))


@register.inclusion_tag("_field.html")
def field(field: BoundField, label: str = "", **attributes: object) -> Mapping[str, object]:
    """Label, widget, help and errors of one form field."""
    return {
        "field": field,
        "label": label or field.label,
        "widget": field.as_widget(attrs=_attributes(field, attributes)),
        "is_check": isinstance(field.field.widget, CheckboxInput),
    }


@register.simple_tag
def url_or_nothing(name: str, *args: object) -> str:
    """The address of a page that another app may or may not have: "" when it has not."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _attributes(field: BoundField, more: Mapping[str, object]) -> dict[str, object]:
    attributes = {name.replace("_", "-"): value for name, value in more.items()}
    widget = field.field.widget
    if not isinstance(widget, PLAIN) and getattr(widget, "input_type", "") != "file":
        found = next((css for kind, css in CSS_CLASSES if isinstance(widget, kind)), "input")
        attributes["class"] = f"{found} {widget.attrs.get('class', '')}".strip()
    return attributes
