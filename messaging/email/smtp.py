"""Handing a mail over to a server (RFC 5321), and its refusals as sentences."""

import smtplib
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from messaging.adapters import DeliveryError
from messaging.email.header_lines import one_line

TIMEOUT = 30.0
"""Seconds for one step of the conversation."""
TIME_FOR_ALL = 150.0
"""Seconds for the whole of it: less than a delivery is claimed for."""
PORTS = {"none": 25, "starttls": 587, "ssl": 465}
_SCHEMES = {"smtp": "none", "smtps": "ssl", "smtp+tls": "starttls", "smtp+starttls": "starttls"}


@dataclass(frozen=True)
class Server:
    """Where mail is handed over; `security` is `none`, `starttls` or `ssl`.

    With an `access_token` we sign in by XOAUTH2 in place of the password.
    """

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = ""
    access_token: str = ""


def server_for(channel_settings: Mapping[str, object]) -> Server | None:
    """The channel's own server, else that of `SMTP_URL`; None where mail ends in the log."""
    host = str(channel_settings.get("smtp_host") or "")
    if not host:
        return server_at(settings.SMTP_URL)
    security = str(channel_settings.get("smtp_security") or "starttls")
    return Server(
        host=host,
        port=int(str(channel_settings.get("smtp_port") or PORTS.get(security, 25))),
        security=security,
        user=str(channel_settings.get("smtp_user") or ""),
        password=str(channel_settings.get("smtp_password") or ""),
    )


def server_at(url: str) -> Server | None:
    """`smtp://user:password@host:587`; with credentials `smtp:` means STARTTLS. None for ""."""
    if not url:
        return None
    parts = urlsplit(url)
    security = _SCHEMES.get(parts.scheme, "none")
    if parts.scheme == "smtp" and (parts.username or parts.port == PORTS["starttls"]):
        security = "starttls"
    return Server(
        host=parts.hostname or "",
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def hand_over(server: Server, *, sender: str, recipients: list[str], mail: bytes) -> str:
    """Give one mail to the server and return its words of acceptance. Raises `DeliveryError`.

    A recipient who is refused for now holds the mail back for all, so that nobody gets it twice;
    one refused for good is named after the others got it.
    """
    try:
        return _Conversation(server, sender).hand_over(recipients, mail)
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(
            _("The mail server did not accept user name and password: %(answer)s")
            % {"answer": _words(error.smtp_error)},
            permanent=False,
        ) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(
            _("The mail server %(host)s could not be reached: %(problem)s")
            % {"host": server.host, "problem": one_line(str(error)) or type(error).__name__},
            permanent=False,
        ) from error


class _Conversation:
    def __init__(self, server: Server, sender: str) -> None:
        self.server = server
        self.sender = sender
        self.ends_at = time.monotonic() + TIME_FOR_ALL

    def hand_over(self, recipients: list[str], mail: bytes) -> str:
        smtp = self._connect()
        try:
            self._greet(smtp)
            self._accepted(smtp.mail(self.sender, self._options(smtp, recipients, mail)))
            refused = self._name_recipients(smtp, recipients)
            if len(refused) == len(recipients):
                raise _refusal(*next(iter(refused.values())))
            answer = self._accepted(smtp.data(mail))
        finally:
            _leave(smtp)
        if refused:
            raise _partly(refused)
        return answer

    def _connect(self) -> smtplib.SMTP:
        # Our own name: the default asks the name server for it, which may take long.
        name = self.sender.rpartition("@")[2] or "localhost"
        server = self.server
        if server.security == "ssl":
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=name,
                timeout=TIMEOUT,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self.server.access_token:
            smtp.auth("XOAUTH2", self._token)
        elif self.server.user:
            smtp.login(self.server.user, self.server.password)
        self._hurry()

    def _token(self, challenge: bytes | None = None) -> str:
        """The first words; to the server's reasons for refusing an empty answer is due."""
        if challenge is not None:
            return ""
        return f"user={self.server.user}\1auth=Bearer {self.server.access_token}\1\1"

    def _options(self, smtp: smtplib.SMTP, recipients: list[str], mail: bytes) -> list[str]:
        options = [f"SIZE={len(mail)}"] if smtp.has_extn("size") else []
        if not all(address.isascii() for address in (self.sender, *recipients)):
            if not smtp.has_extn("smtputf8"):
                raise DeliveryError(
                    _("The mail server cannot write to addresses with these letters."),
                    permanent=True,
                )
            smtp.command_encoding = "utf-8"
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        return options

    def _name_recipients(
        self, smtp: smtplib.SMTP, recipients: list[str]
    ) -> dict[str, tuple[int, bytes]]:
        refused = {}
        for address in recipients:
            self._hurry()
            code, words = smtp.rcpt(address)
            if 400 <= code < 500:
                raise _refusal(code, words)
            if code not in (250, 251):
                refused[address] = (code, words)
        return refused

    def _accepted(self, answer: tuple[int, bytes]) -> str:
        code, words = answer
        if code not in (250, 251):
            raise _refusal(code, words)
        return _words(words)

    def _hurry(self) -> None:
        if time.monotonic() > self.ends_at:
            raise TimeoutError(_("it took too long to answer"))


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; what goes wrong here does not undo what was accepted."""
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()


def _refusal(code: int, words: bytes | str) -> DeliveryError:
    is_permanent = code >= 500
    sentence = (
        _("The mail server refused it: %(answer)s")
        if is_permanent
        else _("The mail server asks to try later: %(answer)s")
    )
    return DeliveryError(sentence % {"answer": _words(words) or code}, permanent=is_permanent)


def _partly(refused: Mapping[str, tuple[int, bytes]]) -> DeliveryError:
    names = ", ".join(f"{address} ({_words(words)})" for address, (_code, words) in refused.items())
    return DeliveryError(
        _("Sent to the others, but the mail server refused these: %(names)s") % {"names": names},
        permanent=True,
    )


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return one_line(text)[:300]
