"""The supervisor's rules; what real processes do is in tests/test_run.py."""

import os
import socket
import subprocess
import sys
import time

import pytest

from helpdesk.supervisor import GaveUp, Program, Supervisor, read_procfile
from helpdesk.supervisor.child import restart_delay
from helpdesk.supervisor.lock import (
    AlreadyRunning,
    note_processes,
    noted_processes,
    stop_leftovers,
    take_lock,
)
from helpdesk.supervisor.probes import PortTaken, refuse_taken_port

PROCFILE = """
# a remark
web: python -m uvicorn x --port $PORT --dir '${VAR_DIR}'
smtp: python manage.py smtp_listener
"""


def test_a_procfile_becomes_programs():
    web, smtp = read_procfile(PROCFILE, {"PORT": "8000", "VAR_DIR": "/with space"})
    assert web.command == (
        sys.executable, "-m", "uvicorn", "x", "--port", "8000", "--dir", "/with space"
    )  # fmt: skip
    assert web.essential
    assert smtp.management_command == "smtp_listener"


def test_an_unknown_variable_in_the_procfile_is_an_error():
    with pytest.raises(KeyError):
        read_procfile("web: python $NOWHERE", {})


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0.5), (2, 1), (4, 4), (50, 30)])
def test_restarts_wait_longer_each_time(failures, seconds):
    assert restart_delay(failures) == seconds


def test_a_taken_port_is_a_sentence():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} .*PORT={port + 10} make run"):
            refuse_taken_port("PORT", "127.0.0.1", port)


def test_an_address_of_somebody_else_is_a_sentence():
    with pytest.raises(PortTaken, match=r"Cannot listen on 192\.0\.2\.1"):
        refuse_taken_port("PORT", "192.0.2.1", 8000)


def test_the_second_to_come_is_told_who_runs(tmp_path):
    with (
        take_lock(tmp_path / "lock", about="process 7"),
        pytest.raises(AlreadyRunning, match="process 7"),
    ):
        take_lock(tmp_path / "lock", about="process 8")
    take_lock(tmp_path / "lock", about="process 9").close()


def test_leftovers_are_ended_and_strangers_left_alone(tmp_path):
    ours, stranger = (subprocess.Popen(["sleep", "60"]) for _ in range(2))
    notes = tmp_path / "run.pids"
    note_processes(notes, {"web": ours.pid})
    with notes.open("a") as file:
        file.write(f"worker {stranger.pid} another command than this\n")
    try:
        assert noted_processes(notes) == {"web": ours.pid, "worker": stranger.pid}
        assert stop_leftovers(notes) == [ours.pid]
        assert ours.wait(5) != 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_it_gives_up_when_something_essential_ends_again_and_again(monkeypatch):
    monkeypatch.setattr("helpdesk.supervisor.child.restart_delay", lambda failures: 0)
    broken = Program("web", (sys.executable, "-c", "raise SystemExit(3)"), essential=True)
    patient = Program("worker", ("sleep", "60"))
    supervisor = Supervisor([patient, broken], environment=os.environ, ready={"web": lambda: False})
    with pytest.raises(GaveUp, match=r"web ended 4 times in a row \(last exit code 3\)"):
        supervisor.run(lambda: None)
    assert not any(child.is_running for child in supervisor.children)


def test_nothing_starts_after_a_first_step_that_failed():
    broken = Program("prepare", (sys.executable, "-c", "raise SystemExit(3)"), once=True)
    supervisor = Supervisor(
        [broken, Program("web", ("sleep", "60"))], environment=os.environ, ready={}
    )
    with pytest.raises(GaveUp, match=r"prepare failed \(exit code 3\)"):
        supervisor.run(lambda: None)
    assert [child.pid for child in supervisor.children] == [None]


def test_what_is_not_essential_is_started_again(tmp_path):
    marks = tmp_path / "marks"
    program = Program("worker", ("sh", "-c", f"echo started >> {marks}"))
    supervisor = Supervisor([program], environment=os.environ, ready={})
    seen = []

    def stop_after_the_second_start(children):
        seen.append(time.monotonic())
        if len(seen) == 2:
            supervisor._hear(2, None)

    supervisor._started = stop_after_the_second_start
    supervisor.run(lambda: None)
    assert len(seen) == 2
