"""What is known of a mail beside its words, as short facts for the agent who reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

_PROTECTIONS = {
    "smime_signed": "S/MIME",
    "smime_opaque": "S/MIME",
    "smime_encrypted": "S/MIME",
    "pgp_signed": "PGP",
    "pgp_encrypted": "PGP",
}


@dataclass(frozen=True, slots=True)
class MailFacts:
    """`warnings` want to be seen at once; `quiet` is there for whoever looks."""

    warnings: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


NOTHING = MailFacts()


def facts_of(details: Mapping[str, object]) -> MailFacts:
    """The facts in the details of a customer's message."""
    if not details:
        return NOTHING
    return MailFacts(tuple(_warnings(details)), tuple(_quiet(details)))


def _warnings(details: Mapping[str, object]) -> Iterator[str]:
    if details.get("is_forged"):
        yield _("The sender's domain says that this is not their mail.")
    reasons = details.get("spam")
    if isinstance(reasons, list):
        yield _("It looks like spam: %(reasons)s") % {
            "reasons": " ".join(_(str(reason)) for reason in reasons)
        }


def _quiet(details: Mapping[str, object]) -> Iterator[str]:
    results = details.get("authentication")
    if isinstance(results, Mapping):
        for method in ("spf", "dkim", "dmarc"):
            if method in results:
                yield f"{method.upper()}: {results[method]}"
    protection = str(details.get("protection", ""))
    if protection in _PROTECTIONS:
        is_signed = protection.endswith(("signed", "opaque"))
        words = _("signed with %(kind)s, not checked") if is_signed else _("sealed with %(kind)s")
        yield words % {"kind": _PROTECTIONS[protection]}
