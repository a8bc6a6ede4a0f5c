"""`manage.py measure`: time pages and intake on the configured database; used by `make bench`."""

import json

from django.core.management.base import BaseCommand

from helpdesk.bench.measure import measure


class Command(BaseCommand):
    help = "Times pages and mail intake on this database and prints one JSON object."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(json.dumps(measure()))
