"""`BitacoraHandler`: what a `LOGGING` dictionary names."""
import logging
import os
import sys
import weakref
from typing import Any, Dict, Iterable, Optional, Union

from . import options
from .record import capture, without_content
from .sender import Sender, Settings


class BitacoraHandler(logging.Handler):
    """Sends records to a Bitácora server, without ever making the program wait or fail.

    endpoint: the server's address, http or https.
    api_key, or api_key_file, or the environment variable BITACORA_API_KEY: the key, where the server wants one.
    source: the name under which the records are found; the Django project's, else the program's, unless given.
    batch_size, batch_timeout: a request has at most so many records, and a record waits at most so many seconds for others.
    queue_maxsize: so many records wait in memory; when full, the newest are dropped and counted (the last eighth is for WARNING and above).
    spool_directory: batches are on disk there until the server has acknowledged them, for this process or the next one.
    max_spool_bytes: what all processes together may have there.
    timeout: seconds that the server has for an answer. shutdown_timeout: seconds for what is left when the program ends.
    redact: names of extra attributes and of keys in them, in any case, whose values are replaced by "[redacted]".

    Wrong options raise TypeError or ValueError with the option's name; a server that is away is no error. Any thread may log, also under
    asyncio, in signal handlers, and in both processes after a fork: the child begins with an empty queue and an identity of its own.
    """

    def __init__(
            self,
            endpoint: str = "http://127.0.0.1:7600",
            *,
            api_key: Optional[str] = None,
            api_key_file: "Union[None, str, os.PathLike[str]]" = None,
            source: Optional[str] = None,
            batch_size: int = 100,
            batch_timeout: float = 1.0,
            queue_maxsize: int = 10000,
            spool_directory: "Union[None, str, os.PathLike[str]]" = None,
            max_spool_bytes: int = 1024 * 1024 * 1024,
            timeout: float = 10.0,
            shutdown_timeout: float = 5.0,
            redact: Iterable[str] = (),
            level: Union[int, str] = logging.NOTSET,
            **unknown: Any) -> None:
        options.refuse_unknown(unknown)
        self._redact = options.redact_of(redact)
        self._settings = Settings(
            endpoint=options.endpoint_of(endpoint),
            key=options.key_of(api_key, api_key_file),
            source=options.source_of(source),
            batch_size=int(options.number_of("batch_size", batch_size, 1, 10000, whole=True)),
            batch_timeout=options.number_of("batch_timeout", batch_timeout, 0.001, 3600, whole=False),
            queue_maxsize=int(options.number_of("queue_maxsize", queue_maxsize, 1, 10000000, whole=True)),
            spool_directory=options.spool_directory_of(spool_directory),
            max_spool_bytes=int(options.number_of("max_spool_bytes", max_spool_bytes, 1024 * 1024, 1 << 50, whole=True)),
            timeout=options.number_of("timeout", timeout, 0.1, 3600, whole=False),
            shutdown_timeout=options.number_of("shutdown_timeout", shutdown_timeout, 0, 3600, whole=False))
        self._sender = Sender(self._settings)
        super().__init__(level)
        _handlers.add(self)

    def handle(self, record: logging.LogRecord) -> bool:
        """As every handler's, but without its lock: `logging.shutdown` holds that while `close` waits, and the queue has its own."""
        passed: Any = self.filter(record) if self.filters else True
        if passed:
            # From Python 3.12 on a filter may give another record in place of the first.
            self.emit(record if passed is True or not isinstance(passed, logging.LogRecord) else passed)
        return bool(passed)

    def emit(self, record: logging.LogRecord) -> None:
        """Captures the record and puts it into the queue; never waits, never raises."""
        try:
            captured = capture(record, self._redact)
        except Exception as error:
            captured = without_content(getattr(record, "levelno", None), getattr(record, "name", None), error)
        self._sender.put(captured)

    def flush(self) -> None:
        """Sends what waits without waiting for a full batch; returns at once. `drain` waits."""
        self._sender.flush()

    def drain(self, timeout: float = 5.0) -> bool:
        """Sends what waits, and waits at most so many seconds; True if the server has acknowledged all of it (or refused it)."""
        return self._sender.drain(timeout)

    def get_stats(self) -> Dict[str, Any]:
        """What has become of the records, of one instant, since this process began.

        logs_queued = logs_written + waiting + dropped_spool + dropped_refused + dropped_shutdown; logs_dropped is the sum of these three
        and of dropped_full, the records that the full queue did not take.
        """
        stats = self._sender.stats()
        dropped = stats["dropped_full"] + stats["dropped_spool"] + stats["dropped_refused"] + stats["dropped_shutdown"]
        return {
            "logs_queued": stats.pop("accepted"), "logs_written": stats.pop("delivered"), "logs_dropped": dropped,
            "oldest_unsent_seconds": stats.pop("oldest"), **stats}

    def close(self) -> None:
        """Brings away what waits within shutdown_timeout; the rest stays in the spool, or is dropped and counted. Called at exit."""
        self._sender.stop(self._settings.shutdown_timeout)
        super().close()

    def _begin_anew(self) -> None:
        """In the child of a fork."""
        parents, self._sender = self._sender, Sender(self._settings)
        parents.abandon()


_handlers: "weakref.WeakSet[BitacoraHandler]" = weakref.WeakSet()


def _after_fork() -> None:
    for handler in list(_handlers):
        handler._begin_anew()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_after_fork)
