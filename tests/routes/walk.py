"""Every address of the product, as the URL conf has it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import URLPattern, get_resolver

from tests.routes.table import ADMINS, ROWS, Row
from tests.routes.world import World

# Redirects and catch-alls of Django's admin: an old address of an object, and what matches nothing.
WITHOUT_NAME = re.compile(r"admin/(.*<path:object_id>/|\(\?P<url>\.\*\)\$)\Z")


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_admin_model(self) -> bool:
        return self.name.startswith("admin:") and self.name not in ROWS


def routes() -> Iterator[Route]:
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: Any, path: str, space: str) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)
        elif pattern.name or not WITHOUT_NAME.match(here):
            yield Route(_name(pattern, space, here), here, _parameters(here), pattern.callback)


def _name(pattern: URLPattern, space: str, path: str) -> str:
    return f"{space}{pattern.name}" if pattern.name else path or "start"


def _parameters(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"<(?:\w+:)?(\w+)>", path))


def row_of(route: Route) -> Row | None:
    """The row of the table; models in the admin without one are for administrators alone."""
    if route.name in ROWS:
        return ROWS[route.name]
    if not route.is_admin_model:
        return None
    return Row({"GET": ADMINS, "POST": ADMINS}, kwargs={"object_id": _an_object(route)})


def _an_object(route: Route) -> str:
    """The number of the first object of the admin's model, as far as there is one."""
    label, model, _page = route.name.removeprefix("admin:").rsplit("_", 2)
    found = apps.get_model(label, model)._default_manager.first()
    return str(found.pk) if found else "999999"


def address_of(route: Route, row: Row, world: World, **changes: Any) -> str:
    """The path with its parameters filled in."""
    values = {
        **world.ids,
        "token": world.tokens.get(row.token, ""),
        **_given(row, world),
        **changes,
    }

    def value(found: re.Match[str]) -> str:
        return str(values[found[1]])

    path = re.sub(r"<(?:\w+:)?(\w+)>", value, re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route.path))
    return "/" + path.replace("^", "").replace("$", "") + row.query


def _given(row: Row, world: World) -> dict[str, Any]:
    """The row's own values; the name of an id stands for that id."""
    return {name: world.ids.get(value, value) for name, value in row.kwargs.items()}
