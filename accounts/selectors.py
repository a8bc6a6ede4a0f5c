"""Reads on agents and teams."""

from django.db.models import Q, QuerySet

from accounts.models import ApiToken, Team, User


def active_agents() -> QuerySet[User]:
    """Everybody who can be given a ticket, by name."""
    return User.objects.filter(is_active=True).order_by("name", "id")


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Every team: an agent may hand a ticket over to any of them."""
    return Team.objects.all() if user.is_active else Team.objects.none()


def team_ids_of(user: User) -> list[int]:
    return list(user.teams.values_list("id", flat=True))


def agents_visible_to(user: User) -> QuerySet[User]:
    """Colleagues one may assign to or mention."""
    return active_agents() if user.is_active else User.objects.none()


def find_agent(address: str) -> User | None:
    """The active agent who owns this e-mail address."""
    return User.objects.filter(Q(email=address.strip().lower()), is_active=True).first()


def api_tokens_of(user: User) -> QuerySet[ApiToken]:
    """The user's own tokens, newest first: nobody else sees or revokes them here."""
    return ApiToken.objects.filter(user=user).order_by("-id")
