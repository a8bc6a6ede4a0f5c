"""Deliver many mails to a real IMAP server while everything is killed, and count what came of it.

    python tools/soak.py --mails 10000 --seconds 420

On loopback only, with a database, a Redis and a Dovecot of its own. Worker, web, beat and the
watcher of the mailboxes are ended with SIGKILL and started again, database connections are
terminated, Redis is ended and started. Afterwards every mail has to be accounted for: kept once,
with one fate, its words in exactly one message. Exit code 1 when one is not.
"""

import argparse
import hashlib
import imaplib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

import psycopg  # noqa: E402  the path must be known first

from helpdesk.supervisor.programs import read_procfile  # noqa: E402
from helpdesk.testing.ports import free_port  # noqa: E402
from helpdesk.testing.processes import NotReady, start, stop, wait_for  # noqa: E402
from helpdesk.testing.servers import (  # noqa: E402
    MailServer,
    RedisServer,
    dovecot_binary,
    dovecot_server,
    fresh_database,
    postgres_server,
    redis_server,
)
from tools.soak_mails import Mail, Writer  # noqa: E402

MAILBOX = "support@example.com"
USER = "soak"
KILLED = ("worker", "web", "beat", "watcher")
SETTLE_SECONDS = 120
"""After the last failure; a thousand mails get fifty seconds more."""
CHANNEL = """
from tickets.models import Channel
channel = Channel.objects.get(kind="email")
channel.settings = {settings!r}
channel.save()
"""


@dataclass
class Site:
    """The product's processes, started and ended one by one, and the servers behind them."""

    folder: Path
    database: str
    redis: RedisServer
    mail: MailServer
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)

    def prepare(self) -> None:
        port, smtp_port = free_port(), free_port()
        passed = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
        self.environment = {
            **{name: os.environ[name] for name in passed if name in os.environ},
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "SMTP_LISTEN_PORT": str(smtp_port),
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis.url,
            "DEMO": "0",
            "SWEEP_SECONDS": "1",
            "CLAIM_SECONDS": "5",
            "PYTHONUNBUFFERED": "1",
        }
        self.manage("prepare", "-v", "0")
        settings = {
            "imap_host": self.mail.host,
            "imap_port": self.mail.port,
            "imap_security": "none",
            "imap_user": USER,
            "imap_password": self.mail.password,
            "fetch_existing": True,
        }
        self.manage("shell", "-v", "0", given=CHANNEL.format(settings=settings))

    def start(self) -> None:
        for program in read_procfile((ROOT / "Procfile").read_text(), self.environment):
            self.start_one(program.name)

    def start_one(self, name: str) -> None:
        programs = read_procfile((ROOT / "Procfile").read_text(), self.environment)
        program = next(program for program in programs if program.name == name)
        with (self.folder / "output.log").open("a") as output:
            self.processes[name] = start(
                program.command, environment=self.environment, output=output, folder=ROOT
            )

    def kill(self, name: str) -> None:
        """End it with SIGKILL, and start it again after a while."""
        process = self.processes[name]
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            stop(process, seconds=10)

    def manage(self, *words: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=self.environment,
            cwd=ROOT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{words} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return list(connection.execute(sql).fetchall())


class Chaos:
    """Breaks one thing after the other; `done` counts what it did.

    In the main thread: a process ends with the thread that started it.
    """

    def __init__(self, site: Site, seed: int, pause: float) -> None:
        self.site = site
        self.random = random.Random(seed)  # noqa: S311  which thing breaks next
        self.pause = pause
        self.done: Counter[str] = Counter()

    def go_on_while(self, question: Callable[[], object]) -> None:
        while question():
            time.sleep(self.random.uniform(0.4, 1.6) * self.pause)
            self._break_something()

    def _break_something(self) -> None:
        actions: list[tuple[str, int, Callable[[], None]]] = [
            *((f"kill {name}", 3 if name in ("worker", "watcher") else 1, self._killing(name))
              for name in KILLED),
            ("end database connections", 3, self._end_connections),
            ("restart redis", 1, self._restart_redis),
        ]  # fmt: skip
        [(name, _weight, action)] = self.random.choices(actions, [a[1] for a in actions])
        action()
        self.done[name] += 1

    def _killing(self, name: str) -> Callable[[], None]:
        def act() -> None:
            self.site.kill(name)
            time.sleep(self.random.uniform(0, 1))
            self.site.start_one(name)

        return act

    def _end_connections(self) -> None:
        self.site.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def _restart_redis(self) -> None:
        self.site.redis.kill()
        time.sleep(self.random.uniform(0, 2))
        self.site.redis.start()


class Delivery(threading.Thread):
    """Puts the mails into the mailbox over IMAP, spread over so much time."""

    def __init__(self, site: Site, mails: list[Mail], seconds: float) -> None:
        super().__init__(daemon=True)
        self.work = partial(_deliver, site, mails, seconds)
        self.trouble: Exception | None = None

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.trouble = error


def _deliver(site: Site, mails: list[Mail], seconds: float) -> None:
    client = imaplib.IMAP4(site.mail.host, site.mail.port)
    client.login(USER, site.mail.password)
    began = time.monotonic()
    for n, mail in enumerate(mails):
        status, answer = client.append("INBOX", "", None, mail.raw)  # type: ignore[arg-type]
        if status != "OK":
            raise AssertionError(f"Dovecot did not take a mail: {answer!r}")
        ahead = began + seconds * n / len(mails) - time.monotonic()
        if ahead > 0.05:
            time.sleep(ahead)
    client.logout()


def settle(site: Site, count: int) -> float:
    """Wait until every mail is kept and decided; returns how long that took."""
    began = time.monotonic()
    wait_for(
        lambda: _decided(site) == count,
        seconds=SETTLE_SECONDS + count / 20,
        what=f"the fate of {count} mails",
    )
    return time.monotonic() - began


def faults(site: Site, mails: list[Mail]) -> list[str]:
    """Everything that is wrong, as sentences; empty when every mail is accounted for."""
    return [*_lost_or_doubled(site, mails), *_fates(site, mails), *_words(site, mails)]


def _lost_or_doubled(site: Site, mails: list[Mail]) -> list[str]:
    sent = Counter(hashlib.sha256(mail.raw).hexdigest() for mail in mails)
    payloads = "SELECT encode(sha256(payload), 'hex') FROM messaging_rawinbound"
    kept = Counter(digest for (digest,) in site.rows(payloads))
    lost, doubled = (sent - kept).total(), (kept - sent).total()
    found = [f"{lost} mails are lost"] if lost else []
    return [*found, f"{doubled} raw messages are too many"] if doubled else found


def _fates(site: Site, mails: list[Mail]) -> list[str]:
    fates: Counter[str] = Counter(
        dict(site.rows("SELECT fate, count(*) FROM messaging_rawinbound GROUP BY fate"))
    )
    wrong = []
    twice = Counter(mail.word for mail in mails if mail.word)
    expected = sum(n - 1 for n in twice.values())
    if fates["duplicate"] != expected:
        wrong.append(f"{fates['duplicate']} duplicates, {expected} were sent")
    if fates.total() != len(mails):
        wrong.append(f"{fates.total()} fates for {len(mails)} mails")
    unreadable = sum(1 for mail in mails if not mail.word)
    if fates["failed"] > unreadable:
        wrong.append(f"{fates['failed']} could not be read, {unreadable} were malformed")
    doubled = site.rows(
        "SELECT count(*) FROM (SELECT external_id FROM tickets_message WHERE external_id <> ''"
        " GROUP BY external_id HAVING count(*) > 1) AS twice"
    )
    return wrong if doubled == [(0,)] else [*wrong, f"{doubled[0][0]} messages are there twice"]


def _words(site: Site, mails: list[Mail]) -> list[str]:
    """Each mail's own word stands in exactly one message."""
    found: Counter[str] = Counter()
    for (word,) in site.rows("SELECT substring(text from 'soak[0-9]{6}x') FROM tickets_message"):
        found[word or ""] += 1
    expected = {mail.word for mail in mails if mail.word}
    missing = sorted(expected - set(found))
    twice = sorted(word for word in expected if found[word] > 1)
    wrong = [f"{len(missing)} mails have no message: {missing[:5]}"] if missing else []
    return [*wrong, f"{len(twice)} mails have two messages: {twice[:5]}"] if twice else wrong


def soak(
    count: int, *, seed: int, seconds: float, pause: float
) -> tuple[dict[str, Any], list[str]]:
    """Run it; returns the counts and the faults."""
    server = postgres_server()
    if server is None or not dovecot_binary():
        raise SystemExit("The soak needs PostgreSQL and Dovecot (dovecot-imapd).")
    with ExitStack() as block:
        folder = Path(block.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-soak-")))
        folder.chmod(0o755)
        for name in ("var", "redis", "dovecot"):
            (folder / name).mkdir()
        (folder / "dovecot").chmod(0o755)
        site = Site(
            folder=folder / "var",
            database=block.enter_context(fresh_database(server)),
            redis=block.enter_context(redis_server(folder / "redis")),
            mail=block.enter_context(dovecot_server(folder / "dovecot")),
        )
        site.prepare()
        block.callback(site.stop)
        site.start()
        return _run(site, count, seed=seed, seconds=seconds, pause=pause)


def _run(
    site: Site, count: int, *, seed: int, seconds: float, pause: float
) -> tuple[dict[str, Any], list[str]]:
    mails = Writer(seed, MAILBOX).mails(count)
    chaos = Chaos(site, seed, pause)
    began, first_day = time.monotonic(), datetime.now(UTC).date()
    delivery = Delivery(site, mails, seconds)
    delivery.start()
    chaos.go_on_while(delivery.is_alive)
    deadline = time.monotonic() + max(seconds, 10)
    chaos.go_on_while(lambda: time.monotonic() < deadline and _decided(site) < 0.9 * count)
    wrong: list[str] = []
    try:
        settled = settle(site, count)
    except NotReady as error:
        settled, wrong = SETTLE_SECONDS, [f"{error}: {_undecided(site)}"]
    wrong += faults(site, mails)
    if delivery.trouble:
        wrong.append(f"the delivery itself failed: {delivery.trouble!r}")
    mailbox = _reported(site, {first_day, datetime.now(UTC).date()})
    if (mailbox["on_server"], mailbox["kept"]) != (count, count):
        wrong.append(f"the report says {mailbox['on_server']} and {mailbox['kept']}")
    counts = {
        "mails": count,
        "kinds": dict(Counter(mail.kind for mail in mails)),
        "seconds": round(time.monotonic() - began, 1),
        "settled_after": round(settled, 1),
        "broken": dict(chaos.done),
        "on_server": mailbox["on_server"],
        "kept": mailbox["kept"],
        "fates": dict(mailbox["fates"]),
        "tickets": site.rows("SELECT count(*) FROM tickets_ticket")[0][0],
        "messages": site.rows("SELECT count(*) FROM tickets_message")[0][0],
        "read_more_than_once": site.rows(
            "SELECT count(*) FROM messaging_rawinbound WHERE attempts > 1"
        )[0][0],
    }
    return counts, wrong


def _reported(site: Site, days: set[date]) -> dict[str, Any]:
    """What `intake_report` says of the mailbox, over midnight too."""
    total: dict[str, Any] = {"on_server": 0, "kept": 0, "fates": Counter()}
    for day in days:
        lines = site.manage("intake_report", "--json", "--day", str(day)).splitlines()
        mailbox = next(line for line in map(json.loads, lines) if line["kind"] == "email")
        total["on_server"] += mailbox["on_server"]
        total["kept"] += mailbox["kept"]
        total["fates"].update(mailbox["fates"])
    return total


def _undecided(site: Site) -> list[tuple[Any, ...]]:
    return site.rows(
        "SELECT id, attempts, claimed_until - now(), reason FROM messaging_rawinbound"
        " WHERE fate = '' ORDER BY id LIMIT 5"
    )


def _decided(site: Site) -> int:
    decided = site.rows("SELECT count(*) FROM messaging_rawinbound WHERE fate <> ''")[0][0]
    return int(decided)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=240, help="to deliver them in")
    parser.add_argument("--pause", type=float, default=3, help="seconds between two failures")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    counts, wrong = soak(asked.mails, seed=asked.seed, seconds=asked.seconds, pause=asked.pause)
    print(json.dumps({"seed": asked.seed, **counts}, indent=2, ensure_ascii=False))
    print("\n".join(wrong) if wrong else "Every mail is accounted for.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
