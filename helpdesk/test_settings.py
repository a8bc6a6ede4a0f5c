"""Settings of the tests: the product's own, with fast passwords and nothing outside the process.

`DATABASE_URL` chooses the database; without it SQLite, as a file: threads
then meet the same locks as in the product. A developer's `.env` is not read.
"""

import os
import tempfile

os.environ["ENV_FILE"] = os.devnull
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="helpdesk-test-")
for name in ("PRODUCTION", "DEBUG", "DEMO", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "SMTP_URL"):
    os.environ.pop(name, None)

from helpdesk.settings import *  # noqa: E402, F403  the environment must be clean first

SECRET_KEY = "a key for tests only, of no use anywhere else"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # noqa: F405
