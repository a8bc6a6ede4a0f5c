"""Model fields that encrypt what they keep."""

import base64
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:  # Django's fields take no parameters at run time
    _TextField = models.TextField


class EncryptedJSONField(_TextField):
    """A JSON object kept as a Fernet token (AES-128-CBC with HMAC-SHA256).

    Keys: `settings.ENCRYPTION_KEYS`, newest first, or one derived from `SECRET_KEY`. A value that
    no key opens raises `InvalidToken` on reading instead of pretending to be empty.
    """

    # Read by django-stubs: what may be set, and what is got.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> str:
        return _box().encrypt(json.dumps(value or {}).encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        if not value:
            return {}
        return json.loads(_box().decrypt(value.encode()))

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) and value else value or {}

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj))


def _box() -> MultiFernet:
    return _box_for(tuple(settings.ENCRYPTION_KEYS), settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _box_for(keys: tuple[str, ...], secret_key: str) -> MultiFernet:
    if not keys:
        derived = HKDF(SHA256(), 32, salt=None, info=b"helpdesk fields").derive(secret_key.encode())
        keys = (base64.urlsafe_b64encode(derived).decode(),)
    return MultiFernet([Fernet(key) for key in keys])


__all__ = ["EncryptedJSONField", "InvalidToken"]
