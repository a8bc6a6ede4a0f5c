"""What this machine offers the tests: servers that answer, or that root may install on Debian."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from helpdesk.testing.chromium import chromium_binary
from helpdesk.testing.ports import free_port
from helpdesk.testing.processes import NotReady, start, stop, wait_for
from helpdesk.testing.servers import dovecot_binary, postgres_server

INITDB = ("-U", "helpdesk", "-A", "trust", "-E", "UTF8", "--no-sync")
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Missing:
    """Something is not here, and why it cannot be had."""

    reason: str


@functools.cache
def postgres() -> str | Missing:
    """Return the URL of a server in which we may create databases; start one when possible."""
    found = postgres_server()
    if found:
        return found
    if _initdb() is None:
        problem = _install("postgresql")
        if problem:
            return Missing(f"no PostgreSQL answers on 127.0.0.1:5432; {problem}")
    return _own_postgres()


@functools.cache
def dovecot() -> Missing | None:
    problem = None if dovecot_binary() else _install("dovecot-imapd")
    return Missing(f"Dovecot is not installed; {problem}") if problem else None


@functools.cache
def chromium() -> Missing | None:
    problem = None if chromium_binary() else _install("chromium")
    return Missing(f"Chromium is not installed; {problem}") if problem else None


def _initdb() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1] if found else None


def _own_postgres() -> str | Missing:
    """Start a cluster in a temporary folder, for this run alone (never as root)."""
    initdb = _initdb()
    if initdb is None:
        return Missing("PostgreSQL has no initdb here")
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-test-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    as_owner: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    port = free_port()
    made = subprocess.run(
        [*as_owner, str(initdb), *("-D", str(folder / "data")), *INITDB],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if made.returncode:
        return Missing(f"PostgreSQL did not start: {made.stderr.strip()[-200:]}")
    options = ["-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    with (folder / "log").open("w") as output:
        command = [*as_owner, str(initdb.parent / "postgres"), *options]
        process = start([*command, "-c", "listen_addresses=127.0.0.1"], output=output)
    atexit.register(stop, process)
    os.environ["TEST_POSTGRES_URL"] = f"postgresql://helpdesk@127.0.0.1:{port}/postgres"
    try:
        wait_for(postgres_server, seconds=20, what="PostgreSQL")
    except NotReady as problem:
        return Missing(str(problem))
    return os.environ["TEST_POSTGRES_URL"]


def _install(package: str) -> str | None:
    """Install a Debian package; return None, or the reason why it could not be."""
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        return f"as root on Debian it would be installed (apt-get install {package})"
    print(f"Installing {package} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    with _nothing_started():
        for command in (install, ["apt-get", "update", "-qq"], install):
            done = subprocess.run(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, check=False,
            )  # fmt: skip
            if command is install and done.returncode == 0:
                return None
    return f"apt-get install {package} failed: {done.stderr.strip()[-200:]}"


class _nothing_started:  # noqa: N801  reads as a sentence where it is used
    """While packages are installed, their services are not started."""

    def __enter__(self) -> None:
        self.ours = not POLICY.exists()
        if self.ours:
            POLICY.write_text("#!/bin/sh\nexit 101\n")
            POLICY.chmod(0o755)

    def __exit__(self, *problem: object) -> None:
        if self.ours:
            POLICY.unlink()
