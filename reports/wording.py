"""Figures in the reader's words: durations, shares, intervals and changes."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.calculations.percentiles import Estimate
from reports.calculations.rates import KnownShare
from surveys.statistics import Band, Difference, Nps, Share, Verdict

MINUTE, HOUR, DAY = 60, 3600, 86_400
NONE = "–"


def duration(seconds: float | None, *, in_days: bool = True) -> str:
    """ "3 h 20 min". Business time is told in hours: how long a working day is depends."""
    if seconds is None:
        return NONE
    whole = round(seconds)
    days, rest = divmod(whole, DAY) if in_days else (0, whole)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        return _("%(days)s d %(hours)s h") % {"days": number(days), "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": number(hours), "minutes": minutes}
    if minutes:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(seconds)s s") % {"seconds": whole}


def estimate(value: Estimate, *, in_days: bool = True) -> str:
    """A duration, with ≥ where it is "at least" that long."""
    words = duration(value.seconds, in_days=in_days)
    return f"≥ {words}" if value.is_at_least else words


def number(value: float | None, decimals: int = 0) -> str:
    """A number as the reader's language writes it."""
    if value is None:
        return NONE
    return number_format(round(value, decimals), decimals, use_l10n=True, force_grouping=True)


def percent(value: float | None, decimals: int = 0) -> str:
    return NONE if value is None else f"{number(value, decimals)} %"


def interval(share: Share) -> str:
    """The 95 % interval of a share, with what it rests on."""
    if share.percent is None:
        return _("no data")
    return _("%(part)s of %(n)s · 95 %% interval %(low)s–%(high)s %%") % {
        "part": number(share.part),
        "n": number(share.n),
        "low": number(share.low),
        "high": number(share.high),
    }


def known(rate: KnownShare) -> str:
    """A share over the tickets whose seven days are over, and how many are still open."""
    words = interval(rate.share)
    if not rate.not_yet_known:
        return words
    return _("%(words)s · %(number)s not yet known") % {
        "words": words,
        "number": number(rate.not_yet_known),
    }


def tickets(count: int) -> str:
    words = ngettext("%(count)s ticket", "%(count)s tickets", count)
    return words % {"count": number(count)}


def answers(count: int) -> str:
    words = ngettext("%(count)s answer", "%(count)s answers", count)
    return words % {"count": number(count)}


def signed(value: float | None, decimals: int = 0) -> str:
    """A number that always shows its sign, with a true minus."""
    if value is None:
        return NONE
    rounded = round(value, decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{number(abs(rounded), decimals)}"


def score(nps: Nps) -> str:
    """A net promoter score with its margin: "+60 ± 12"."""
    if nps.score is None:
        return NONE
    return f"{signed(nps.score)} ± {number(nps.margin)}"


def band(nps: Nps) -> str:
    """How good a score is held to be; nothing below 30 answers."""
    if nps.band is None or not nps.is_enough:
        return ""
    return {
        Band.POOR: _("poor"),
        Band.GOOD: _("good"),
        Band.EXCELLENT: _("excellent"),
        Band.WORLD_CLASS: _("world class"),
    }[nps.band]


def verdict(difference: Difference) -> str:
    """Whether a change may be called one."""
    return {
        Verdict.REAL: _("real change"),
        Verdict.NOISE: _("within noise"),
        Verdict.TOO_SMALL: _("n too small"),
    }[difference.verdict]
