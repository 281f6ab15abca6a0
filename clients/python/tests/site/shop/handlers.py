from bitacora_logging import BitacoraHandler


class CustomHandler(BitacoraHandler):
    """A handler of the application's own, which adds metadata to every record."""

    def emit(self, record):
        record.metadata = {"environment": "production", "release": "2.4.1"}
        super().emit(record)
