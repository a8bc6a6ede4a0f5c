"""The account of a day: what the servers have, what was kept, what became of it."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.auditing import DayOfChannel, days_of, today

NAMES = {"": "no fate yet"}


class Command(BaseCommand):
    help = (
        "For each channel: how many messages of a day the server has, how many were kept, and what"
        " became of them. Asks the mail servers. Exit code 1 when a difference is not explained."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=_day, default=None, help="2026-01-31; today without it.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")
        parser.add_argument(
            "--no-asking", action="store_true", help="Compare with what the servers said last."
        )

    def handle(self, *args: Any, day: date | None, **options: Any) -> None:
        reports = days_of(day or today(), ask=not options["no_asking"])
        for report in reports:
            self.stdout.write(_as_json(report) if options["json"] else _as_text(report))
        unexplained = [str(report.channel) for report in reports if not report.is_explained]
        if unexplained:
            raise CommandError("Not explained: " + ", ".join(unexplained), returncode=1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it like {_example()}") from error


def _example() -> str:
    return str(today() - timedelta(days=1))


def _as_json(report: DayOfChannel) -> str:
    difference = report.difference
    return json.dumps(
        {
            "channel": report.channel.address,
            "kind": report.channel.kind,
            "day": str(report.day),
            "on_server": report.on_server,
            "asked_at": report.asked_at.isoformat() if report.asked_at else None,
            "kept": report.kept,
            "doors": report.doors,
            "fates": {NAMES.get(fate, fate): n for fate, n in report.fates.items()},
            "not_fetched_yet": sorted(difference.not_fetched_yet),
            "before_us": len(difference.before_us),
            "missing": sorted(difference.missing),
            "gone_from_server": sorted(difference.gone_from_server),
            "came_since": len(difference.came_since),
            "sentences": report.sentences,
            "is_explained": report.is_explained,
        },
        ensure_ascii=False,
    )


def _as_text(report: DayOfChannel) -> str:
    lines = [f"{report.channel} on {report.day}"]
    if report.on_server is not None:
        lines.append(f"  on the server  {report.on_server}")
    doors = ", ".join(f"{n} by {door}" for door, n in sorted(report.doors.items()))
    lines.append(f"  kept           {report.kept}" + (f" ({doors})" if doors else ""))
    lines += [f"    {NAMES.get(fate, fate):<15} {n}" for fate, n in sorted(report.fates.items())]
    lines += [f"  {sentence}" for sentence in report.sentences or ["The sums agree."]]
    return "\n".join(lines)
