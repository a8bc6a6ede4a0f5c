"""`rebuild_metrics`: calculate all figures again from the event log, or check them."""

import sys
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from reports import services

SHOWN = 50


class Command(BaseCommand):
    help = "Calculate all figures of tickets again from the event log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; list what differs from the event log and fail if anything does.",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._check()
            return
        done = 0
        for done in services.rebuild():
            if options["verbosity"] > 1:
                self.stdout.write(str(done))
        self.stdout.write(_("%(count)d tickets calculated.") % {"count": done})

    def _check(self) -> None:
        found = services.differences()
        shown = list(islice(found, SHOWN))
        for difference in shown:
            self.stdout.write(
                f"#{difference.ticket_id} {difference.field}: "
                f"{difference.stored} ≠ {difference.calculated}"
            )
        more = sum(1 for _difference in found)
        if more:
            self.stdout.write(_("… and %(count)d more.") % {"count": more})
        if shown:
            sys.exit(1)
        self.stdout.write(_("All figures agree with the event log."))
