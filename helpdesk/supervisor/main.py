"""The whole product in the foreground, until Ctrl-C.

Nothing of Django but the settings is loaded here: the web process answers the sooner, and the
supervisor stays small.
"""

import os
import subprocess
import sys

from django.conf import settings

from helpdesk.checks import refuse_wrong_settings
from helpdesk.supervisor.child import Child
from helpdesk.supervisor.lock import (
    AlreadyRunning,
    note_processes,
    stop_leftovers,
    take_lock,
)
from helpdesk.supervisor.probes import PortTaken, http_answers, refuse_taken_port
from helpdesk.supervisor.programs import Program, read_procfile
from helpdesk.supervisor.stamp import is_prepared
from helpdesk.supervisor.supervisor import GaveUp, Supervisor
from helpdesk.supervisor.valkey import ValkeyUnavailable, answers, valkey_program
from helpdesk.welcome import welcome

# Mails and passwords lie in VAR_DIR: what is made there is for its owner alone.
PRIVATE = 0o077
PREPARE = (sys.executable, "manage.py", "prepare", "-v", "0")


def run_everything() -> None:
    """Start all processes and return when they have ended; exit with a sentence if they cannot."""
    refuse_wrong_settings()
    os.umask(PRIVATE)
    try:
        with take_lock(settings.VAR_DIR / "run.lock", about=_about_us()):
            _run()
    except AlreadyRunning as running:
        sys.exit(
            f"The help desk already runs from {settings.VAR_DIR} ({running}). Stop it first,"
            " or give this one a folder and ports of its own:"
            " VAR_DIR=var2 PORT=8001 SMTP_LISTEN_PORT=2526 make run"
        )
    except (GaveUp, PortTaken, ValkeyUnavailable) as problem:
        sys.exit(str(problem))


def become(name: str) -> None:
    """Turn this process into one program of the Procfile (for containers)."""
    programs = {program.name: program for program in _procfile()}
    if name not in programs:
        sys.exit(f"There is no program {name!r}; the Procfile has {', '.join(programs)}.")
    command = programs[name].command
    os.umask(PRIVATE)
    os.execvp(command[0], command)


def _run() -> None:
    notes = settings.VAR_DIR / "run.pids"
    stop_leftovers(notes)
    refuse_taken_port("PORT", settings.HOST, settings.PORT)
    if settings.SMTP_LISTEN_PORT:
        refuse_taken_port("SMTP_LISTEN_PORT", settings.SMTP_LISTEN_HOST, settings.SMTP_LISTEN_PORT)
    supervisor = Supervisor(
        _programs(),
        environment=_environment(),
        ready={
            "valkey": lambda: answers(settings.CACHES["default"]["LOCATION"]),
            "web": lambda: http_answers(settings.HOST, settings.PORT, "/healthz"),
        },
        started=lambda children: note_processes(notes, _pids(children)),
    )
    supervisor.run(_greet)
    notes.unlink(missing_ok=True)
    _forget_socket_folder()
    print("Stopped.")


def _programs() -> list[Program]:
    broker = [] if settings.REDIS_URL else [_valkey()]
    if is_prepared():
        return [*broker, *_procfile()]
    print("Preparing the database and the pages …", flush=True)
    return [*broker, Program("prepare", PREPARE, once=True), *_procfile()]


def _greet() -> None:
    if not http_answers(settings.HOST, settings.PORT, "/readyz"):
        # The stamp was wrong: somebody replaced the database.
        subprocess.run(PREPARE, env=_environment(), check=False)
    print(welcome(), flush=True)


def _procfile() -> list[Program]:
    return read_procfile((settings.BASE_DIR / "Procfile").read_text(), _environment())


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


def _forget_socket_folder() -> None:
    """Remove the folder that a long VAR_DIR needs for its socket (see lib.socket_path)."""
    folder = settings.VALKEY_SOCKET.parent
    if folder != settings.VAR_DIR and folder.exists():
        settings.VALKEY_SOCKET.unlink(missing_ok=True)
        folder.rmdir()
