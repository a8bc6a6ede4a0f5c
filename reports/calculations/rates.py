"""Rates over a set of tickets, each with what it rests on and how sure it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from reports.calculations.lifecycle import Resolution
from surveys.statistics import (
    ENOUGH,
    Z95,
    Difference,
    Share,
    Verdict,
    share,
    share_difference,
)


@dataclass(frozen=True, slots=True)
class KnownShare:
    """A share of the tickets whose seven days are over; the rest is not yet known."""

    share: Share
    not_yet_known: int


def resolution_rate(*, created: int, resolved_now: int) -> Share:
    """Cohort: of the tickets created in the period, the share now resolved or closed."""
    return share(resolved_now, created)


def throughput_ratio(*, resolved: int, created: int) -> float | None:
    """Resolved in the period per created in the period; None when none was created."""
    return resolved / created if created else None


def one_touch_rate(*, solved: int, one_touch: int) -> Share:
    """The share of solved tickets that took exactly one public reply of an agent."""
    return share(one_touch, solved)


def transfer_rate(*, tickets: int, transferred: int) -> Share:
    """The share of tickets with two transfers or more."""
    return share(transferred, tickets)


def reopen_rate(resolved: Mapping[int, Sequence[Resolution]], now: datetime) -> KnownShare:
    """Tickets reopened at least once within 7 days of being resolved, by ticket.

    `resolved` holds each ticket's resolutions in the period.
    """
    known = _known(resolved, now)
    reopened = sum(any(one.is_reopened_within_window for one in ones) for ones in known)
    return known_share(part=reopened, known=len(known), tickets=len(resolved))


def first_contact_resolution(
    resolved: Mapping[int, Sequence[Resolution]], came_back: Iterable[int], now: datetime
) -> KnownShare:
    """Tickets solved by exactly one public reply of an agent, for good.

    `came_back` are the tickets whose customer opened another in the same category within 7 days.
    A ticket that was resolved several times in the period counts only if every time was one.
    """
    returned = set(came_back)
    known = _known({key: ones for key, ones in resolved.items() if key not in returned}, now)
    all_known = len(_known(resolved, now))
    first = sum(all(one.is_first_contact for one in ones) for ones in known)
    return known_share(part=first, known=all_known, tickets=len(resolved))


def known_share(*, part: int, known: int, tickets: int) -> KnownShare:
    """A share of the known tickets, beside the number of those not yet known."""
    return KnownShare(share(part, known), not_yet_known=tickets - known)


def compare_counts(now: int, before: int) -> Difference:
    """Tell a real change of a number of events from noise.

    Events that come by chance vary by the root of their number (Poisson), so the 95 % interval of
    the difference is ±1.96·√(now + before).
    """
    half = Z95 * sqrt(now + before)
    points = now - before
    is_enough = now + before >= ENOUGH
    is_real = abs(points) > half
    verdict = Verdict.REAL if is_real else Verdict.NOISE
    return Difference(
        points, points - half, points + half, verdict if is_enough else Verdict.TOO_SMALL
    )


def compare_shares(now: Share, before: Share) -> Difference:
    """Tell a real change against the previous period from noise (95 % interval without zero)."""
    return share_difference(now, before)


def _known(resolved: Mapping[int, Sequence[Resolution]], now: datetime) -> list[list[Resolution]]:
    known = ([one for one in ones if one.is_known(now)] for ones in resolved.values())
    return [ones for ones in known if ones]
