"""The people of the demo: two teams, three agents, a manager, an administrator, customers."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Team, User
from customers.models import Address, Customer, name_words
from helpdesk.demo import PASSWORD
from helpdesk.lib.bulk import insert_rows
from helpdesk.lib.text import fold
from tickets.models import Channel

AGENTS = (
    ("ana@example.com", "Ana Ruiz", "Support"),
    ("ben@example.com", "Ben Carter", "Support"),
    ("carla@example.com", "Carla Nogueira", "Billing"),
)

FIRST = {
    "en": ("Emma", "Jack", "Olivia", "Noah", "Grace", "Liam", "Ruby", "Owen"),
    "es": ("Dora", "Javier", "Lucía", "Mateo", "Camila", "Andrés", "Valentina", "Diego"),
    "pt-br": ("Beatriz", "João", "Larissa", "Rafael", "Helena", "Tiago", "Marina", "Caio"),
}
LAST = {
    "en": ("Walker", "Hughes", "Bennett", "Murray", "Foster", "Reed", "Doyle"),
    "es": ("Gil", "Romero", "Castro", "Vega", "Ortega", "Rojas", "Paredes"),
    "pt-br": ("Souza", "Ferreira", "Lima", "Barros", "Teixeira", "Moraes", "Pinto"),
}
ZONES = {
    "en": ("Europe/London", "America/New_York"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota"),
    "pt-br": ("America/Sao_Paulo", "Europe/Lisbon"),
}
LANGUAGES = ("es", "en", "pt-br")


@dataclass(frozen=True)
class Cast:
    teams: Sequence[Team]
    agents: Mapping[int, Sequence[User]]
    channels: dict[str, Channel]


@dataclass(frozen=True)
class Person:
    """A customer of the demo with the address they write from."""

    customer: Customer
    address: str


def make_cast() -> Cast:
    """The staff; whoever exists stays as they are."""
    mailbox = Channel.objects.get(kind="email", address="support@example.com")
    support = mailbox.default_team or Team.objects.get_or_create(name="Support")[0]
    billing, _made = Team.objects.get_or_create(name="Billing")
    teams = {"Support": support, "Billing": billing}
    _user("mia@example.com", "Mia Weber", role=User.Role.MANAGER)
    _user("admin@example.com", "Alex Admin", role=User.Role.ADMIN)
    agents: dict[int, list[User]] = {support.pk: [], billing.pk: []}
    for email, name, team_name in AGENTS:
        user = _user(email, name)
        user.teams.add(teams[team_name])
        agents[teams[team_name].pk].append(user)
    form, _made = Channel.objects.get_or_create(
        kind="webform",
        address="contact",
        defaults={
            "name": "Contact form",
            "default_team": support,
            "settings": {"acknowledge": True},
        },
    )
    phone, _made = Channel.objects.get_or_create(
        kind="phone", address="+34910000000", defaults={"name": "Phone", "default_team": support}
    )
    channels = {"email": mailbox, "webform": form, "phone": phone}
    return Cast((support, billing), agents, channels)


def _user(email: str, name: str, role: str = User.Role.AGENT) -> User:
    """A colleague without a language of their own: the pages follow the browser."""
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, PASSWORD, name=name, role=role)


def make_customers(rng: random.Random, count: int, at: datetime) -> list[Person]:
    """`count` customers, a third of each language, in bulk."""
    made = []
    before = Customer.objects.count()  # a second past on the same database gets new addresses
    for n in range(count):
        language = LANGUAGES[n % len(LANGUAGES)]
        first, last = rng.choice(FIRST[language]), rng.choice(LAST[language])
        zone = rng.choice(ZONES[language])
        customer = Customer(
            name=f"{first} {last}",
            name_words=name_words(f"{first} {last}"),
            language=language,
            time_zone=zone,
            created_at=at,
        )
        made.append((customer, f"{fold(first)}.{fold(last)}{before + n}@example.net"))
    insert_rows([customer for customer, _address in made])
    insert_rows([Address(customer=c, kind="email", value=a, created_at=at) for c, a in made])
    return [Person(customer, address) for customer, address in made]
