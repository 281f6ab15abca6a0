"""One kept-alive connection to the server, and what its answers mean."""
import http.client
import json
import os
import ssl
import time
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, Dict, NamedTuple, Optional

from .batch import Batch
from .options import Endpoint, KeySource
from .version import __version__

CLIENT = "bitacora-logging/" + __version__
ANSWER_BYTES = 1024 * 1024

# So much of what the server says is repeated on standard error.
WORDS = 500

# Looking up a host name loads this codec. If the thread loaded it, a child forked just then would inherit Python's lock of that module,
# and wait for it for ever.
"localhost".encode("idna")


class Verdict(Enum):
    """What becomes of a batch."""

    TAKEN = "taken"
    RETRY = "retry"
    RETRY_SLOWLY = "retry slowly"
    REFUSED = "refused"
    TOO_LARGE = "too large"  # as it is; its halves may be taken


class Answer(NamedTuple):
    verdict: Verdict
    taken: int = 0
    retry_after: Optional[float] = None
    error: str = ""


class Transport:
    """Used by one thread; `abort` may come from another."""

    def __init__(self, endpoint: Endpoint, key: KeySource) -> None:
        self._endpoint = endpoint
        self._key = key
        self._tls: Optional[ssl.SSLContext] = None
        self._connection: Optional[http.client.HTTPConnection] = None

    def post(self, batch: Batch, sender: str, timeout: float) -> Answer:
        """Sends a batch; never raises for what the network or the server does."""
        headers = {
            "Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", "User-Agent": CLIENT, "Accept": "application/json",
            "Bitacora-Origin": batch.origin, "Bitacora-Position": str(batch.position), "Bitacora-Sender": sender}
        key = self._key.current()
        if key:
            headers["Authorization"] = "Bearer " + key
        reused = self._connection is not None
        try:
            try:
                return self._exchange(batch, headers, timeout)
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
                if not reused:
                    raise
                # A server may close a connection that idles just when it is used again: that says nothing about the server.
                self.close()
                return self._exchange(batch, headers, timeout)
        except Exception as error:
            self.close()
            return Answer(Verdict.RETRY, error=_words(error))

    def _exchange(self, batch: Batch, headers: Dict[str, str], timeout: float) -> Answer:
        connection = self._connection
        if connection is None:
            endpoint = self._endpoint
            if not endpoint.tls:
                connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=timeout)
            else:
                self._tls = self._tls or ssl.create_default_context()
                connection = http.client.HTTPSConnection(endpoint.host, endpoint.port, timeout=timeout, context=self._tls)
            self._connection = connection
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        else:
            connection.timeout = timeout
        connection.request("POST", self._endpoint.path, batch.body, headers)
        response = connection.getresponse()
        body = response.read(ANSWER_BYTES)
        if response.will_close or not response.isclosed():
            self.close()
        if response.status in (401, 403):
            self._key.refresh()
        return judge(response.status, body, response.getheader("Retry-After"), batch.records)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def abort(self) -> None:
        """Ends a request that another thread waits for."""
        connection = self._connection
        # Read once: the other thread may close it at any moment, and its end must not fail the program's.
        sock = None if connection is None else connection.sock
        try:
            if sock is not None:
                sock.shutdown(2)
        except OSError:
            pass

    def abandon(self) -> None:
        """In the child of a fork: gives its copy of the connection back to the system, without a byte to the parent's peer."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None and connection.sock is not None:
                os.close(connection.sock.detach())
        except OSError:
            pass


def judge(status: int, body: bytes, retry_after: Optional[str], count: int) -> Answer:
    """What an answer means for a batch of so many records."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    members: Dict[str, Any] = problem if isinstance(problem, dict) else {}
    accepted = members.get("accepted")
    taken = min(max(accepted, 0), count) if isinstance(accepted, int) else 0
    words = "HTTP %d" % status
    for name in ("code", "title", "detail"):
        value = members.get(name)
        if isinstance(value, str) and value:
            words += ": " + _printable(value)
            break
    if status in (200, 201):
        if isinstance(accepted, int):
            rejected = count - taken
            error = "%d records refused: %s" % (rejected, _first_reason(members)) if rejected else ""
            return Answer(Verdict.TAKEN, taken, error=error)
        return Answer(Verdict.RETRY_SLOWLY, error="HTTP %d without a Bitácora server's answer: is the endpoint right?" % status)
    if status in (408, 425, 429) or status >= 500:
        return Answer(Verdict.RETRY, retry_after=_seconds(retry_after), error=words)
    wrongly_configured = status == 403 and members.get("code") in ("key_scope", "foreign_host")
    if status == 413 and count > 1:
        return Answer(Verdict.TOO_LARGE, error=words)
    if status in (400, 403, 409, 413, 415, 422) and not wrongly_configured:
        return Answer(Verdict.REFUSED, taken, error=words)
    # A wrong key, a wrong host or path, a redirect, something that is no Bitácora server: the configuration must change, not the batch.
    return Answer(Verdict.RETRY_SLOWLY, error=words)


def _first_reason(members: Dict[str, Any]) -> str:
    errors = members.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return _printable(str(first.get("reason"))) if isinstance(first, dict) else "the server says no reason"


def _seconds(retry_after: Optional[str]) -> Optional[float]:
    if not retry_after:
        return None
    try:
        return max(0.0, float(int(retry_after)))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return None


def _words(error: Exception) -> str:
    text = _printable(str(error))
    name = type(error).__name__
    return name + ": " + text if text else name


def _printable(text: str) -> str:
    """Words of the server without what would move a terminal's cursor or begin a line of its own."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:WORDS])
