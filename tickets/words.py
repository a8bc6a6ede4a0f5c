"""How channels and events are shown and said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Team, User
from helpdesk.lib.prepared import Id, Prepared
from tickets.models import Ticket, TicketEvent

CHANNEL_ICONS: Mapping[str, str] = {
    "email": "mail",
    "webform": "globe",
    "phone": "phone",
    "livechat": "message-circle",
    "sms": "smartphone",
    "whatsapp": "message-circle",
    "telegram": "send",
    "meta": "message-square",
}
SHOWN_EVENTS = 300
Kind = TicketEvent.Kind

# Messages, notes and deliveries are shown where they stand; only these are told in a sentence.
EVENT_ICONS: Mapping[str, str] = {
    Kind.OPENED: "inbox",
    Kind.ASSIGNED: "user",
    Kind.TEAM_CHANGED: "users",
    Kind.STATUS_CHANGED: "arrow-right",
    Kind.PRIORITY_CHANGED: "flag",
    Kind.TAGGED: "tag",
    Kind.UNTAGGED: "tag",
    Kind.RESOLVED: "circle-check",
    Kind.REOPENED: "rotate-ccw",
    Kind.CONFIRMED_SOLVED: "smile",
    Kind.CLOSED: "archive",
    Kind.MARKED_SPAM: "shield-alert",
    Kind.UNMARKED_SPAM: "shield-alert",
    Kind.MERGED: "merge",
    Kind.UNMERGED: "merge",
    Kind.LET_IN: "user-plus",
    Kind.MOVED_OUT: "inbox",
}


class Told(NamedTuple):
    """What a sentence about an event needs of it: a page shows many."""

    version: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    status: str
    data: Mapping[str, Any]
    message: None = None


Tellable = TicketEvent | Told


@dataclass(frozen=True)
class Names:
    """Names of the people and teams that events mention by id."""

    requester: str
    users: Mapping[int, str]
    teams: Mapping[int, str]

    def actor(self, event: Tellable) -> str:
        if event.actor_kind == TicketEvent.ActorKind.CUSTOMER:
            return self.requester
        if event.actor_id:
            return self.user(event.actor_id)
        return _("The help desk")

    def user(self, pk: Any) -> str:
        return self.users.get(pk) or _("somebody who left")

    def team(self, pk: Any) -> str:
        return self.teams.get(pk) or _("a former team")


def told_events(ticket: Ticket, since: datetime | None = None) -> Sequence[tuple[Told, str]]:
    """The events that get a line, with their icons, oldest first."""
    told = [Told(*row) for row in _NEWEST_EVENTS.all(ticket=ticket.pk)]
    return [
        (event, EVENT_ICONS[event.kind])
        for event in reversed(told)
        if since is None or event.at >= since
    ]


def _newest_events() -> QuerySet[TicketEvent, tuple[Any, ...]]:
    # Who wrote first is seen from the first message.
    by_customer = Q(kind=Kind.OPENED, actor_kind=TicketEvent.ActorKind.CUSTOMER)
    told = TicketEvent.objects.filter(~by_customer, ticket=Id("ticket"), kind__in=EVENT_ICONS)
    return told.order_by("-version").values_list(*Told._fields[:-1])[:SHOWN_EVENTS]


_NEWEST_EVENTS = Prepared(_newest_events)


def names_for(
    ticket: Ticket, events: Sequence[tuple[Tellable, str]], agents: Mapping[int, str]
) -> Names:
    """The names those events need besides the `agents` already known, in at most two queries."""
    users: set[Any] = set()
    teams: set[Any] = set()
    for event, _icon in events:
        users.add(event.actor_id)
        mentioned = {event.data.get("from"), event.data.get("to")}
        if event.kind == Kind.ASSIGNED:
            users |= mentioned
        elif event.kind == Kind.TEAM_CHANGED:
            teams |= mentioned
    users -= {None, *agents}
    teams.discard(None)
    return Names(
        requester=str(ticket.requester),
        users={**agents, **_names_of(User.objects.filter(pk__in=users))} if users else agents,
        teams=_names_of(Team.objects.filter(pk__in=teams)) if teams else {},
    )


def _names_of(rows: QuerySet[Any]) -> dict[int, str]:
    return dict(rows.values_list("pk", "name"))


def sentence_of(event: Tellable, names: Names) -> str:
    """One event in words: "Ana Ruiz set the status to Pending"."""
    return _SENTENCES[event.kind](event, names, names.actor(event))


def sentences_of(ticket: Ticket, events: Sequence[TicketEvent]) -> list[str]:
    """Any events of a ticket in words, messages among them."""
    if not events:
        return []
    names = names_for(ticket, [(event, "") for event in events], {})
    return [sentence_of(event, names) for event in events]


def _wrote(event: Tellable, _names: Names, who: str) -> str:
    text = " ".join(event.message.text.split())[:200] if event.message else ""
    return _("%(who)s wrote: %(text)s") % {"who": who, "text": text}


def _opened(event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s opened the ticket") % {"who": who}


def _assigned(event: Tellable, names: Names, who: str) -> str:
    to = event.data.get("to")
    if to is None:
        return _("%(who)s took the assignee off") % {"who": who}
    if to == event.actor_id:
        return _("%(who)s took the ticket") % {"who": who}
    return _("%(who)s assigned the ticket to %(agent)s") % {"who": who, "agent": names.user(to)}


def _team_changed(event: Tellable, names: Names, who: str) -> str:
    to = event.data.get("to")
    if to is None:
        return _("%(who)s took the team off") % {"who": who}
    return _("%(who)s handed the ticket to the team %(team)s") % {
        "who": who,
        "team": names.team(to),
    }


def _status_changed(event: Tellable, _names: Names, who: str) -> str:
    status = Ticket.Status(event.data.get("to", event.status)).label
    if event.actor_kind == TicketEvent.ActorKind.CUSTOMER:
        return _("The answer set the status back to %(status)s") % {"status": status}
    return _("%(who)s set the status to %(status)s") % {"who": who, "status": status}


def _priority_changed(event: Tellable, _names: Names, who: str) -> str:
    priority = Ticket.Priority(event.data["to"]).label
    return _("%(who)s set the priority to %(priority)s") % {"who": who, "priority": priority}


def _tagged(event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s added the tag %(tag)s") % {"who": who, "tag": event.data.get("tag")}


def _untagged(event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s removed the tag %(tag)s") % {"who": who, "tag": event.data.get("tag")}


def _resolved(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s resolved the ticket") % {"who": who}


def _reopened(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s reopened the ticket") % {"who": who}


def _confirmed_solved(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s said that it is solved") % {"who": who}


def _closed(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s closed the ticket for good") % {"who": who}


def _marked_spam(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s marked the ticket as spam") % {"who": who}


def _unmarked_spam(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s took the spam mark off") % {"who": who}


def _merged(event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s merged the ticket into #%(number)s") % {
        "who": who,
        "number": event.data.get("into"),
    }


def _unmerged(_event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s undid the merge") % {"who": who}


def _held(_event: Tellable, _names: Names, _who: str) -> str:
    return _("Somebody who is not part of this ticket wrote")


def _let_in(event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s let %(customer)s into the ticket") % {
        "who": who,
        "customer": event.data.get("name"),
    }


def _moved_out(event: Tellable, _names: Names, who: str) -> str:
    return _("%(who)s made a waiting message ticket #%(number)s") % {
        "who": who,
        "number": event.data.get("to"),
    }


_SENTENCES: Mapping[str, Callable[[Tellable, Names, str], str]] = {
    Kind.OPENED: _opened,
    Kind.CUSTOMER_MESSAGE: _wrote,
    Kind.REPLY: _wrote,
    Kind.NOTE: _wrote,
    Kind.ASSIGNED: _assigned,
    Kind.TEAM_CHANGED: _team_changed,
    Kind.STATUS_CHANGED: _status_changed,
    Kind.PRIORITY_CHANGED: _priority_changed,
    Kind.TAGGED: _tagged,
    Kind.UNTAGGED: _untagged,
    Kind.RESOLVED: _resolved,
    Kind.REOPENED: _reopened,
    Kind.CONFIRMED_SOLVED: _confirmed_solved,
    Kind.CLOSED: _closed,
    Kind.MARKED_SPAM: _marked_spam,
    Kind.UNMARKED_SPAM: _unmarked_spam,
    Kind.MERGED: _merged,
    Kind.UNMERGED: _unmerged,
    Kind.HELD: _held,
    Kind.LET_IN: _let_in,
    Kind.MOVED_OUT: _moved_out,
}
