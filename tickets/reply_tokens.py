"""Short signed tokens by which a mail says what it answers: `#42-k3j5m2n7p4q6r8s2`.

They stand in the address an answer goes to (`support+42-…@example.com`) and at the foot of our
mails, and survive programs that drop the headers of a thread. HMAC-SHA256, cut to 80 bits; in
lower case, because servers may fold addresses. An agent's token is of another kind and names the
agent: a customer's token never speaks for an agent.

A token says which ticket is meant. Who may write there is decided by who sends.
"""

import re
from base64 import b32encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from tickets.inbound import Inbound

_TICKET_SALT, _AGENT_SALT = "tickets.reply", "tickets.agent_reply"
_SIGNATURE_BYTES = 10
# A signature first, then what stands before it: twenty times as fast as looking for numbers.
_SIGNATURE = re.compile(r"-([a-zA-Z2-7]{16})(?![a-zA-Z0-9-])")
_SIGNED = re.compile(r"(?<![a-zA-Z0-9-])([0-9]{1,18})(?:-[aA]([0-9]{1,18}))?\Z")
_LONGEST_SIGNED = 40
# RFC 5321 section 4.5.3.1.1
_LONGEST_LOCAL_PART = 64
# A mail made of what looks like tokens must not cost much each.
_LOOKED_AT, _TRIED = 2_000, 50


@dataclass(frozen=True)
class AgentToken:
    """What an agent's copy proves: this ticket was mailed to this agent."""

    ticket_id: int
    agent_id: int


def reply_token(ticket_id: int) -> str:
    """The token of a ticket, for everybody who takes part in it."""
    return f"{ticket_id}-{_signatures(_TICKET_SALT, str(ticket_id))[0]}"


def agent_token(ticket_id: int, agent_id: int) -> str:
    """The token of one agent's copy of what happens in a ticket."""
    signature = _signatures(_AGENT_SALT, f"{ticket_id}.{agent_id}")[0]
    return f"{ticket_id}-a{agent_id}-{signature}"


def reply_address(address: str, token: str) -> str:
    """`support+TOKEN@example.com`, or "" where the name before the @ would be too long."""
    local, _at, domain = address.rpartition("@")
    tagged = f"{local}+{token}"
    return f"{tagged}@{domain}" if local and len(tagged) <= _LONGEST_LOCAL_PART else ""


def ticket_in_address(inbound: Inbound) -> int | None:
    """The ticket whose token stands in an address that the mail went to."""
    return next(_tickets_in(_tags(inbound)), None)


def ticket_in_words(inbound: Inbound) -> int | None:
    """The ticket whose token stands in the subject or the body, the topmost first."""
    return next(_tickets_in(_words(inbound)), None)


def agent_token_in(inbound: Inbound) -> AgentToken | None:
    """The token of an agent's copy, wherever in the mail it stands."""
    for ticket_id, agent_id, signature in _found((*_tags(inbound), *_words(inbound))):
        if agent_id and _is_signed(_AGENT_SALT, f"{ticket_id}.{agent_id}", signature):
            return AgentToken(ticket_id, agent_id)
    return None


def _tickets_in(texts: Iterable[str]) -> Iterator[int]:
    for ticket_id, agent_id, signature in _found(texts):
        if agent_id is None and _is_signed(_TICKET_SALT, str(ticket_id), signature):
            yield ticket_id


def _found(texts: Iterable[str]) -> Iterator[tuple[int, int | None, str]]:
    looks_so = (token for text in texts for token in _in_text(text))
    return islice(looks_so, _TRIED)


def _in_text(text: str) -> Iterator[tuple[int, int | None, str]]:
    for match in islice(_SIGNATURE.finditer(text), _LOOKED_AT):
        start = match.start()
        if found := _SIGNED.search(text[max(0, start - _LONGEST_SIGNED) : start]):
            ticket_id, agent_id = found.groups()
            yield int(ticket_id), int(agent_id) if agent_id else None, match[1].lower()


def _tags(inbound: Inbound) -> tuple[str, ...]:
    people = (*inbound.to, *inbound.cc)
    locals_ = (person.value.rpartition("@")[0] for person in people if "+" in person.value)
    return tuple(local.rpartition("+")[2] for local in locals_)


def _words(inbound: Inbound) -> tuple[str, ...]:
    return inbound.subject, inbound.text, inbound.html


def _is_signed(salt: str, value: str, signature: str) -> bool:
    return any(constant_time_compare(signature, known) for known in _signatures(salt, value))


def _signatures(salt: str, value: str) -> list[str]:
    """By the key in use, then by those it replaced."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac(salt, value, secret=key, algorithm="sha256").digest() for key in keys)
    return [b32encode(digest[:_SIGNATURE_BYTES]).decode().lower() for digest in digests]
