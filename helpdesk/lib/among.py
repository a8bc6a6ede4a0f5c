"""A column among many numbers, as one parameter."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Value
from django.db.models.sql.compiler import SQLCompiler


class Among(Func):
    """`Among("requester_id", ids)`: a condition for `filter()`.

    `requester__in=ids` gives the database a statement with a thousand parameters to read; here
    they are one array, and PostgreSQL still follows an index for each of two conditions in an "or".
    """

    output_field = BooleanField()

    def __init__(self, column: str, ids: Iterable[int]) -> None:
        super().__init__(F(column), Value(sorted(ids)))

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_options: Any
    ) -> Any:
        column, ids = self.get_source_expressions()
        sql, params = compiler.compile(column)
        assert isinstance(ids, Value)
        if connection.vendor == "postgresql":
            return sql + " = ANY(%s::bigint[])", [*params, ids.value]
        both = [*params, json.dumps(ids.value)]
        return sql + " IN (SELECT value FROM json_each(%s))", both  # noqa: S608  a column's name
