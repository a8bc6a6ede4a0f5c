"""The clocks of one ticket, by tables of cases: hours after Monday 00:00, office 9 to 17."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from automation.business_time import BusinessHours
from automation.calendars import NO_CALENDARS, CalendarChange, CalendarHistory
from reports.calculations.clocks import TicketClocks, holding_times, ticket_clocks
from reports.calculations.elapsed import Clock, Track
from reports.calculations.events import Event
from reports.tests.stories import (
    ANA,
    BEN,
    BILLING,
    OFFICE,
    OFFICE_CALENDAR,
    SUPPORT,
    asked,
    hour,
    opened,
    reopened,
    replied,
    resolved,
    story,
)

H = 3600
NOW = hour(24 * 4)


def clocks(*steps: tuple[Any, ...], now: datetime = NOW) -> TicketClocks:
    return ticket_clocks(story(*steps), OFFICE_CALENDAR, now)


def done(calendar: float, business: float) -> Clock:
    return Clock(int(calendar * H), int(business * H))


def running(calendar: float, business: float, since: float) -> Clock:
    return Clock(int(calendar * H), int(business * H), hour(since))


AUTOMATIC = {"by": "system", "status": "new", "data": {"automatic": True}}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((opened(), asked(9), replied(10)), done(1, 1), id="answered"),
        pytest.param((opened(16), replied(34)), done(18, 2), id="over night"),
        pytest.param((opened(), asked(10)), running(87, 32, 9), id="not yet answered"),
        pytest.param(
            (opened(), replied(9.5, "system", data={"automatic": True}), replied(11)),
            done(2, 2),
            id="an automatic reply does not count",
        ),
        pytest.param(
            (opened(), replied(9.5, "system"), replied(11)),
            done(2, 2),
            id="a bot does not count",
        ),
        pytest.param(
            (opened(), replied(9.5, ANA, data={"automatic": True}), replied(11)),
            done(2, 2),
            id="an automatic message in an agent's name does not count",
        ),
        pytest.param((opened(), (10, "note"), replied(12)), done(3, 3), id="a note does not count"),
        pytest.param(
            (opened(), replied(10, sent=False), (10, "reply_failed"), replied(13)),
            done(4, 4),
            id="a reply that was not handed over does not count",
        ),
        pytest.param((opened(by=ANA),), None, id="opened by an agent"),
        pytest.param(
            (opened(by=ANA), asked(9, by=ANA)), None, id="a call, taken down by the agent"
        ),
        pytest.param((opened(by=ANA), replied(10)), None, id="opened by an agent, who wrote alone"),
        pytest.param(
            (opened(by=ANA), replied(10), asked(12), replied(13)),
            done(1, 1),
            id="opened by an agent: starts when the customer writes",
        ),
        pytest.param(
            (opened(by=ANA), asked(12)), running(84, 29, 12), id="opened by an agent, unanswered"
        ),
        pytest.param(
            (opened(), resolved(11)),
            running(2, 2, 9),
            id="solved without an answer: at least until then",
        ),
        pytest.param(
            (opened(by=ANA), asked(10, data={"auto_reply": True}), asked(12), replied(13)),
            done(1, 1),
            id="an out-of-office answer starts nothing",
        ),
    ],
)
def test_first_response_time(steps: tuple[Any, ...], expected: Clock | None) -> None:
    assert clocks(*steps).first_response_time == expected


def test_the_reply_counts_when_it_is_handed_to_the_channel_and_credits_its_author() -> None:
    events = story(opened(), replied(10, BEN, sent=False))
    handed = Event("reply_sent", hour(12), "pending", actor_kind="system", data={"message": 101})
    result = ticket_clocks([*events, handed, handed], OFFICE_CALENDAR, NOW)
    assert result.first_response_time == done(3, 3)
    assert result.first_responder_id == BEN
    assert result.human_replies == 1


def test_next_reply_time_starts_at_the_first_unanswered_message_of_each_exchange() -> None:
    result = clocks(
        opened(),
        asked(9.5),
        asked(10),
        replied(11, ANA),
        replied(12, BEN),
        asked(13),
        asked(14),
        replied(16, BEN),
        asked(33),
    )
    assert [(one.clock, one.agent_id) for one in result.next_reply_times] == [
        (done(2, 2), ANA),
        (done(3, 3), BEN),
        (running(63, 24, 33), None),
    ]


@pytest.mark.parametrize(
    ("steps", "requester", "agent", "on_hold"),
    [
        pytest.param((opened(),), running(87, 32, 9), done(0, 0), done(0, 0), id="new"),
        pytest.param(
            (opened(), replied(10), asked(12, status="open"), resolved(13)),
            done(2, 2),
            done(2, 2),
            done(0, 0),
            id="waiting for each other",
        ),
        pytest.param(
            (opened(), (10, "status_changed", {"status": "on_hold"}), resolved(34)),
            done(25, 9),
            done(0, 0),
            done(24, 8),
            id="on hold is our turn",
        ),
        pytest.param(
            (opened(), (10, "status_changed", {"status": "on_hold"})),
            running(87, 32, 9),
            done(0, 0),
            running(86, 31, 10),
            id="still on hold",
        ),
        pytest.param(
            (opened(), replied(10)),
            done(1, 1),
            running(86, 31, 10),
            done(0, 0),
            id="still pending",
        ),
        pytest.param(
            (opened(), resolved(10), (20, "closed", {"by": "system"}), reopened(34), resolved(35)),
            done(2, 2),
            done(0, 0),
            done(0, 0),
            id="resolved and closed count for nobody",
        ),
        pytest.param(
            (opened(), (10, "marked_spam")), done(1, 1), done(0, 0), done(0, 0), id="until spam"
        ),
    ],
)
def test_waiting_times(
    steps: tuple[Any, ...], requester: Clock, agent: Clock, on_hold: Clock
) -> None:
    result = clocks(*steps)
    assert result.requester_wait_time == requester
    assert result.agent_wait_time == agent
    assert result.on_hold_time == on_hold


@pytest.mark.parametrize(
    ("steps", "first", "full"),
    [
        pytest.param((opened(),), running(87, 32, 9), running(87, 32, 9), id="open"),
        pytest.param((opened(), resolved(12)), done(3, 3), done(3, 3), id="resolved once"),
        pytest.param(
            (opened(), resolved(12), reopened(34)),
            done(3, 3),
            running(87, 32, 9),
            id="reopened: running again",
        ),
        pytest.param(
            (opened(), resolved(12), reopened(34), resolved(36), (60, "closed", {"by": "system"})),
            done(3, 3),
            done(27, 11),
            id="resolved twice, then closed",
        ),
        pytest.param(
            (opened(), (12, "closed")), done(3, 3), done(3, 3), id="closed without resolving"
        ),
        pytest.param(
            (opened(status="resolved", by=ANA),), done(0, 0), done(0, 0), id="a call solved at once"
        ),
    ],
)
def test_resolution_times(steps: tuple[Any, ...], first: Clock, full: Clock) -> None:
    result = clocks(*steps)
    assert (result.first_resolution_time, result.full_resolution_time) == (first, full)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((opened(), resolved(10)), done(1, 1), id="never owned"),
        pytest.param(
            (opened(), (11, "assigned", {"assignee_id": ANA}), resolved(16)), done(2, 2), id="taken"
        ),
        pytest.param((opened(assignee_id=ANA),), done(0, 0), id="owned from the start"),
        pytest.param(
            (opened(), replied(10), asked(34, status="open"), resolved(35)),
            done(2, 2),
            id="pending without an owner is not our turn",
        ),
        pytest.param(
            (
                opened(assignee_id=ANA),
                (10, "assigned", {"assignee_id": None}),
                (12, "assigned", {"assignee_id": BEN}),
                (14, "assigned", {"assignee_id": None}),
            ),
            Clock((2 + 82) * H, (2 + 27) * H, hour(14)),
            id="given back twice, still running",
        ),
    ],
)
def test_unowned_time(steps: tuple[Any, ...], expected: Clock) -> None:
    assert clocks(*steps).unowned_time == expected


def test_without_a_calendar_business_time_is_null_and_never_zero() -> None:
    result = ticket_clocks(story(opened(), replied(10), resolved(11)), NO_CALENDARS, NOW)
    assert result.first_response_time == Clock(H, None)
    assert result.agent_wait_time == Clock(H, None)
    assert result.on_hold_time == Clock(0, None)


def test_a_clock_that_ran_partly_without_a_calendar_has_no_business_time() -> None:
    calendars = CalendarHistory([CalendarChange(None, hour(9.5), OFFICE)])
    result = ticket_clocks(story(opened(), replied(10), asked(11), replied(12)), calendars, NOW)
    assert result.first_response_time == Clock(H, None)
    assert result.next_reply_times[1].clock == done(1, 1)


def test_a_change_of_calendar_does_not_rewrite_the_past() -> None:
    long_days = BusinessHours.around_the_clock()
    calendars = CalendarHistory(
        [CalendarChange(None, hour(0), OFFICE), CalendarChange(None, hour(24), long_days)]
    )
    result = ticket_clocks(story(opened(16), replied(30)), calendars, NOW)
    assert result.first_response_time == Clock(14 * H, (1 + 6) * H)


def test_each_team_works_by_its_own_calendar() -> None:
    calendars = CalendarHistory(
        [
            CalendarChange(None, hour(0), OFFICE),
            CalendarChange(BILLING, hour(0), BusinessHours.around_the_clock()),
        ]
    )
    steps = (opened(16, team_id=SUPPORT), (20, "team_changed", {"team_id": BILLING}), replied(23))
    result = ticket_clocks(story(*steps), calendars, NOW)
    assert result.first_response_time == Clock(7 * H, (1 + 3) * H)


def test_a_clock_over_the_spring_change_is_an_hour_shorter_in_business_time() -> None:
    berlin = BusinessHours.around_the_clock("Europe/Berlin")
    calendars = CalendarHistory([CalendarChange(None, datetime(2024, 1, 1, tzinfo=UTC), berlin)])
    start = datetime(2024, 3, 30, 23, tzinfo=UTC)
    events = [
        Event("opened", start, "new", actor_kind="customer"),
        Event("resolved", start + timedelta(hours=23), "resolved", actor_kind="agent"),
    ]
    result = ticket_clocks(events, calendars, NOW)
    assert result.full_resolution_time == Clock(23 * H, 23 * H)


def test_fractions_of_seconds_do_not_get_lost_in_the_sum() -> None:
    start = hour(9) + timedelta(milliseconds=600)
    events = [
        Event("opened", start, "new", actor_kind="customer"),
        Event("status_changed", start + timedelta(milliseconds=900), "pending"),
        Event("resolved", start + timedelta(milliseconds=1800), "resolved"),
    ]
    result = ticket_clocks(events, OFFICE_CALENDAR, NOW)
    parts = result.requester_wait_time.calendar + result.agent_wait_time.calendar
    assert parts == result.full_resolution_time.calendar == 2


def test_holding_time_goes_to_whoever_held_the_ticket() -> None:
    events = story(
        opened(assignee_id=ANA), (11, "assigned", {"assignee_id": BEN}), replied(12), resolved(14)
    )
    assert holding_times(Track(events, OFFICE_CALENDAR, NOW)) == {ANA: done(2, 2), BEN: done(1, 1)}


def test_a_ticket_without_events_is_refused() -> None:
    with pytest.raises(ValueError, match="without events"):
        ticket_clocks([], OFFICE_CALENDAR, NOW)
