"""Browsers that an account has signed in from: their failed attempts are counted apart.

The method is OWASP's "device cookies" against guessing without a lock that anybody can trigger.
The cookie proves nothing but that this browser knew the password once.
"""

import secrets

from django.core import signing
from django.http import HttpRequest

DEVICE_COOKIE = "device"
DEVICE_SECONDS = 180 * 24 * 3600
SALT = "accounts.device"


def new_device_cookie(email: str) -> str:
    return signing.dumps([email.lower(), secrets.token_hex(8)], salt=SALT)


def device_of(request: HttpRequest, email: str) -> str:
    """The name of the browser if this account has signed in from it, else ""."""
    try:
        owner, device = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=SALT, max_age=DEVICE_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return ""
    return str(device) if owner == email.strip().lower() else ""
