"""Who is asking, for views that only signed-in people reach."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


def user_of(request: HttpRequest | Request) -> User:
    """The signed-in user. A view that forgot its guard is refused here instead of in the verb."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
