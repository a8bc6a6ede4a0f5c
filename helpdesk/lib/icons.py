"""Inline drawings from the two sprites: lucide icons and our own status marks."""

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = "vendor/lucide/icons.svg"
MARKS = "img/marks.svg"


def icon(name: str, label: str = "") -> SafeString:
    """A lucide icon; without a label it is hidden from screen readers."""
    return _drawing(ICONS, name, "icon", str(label))


def mark(name: str, label: str = "") -> SafeString:
    """The shape of a status (`open`) or of a priority (`priority-high`), in its colour."""
    return _drawing(MARKS, name, f"mark mark-{name}", str(label))


@lru_cache(maxsize=1024)
def _drawing(sprite: str, name: str, css_class: str, label: str) -> SafeString:
    attributes = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    title = format_html("<title>{}</title>", label) if label else ""
    return format_html(
        '<svg class="{}" {}>{}<use href="{}#{}"></use></svg>',
        css_class,
        attributes,
        title,
        static(sprite),
        name,
    )
