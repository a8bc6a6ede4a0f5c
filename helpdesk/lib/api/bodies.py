"""Bodies that say exactly what they mean: no unknown field, no text where a number belongs."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, NoReturn

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

UNKNOWN = gettext_lazy("There is no such field here, or it cannot be written.")


class StrictParser(JSONParser):
    """JSON no larger than a form may be (bytes), and no deeper than Python can follow."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error


class BodyTooLarge(APIException):
    status_code = 413
    default_detail = gettext_lazy("This is too large for one request.")
    default_code = "too_large"


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know, and those that cannot be written."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := [str(name) for name in data if name not in writable]:
                raise serializers.ValidationError({name: [UNKNOWN] for name in sorted(unknown)})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A JSON string; numbers and booleans are refused instead of being turned into words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A JSON number; `"5"` and `true` are refused."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a list, in the same JSON type as in the list."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("Write one of: {allowed}."),
    }

    def fail(self, key: str, **values: Any) -> NoReturn:
        allowed = ", ".join(str(choice) or '""' for choice in self.choices)
        super().fail(key, allowed=allowed, **values)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, type(next(iter(self.choices)))) or isinstance(data, bool):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A point in time with its offset (ISO 8601); one without an offset would be a guess."""

    default_error_messages = {
        "no_zone": gettext_lazy("Say the offset too, as in 2026-03-01T09:00:00Z."),
    }

    def enforce_timezone(self, value: Any) -> Any:
        if value.tzinfo is None:
            self.fail("no_zone")
        return super().enforce_timezone(value)

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        return super().to_internal_value(value)


@extend_schema_field(OpenApiTypes.INT)
class Reference(serializers.PrimaryKeyRelatedField[Any]):
    """The id of something the user may see: `queryset` is a function of the user."""

    default_error_messages = {
        "does_not_exist": gettext_lazy("There is nothing with the id {pk_value}."),
        "incorrect_type": gettext_lazy("Write the id as a number."),
    }

    def __init__(self, *, visible: Callable[[Any], QuerySet[Any]], **options: Any) -> None:
        self.visible = visible
        super().__init__(**options)

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return self.visible(user)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":  # which DRF takes for null
            self.fail("incorrect_type", data_type="str")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)
