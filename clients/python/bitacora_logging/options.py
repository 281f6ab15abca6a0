"""What the handler can be told, and the checks that make a wrong word fail where it was written."""
import difflib
import os
import sys
from typing import Any, FrozenSet, Iterable, NamedTuple, Optional, Union
from urllib.parse import urlsplit

NAMES = (
    "endpoint", "api_key", "api_key_file", "source", "batch_size", "batch_timeout", "queue_maxsize", "spool_directory", "max_spool_bytes",
    "timeout", "shutdown_timeout", "redact", "level")
KEY_VARIABLE = "BITACORA_API_KEY"


class Endpoint(NamedTuple):
    host: str
    port: int
    path: str
    tls: bool


class KeySource:
    """The API key: as given, or from a file, which is read again when the server does not take it any more."""

    def __init__(self, key: Optional[str], file: Optional[str]) -> None:
        self._file = file
        self._key = key

    def current(self) -> Optional[str]:
        return self._key

    def refresh(self) -> None:
        if self._file is not None:
            try:
                self._key = _key_in(self._file)
            except ValueError:
                pass  # the old one stays: the file may be about to be written


def refuse_unknown(names: Iterable[str]) -> None:
    for name in names:
        if name in ("contact_points", "keyspace"):
            raise TypeError(
                "%s: this handler sends to a Bitácora server, which keeps the logs; give its address instead: "
                "'endpoint': 'http://127.0.0.1:7600' (the server's own options are --contact-points and --keyspace)" % name)
        near = difflib.get_close_matches(name, NAMES, 1)
        raise TypeError("%s is no option of BitacoraHandler%s; allowed are %s" % (
            name, " (is %s meant?)" % near[0] if near else "", ", ".join(NAMES)))


def endpoint_of(value: Any) -> Endpoint:
    wrong = "endpoint must be an address such as 'http://127.0.0.1:7600' or 'https://logs.example.com'"
    if not isinstance(value, str):
        raise TypeError("%s, not %s" % (wrong, type(value).__name__))
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ValueError(wrong if "@" in value else "%s: %s" % (wrong, error)) from None
    if parts.username is not None or parts.password is not None:
        raise ValueError("endpoint must not contain a user or a password: give an API key (api_key, api_key_file or %s)" % KEY_VARIABLE)
    if parts.scheme not in ("http", "https") or not parts.hostname or not all("!" <= letter <= "~" for letter in value):
        # What stands before an @ may be a password, also where the address is not one.
        raise ValueError(wrong if "@" in value else "%s, not %r" % (wrong, value))
    if parts.query or parts.fragment:
        raise ValueError("endpoint must not have a query or a fragment: %s" % wrong)
    tls = parts.scheme == "https"
    return Endpoint(parts.hostname, port or (443 if tls else 80), parts.path.rstrip("/") + "/api/logs", tls)


def key_of(api_key: Any, api_key_file: Any) -> KeySource:
    """Strongest first: api_key, api_key_file, the environment."""
    if api_key is not None and api_key_file is not None:
        raise ValueError("api_key and api_key_file: give one of them")
    if api_key_file is not None:
        file = os.fspath(api_key_file)
        return KeySource(_key_in(file), file)
    if api_key is None:
        api_key = os.environ.get(KEY_VARIABLE) or None
        return KeySource(None if api_key is None else _checked_key(api_key, "the environment variable " + KEY_VARIABLE), None)
    if not isinstance(api_key, str):
        raise TypeError("api_key must be a text, not %s" % type(api_key).__name__)
    return KeySource(_checked_key(api_key, "api_key"), None)


def number_of(name: str, value: Any, least: float, most: float, whole: bool) -> float:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise TypeError("%s must be a %s from %s to %s, not %r" % (name, "whole number" if whole else "number", least, most, value))
    if not least <= value <= most:
        raise ValueError("%s must be from %s to %s, not %r" % (name, least, most, value))
    return float(value)


def source_of(value: Any) -> str:
    """The name under which the records are found; by default the Django project's, else the program's."""
    if value is None:
        project = os.environ.get("DJANGO_SETTINGS_MODULE", "").split(".")[0]
        program = os.path.splitext(os.path.basename(sys.argv[0] if getattr(sys, "argv", None) else ""))[0]
        return (project or program.lstrip("-") or "python")[:200]
    if not isinstance(value, str):
        raise TypeError("source must be a text, not %s" % type(value).__name__)
    if not 1 <= len(value) <= 200:
        raise ValueError("source must have 1 to 200 characters, not %d" % len(value))
    return value


def redact_of(value: Any) -> FrozenSet[str]:
    if isinstance(value, (str, bytes)):
        raise TypeError("redact must be a list of names, such as ['password'], not one text")
    try:
        names = list(value)
    except TypeError:
        raise TypeError("redact must be a list of names, not %s" % type(value).__name__) from None
    for name in names:
        if not isinstance(name, str) or not name:
            raise TypeError("redact must be a list of names; %r is none" % (name,))
    return frozenset(name.lower() for name in names)


def spool_directory_of(value: "Union[None, str, os.PathLike[str]]") -> Optional[str]:
    if value is None:
        return None
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise TypeError("spool_directory must be the path of a directory, not %r" % (value,))
    directory = os.path.abspath(os.fspath(value))
    if sys.platform == "win32":
        raise ValueError("spool_directory needs flock, which this system does not have")
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
    except OSError as error:
        raise ValueError("spool_directory %s cannot be made: %s" % (directory, error.strerror)) from None
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise ValueError("spool_directory %s cannot be read and written by this user" % directory)
    return directory


def _key_in(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as opened:
            text = opened.read(4096)
    except OSError as error:
        raise ValueError("api_key_file %s cannot be read: %s" % (file, error.strerror)) from None
    except UnicodeDecodeError:
        raise ValueError("api_key_file %s is not a text" % file) from None
    return _checked_key(text.strip(), "api_key_file")


def _checked_key(key: str, where: str) -> str:
    if not key or len(key) > 1024 or not all("!" <= letter <= "~" for letter in key):
        raise ValueError("%s must be 1 to 1024 printable ASCII characters without blanks" % where)
    return key
