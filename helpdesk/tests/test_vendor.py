"""Files of others are exactly what VENDOR.md says."""

import hashlib
import re

from django.conf import settings

FOLDER = settings.BASE_DIR / "static" / "vendor"
ROW = re.compile(r"^\| (\S+/\S+) \|.*\| ([0-9a-f]{64}) \|$", re.MULTILINE)
LISTED = dict(ROW.findall((FOLDER / "VENDOR.md").read_text()))


def test_every_vendored_file_has_its_listed_hash():
    found = {
        str(path.relative_to(FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.name != "VENDOR.md"
    }

    assert found == LISTED


def test_each_icon_that_a_template_names_is_in_the_sprite():
    sprite = (FOLDER / "lucide" / "icons.svg").read_text()
    names = {
        name
        for template in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r"""{% icon ["']([^"']+)["']""", template.read_text())
    }

    assert {name for name in names if f'id="{name}"' not in sprite} == set()
