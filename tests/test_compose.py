"""docker-compose.yml, Dockerfile and Procfile name only what exists in the project."""

import importlib.util
import json
import os
import re
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from helpdesk.health import PROBES
from helpdesk.supervisor import read_procfile

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
VALUES = {"HOST": "127.0.0.1", "PORT": "8000", "VAR_DIR": "/data"}
PROGRAMS = {p.name: p for p in read_procfile((ROOT / "Procfile").read_text(), VALUES)}
DOCUMENTED = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))


def words(service):
    command = service["command"]
    return shlex.split(command) if isinstance(command, str) else command


def test_the_same_processes_as_in_the_procfile():
    assert set(PROGRAMS) <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_every_command_exists(name):
    match words(OURS[name]):
        case ["python", "-m", module, program]:
            assert importlib.util.find_spec(f"{module}.__main__")
            assert program == name
            assert program in PROGRAMS
        case ["python", "manage.py", command]:
            assert command in get_commands()
        case other:
            pytest.fail(f"{name} runs something unknown: {other}")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_program_of_the_procfile_exists(program):
    module = program.command[program.command.index("-m") + 1] if "-m" in program.command else None
    if module:
        assert importlib.util.find_spec(module)
    else:
        assert program.management_command in get_commands()


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_documented_setting(name):
    assert set(OURS[name]["environment"]) <= DOCUMENTED


def test_every_value_taken_from_outside_is_documented():
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text)) <= DOCUMENTED


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        uses = re.findall(rf"\$\{{{name}(.)(.)", text)
        assert uses
        assert set(uses) == {(":", "?")}


@pytest.mark.parametrize("name", SERVICES)
def test_published_ports_stay_on_this_machine(name):
    for port in SERVICES[name].get("ports", ()):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize(("name", "setting"), [("web", "PORT"), ("smtp", "SMTP_LISTEN_PORT")])
def test_the_published_port_is_the_one_listened_on(name, setting):
    inside = OURS[name]["ports"][0].rsplit(":", 1)[1]
    assert inside == OURS[name]["environment"][setting]
    assert inside in re.findall(r"\d+", _dockerfile("EXPOSE"))
    assert inside in " ".join(OURS[name]["healthcheck"]["test"])


def test_addresses_of_other_services_exist():
    environment = OURS["web"]["environment"]
    for name in ("DATABASE_URL", "REDIS_URL", "SMTP_URL"):
        host = re.search(r"(?:@|//)([a-z]+):\d+", environment[name])[1]
        assert host in SERVICES


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "prepare"])
def test_every_service_that_stays_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_the_web_check_asks_a_path_that_exists():
    asked = re.search(r"8000(/[a-z]+)", " ".join(OURS["web"]["healthcheck"]["test"]))[1]
    assert asked in PROBES


def test_every_volume_is_declared():
    used = {v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])


def test_images_are_pinned():
    images = [s["image"] for s in SERVICES.values() if "build" not in s]
    assert all(re.search(r":v?\d+\.\d+", image) for image in [*images, _dockerfile("FROM")])


def test_the_container_is_not_root_and_cannot_change_its_code():
    assert _dockerfile("USER") == "helpdesk"
    assert "chown" not in _dockerfile("COPY")
    assert all(service["read_only"] for service in OURS.values())
    assert re.search(r"VAR_DIR=(\S+)", _dockerfile("ENV"))[1] == _dockerfile("VOLUME") == "/data"


def test_files_copied_into_the_image_exist():
    for source in _dockerfile("COPY").split()[:-1]:
        assert (ROOT / source).exists()


def test_the_settings_of_compose_pass_the_checks(tmp_path):
    given = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "help.example.com",
        "SITE_URL": "https://help.example.com",
        "POSTGRES_PASSWORD": "a",
        "REDIS_PASSWORD": "b",
    }
    written = json.dumps(OURS["web"]["environment"])
    filled = re.sub(
        r"\$\{([A-Z_]+)(?::[-?]([^}]*))?\}", lambda m: given.get(m[1], m[2] or ""), written
    )
    environment = {**json.loads(filled), "VAR_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def _dockerfile(instruction):
    """All words of the first such instruction, continuation lines included."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return next(
        line.removeprefix(instruction).strip()
        for line in text.splitlines()
        if line.startswith(instruction + " ")
    )
