"""Which tickets, and which days in whose time zone, a report is about."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q


@dataclass(frozen=True)
class Scope:
    """The days from `first` to `last`, both included, in `zone`, of the tickets that fit.

    `basis` says which hours the time figures count: "business" or "calendar".
    """

    first: date
    last: date
    zone: ZoneInfo
    now: datetime
    basis: str = "business"
    team_id: int | None = None
    agent_id: int | None = None
    channel_id: int | None = None

    @property
    def start(self) -> datetime:
        """The first moment that belongs."""
        return datetime.combine(self.first, time(0), tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        """The first moment that does not belong any more."""
        return datetime.combine(self.last + timedelta(days=1), time(0), tzinfo=self.zone)

    @property
    def days(self) -> list[date]:
        """The days of the period, none in the future."""
        last = min(self.last, self.now.astimezone(self.zone).date())
        return [self.first + timedelta(days=n) for n in range((last - self.first).days + 1)]

    @property
    def previous(self) -> "Scope":
        """The same number of days just before."""
        length = timedelta(days=(self.last - self.first).days + 1)
        return replace(self, first=self.first - length, last=self.last - length)

    def within(self, field: str) -> Q:
        """The moment of `field` lies in the period, half-open."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})

    def matching(self, team: str = "team", agent: str = "assignee") -> Q:
        """The chosen team, agent and channel."""
        chosen = {team: self.team_id, agent: self.agent_id, "channel": self.channel_id}
        return Q(**{name: pk for name, pk in chosen.items() if pk is not None})

    @property
    def of_ticket(self) -> Q:
        """The same on the rows that belong to a ticket (`reports.models.OfTicket`)."""
        return self.matching("ticket_team", "ticket_assignee")
