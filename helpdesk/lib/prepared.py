"""Queries that are written once and asked many times.

Building a queryset and turning it into SQL takes Django longer than a lookup by key takes the
database, and planning a join takes PostgreSQL longer than following it. For the few reads that
every page of the workspace makes, both are kept; only the ids change:

    TAGS = Prepared(lambda: Tag.objects.filter(tickets=Id("ticket")))
    TAGS.all(ticket=7)
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import BigIntegerField, Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T")
LARGEST_ID = 2**63 - 1


class Id(Expression):
    """A number that is only known when the query is asked."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=BigIntegerField())
        self.name = name

    def as_sql(self, _compiler: SQLCompiler, _connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]


class Prepared(Generic[T]):
    """What a queryset finds, for other ids each time.

    `build` makes it, with an `Id` for each number that changes; it is called once for each
    connection. How many values stand in an `IN` cannot change, and nothing is prefetched.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, T]]) -> None:
        self._build = build
        # A connection belongs to a thread, and so do the statements it knows.
        self._known = threading.local()

    def all(self, **ids: int) -> Sequence[T]:
        """Ask the database. A number that is too large for an id finds nothing.

        Raises `KeyError` for an id that is not given.
        """
        if any(value > LARGEST_ID for value in ids.values()):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        statement: _Statement[T] | None = getattr(self._known, "statement", None)
        if statement is None or statement.connection is not connection:
            statement = self._known.statement = _Statement(self._build(), connection)
        return statement.all(ids)

    def first(self, **ids: int) -> T | None:
        found = self.all(**ids)
        return found[0] if found else None


class _Statement(Generic[T]):
    """The queryset makes its objects as always; only the way to its rows is shorter."""

    def __init__(self, queryset: QuerySet[Any, T], connection: BaseDatabaseWrapper) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        self.connection = connection
        self.queryset: Any = queryset
        self.ids: Mapping[str, int] = {}
        converters = compiler.get_converters([column for column, *_rest in compiler.select])
        compiler.get_converters = lambda _columns: converters  # type: ignore[method-assign]
        compiler.execute_sql = self._rows  # type: ignore[method-assign]
        queryset.query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign]

    def all(self, ids: Mapping[str, int]) -> Sequence[T]:
        self.ids = ids
        return list(self.queryset._iterable_class(self.queryset))

    def _rows(self, *_args: object, **_options: object) -> Sequence[Sequence[tuple[Any, ...]]]:
        try:
            return self._ask()
        except NotSupportedError:
            # A migration changed a column while this connection lived: its plan is of no use.
            if self.connection.in_atomic_block:
                raise
            self.connection.close()
            return self._ask()

    def _ask(self) -> Sequence[Sequence[tuple[Any, ...]]]:
        values = [self.ids[param.name] if isinstance(param, Id) else param for param in self.params]
        with self.connection.cursor() as cursor:
            # A log of queries wants them with their values in place.
            if self.connection.vendor == "postgresql" and not self.connection.queries_logged:
                _let_it_prepare(cursor)
            cursor.execute(self.sql, values)
            return [cursor.fetchall()]


def _let_it_prepare(cursor: CursorWrapper) -> None:
    from helpdesk.lib.postgres import PreparingCursor

    cursor.cursor = PreparingCursor(cursor.cursor.connection)
