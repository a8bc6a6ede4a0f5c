"""Form fields that more than one app needs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from helpdesk.lib.text import file_size

MAX_FILES = 10


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field; its value is a list, empty when nothing was chosen."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _ManyFiles())
        super().__init__(**{"required": False, **options})

    def clean(self, data: Any, initial: Any = None) -> Any:
        chosen: Sequence[UploadedFile[Any]] = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(file, initial) for file in chosen if file]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Attach at most %(n)d files.") % {"n": MAX_FILES})
        if sum(file.size or 0 for file in files) > settings.MAX_ATTACHMENT_BYTES:
            raise forms.ValidationError(
                _("Together the files may have %(size)s. Send the larger ones another way.")
                % {"size": file_size(settings.MAX_ATTACHMENT_BYTES)}
            )
        return files
