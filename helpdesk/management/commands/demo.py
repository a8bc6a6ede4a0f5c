"""`manage.py demo`: load the demo company, or a large past to measure on."""

import argparse
import time

from django.core.management.base import BaseCommand

from helpdesk.demo.load import SHOWN_UP_TO, SMALL, is_empty, load_demo


class Command(BaseCommand):
    help = (
        "Loads a demo company with a plausible past: teams, agents, customers, tickets, surveys. "
        "With --tickets 100000 it fills a database to measure on (seeded, in bulk)."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--tickets", type=int, default=SMALL, help="how many tickets")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same past")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when somebody works here already"
        )

    def handle(self, *args: object, **options: int) -> None:
        if options["if_empty"] and not is_empty():
            return
        started = time.monotonic()
        told = load_demo(tickets=options["tickets"], seed=options["seed"])
        messages = sum(len(t.story.chronicle.messages) for t in told)
        self.stdout.write(
            f"{len(told)} tickets, {messages} messages in {time.monotonic() - started:.1f} s"
        )
        if len(told) > SHOWN_UP_TO:
            self.stdout.write("Their figures are calculated by: manage.py rebuild_metrics")
