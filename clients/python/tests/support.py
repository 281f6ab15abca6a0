"""What the tests share: a server that answers as a script says, the real one, and waiting without sleeping blindly."""
import gzip
import http.server
import json
import logging
import os
import re
import select
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple, Union
from unittest import mock

from bitacora_logging import BitacoraHandler, backoff

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Request(NamedTuple):
    headers: Any
    raw: bytes
    lines: List[Dict[str, Any]]
    connection: Tuple[str, int]

    @property
    def identity(self) -> Tuple[str, int]:
        return self.headers["Bitacora-Origin"], int(self.headers["Bitacora-Position"])


Behaviour = Union[int, Tuple[int, Dict[str, str], str], str]


class ScriptedServer:
    """Takes batches as the real server does: each (origin, position) once. The script says how the first requests are answered instead:

    a status, a tuple (status, headers, body), or `close` (takes, then closes without an answer), `lose` (closes without taking),
    `reset` (the same with a reset), `hang` (takes, then does not answer until `release`). A body of more than `most_bytes` gets a 413.
    """

    def __init__(self, *script: Behaviour, keep: bool = True, port: int = 0, most_bytes: Optional[int] = None) -> None:
        self.script = list(script)
        self.requests: List[Request] = []
        self.records: Dict[Tuple[str, int], Dict[str, Any]] = {}
        self.duplicates = 0
        self.released = threading.Event()
        self._changed = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if keep else "HTTP/1.0"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                text = gzip.decompress(raw).decode("utf-8")
                request = Request(self.headers, raw, [json.loads(line) for line in text.split("\n")[:-1]], self.client_address)
                with outer._changed:
                    behaviour = outer.script.pop(0) if outer.script else 200
                    if behaviour == 200 and most_bytes is not None and len(text) > most_bytes:
                        behaviour = 413
                    outer.requests.append(request)
                    taken = 0
                    if behaviour in (200, "close", "hang"):
                        taken = outer._take(request)
                    outer._changed.notify_all()
                outer._behave(self, behaviour, len(request.lines), taken)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # clients of these tests go away in every way

        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self.endpoint = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _take(self, request: Request) -> int:
        origin, position = request.identity
        for i, line in enumerate(request.lines):
            if (origin, position + i) in self.records:
                self.duplicates += 1
            else:
                self.records[origin, position + i] = line
        return len(request.lines)

    def _behave(self, handler: http.server.BaseHTTPRequestHandler, behaviour: Behaviour, lines: int, taken: int) -> None:
        if behaviour == "hang":
            self.released.wait(30)
            behaviour = "close"
        if behaviour in ("close", "lose", "reset"):
            if behaviour == "reset":
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.close_connection = True
            handler.connection.close()
            return
        status, headers, body = behaviour if isinstance(behaviour, tuple) else (behaviour, {}, "")
        if status == 200 and not body:
            body = json.dumps({"accepted": taken, "duplicates": 0, "rejected": lines - taken, "errors": []})
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    def messages(self) -> List[str]:
        with self._changed:
            return [line["message"] for line in self.records.values()]

    def wait_for_requests(self, count: int, timeout: float = 10) -> List[Request]:
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise AssertionError("%d requests came, not %d" % (len(self.requests), count))
            return list(self.requests)

    def wait_for_records(self, count: int, timeout: float = 10) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.records) >= count, timeout):
                raise AssertionError("%d records came, not %d" % (len(self.records), count))

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class ClientTestCase(unittest.TestCase):
    """Short pauses between tries, and nothing on standard error that a test has not asked for."""

    def setUp(self) -> None:
        for name, seconds in (("FIRST", 0.01), ("LONGEST", 0.05), ("SLOW", 0.02)):
            patch = mock.patch.object(backoff, name, seconds)
            patch.start()
            self.addCleanup(patch.stop)
        self.said: List[str] = []
        patch = mock.patch("bitacora_logging.sender.Sender._print", self.said.append)
        patch.start()
        self.addCleanup(patch.stop)

    def serve(self, *script: Behaviour, **options: Any) -> ScriptedServer:
        server = ScriptedServer(*script, **options)
        self.addCleanup(server.close)
        return server

    def directory(self) -> str:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return directory.name

    def handler(self, endpoint: str, **options: Any) -> BitacoraHandler:
        options.setdefault("batch_timeout", 0.05)
        options.setdefault("shutdown_timeout", 2.0)
        options.setdefault("source", "test")
        handler = BitacoraHandler(endpoint, **options)
        self.addCleanup(handler.close)
        return handler

    def assert_identity(self, handler: BitacoraHandler) -> Dict[str, Any]:
        stats = handler.get_stats()
        self.assertEqual(stats["logs_queued"], sum(stats[name] for name in (
            "logs_written", "waiting", "dropped_spool", "dropped_refused", "dropped_shutdown")), stats)
        return stats


def logger_of(*handlers: logging.Handler) -> logging.Logger:
    logger = logging.Logger("test.logger", logging.DEBUG)
    for handler in handlers:
        logger.addHandler(handler)
    return logger


def wait_until(condition: Callable[[], Any], what: str, timeout: float = 10) -> None:
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("not within %s s: %s" % (timeout, what))
        time.sleep(0.01)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


BITACORA = os.environ.get("BITACORA")
needs_server = unittest.skipUnless(BITACORA, "the environment variable BITACORA does not name the server's executable")


class RealServer:
    """`bitacora serve` on a directory and a port of its own; with a certificate of its own, over TLS."""

    def __init__(self, *settings: str, tls: bool = False) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self._settings = [argument for setting in settings for argument in ("--set", setting)]
        self.certificate = os.path.join(self._directory.name, "certificate.pem") if tls else None
        if self.certificate:
            key = os.path.join(self._directory.name, "key.pem")
            make_certificate(self.certificate, key)
            self._settings += ["--set", "tls:certificate=" + self.certificate, "--set", "tls:key=" + key]
        self.port = closed_port()
        self.endpoint = "http%s://127.0.0.1:%d" % ("s" if tls else "", self.port)
        self.process: Optional["subprocess.Popen[bytes]"] = None
        self.start()

    def start(self) -> None:
        assert BITACORA is not None
        data = os.path.join(self._directory.name, "data")
        self.process = subprocess.Popen(
            [BITACORA, "serve", "--data", data, "--listen", self.endpoint] + self._settings, env=server_environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.ready, "the server is ready", 60)

    def command(self, *arguments: str) -> str:
        """What a command on the server's directory writes."""
        assert BITACORA is not None
        done = subprocess.run(
            [BITACORA] + list(arguments) + ["--data", os.path.join(self._directory.name, "data")], env=server_environment(), timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def ready(self) -> bool:
        try:
            with self._open("/health/ready", 5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stats(self) -> Dict[str, Any]:
        with self._open("/api/stats", 30) as answer:
            return dict(json.loads(answer.read().decode()))

    def _open(self, path: str, timeout: float) -> Any:
        context = ssl.create_default_context(cafile=self.certificate) if self.certificate else None
        return urllib.request.urlopen(self.endpoint + path, timeout=timeout, context=context)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def search(self, query: str = "") -> List[Dict[str, Any]]:
        """All rows, page after page, oldest first."""
        rows: List[Dict[str, Any]] = []
        cursor = None
        while True:
            parameters = {"q": query, "limit": "10000"}
            parameters.update({"last": "24h"} if cursor is None else {"cursor": cursor})
            with self._open("/api/search?" + urllib.parse.urlencode(parameters), 30) as answer:
                lines = [json.loads(line) for line in answer.read().decode().splitlines()]
            end = lines.pop()["answer"]
            if not end["complete"]:
                raise AssertionError(end)
            rows += lines
            cursor = end["cursor"]
            if cursor is None:
                return rows[::-1]

    def close(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._directory.cleanup()


OPENSSL = shutil.which("openssl")


def make_certificate(certificate: str, key: str) -> None:
    """One that signs itself, for this machine's loopback address."""
    assert OPENSSL is not None
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
         "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def server_environment() -> Dict[str, str]:
    environment = dict(os.environ)
    environment.setdefault("DOTNET_ROOT", "/usr/share/dotnet")
    return environment


def run_python(code: str, *arguments: str, python: str = sys.executable, environment: Optional[Dict[str, str]] = None,
               timeout: float = 60) -> "subprocess.CompletedProcess[str]":
    """A program of its own that can import the package and the tests."""
    return subprocess.run(
        [python, "-c", code] + list(arguments), env=python_environment(environment), timeout=timeout,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)


def python_environment(more: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    environment = dict(os.environ, PYTHONPATH=ROOT, PYTHONDONTWRITEBYTECODE="1", PYTHONIOENCODING="utf-8")
    environment.pop("BITACORA_API_KEY", None)
    environment.update(more or {})
    return environment
