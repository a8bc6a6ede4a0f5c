"""Mail that is signed or encrypted (RFC 8551, 3156): recognised, not opened; parts are files."""

import re

from django.utils.translation import gettext as _

from messaging.email.mime import Part

ENCRYPTED = frozenset({"smime_encrypted", "pgp_encrypted", "smime_opaque"})
"""Kinds whose words we cannot show."""
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_CONTAINERS = frozenset({"multipart/signed", "multipart/encrypted"})
_ARMOR = re.compile(r"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE)-----\s*$", re.MULTILINE)
_ARMOR_HEAD = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z]{2,20}:[^\n]{0,200}\n){0,5}[ \t]*\n",
    re.MULTILINE,
)


def protection_of(root: Part, text: str) -> str:
    """How a mail is protected, or "" for an open one.

    "smime_signed", "smime_opaque" (signed and sealed), "smime_encrypted", "pgp_signed" or
    "pgp_encrypted".
    """
    # Lists put their own container around what they pass on.
    inner = (c for c in root.children if c.content_type in _CONTAINERS)
    return _of_part(next(inner, root) if root.content_type == "multipart/mixed" else root, text)


def _of_part(root: Part, text: str) -> str:
    kind = root.content_type
    if kind in _SMIME:
        is_signed = root.parameters.get("smime-type", "").lower() == "signed-data"
        return "smime_opaque" if is_signed else "smime_encrypted"
    if kind in _CONTAINERS:
        protocol = root.parameters.get("protocol", "").lower()
        family = "pgp" if "pgp" in protocol else "smime"
        return f"{family}_{kind.removeprefix('multipart/')}"
    armor = _ARMOR.search(text[:100_000])
    if armor is None:
        return ""
    return "pgp_encrypted" if armor[1] == "MESSAGE" else "pgp_signed"


def without_armor(text: str) -> tuple[str, str]:
    """The words of a text signed by PGP, and the lines above them that say so."""
    match = _ARMOR_HEAD.search(text[:100_000])
    if match is None:
        return text, ""
    return text[: match.start()] + text[match.end() :], match[0].strip()


def sealed_sentence(protection: str) -> str:
    """What to show in place of words that nobody here can read; "" where they can."""
    if protection not in ENCRYPTED:
        return ""
    family = "PGP" if protection.startswith("pgp") else "S/MIME"
    return _("This mail is sealed with %(kind)s. Its parts are attached as they came.") % {
        "kind": family
    }
