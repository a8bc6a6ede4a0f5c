"""Many rows at once: COPY where the database has it, `bulk_create` elsewhere."""

import json
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connections, models, router

M = TypeVar("M", bound=models.Model)
BATCH = 2000


def insert_rows(rows: Sequence[M]) -> Sequence[M]:
    """Insert new rows of one model, setting keys the database gives; returns the same rows.

    On PostgreSQL this is one COPY; elsewhere `bulk_create`.
    Signals and `save()` do not run. Raises `IntegrityError` like any insert; wrap it in a
    transaction.
    """
    if not rows:
        return rows
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if connection.vendor == "postgresql":
        if isinstance(model._meta.pk, models.AutoField):
            _take_keys(connection, model, rows)
        fields = model._meta.concrete_fields
        read = attrgetter(*(field.attname for field in fields))
        _copy(connection, model, fields, (list(read(row)) for row in rows))
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
    _copy(connection, model, fields, ([row[n] for n in order] for row in values))


def _copy(
    connection: Any,
    model: type[models.Model],
    fields: Sequence["models.Field[Any, Any]"],
    rows: Iterable[list[Any]],
) -> None:
    """Stream rows, each with its values in the order of `fields`."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    as_json = [n for n, field in enumerate(fields) if isinstance(field, models.JSONField)]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            for n in as_json:
                row[n] = json.dumps(row[n])
            copy.write_row(row)


def _take_keys(connection: Any, model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Take the keys from the table's own sequence, so that later inserts go on after them."""
    key = model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, key.column, len(rows)],
        )
        for row, (value,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = value
