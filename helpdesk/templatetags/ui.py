"""`{% load ui %}`: icons, status marks and form fields in the product's look."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, RadioSelect, Select, Textarea
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from helpdesk.lib import icons
from helpdesk.template_loader import prints_the_same

register = template.Library()

CSS_CLASSES = ((Textarea, "textarea"), (Select, "select"))
PLAIN = (CheckboxInput, RadioSelect)


@register.simple_tag
@prints_the_same
def icon(name: str, label: str = "") -> SafeString:
    return icons.icon(name, label)


@register.simple_tag
@prints_the_same
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
@prints_the_same
def url_or_nothing(name: str, *args: object) -> str:
    """The address of a page that another app may or may not have: "" when it has not."""
    return _url_or_nothing(get_urlconf(), get_script_prefix(), name, args)


@lru_cache(maxsize=1024)
def _url_or_nothing(_urlconf: str | None, _prefix: str, name: str, args: tuple[object, ...]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
@prints_the_same
def still(template_name: str, **facts: Hashable) -> SafeString:
    """A fragment that depends on nothing but the language and these facts: printed once, kept.

    The facts must come from a small set: each combination takes a place.
    """
    language = translation.get_language() or ""
    print_it = _print if settings.DEBUG else _print_once
    return print_it(template_name, language, get_urlconf(), tuple(sorted(facts.items())))


def _print(
    name: str, _language: str, _urlconf: str | None, facts: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return mark_safe(get_template(name).render(dict(facts)))  # noqa: S308  it escaped its values


_print_once = lru_cache(maxsize=512)(_print)


def _attributes(field: BoundField, more: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {name.replace("_", "-"): value for name, value in more.items()}
    widget = field.field.widget
    if not isinstance(widget, PLAIN) and getattr(widget, "input_type", "") != "file":
        found = next((css for kind, css in CSS_CLASSES if isinstance(widget, kind)), "input")
        attributes["class"] = f"{found} {widget.attrs.get('class', '')}".strip()
    return attributes
