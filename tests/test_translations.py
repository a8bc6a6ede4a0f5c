"""Nothing is untranslated: not a text in the code, not a word in a template, not a placeholder."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten, label_for_field
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPOKEN_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "label"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w*\}")
TRANSLATED = re.compile(
    r"{%\s*comment.*?endcomment\s*%}"
    r"|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*block\s+\w*(?:class|size|width)\w*\s*%}.*?{%\s*endblock\s*\w*\s*%}"
    r"|{%.*?%}|{{.*?}}|{#.*?#}",
    re.DOTALL,
)
# A block may hold attributes of a tag that stands in another template.
ATTRIBUTE = re.compile(r"""[\w-]+="[^"]*""" + '"')
HEADER = re.compile(r"\b(?:Message-ID|In-Reply-To|References|Reply-To)\b")
# Words that are the same in every language, and names.
SAME_EVERYWHERE = {"CSV", "API", "OK", "Esc", "Enter", "Ctrl", "K", "NPS", "CSAT", "CES"}


def names(catalogue: Path) -> str:
    return catalogue.parent.parent.name


def admin_labels() -> list[tuple[str, str, Any, Any]]:
    """(where, column, model, admin) for every column and field of the administration."""
    found: list[tuple[str, str, Any, Any]] = []
    for model, its_admin in admin.site._registry.items():
        columns = flatten([*its_admin.list_display, *(its_admin.fields or ())])
        found += [(model.__name__, column, model, its_admin) for column in columns]
        for inline in its_admin.inlines:
            columns = flatten(inline.fields or ())
            found += [(model.__name__, c, inline.model, its_admin) for c in columns]
    return [row for row in found if row[1] not in ("__str__", "action_checkbox")]


def test_every_column_of_the_administration_has_a_name_in_each_language():
    """A field without a name of its own is called by its name in the code."""
    bare = []
    for where, column, model, its_admin in admin_labels():
        said = []
        for language in ("en", "es"):
            with translation.override(language):
                said.append(str(label_for_field(column, model, its_admin)))
        if said[0] == said[1] and said[0] not in ("ID", "ticket"):
            bare.append(f"{where}.{column}")
    assert not bare


def test_it_works():
    assert {names(path) for path in CATALOGUES} == {"es", "pt_BR"}


@pytest.mark.parametrize("path", CATALOGUES, ids=names)
def test_every_text_is_translated(path):
    catalogue = polib.pofile(str(path))
    untranslated = [entry.msgid for entry in catalogue.untranslated_entries()]
    assert untranslated == []
    assert catalogue.fuzzy_entries() == []


@pytest.mark.parametrize("path", CATALOGUES, ids=names)
def test_placeholders_are_kept(path):
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if not set(_placeholders(text)) <= set(_placeholders(entry.msgid + entry.msgid_plural))
        or (not entry.msgid_plural and _placeholders(text) != _placeholders(entry.msgid))
    ]
    assert wrong == []


def _placeholders(text: str) -> list[str]:
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


@pytest.mark.parametrize("path", CATALOGUES, ids=names)
def test_every_number_has_its_words(path):
    """A plural form that the header promises and no text has would fall back to English."""
    catalogue = polib.pofile(str(path))
    promised = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
    language = names(path).replace("_", "-").lower()
    for entry in catalogue:
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == promised, entry.msgid
            with translation.override(language):
                for number in (0, 1, 2, 5, 1_000_000):
                    said = translation.ngettext(entry.msgid, entry.msgid_plural, number)
                    assert said in entry.msgstr_plural.values()


@pytest.mark.parametrize("path", CATALOGUES, ids=names)
def test_the_compiled_catalogue_is_the_same(path):
    compiled = {e.msgid: e.msgstr for e in polib.mofile(str(path.with_suffix(".mo")))}
    written = {e.msgid: e.msgstr for e in polib.pofile(str(path)).translated_entries()}
    assert compiled == written


@pytest.mark.skipif(not shutil.which("xgettext"), reason="GNU gettext is not installed")
def test_the_catalogues_know_every_text_of_the_code(tmp_path):
    copy = tmp_path / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        source = ROOT / name
        if source.suffix in {".py", ".html", ".txt", ".po", ".toml"} and source.is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy / name)
    code = "import tools.messages as m; m.ROOT = __import__('pathlib').Path('.'); m.collect()"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=copy, check=True, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "VAR_DIR": str(tmp_path), "PYTHONPATH": str(copy)},
    )  # fmt: skip
    for path in CATALOGUES:
        collected = polib.pofile(str(copy / path.relative_to(ROOT)))
        missing = [entry.msgid for entry in collected.untranslated_entries()]
        assert missing == [], f"{names(path)}: run make messages"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_speaks_only_english(path):
    reader = _Words()
    reader.feed(TRANSLATED.sub(" ", path.read_text()))
    assert reader.found == []


class _Words(HTMLParser):
    """Collects words that stand in the page as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name in SPOKEN_ATTRIBUTES and _speaks(value or "")
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        data = ATTRIBUTE.sub("", data)
        if not self._silent and _speaks(data):
            self.found.append(data.strip())


def _speaks(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", HEADER.sub("", text))
    return any(word not in SAME_EVERYWHERE for word in words)
