"""Static files: hashed names in production, plain names while nothing was collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    # A file that is missing from the manifest (tests, first run) keeps its plain name.
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Even without strictness Django reads the collected file, and fails when there is none."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name
