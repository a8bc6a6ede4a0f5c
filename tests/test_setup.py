"""`make setup` in a fresh copy of the repository: everything but the download of the packages."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.services

ROOT = Path(settings.BASE_DIR)
HOW_MANY = """
from accounts.models import Team
from tickets.models import Channel
channel = Channel.objects.get(kind="email")
print(channel.address, "/", channel.default_team, "/", Team.objects.count())
"""


@pytest.fixture
def copy(state_folder):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            target = state_folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    (state_folder / ".venv").symlink_to(ROOT / ".venv")
    return state_folder


def clean():
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def make(folder, target, **variables):
    return subprocess.run(
        ["make", target], cwd=folder, env={**clean(), **variables}, capture_output=True, text=True,
        timeout=100, check=False,
    )  # fmt: skip


def computing_seconds():
    """Processor time of ended children: unlike the clock, it does not depend on the neighbours."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_it_works_and_repeating_is_quick(copy):
    first = make(copy, "setup")
    assert first.returncode == 0, first.stderr
    before = computing_seconds()
    assert make(copy, "setup").returncode == 0
    assert computing_seconds() - before < 5

    told = subprocess.run(
        [".venv/bin/python", "manage.py", "shell", "-v", "0", "-c", HOW_MANY],
        cwd=copy, env=clean(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "support@example.com / Support / 1"
    assert (copy / "var").stat().st_mode & 0o077 == 0
    for name in ("secret_key", "helpdesk.sqlite3"):
        assert (copy / "var" / name).stat().st_mode & 0o077 == 0


def test_a_wrong_setting_is_a_sentence_and_no_traceback(copy):
    done = make(copy, "setup", PORT="abc")
    assert done.returncode != 0
    assert "PORT must be a whole number; it is 'abc'." in done.stderr
    assert "Traceback" not in done.stderr


def test_every_target_is_listed(copy):
    shown = make(copy, "help").stdout
    for target in ("setup", "run", "test", "lint", "types", "dev", "services", "bench",
                   "screenshots", "messages"):  # fmt: skip
        assert f"\n{target}" in f"\n{shown}"
