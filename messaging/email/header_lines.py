"""Header lines of our own mails: always one header each, whatever stands in a name or a subject.

The standard library's structured headers lose the quotes around a comma when they fold a name
that is not ASCII (CPython gh-121284), so the lines are made here: encoded words by RFC 2047,
quoted strings by RFC 5322.
"""

import re
import unicodedata
from collections.abc import Iterable
from email.header import Header
from email.utils import quote

from customers.addresses import InvalidAddress, normalise_address
from tickets.inbound import Person

WIDTH = 76
_FOLD = "\n "
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_UNSAFE_ADDRESS = re.compile(r"[\x00-\x20()<>,;:\\\"\[\]\x7f]")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,248}>")


def one_line(value: str) -> str:
    """The text without anything that could end a header line or steer a terminal."""
    return " ".join("".join(c if _is_visible(c) else " " for c in value).split())


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}


def text_line(name: str, value: str) -> str:
    """An unstructured header's value, encoded where needed and folded."""
    value = one_line(value)
    is_plain = value.isascii() and "=?" not in value
    charset = "us-ascii" if is_plain else "utf-8"
    return Header(value, charset, maxlinelen=WIDTH, header_name=name).encode(linesep="\n")


def address_line(people: Iterable[Person]) -> str:
    """The value of From, To or Cc; one address a line. Raises `InvalidAddress`."""
    return f",{_FOLD}".join(_mailbox(person) for person in people)


def _mailbox(person: Person) -> str:
    address = header_address(person.value)
    name = one_line(person.name)
    return f"{_phrase(name)} <{address}>" if name else address


def _phrase(name: str) -> str:
    if not name.isascii() or "=?" in name:
        return Header(name, "utf-8", maxlinelen=WIDTH).encode(linesep="\n")
    return name if _ATOMS.fullmatch(name) else f'"{quote(name)}"'


def header_address(value: str) -> str:
    """One address, fit for a header and for the envelope. Raises `InvalidAddress`.

    A domain with other letters is written in its ASCII form (RFC 5891).
    """
    local, _at, domain = normalise_address("email", value).rpartition("@")
    if _UNSAFE_ADDRESS.search(local + domain) or not all(map(_is_visible, value)):
        raise InvalidAddress(value)
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise InvalidAddress(value) from error


def message_id_line(ids: Iterable[str]) -> str:
    """Message ids, one a line; what is none is left out."""
    return _FOLD.join(i for i in ids if _MESSAGE_ID.fullmatch(i))
