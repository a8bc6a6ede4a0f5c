"""Reading a mailbox over IMAP (RFC 9051): raw bytes by UID, nothing marked, nothing moved."""

import hashlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderSelectError,
    MailboxFolderStatusError,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
    UnexpectedCommandStatusError,
)
from imap_tools.idle import IdleManager

from messaging.email.header_lines import one_line
from tickets.models import Channel

TIMEOUT = 30.0
"""Seconds for one answer of the server."""
PORTS = {"none": 143, "starttls": 143, "ssl": 993}
CHUNK = 500
"""Numbers of mails in one command."""
_UID = re.compile(rb"\bUID (\d+)")
_DATE = re.compile(rb'INTERNALDATE "[^"]{10,40}"')
# What a broken connection or a server out of order raises; the last two come out of imaplib.
TROUBLE = (ImapToolsError, imaplib.IMAP4.error, OSError, EOFError, AssertionError)


class TokenRefused(imaplib.IMAP4.error):
    """The server did not accept the provider's token."""


@dataclass(frozen=True)
class Account:
    """How to reach a mailbox; `security` is `ssl`, `starttls` or `none`.

    With an `access_token` it is opened by XOAUTH2 in place of the password.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str = "INBOX"
    access_token: str = ""

    @property
    def label(self) -> str:
        """Which mailbox it is, without its password."""
        return f"{self.user}@{self.host}/{self.folder}"[:500]

    @property
    def fingerprint(self) -> str:
        """Keeps the UIDs of two mailboxes apart: many servers give all the same UIDVALIDITY."""
        return hashlib.sha256(self.label.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Place:
    """What a folder says of itself: UIDs count within one `uid_validity`."""

    uid_validity: int
    next_uid: int


@dataclass(frozen=True)
class Mail:
    uid: int
    raw: bytes
    arrived_at: datetime | None


@dataclass(frozen=True)
class Arrival:
    """That a mail is there, and since when."""

    uid: int
    at: datetime


class Withheld(imaplib.IMAP4.error):
    """The server has a mail and does not hand it over (some cannot convert a broken one)."""


def is_fetched(channel: Channel) -> bool:
    """Whether a mailbox is asked for its mail at all."""
    return bool(channel.settings.get("imap_host"))


def account_of(channel_settings: Mapping[str, object]) -> Account | None:
    """The mailbox of a channel; None when it is not fetched."""
    host = str(channel_settings.get("imap_host") or "")
    if not host:
        return None
    security = str(channel_settings.get("imap_security") or "ssl")
    return Account(
        host=host,
        port=int(str(channel_settings.get("imap_port") or PORTS.get(security, 993))),
        security=security,
        user=str(channel_settings.get("imap_user") or ""),
        password=str(channel_settings.get("imap_password") or ""),
        folder=str(channel_settings.get("imap_folder") or "INBOX"),
    )


class Folder:
    """An opened folder. Its methods raise one of `TROUBLE`."""

    def __init__(self, box: BaseMailBox, name: str) -> None:
        self._box = box
        self._name = name

    def place(self) -> Place:
        status = self._box.folder.status(self._name, ("UIDVALIDITY", "UIDNEXT"))
        return Place(status["UIDVALIDITY"], status["UIDNEXT"])

    def uids_after(self, last_uid: int, since: datetime | None = None) -> list[int]:
        """UIDs above `last_uid` in rising order; only those that arrived from about `since` on."""
        criteria = f"UID {last_uid + 1}:*"
        if since:
            # Days of the server's own zone: one day more, the rest is decided by the exact time.
            criteria += f" SINCE {_date(since - timedelta(days=1))}"
        # "n:*" always holds the last mail, also when its UID is below n.
        found = (int(uid) for uid in self._box.uids(criteria, charset=None))
        return sorted(uid for uid in found if uid > last_uid)

    def arrivals(self, first: datetime, following: datetime) -> list[Arrival]:
        """What is there from about `first` to `following`: a day more on either side."""
        criteria = f"SINCE {_date(first - timedelta(days=1))}"
        criteria += f" BEFORE {_date(following + timedelta(days=2))}"
        uids = [uid for uid in self._box.uids(criteria, charset=None) if uid]
        found: list[Arrival] = []
        for start in range(0, len(uids), CHUNK):
            wanted = ",".join(uids[start : start + CHUNK])
            status, answer = self._box.client.uid("FETCH", wanted, "(INTERNALDATE)")
            if status != "OK":
                raise imaplib.IMAP4.error(f"FETCH: {answer!r}"[:300])
            found += [a for line in answer if isinstance(line, bytes) and (a := _arrival(line))]
        return found

    def can_wait(self) -> bool:
        """Whether the server tells when something comes (IDLE, RFC 2177)."""
        # What it can do before and after signing in differs.
        _status, answer = self._box.client.capability()
        return b"IDLE" in b" ".join(answer).upper().split()

    @contextmanager
    def waiting(self) -> Iterator[IdleManager]:
        """Between these lines the server tells; `poll` gives what it said."""
        self._box.idle.start()
        try:
            yield self._box.idle
        finally:
            with suppress(*TROUBLE):
                self._box.idle.stop()

    def fetch(self, uid: int, limit: int) -> Mail | None:
        """One mail, its first `limit` bytes; None when it is gone meanwhile."""
        wanted = f"(INTERNALDATE BODY.PEEK[]<0.{limit}>)"
        status, answer = self._box.client.uid("FETCH", str(uid), wanted)
        if status != "OK":
            words = b" ".join(piece for piece in answer if isinstance(piece, bytes))
            raise Withheld(words.decode("utf-8", "replace")[:300])
        literal = next((piece for piece in answer if isinstance(piece, tuple)), None)
        if literal is None:
            return None
        flat = b" ".join(p[0] if isinstance(p, tuple) else p or b"" for p in answer)
        return Mail(uid, literal[1], _arrived_at(flat))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date(day: datetime) -> str:
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _arrival(line: bytes) -> Arrival | None:
    uid, at = _UID.search(line), _arrived_at(line)
    return Arrival(int(uid[1]), at) if uid and at else None


def _arrived_at(answer: bytes) -> datetime | None:
    found = _DATE.search(answer)
    local = imaplib.Internaldate2tuple(found[0]) if found else None
    # The tuple is in the zone of this machine, without saying so.
    return datetime(*local[:6]).astimezone(UTC) if local else None


@contextmanager
def opened(account: Account) -> Iterator[Folder]:
    """The folder of an account, opened so that nothing in it can change."""
    box = _connect(account)
    try:
        _sign_in(box, account)
        folder = Folder(box, account.folder)
        box.folder.set(account.folder, readonly=True)
        yield folder
    finally:
        with suppress(*TROUBLE):
            box.logout()


def _sign_in(box: BaseMailBox, account: Account) -> None:
    if account.access_token:
        try:
            box.xoauth2(account.user, account.access_token, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise TokenRefused(str(error)) from error
        return
    login = box.login if (account.user + account.password).isascii() else box.login_utf8
    login(account.user, account.password, initial_folder=None)


def _connect(account: Account) -> BaseMailBox:
    if account.security == "none":
        return MailBoxUnencrypted(account.host, account.port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    kind = MailBoxStartTls if account.security == "starttls" else MailBox
    return kind(account.host, account.port, timeout=TIMEOUT, ssl_context=context)


def sentence(error: BaseException, account: Account) -> str:
    """What went wrong, for the administrator."""
    facts = {"host": account.host, "folder": account.folder, "problem": _words(error)}
    if isinstance(error, TokenRefused):
        return _("%(host)s did not accept the provider's token: %(problem)s") % facts
    if isinstance(error, MailboxLoginError):
        return _("%(host)s did not accept user name and password: %(problem)s") % facts
    if isinstance(error, MailboxFolderSelectError | MailboxFolderStatusError):
        return _("%(host)s has no folder %(folder)s: %(problem)s") % facts
    if isinstance(error, OSError):
        return _("%(host)s could not be reached: %(problem)s") % facts
    return _("%(host)s answered in an unexpected way: %(problem)s") % facts


def _words(error: BaseException) -> str:
    text = str(error)
    if isinstance(error, UnexpectedCommandStatusError):
        pieces = (piece for piece in error.command_result[1] if isinstance(piece, bytes))
        text = b" ".join(pieces).decode("utf-8", "replace")
    return one_line(text)[:300] or type(error).__name__
