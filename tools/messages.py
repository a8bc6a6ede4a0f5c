"""`make messages`: collect what is to be translated, and compile what is.

Needs GNU gettext to collect. Nothing is guessed: a changed text is untranslated until somebody
translates it, and `tests/test_translations.py` fails until then.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
os.chdir(ROOT)

LANGUAGES = ("es", "pt_BR")
IGNORED = (".venv/*", "var/*", "*/tests/*", "tests/*", "tools/*", "static/*", "conftest.py")


def collect(languages: tuple[str, ...] = LANGUAGES) -> None:
    """Bring `locale/<language>/LC_MESSAGES/django.po` up to date with the code."""
    import django
    from django.core.management.commands.makemessages import Command

    django.setup()
    Command.msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]
    from django.core.management import call_command

    call_command(
        Command(),
        locale=list(languages),
        ignore_patterns=list(IGNORED),
        add_location="file",
        no_wrap=True,
        no_obsolete=True,
        verbosity=0,
    )


def compile_all(languages: tuple[str, ...] = LANGUAGES) -> None:
    """Write the `.mo` files, which are committed: installing needs no gettext."""
    import polib

    for language in languages:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path))
        catalogue.metadata.pop("POT-Creation-Date", None)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        print(f"{language}: {catalogue.percent_translated()} % of {len(catalogue)} texts")


if __name__ == "__main__":
    collect()
    compile_all()
