"""Addresses of static files, collected or not."""

from django.test import override_settings

from helpdesk.storage import StaticFiles


def test_a_file_that_was_not_collected_keeps_its_plain_name(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path):
        assert StaticFiles().url("css/theme.css") == "/static/css/theme.css"
