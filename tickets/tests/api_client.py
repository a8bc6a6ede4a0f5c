"""A program that speaks to the REST API."""

import json
from typing import Any

import pytest

from accounts.models import User
from accounts.services import create_api_token

LIST = "/api/v1/tickets/"


def with_token(client: Any, user: User, scope: str = "write") -> Any:
    _token, secret = create_api_token(user=user, name="test", scope=scope)
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {secret}"
    return client


def send(client: Any, method: str, url: str, body: object) -> Any:
    return getattr(client, method)(url, json.dumps(body), content_type="application/json")


@pytest.fixture
def api(client, ana):
    """A client with a writing token of Ana, an agent of Support."""
    return with_token(client, ana)
