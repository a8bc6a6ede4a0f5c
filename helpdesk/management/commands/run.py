"""`manage.py run`: the whole product in the foreground, until Ctrl-C."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run web, worker, beat and the mail listener (and Valkey, when REDIS_URL is not set)."

    def handle(self, *args: Any, **options: Any) -> None:
        # The supervisor keeps nothing of what this process has loaded.
        os.execv(sys.executable, [sys.executable, "-m", "helpdesk.supervisor"])
