import pytest


@pytest.fixture
def the_products_own_mail(settings) -> None:
    """Django's test runner puts mail aside; here it takes the way it takes in the product."""
    settings.EMAIL_BACKEND = "messaging.email.backend.DeliveryLogBackend"
