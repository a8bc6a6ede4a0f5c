"""`manage.py setup_defaults`: what a help desk needs before anybody configured anything."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import Team
from surveys.services import create_default_surveys
from tickets.models import Channel

TEAM = "Support"


class Command(BaseCommand):
    help = "Create a default team with its mail channel, and the surveys, where there are none yet."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        create_default_surveys()
        self._create_mail_channel(options["verbosity"])

    def _create_mail_channel(self, verbosity: int) -> None:
        if Channel.objects.filter(kind="email").exists():
            return
        team = Team.objects.order_by("id").first() or Team.objects.create(name=TEAM)
        channel, _made = Channel.objects.get_or_create(
            kind="email",
            address=settings.DEFAULT_FROM_EMAIL.lower(),
            defaults={
                "name": team.name,
                "default_team": team,
                "language": settings.LANGUAGE_CODE,
            },
        )
        if verbosity:
            self.stdout.write(f"Mail to {channel.address} goes to the team {team.name}.")
