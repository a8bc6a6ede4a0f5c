"""What receiving servers say about a mail's sender: Authentication-Results (RFC 8601).

Anybody can write such a header. So only those of servers that the mailbox trusts count, and of
these only the topmost: a header further down came with the mail.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from messaging.email.headers import Headers

METHODS = ("spf", "dkim", "dmarc")
_HEADER = "authentication-results"
_MAX_HEADERS = 10
_MAX_VALUE = 8_000
# What filters of one server write between their results.
_BESIDE = re.compile(r"received-spf|dkim-filter|x-[a-z0-9-]+|arc-[a-z-]+|return-path")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)

# Servers that write their own header into every mail they take.
_KNOWN_SERVERS: Mapping[str, tuple[str, ...]] = {
    "imap.gmail.com": ("mx.google.com",),
    # Microsoft's names no server.
    "outlook.office365.com": ("", "mx.microsoft.com"),
    "imap-mail.outlook.com": ("", "mx.microsoft.com"),
    "imap.mail.yahoo.com": ("atlas-production.v2-mail-prod1-gq1.omega.yahoo.com",),
}


def claimed_results(headers: Headers) -> list[tuple[str, dict[str, str]]]:
    """The results in the topmost block of such headers, each with the server it names."""
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in headers.lines:
        if name == _HEADER:
            found.append(_read(value[:_MAX_VALUE].decode("utf-8", "replace")))
        elif found and not _BESIDE.fullmatch(name):
            break
        if len(found) == _MAX_HEADERS:
            break
    return found


def _read(value: str) -> tuple[str, dict[str, str]]:
    server, _semicolon, rest = _without_comments(_QUOTED.sub("", value)).partition(";")
    if "=" in server:
        server, rest = "", f"{server};{rest}"
    results: dict[str, str] = {}
    for statement in rest.split(";"):
        if match := _RESULT.match(statement):
            method, result = match[1].lower(), match[2].lower()
            # Of several signatures one that holds is enough.
            if method not in results or (method == "dkim" and result == "pass"):
                results[method] = result
    return next(iter(server.split()), "").lower(), results


def _without_comments(value: str) -> str:
    kept: list[str] = []
    depth = 0
    for piece in re.split(r"([()])", value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return " ".join(kept)


def trusted_servers(settings: Mapping[str, object]) -> tuple[str, ...]:
    """The servers a mailbox trusts: those an administrator named, else its provider's."""
    given = re.split(r"[\s,;]+", str(settings.get("trusted_servers") or "").lower())
    named = tuple(name for name in given if name)
    return named or _KNOWN_SERVERS.get(str(settings.get("imap_host") or "").lower(), ())


def trusted_results(claimed: Iterable[Sequence[object]], servers: Iterable[str]) -> dict[str, str]:
    """What the topmost trusted server found, "pass", "fail", "none" … by method; else {}."""
    known = set(servers)
    believed: str | None = None
    results: dict[str, str] = {}
    for server, said in claimed:
        if believed is None and server in known:
            believed = str(server)
        if believed is None or server != believed or not isinstance(said, Mapping):
            continue
        for method, result in said.items():
            results.setdefault(str(method), str(result))
    return results


def is_forged(results: Mapping[str, str]) -> bool:
    """Whether the sender is somebody else: by DMARC, else where neither SPF nor DKIM holds."""
    if results.get("dmarc") in {"pass", "fail"}:
        return results["dmarc"] == "fail"
    has_failed = results.get("spf") in {"fail", "permerror"} or results.get("dkim") == "fail"
    return has_failed and "pass" not in (results.get("spf"), results.get("dkim"))
