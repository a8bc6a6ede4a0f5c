"""`url_or_nothing` hides a link whose page is missing, and so would hide a misspelt name."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

ASKED = re.compile(r"""{%\s*url_or_nothing\s+["']([^"']+)["']""")
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def names_of(resolver, prefix=""):
    names = {f"{prefix}{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    for namespace, (_path, inner) in resolver.namespace_dict.items():
        names |= names_of(inner, f"{prefix}{namespace}:")
    return names


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_every_name_that_a_template_asks_for_exists(template):
    asked = set(ASKED.findall(template.read_text()))
    assert asked - names_of(get_resolver()) == set()
