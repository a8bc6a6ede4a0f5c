"""Many rows at once: COPY where the database has it, `bulk_create` elsewhere."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connections, models, router

M = TypeVar("M", bound=models.Model)
BATCH = 2000


def insert_rows(rows: Sequence[M]) -> Sequence[M]:
    """Insert new rows of one model, setting keys the database gives; returns the same rows.

    On PostgreSQL this is one COPY, about five times as fast as INSERT; elsewhere `bulk_create`.
    Signals and `save()` do not run. Raises `IntegrityError` like any insert; wrap it in a
    transaction.
    """
    if not rows:
        return rows
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if connection.vendor == "postgresql":
        _copy(connection, model, rows)
    else:
        model._default_manager.bulk_create(rows, batch_size=BATCH)
    return rows


def insert_values(
    model: type[models.Model], names: Sequence[str], values: Sequence[Sequence[Any]]
) -> None:
    """Insert rows given as values in the order of `names` (attribute names), without objects.

    For the rows that a history has most of: nobody needs their keys afterwards.
    """
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql":
        rows = [model(**dict(zip(names, row, strict=True))) for row in values]
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        return
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    order = [names.index(field.attname) for field in fields]
    as_json = [isinstance(field, models.JSONField) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in values:
            copy.write_row(
                [json.dumps(row[n]) if js else row[n] for n, js in zip(order, as_json, strict=True)]
            )


def _copy(connection: Any, model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = model._meta.concrete_fields
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    readers = [_reader(field) for field in fields]
    with connection.cursor() as cursor:
        if isinstance(model._meta.pk, models.AutoField):
            _take_keys(cursor, model, rows)
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row([read(row) for read in readers])


def _take_keys(cursor: Any, model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Take the keys from the table's own sequence, so that later inserts go on after them."""
    key = model._meta.pk
    assert key is not None
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [model._meta.db_table, key.column, len(rows)],
    )
    for row, (value,) in zip(rows, cursor.fetchall(), strict=True):
        row.pk = value


def _reader(field: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    name = field.attname
    if isinstance(field, models.JSONField):
        return lambda row: json.dumps(getattr(row, name))
    return lambda row: getattr(row, name)
