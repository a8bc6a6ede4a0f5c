"""`manage.py prepare`: database, default channel and static files, ready to run."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from helpdesk.prepare import prepare
from helpdesk.supervisor.main import PRIVATE


class Command(BaseCommand):
    help = "Migrate, create the default mail channel, collect static files; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(PRIVATE)
        prepare()
        if options["verbosity"]:
            self.stdout.write("Ready. Start it with: make run")
