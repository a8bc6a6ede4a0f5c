"""`{% load figures %}`: figures in the reader's words."""

from typing import Any

from django import template

from reports import wording
from reports.calculations.percentiles import Estimate
from surveys.statistics import Csat

register = template.Library()

register.filter("number", wording.number)
register.filter("tickets", wording.tickets)


@register.filter
def estimate(value: Estimate, basis: str) -> str:
    """A duration; calendar time in days, business time in hours."""
    return wording.estimate(value, in_days=basis == "calendar")


@register.filter
def csat(value: Csat) -> str:
    """A share with its interval, or "n too small" below thirty answers."""
    return wording.percent(value.satisfied.percent)


@register.filter
def interval(value: Csat) -> str:
    return wording.interval(value.satisfied)


@register.simple_tag
def behind(query: str, metric: str, group: str = "", key: Any = "") -> str:
    """The address query of the tickets behind a figure."""
    parts = [query, f"metric={metric}"]
    if group:
        parts.append(f"group={group}&key={'' if key is None else key}")
    return "&".join(filter(None, parts))
