"""The colours of the theme can be read: WCAG 2.2 AA, in light and in dark."""

import re

import pytest
from django.conf import settings

THEME = (settings.BASE_DIR / "static" / "css" / "theme.css").read_text()
LIGHT_TEXT, DARK_TEXT = THEME.split("@media (prefers-color-scheme: dark)")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6})")
LIGHT = dict(COLOUR.findall(LIGHT_TEXT))
DARK = {**LIGHT, **dict(COLOUR.findall(DARK_TEXT))}
GROUNDS = ("page", "sunken", "raised", "hover", "accent-soft")
MARKS = ("new", "open", "pending", "hold", "resolved", "closed")
PAIRS = [
    *((text, ground, 4.5) for text in ("text", "text-soft", "text-faint") for ground in GROUNDS),
    *(("accent-text", ground, 4.5) for ground in GROUNDS),
    *((name, f"{name}-soft", 4.5) for name in ("danger", "success", "warning")),
    *(("text", f"{name}-soft", 4.5) for name in ("danger", "success", "warning")),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-hover", 4.5),
    ("danger", "page", 4.5),
    ("note-text", "note", 4.5),
    ("note-strong", "note", 4.5),
    *(("line-strong", ground, 3) for ground in ("page", "sunken", "raised")),
    *((f"mark-{mark}", ground, 3) for mark in MARKS for ground in ("page", "hover", "accent-soft")),
]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast(colours, text, ground, least):
    assert contrast(colours[text], colours[ground]) >= least


@pytest.mark.parametrize("name", ["app", "workspace", "public", "admin"])
def test_only_the_theme_names_colours(name):
    rules = (settings.BASE_DIR / "static" / "css" / f"{name}.css").read_text()
    # Paper is white, and so is the frame of a mail, as its sender saw it.
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#fff", "#000"}


def test_no_template_carries_a_style_or_a_script_of_its_own():
    inline = re.compile(
        r"\sstyle=|<style(?![^>]*\bnonce=)|<script(?![^>]*\b(?:src|nonce)=)|\son[a-z]+=[\"']"
    )
    found = [
        str(path)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if "mail" not in path.parts and inline.search(path.read_text())
    ]
    assert found == []
