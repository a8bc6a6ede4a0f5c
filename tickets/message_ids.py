"""Message-IDs of our own mails (RFC 5322 section 3.6.4)."""

import secrets
from urllib.parse import urlsplit


def new_message_id(site_url: str) -> str:
    """A new id with its angle brackets: 128 random bits at the host of the site."""
    host = urlsplit(site_url).hostname or "localhost"
    return f"<{secrets.token_hex(16)}.ticket@{host}>"


def is_like_ours(message_id: str) -> bool:
    """Whether an id has the shape of ours: saves asking the database about all the others."""
    return ".ticket@" in message_id
