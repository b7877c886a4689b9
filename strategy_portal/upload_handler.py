"""How a file that is sent reaches a form: held in memory up to a limit, never written to disk before it has been looked at."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploadHandler(FileUploadHandler):
    """Of a file that is too large only its name and its size reach the form, which can then say so beside its field, with
    all that was typed still there. The limit, FILE_UPLOAD_MAX_MEMORY_SIZE, is for all the files of one request together."""

    held = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.held += len(raw_data)
        if self.held > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self.kept = None
        elif self.kept:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Its `size` is more than the limit where nothing of it was kept."""
        size = file_size if self.kept else max(file_size, settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1)
        kept = self.kept or BytesIO()
        kept.seek(0)
        return InMemoryUploadedFile(
            kept, self.field_name, self.file_name, self.content_type, size, self.charset, self.content_type_extra
        )
