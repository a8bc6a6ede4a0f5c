"""`manage.py run`: the whole product in the foreground, until Ctrl-C."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from helpdesk.prepare import prepare
from helpdesk.supervisor import GaveUp, Program, Supervisor, read_procfile
from helpdesk.supervisor.child import Child
from helpdesk.supervisor.lock import (
    AlreadyRunning,
    note_processes,
    stop_leftovers,
    take_lock,
)
from helpdesk.supervisor.probes import PortTaken, http_answers, refuse_taken_port
from helpdesk.supervisor.valkey import ValkeyUnavailable, answers, valkey_program
from helpdesk.welcome import welcome


class Command(BaseCommand):
    help = "Run web, worker, beat and the mail listener (and Valkey, when REDIS_URL is not set)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--procfile", type=Path, default=settings.BASE_DIR / "Procfile")

    def handle(self, *args: Any, procfile: Path, **options: Any) -> None:
        try:
            with take_lock(settings.VAR_DIR / "run.lock", about=_about_us()):
                self._run(procfile)
        except AlreadyRunning as running:
            raise CommandError(
                f"The help desk already runs from {settings.VAR_DIR} ({running}). Stop it first,"
                " or give this one a folder and ports of its own:"
                " VAR_DIR=var2 PORT=8001 SMTP_LISTEN_PORT=2526 make run"
            ) from None
        except (GaveUp, PortTaken, ValkeyUnavailable) as problem:
            raise CommandError(str(problem)) from None

    def _run(self, procfile: Path) -> None:
        notes = settings.VAR_DIR / "run.pids"
        stop_leftovers(notes)
        programs = self._programs(procfile)
        refuse_taken_port("PORT", settings.HOST, settings.PORT)
        if any(program.name == "smtp" for program in programs):
            refuse_taken_port(
                "SMTP_LISTEN_PORT", settings.SMTP_LISTEN_HOST, settings.SMTP_LISTEN_PORT
            )
        self.stdout.write("Preparing the database and the pages …")
        prepare()
        supervisor = Supervisor(
            programs,
            environment=_environment(),
            ready={
                "valkey": lambda: answers(settings.CACHES["default"]["LOCATION"]),
                "web": lambda: http_answers(settings.HOST, settings.PORT, "/healthz"),
            },
            started=lambda children: note_processes(notes, _pids(children)),
        )
        supervisor.run(self._on_ready)
        notes.unlink(missing_ok=True)
        self.stdout.write("Stopped.")

    def _programs(self, procfile: Path) -> list[Program]:
        known = get_commands()
        programs = [] if settings.REDIS_URL else [_valkey()]
        for program in read_procfile(procfile.read_text(), _environment()):
            command = program.management_command
            if command is not None and command not in known:
                self.stderr.write(f"{program.name} is left out: there is no command {command}.")
            else:
                programs.append(program)
        return programs

    def _on_ready(self) -> None:
        if settings.DEMO and "demo" in get_commands():
            call_command("demo", if_empty=True)
        self.stdout.write(welcome())
        self.stdout.flush()


def _valkey() -> Program:
    return valkey_program(socket=settings.VALKEY_SOCKET, folder=settings.VAR_DIR / "valkey")


def _environment() -> dict[str, str]:
    # Every process works with the values resolved here, whatever its working folder.
    resolved = {
        "HOST": settings.HOST,
        "PORT": str(settings.PORT),
        "VAR_DIR": str(settings.VAR_DIR),
        "PYTHONUNBUFFERED": "1",
    }
    if not settings.PRODUCTION:
        # A newcomer in a container is root; the warning is kept for those who run it for real.
        resolved["PYTHONWARNINGS"] = "ignore:You're running the worker"
    return {**os.environ, **resolved}


def _about_us() -> str:
    return f"process {os.getpid()}, {settings.SITE_URL}"


def _pids(children: list[Child]) -> dict[str, int]:
    return {
        child.program.name: child.pid
        for child in children
        if child.pid is not None and child.is_running
    }
