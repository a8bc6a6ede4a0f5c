"""One spelling for each address, so that one person stays one customer."""

import re

import phonenumbers

PHONE_REGION = "ES"  # only used for numbers without a country code


_NO_REPLY = re.compile(
    r"(no|do[-_.]?not|nao|no[-_.]?se)[-_.]?(reply|respond|responda|responder|contestar)"
    r"|mailer[-_.]?daemon|postmaster"
)


class InvalidAddress(ValueError):
    """The value cannot be an address of this kind."""


def normalise_address(kind: str, value: str, *, region: str = PHONE_REGION) -> str:
    """Return the one spelling of an address: lower-case e-mail, E.164 phone number.

    The local part of an e-mail address is case-sensitive by RFC 5321 and nowhere in practice.
    Raises `InvalidAddress`.
    """
    return _NORMALISERS.get(kind, _plain)(value, region)


def is_no_reply(address: str) -> bool:
    """Whether nobody reads what is sent to this e-mail address, by what its name says."""
    return bool(_NO_REPLY.match(address.strip().lower().partition("@")[0]))


def _email(value: str, _region: str) -> str:
    address = value.strip().lower()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in "<>,;\"'" for c in address):
        raise InvalidAddress(value)
    if len(address) > 254:
        raise InvalidAddress(value)
    return address


def _phone(value: str, region: str) -> str:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException as error:
        raise InvalidAddress(value) from error
    if not phonenumbers.is_possible_number(number):
        raise InvalidAddress(value)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plain(value: str, _region: str) -> str:
    if not value.strip():
        raise InvalidAddress(value)
    return value.strip()[:254]


_NORMALISERS = {"email": _email, "phone": _phone}
