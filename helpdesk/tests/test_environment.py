"""Reading settings: each wrong value is a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from helpdesk.lib.environment import Environment
from helpdesk.lib.socket_path import short_socket_path


@pytest.mark.parametrize(
    ("name", "value", "read", "sentence"),
    [
        ("PORT", "abc", lambda e: e.number("PORT", 8000), "PORT must be a whole number"),
        ("DEBUG", "treu", lambda e: e.flag("DEBUG", False), "DEBUG must be 1 or 0"),
        ("DATABASE_URL", "mysql://x/y", lambda e: e.database("DATABASE_URL", "sqlite:///x"),
         "DATABASE_URL must look like postgresql://"),
        ("LOG_LEVEL", "LOUD", lambda e: e.choice("LOG_LEVEL", ["INFO"], "INFO"),
         "LOG_LEVEL must be one of INFO"),
        ("TIME_ZONE", "Mars/Base", lambda e: e.zone("TIME_ZONE", "UTC"),
         "TIME_ZONE must be a zone like Europe/Madrid"),
        ("VAR_DIR", "/proc/nowhere", lambda e: e.folder("VAR_DIR", Path("x")),
         "VAR_DIR must be a folder that can be made"),
        ("SECRET_KEY", " ", lambda e: e.required("SECRET_KEY", why="it signs."),
         "SECRET_KEY is missing: it signs."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_noted(name, value, read, sentence):
    environment = Environment({name: value})
    read(environment)
    assert len(environment.problems) == 1
    assert environment.problems[0].startswith(sentence)


def test_an_empty_value_counts_as_not_given():
    environment = Environment({"PORT": "", "DEMO": " ", "HOSTS": ""})
    assert environment.number("PORT", 8000) == 8000
    assert environment.flag("DEMO", True) is True
    assert environment.names("HOSTS", ["a"]) == ["a"]
    assert not environment.problems


def test_all_problems_are_shown_at_once_and_without_a_traceback(tmp_path):
    wrong = {"PORT": "abc", "DATABASE_URL": "x", "VAR_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **wrong},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PORT must be" in done.stderr
    assert "DATABASE_URL must" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_long_folder_has_a_short_socket():
    assert short_socket_path(Path("/srv/var")) == Path("/srv/var/valkey.sock")
    long, other = Path("/" + "x" * 120), Path("/" + "y" * 120)
    assert len(str(short_socket_path(long))) < 100
    assert short_socket_path(long) != short_socket_path(other)
