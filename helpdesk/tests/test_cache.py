"""The shared cache while its server is away."""

import pytest

from helpdesk.cache import SharedCache


@pytest.fixture
def cache(tmp_path) -> SharedCache:
    return SharedCache(f"unix://{tmp_path}/nobody-listens.sock?db=0", {})


def test_it_counts_in_memory(cache):
    assert cache.add("tries", 1)
    assert not cache.add("tries", 1)
    assert cache.incr("tries") == 2
    assert cache.get("tries") == 2
    assert cache.get_many(["tries", "other"]) == {"tries": 2}


def test_sign_in_works_without_the_server(client, ana, settings, tmp_path):
    settings.CACHES = {
        "default": {
            "BACKEND": "helpdesk.cache.SharedCache",
            "LOCATION": f"unix://{tmp_path}/nobody-listens.sock?db=0",
        }
    }
    response = client.post(
        "/accounts/login/", {"login": "ana@example.com", "password": "correct horse"}
    )
    assert response.status_code == 302
