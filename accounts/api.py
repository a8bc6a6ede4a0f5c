"""REST resources: teams and agents, as far as colleagues need them."""

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.access import user_of
from accounts.models import Team, User
from accounts.selectors import agents_visible_to, teams_visible_to
from helpdesk.lib.api.lists import ListView


class TeamRow(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ("id", "name")


class AgentRow(serializers.ModelSerializer[User]):
    """No address, no role, nothing about signing in."""

    teams = serializers.PrimaryKeyRelatedField(many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = User
        fields = ("id", "name", "teams")


class TeamList(ListView):
    serializer_class = TeamRow
    queryset = Team.objects.none()
    orderings = ("name", "-name", "id", "-id")

    def get_queryset(self) -> QuerySet[Team]:
        return teams_visible_to(user_of(self.request))


class AgentList(ListView):
    serializer_class = AgentRow
    queryset = User.objects.none()
    orderings = ("name", "-name", "id", "-id")

    def get_queryset(self) -> QuerySet[User]:
        return agents_visible_to(user_of(self.request)).prefetch_related("teams")
