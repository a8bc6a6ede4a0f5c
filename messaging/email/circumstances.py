"""What else the headers tell of a mail, for those who decide about it; nothing here is an order.

The keys are kept with the message: "machine", "protection", "list", "no_answer", "spam_flag",
"hidden_recipients" and "authentication_results", which nobody may believe before
`authentication.trusted_results`.
"""

import re

from customers.addresses import is_no_reply
from messaging.email.authentication import claimed_results
from messaging.email.headers import Headers
from messaging.email.machines import MachineMail

_NULL_SENDERS = frozenset({"<>", "<mailer-daemon>"})
# Exchange's wish not to be answered by machines, and others of the kind.
_SUPPRESSED = re.compile(r"\b(?:all|autoreply|oof)\b", re.IGNORECASE)
_SPAM_YES = re.compile(r"\s*(?:yes|true)\b", re.IGNORECASE)
_SPAM_HEADERS = ("x-spam-flag", "x-spam-status", "x-spam")
_MACHINE_SENDER = re.compile(
    r"(?:not?[-_.]?responder|ne[-_.]?pas[-_.]?repondre|keine[-_.]?antwort|bounces?|daemon|listserv"
    r"|majordomo|mailman|root|nobody|owner-.{1,60}|.{1,60}-(?:request|owner|bounces?|noreply)|bounces?[-+=].{1,200}"
    r"|.{1,40}[-_.+](?:no-?reply|do-?not-?reply)|(?:no-?reply|do-?not-?reply)[-_.+].{1,100})@",
    re.IGNORECASE,
)


def circumstances(
    headers: Headers, machine: MachineMail, *, protection: str = ""
) -> dict[str, object]:
    """The context of an `Inbound`; a key is there only when there is something to say."""
    found = {
        "machine": machine.kind,
        "protection": protection,
        "list": machine.is_list,
        "no_answer": _asks_for_no_answer(headers),
        "spam_flag": any(_SPAM_YES.match(headers.raw(name)) for name in _SPAM_HEADERS),
        "hidden_recipients": "to" not in headers and "cc" not in headers,
        "authentication_results": claimed_results(headers),
    }
    return {key: value for key, value in found.items() if value}


def _asks_for_no_answer(headers: Headers) -> bool:
    """A null sender, or a wish: whoever sent it does not want a machine to answer."""
    return (
        headers.raw("return-path").lower() in _NULL_SENDERS
        or bool(_SUPPRESSED.search(headers.raw("x-auto-response-suppress")))
        or headers.raw("x-loop") != ""
    )


def is_machine_address(address: str) -> bool:
    """An address behind which nobody reads: noreply@, mailer-daemon@, bounces+…@."""
    return is_no_reply(address) or bool(_MACHINE_SENDER.match(address.strip()[:320]))
