"""What one may filter by, and the filters that are set, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.selectors import agents_visible_to, teams_visible_to
from tickets.filters import NAMES
from tickets.models import Ticket
from tickets.selectors import channels_visible_to, tags_visible_to

TITLES: Mapping[str, str | Promise] = {
    "status": gettext_lazy("Status"),
    "assignee": gettext_lazy("Assignee"),
    "team": gettext_lazy("Team"),
    "priority": gettext_lazy("Priority"),
    "channel": gettext_lazy("Channel"),
    "tag": gettext_lazy("Tag"),
}
SHOWN_TAGS = 300
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """One select box of the filter form."""

    name: str
    title: str | Promise
    options: Options
    value: str


@dataclass(frozen=True)
class Chip:
    """A filter that is set, with the address of the list without it."""

    title: str | Promise
    value: str
    without: str


def choices_for(user: User, parameters: Mapping[str, str]) -> list[Choice]:
    """Every filter with its options; one query for each of agents, teams, channels and tags."""
    return [
        Choice(name, title, options_of(user, name), parameters.get(name, ""))
        for name, title in TITLES.items()
    ]


def options_of(user: User, name: str) -> Options:
    return _OPTIONS[name](user)


def chips_of(user: User, parameters: Mapping[str, str]) -> list[Chip]:
    """The filters that are set; nothing is read when there are none."""
    chosen = {name: value for name in NAMES if (value := parameters.get(name))}
    return list(_chips(user, parameters, chosen)) if chosen else []


def _chips(user: User, parameters: Mapping[str, str], chosen: Mapping[str, str]) -> Iterator[Chip]:
    for name, value in chosen.items():
        rest = {k: v for k, v in parameters.items() if v and k not in (name, "after")}
        words = dict(options_of(user, name)).get(value, value)
        yield Chip(TITLES[name], words, urlencode(rest))


def _statuses(_user: User) -> Options:
    return [(value, str(label)) for value, label in Ticket.Status.choices]


def _priorities(_user: User) -> Options:
    return [(str(value), str(label)) for value, label in Ticket.Priority.choices]


def _agents(user: User) -> Options:
    agents = agents_visible_to(user).values_list("pk", "name")
    return [("me", _("Me")), ("none", _("Nobody")), *((str(pk), name) for pk, name in agents)]


def _teams(user: User) -> Options:
    teams = teams_visible_to(user).values_list("pk", "name")
    return [("none", _("No team")), *((str(pk), name) for pk, name in teams)]


def _channels(user: User) -> Options:
    return [(str(pk), name) for pk, name in channels_visible_to(user).values_list("pk", "name")]


def _tags(user: User) -> Options:
    names = tags_visible_to(user).order_by("name").values_list("name", flat=True)[:SHOWN_TAGS]
    return [(name, name) for name in names]


_OPTIONS = {
    "status": _statuses,
    "assignee": _agents,
    "team": _teams,
    "priority": _priorities,
    "channel": _channels,
    "tag": _tags,
}
