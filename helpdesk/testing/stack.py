"""The product as `make run` runs it, with a state folder and ports of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from helpdesk.supervisor.lock import noted_processes
from helpdesk.supervisor.probes import http_answers
from helpdesk.testing.ports import accepts, free_port
from helpdesk.testing.processes import NotReady, start, stop, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
START_WITHIN = 150
# Collecting the static files takes most of a first start; later stacks of one test run share them.
COLLECTED = Path(settings.VAR_DIR) / "collected"


@dataclass
class Stack:
    """Running processes: `url` and `smtp_port` to talk to, `manage` for commands beside them."""

    folder: Path
    port: int
    smtp_port: int
    environment: dict[str, str]
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything the processes have printed."""
        return (self.folder / "output.log").read_text(errors="replace")

    def start(self) -> None:
        """Start it (again) and return when everything runs and the address has been printed."""
        _link_tree(COLLECTED, self.folder / "staticfiles")
        said_before = self._times_said() if self._output.exists() else 0
        self.start_without_waiting()
        try:
            wait_for(lambda: self._is_up(said_before), seconds=START_WITHIN, what="the start")
        except NotReady:
            self.stop()
            raise NotReady(f"the product did not start:\n{self.log[-3000:]}") from None
        _link_tree(self.folder / "staticfiles", COLLECTED)

    def start_without_waiting(self) -> None:
        """Start it and return at once; what it prints goes to `log`."""
        with self._output.open("a") as output:
            self.process = start(
                [sys.executable, "-m", "helpdesk.supervisor"],
                environment=self.environment,
                output=output,
                folder=ROOT,
            )

    def stop(self) -> int:
        """End it as Ctrl-C does; return the exit code."""
        assert self.process is not None
        return stop(self.process, seconds=20)

    def pids(self) -> dict[str, int]:
        """Process ids by name: valkey, web, worker, beat, smtp."""
        return noted_processes(self.folder / "run.pids")

    def kill(self, name: str) -> int:
        """End one process with SIGKILL; return its id. The supervisor starts it again."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def manage(self, *words: str, given: str | bytes | None = None) -> str:
        """Run a management command in this environment; return what it printed, or raise."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=self.environment,
            cwd=ROOT,
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{words} failed: {done.stderr.decode()[-3000:]}")
        return done.stdout.decode()

    @property
    def _output(self) -> Path:
        return self.folder / "output.log"

    def _times_said(self) -> int:
        return self.log.count("(Ctrl-C stops it)")

    def _is_up(self, said_before: int) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise NotReady
        said = self._times_said() > said_before
        return said and accepts(self.smtp_port) and http_answers("127.0.0.1", self.port, "/readyz")


def new_stack(folder: Path, variables: Mapping[str, str]) -> Stack:
    """Return a stack on free ports that is not started yet; `variables` are added."""
    port, smtp_port = free_port(), free_port()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
    }
    environment = {
        **inherited,
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "SMTP_LISTEN_PORT": str(smtp_port),
        "SWEEP_SECONDS": "2",
        **variables,
    }
    return Stack(folder=folder, port=port, smtp_port=smtp_port, environment=environment)


@contextmanager
def running_stack(folder: Path, variables: Mapping[str, str]) -> Iterator[Stack]:
    """Run the product for the length of the block."""
    stack = new_stack(folder, variables)
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()


def _link_tree(source: Path, target: Path) -> None:
    if source.exists() and not target.exists():
        shutil.copytree(source, target, copy_function=os.link)
