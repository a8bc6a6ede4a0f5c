"""The mark of one shown form: how old it is, and which submissions of it are the same.

A signed random number with its time (Django's `TimestampSigner`, HMAC-SHA256).
"""

import hashlib
import secrets
from collections.abc import Iterable

from django.core import signing

SALT = "messaging.webform"
# Nobody reads a form and writes a sentence in less time.
LEAST_SECONDS = 2
MOST_SECONDS = 24 * 3600


class TooOld(ValueError):
    """The form was shown too long ago, or not by us."""


class TooFast(ValueError):
    """The form came back faster than a person writes."""


def new_mark() -> str:
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(16))


def check_mark(mark: str) -> None:
    """Raise `TooOld` or `TooFast` unless a person may have filled in this form."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        signer.unsign(mark, max_age=MOST_SECONDS)
    except signing.BadSignature as error:
        raise TooOld(mark) from error
    try:
        signer.unsign(mark, max_age=LEAST_SECONDS)
    except signing.SignatureExpired:
        return
    raise TooFast(mark)


def submission_id(mark: str, parts: Iterable[str]) -> str:
    """The same for the same words sent twice from one shown form, and for nothing else.

    The words count too: whoever goes back, changes them and sends again has said something new.
    """
    digest = hashlib.sha256(mark.encode())
    for part in parts:
        digest.update(b"\0" + part.encode())
    return f"webform:{digest.hexdigest()}"
