"""The tests themselves stay inside the machine and inside their own folder."""

import socket
from pathlib import Path

import pytest
from django.conf import settings
from pytest_socket import SocketConnectBlockedError


def test_the_state_folder_is_a_fresh_one():
    assert Path(settings.VAR_DIR) != settings.BASE_DIR / "var"


def test_no_test_reaches_the_internet():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
