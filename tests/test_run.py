"""`make run` with real processes: starting, ending, killing, and coming back."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.supervisor.probes import http_answers
from helpdesk.testing.processes import wait_for
from helpdesk.testing.stack import ROOT, new_stack

pytestmark = pytest.mark.services


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def computing_seconds(pid):
    """Processor time of a process: unlike the clock, it does not depend on the neighbours."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def stack(state_folder):
    stack = new_stack(state_folder, {"DEMO": "0"})
    yield stack
    if stack.process is not None and stack.process.poll() is None:
        stack.stop()


def test_ctrl_c_ends_everything_and_the_second_start_is_quick(stack):
    stack.start()
    pids = stack.pids()
    assert {"valkey", "web", "worker", "beat"} <= set(pids)
    assert {os.getpgid(pid) for pid in pids.values()} == {stack.process.pid}

    os.killpg(stack.process.pid, signal.SIGINT)
    assert stack.process.wait(12) == 0
    assert not any(map(is_alive, pids.values()))

    stack.start_without_waiting()
    wait_for(lambda: http_answers("127.0.0.1", stack.port, "/healthz"), what="the web page")
    assert "Preparing" not in stack.log.split("Stopped.")[-1]
    used = computing_seconds(stack.process.pid) + computing_seconds(stack.pids()["web"])
    assert used < 5


def test_a_killed_supervisor_leaves_no_orphan(stack):
    stack.start()
    pids = stack.pids()
    stack.process.kill()
    stack.process.wait()
    wait_for(lambda: not any(map(is_alive, pids.values())), seconds=10, what="the end of all")


def test_killed_processes_come_back(embedded_stack):
    stack = embedded_stack
    for name in ("worker", "web", "valkey"):
        killed = stack.kill(name)
        wait_for(lambda n=name, k=killed: stack.pids().get(n, k) != k, what=f"a new {name}")
    wait_for(lambda: http_answers("127.0.0.1", stack.port, "/readyz"), what="readiness")


def sockets_of(pid: str) -> Iterator[str]:
    """The inodes of a process's sockets; what it closes meanwhile is none."""
    for fd in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            yield os.readlink(f"/proc/{pid}/fd/{fd}").removeprefix("socket:[").rstrip("]")


def test_everything_listens_on_loopback_only(embedded_stack):
    stack = embedded_stack
    pids = {str(pid) for pid in stack.pids().values()}
    inodes = {inode for pid in pids for inode in sockets_of(pid)}
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[9] in inodes
    ]
    assert listening
    assert all(address.startswith("0100007F:") for address in listening)


def test_a_second_one_on_the_same_folder_says_so(embedded_stack):
    stack = embedded_stack
    other = {**stack.environment, "PORT": "1"}
    done = _run(other)
    assert done.returncode == 1
    assert "already runs from" in done.stderr
    assert str(stack.process.pid) in done.stderr


@pytest.mark.parametrize("setting", ["PORT", "SMTP_LISTEN_PORT"])
def test_a_taken_port_is_a_sentence(state_folder, setting):
    environment = new_stack(state_folder, {}).environment
    with socket.socket() as server:
        server.bind(("127.0.0.1", int(environment[setting])))
        server.listen()
        done = _run(environment)
    assert done.returncode == 1
    assert f"Choose another one with {setting}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_production_shape_runs_on_postgresql_and_redis(services_stack):
    assert "valkey" not in services_stack.pids()
    assert http_answers("127.0.0.1", services_stack.port, "/readyz")


def _run(environment):
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.supervisor"],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
