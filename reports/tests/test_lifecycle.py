"""Ways in and out of the backlog, hands a ticket went through, and what became of solutions."""

from typing import Any

import pytest

from automation.calendars import NO_CALENDARS
from reports.calculations.clocks import ticket_clocks
from reports.calculations.elapsed import Track
from reports.calculations.events import Event
from reports.calculations.lifecycle import Resolution, flows, reopenings, transfers
from reports.tests.stories import (
    ANA,
    BEN,
    BILLING,
    SUPPORT,
    asked,
    hour,
    opened,
    reopened,
    replied,
    resolved,
    story,
)

DAY = 24


def resolutions(events: list[Event]) -> tuple[Resolution, ...]:
    return Track(events, NO_CALENDARS, hour(0)).resolutions


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((opened(),), "created", id="open"),
        pytest.param((opened(), resolved(10)), "created resolved", id="resolved"),
        pytest.param(
            (opened(), resolved(10), (20, "closed")), "created resolved", id="closing is no exit"
        ),
        pytest.param((opened(), (20, "closed")), "created resolved", id="closed at once"),
        pytest.param(
            (opened(), resolved(10), reopened(12), resolved(13)),
            "created resolved reopened resolved",
            id="reopened",
        ),
        pytest.param((opened(), (10, "marked_spam")), "created removed", id="spam"),
        pytest.param(
            (opened(), (10, "marked_spam"), (11, "unmarked_spam")),
            "created removed restored",
            id="no spam after all",
        ),
        pytest.param(
            (opened(), (10, "merged", {"status": "closed", "data": {"into": 7}})),
            "created removed",
            id="merged away",
        ),
        pytest.param(
            (
                opened(),
                (10, "merged", {"status": "closed"}),
                (11, "unmerged", {"status": "open", "data": {"from": 7}}),
            ),
            "created removed restored",
            id="merge undone",
        ),
        pytest.param(
            (opened(), resolved(10), (11, "marked_spam"), (12, "unmarked_spam")),
            "created resolved",
            id="what is solved cannot be removed from the backlog",
        ),
        pytest.param(
            (opened(), (10, "marked_spam"), (11, "merged"), (12, "unmarked_spam")),
            "created removed",
            id="two marks, one taken off",
        ),
        pytest.param(
            (opened(status="resolved", by=ANA),), "created resolved", id="a call solved at once"
        ),
    ],
)
def test_flows(steps: tuple[Any, ...], expected: str) -> None:
    found = list(flows(story(*steps)))
    assert " ".join(flow.kind.value for flow in found) == expected
    assert sum(flow.change for flow in found) in (0, 1)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((opened(),), 0, id="nobody's"),
        pytest.param(
            (opened(team_id=SUPPORT), (10, "assigned", {"assignee_id": ANA})), 0, id="first owner"
        ),
        pytest.param(
            (opened(assignee_id=ANA), (10, "assigned", {"assignee_id": BEN})), 1, id="another owner"
        ),
        pytest.param(
            (opened(team_id=SUPPORT), (10, "team_changed", {"team_id": BILLING})),
            1,
            id="another team",
        ),
        pytest.param(
            (
                opened(team_id=SUPPORT, assignee_id=ANA),
                (10, "team_changed", {"team_id": BILLING, "assignee_id": BEN}),
            ),
            1,
            id="team and owner in one go",
        ),
        pytest.param(
            (
                opened(assignee_id=ANA),
                (10, "assigned", {"assignee_id": None}),
                (11, "assigned", {"assignee_id": ANA}),
            ),
            0,
            id="given back and taken again",
        ),
        pytest.param(
            (
                opened(assignee_id=ANA),
                (10, "assigned", {"assignee_id": None}),
                (11, "assigned", {"assignee_id": BEN}),
                (12, "assigned", {"assignee_id": ANA}),
            ),
            2,
            id="by way of nobody",
        ),
    ],
)
def test_transfers(steps: tuple[Any, ...], expected: int) -> None:
    assert transfers(story(*steps)) == expected


def test_a_resolution_is_credited_to_who_set_it() -> None:
    events = story(opened(team_id=SUPPORT, assignee_id=ANA), replied(10, ANA), resolved(11, BEN))
    (one,) = resolutions(events)
    assert (one.agent_id, one.team_id, one.human_replies) == (BEN, SUPPORT, 1)
    assert one.is_first_contact


def test_a_resolution_by_the_system_is_nobodys_credit() -> None:
    (one,) = resolutions(story(opened(), resolved(11, "system")))
    assert one.agent_id is None


def test_a_reply_sent_just_after_send_and_resolve_belongs_to_the_resolution() -> None:
    (one,) = resolutions(story(opened(), resolved(11), (11.01, "reply", {"status": "resolved"})))
    assert one.human_replies == 1


@pytest.mark.parametrize(
    ("after_days", "within", "first_contact"), [(6.9, True, False), (7, False, True)]
)
def test_reopened_within_seven_days(after_days: float, within: bool, first_contact: bool) -> None:
    events = story(opened(), replied(10), resolved(11), reopened(11 + after_days * DAY))
    (one,) = resolutions(events)
    assert one.is_reopened_within_window is within
    assert one.is_first_contact is first_contact
    assert reopenings(flows(events)) == [hour(11 + after_days * DAY)]


def test_a_reply_months_later_does_not_change_the_first_resolution() -> None:
    events = story(
        opened(),
        replied(10),
        resolved(11),
        reopened(60 * DAY),
        replied(61 * DAY),
        resolved(62 * DAY),
    )
    assert [one.human_replies for one in resolutions(events)] == [1, 2]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((opened(), replied(10), resolved(11)), True, id="one reply"),
        pytest.param((opened(), replied(10)), False, id="not resolved"),
        pytest.param((opened(), resolved(11)), False, id="no reply"),
        pytest.param(
            (opened(), replied(10), asked(11), replied(12), resolved(13)), False, id="two replies"
        ),
        pytest.param(
            (opened(), replied(9.1, "system"), replied(10), resolved(11)), True, id="and a bot's"
        ),
        pytest.param((opened(), replied(10), (11, "marked_spam")), False, id="spam"),
    ],
)
def test_one_touch(steps: tuple[Any, ...], expected: bool) -> None:
    assert ticket_clocks(story(*steps), NO_CALENDARS, hour(100)).one_touch is expected
