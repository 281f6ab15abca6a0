"""What a log call gives (`capture`, in the caller) and the line that is made of it (`encode`, in the sender's thread).

Whatever can change after the call is turned into text or plain values in the call: arguments, tracebacks, extra values. What `capture`
returns is not touched by the program any more, so all that costs more can wait for the thread.
"""
import json
import logging
import re
import time
from datetime import datetime, timezone
from functools import lru_cache
from itertools import islice
from json import encoder
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

from .context import context_of, id_of, user_of
from .values import REDACTED, Values, cut, number, text_of

# The server's limits (docs/json-lines.md); it would cut there without saying how much is missing.
MESSAGE_BYTES = 1024 * 1024
LINE_BYTES = 4 * 1024 * 1024

# What every record has; all else came from the program. Not by makeLogRecord, which asks the program's own record factory.
_STOCK = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}
_FEWEST = len(vars(logging.LogRecord("", 0, "", 0, "", (), None)))
_LAST = list(vars(logging.LogRecord("", 0, "", 0, "", (), None)))[-1]
_FIELDS = frozenset(["request_id", "user_id", "session_id", "trace_id", "span_id", "duration_ms"])
_MEANT = _FIELDS | {"request", "response", "metadata"}
_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
_FORMATTER = logging.Formatter()
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_quoted: Callable[[str], str] = getattr(encoder, "encode_basestring")  # in C; typeshed knows only its copy in Python
_PLACE = ("python.module", "code.line.number", "process.pid", "thread.name")
_NOWHERE = (None, None, None, None)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LATEST = 253402300799  # the end of the year 9999, seconds of Unix time
_second = (0, "1970-01-01T00:00:00")

# A captured record with short texts, measured: tuple, dictionary, numbers and the texts' own heads.
_BASE_BYTES = 700


class Captured(NamedTuple):
    """A record as the queue holds it: nothing in it changes."""

    created: float
    level: int
    level_name: str
    logger: str
    message: str
    template: Optional[str]
    traceback: Optional[str]
    fields: Optional[Dict[str, Any]]
    place: Tuple[Any, Any, Any, Any]
    """Values of `_PLACE`."""
    attributes: Dict[str, Any]
    size: int


def capture(record: logging.LogRecord, redact: FrozenSet[str]) -> Captured:
    """Raises only for want of memory or of stack, or if the record itself is none of logging's."""
    template, message = _message_of(record)
    traceback = _traceback_of(record) if record.exc_info or record.exc_text or record.stack_info else None
    place = (record.module, record.lineno, record.process, record.threadName)
    attributes: Dict[str, Any] = {}
    own = vars(record)
    task = own.get("taskName")
    if task is not None:
        attributes["python.task_name"] = task
    fields: Optional[Dict[str, Any]] = None
    user_id: Optional[str] = None
    size = _BASE_BYTES
    if len(own) > _FEWEST:
        values = Values(redact)
        for name in _names_of_extra(own):
            value = own[name]
            if name not in _MEANT:
                attributes[name] = values.named(name, value)
                continue
            if name in _FIELDS:
                if value is None or value == "-":
                    continue
                plain = number(value) if name == "duration_ms" else cut(text_of(value), 1024)
                if plain is not None:
                    fields = fields or {}
                    fields[name] = plain if name.lower() not in redact else REDACTED
                    continue
            if name == "request":
                user_id = _add_request(attributes, value)
            elif name == "response":
                attributes["status"] = values.plain(_status_of(value))
            elif name == "metadata" and isinstance(value, dict):
                for key, item in values.items(value):
                    attributes.setdefault(key, item)
            else:  # an id that is no number, or metadata that is no dictionary
                attributes[name] = values.named(name, value)
        if "request" in own and "status" not in attributes and "status_code" in attributes:
            attributes["status"] = attributes["status_code"]
        size += values.size
    context = context_of(record)
    if context is not None:
        fields = fields or {}
        fields.setdefault("request_id", context.request_id)
        user_id = context.current_user_id() or user_id
    if user_id is not None:
        fields = fields or {}
        fields.setdefault("user_id", user_id)
    if redact:
        place = (_shown(0, place, redact), _shown(1, place, redact), _shown(2, place, redact), _shown(3, place, redact))
        for name in attributes:
            if name.lower() in redact:
                attributes[name] = REDACTED
        for name in fields or ():
            if name in redact:
                fields[name] = REDACTED  # type: ignore[index]
    size += len(message) if message.isascii() else 4 * len(message)
    if traceback is not None:
        size += len(traceback) if traceback.isascii() else 4 * len(traceback)
    created = record.created
    if not (isinstance(created, (int, float)) and 0 <= created < _LATEST):
        created = time.time()
    # Of an enumeration it is a number too, but one whose text is none: no JSON.
    level = int(record.levelno) if isinstance(record.levelno, int) else logging.INFO
    return Captured(created, level, record.levelname, text_of(record.name), message, template, traceback, fields, place, attributes, size)


def _names_of_extra(own: Dict[str, Any]) -> List[str]:
    """What the program has added to a record, mostly behind what logging put there."""
    names = list(islice(own, _FEWEST - 1, None))
    if names[0] == _LAST:
        del names[0]
    else:
        names = list(own)
    return [name for name in names if name not in _STOCK]


def without_content(level: Any, logger: Any, error: Exception) -> Captured:
    """What is left of a record that could not be read, so that it is not missing without a word."""
    return Captured(
        time.time(), level if type(level) is int else logging.INFO, "", text_of(logger),
        "[a record that could not be read: %s]" % type(error).__name__, None, None, None, _NOWHERE, {}, _BASE_BYTES)


def sender_members(source: str, host: str) -> str:
    """What every line of a sender has, as JSON."""
    return ',"source":%s,"host":%s' % (_quoted(source), _quoted(host))


def encode(record: Captured, members: str) -> bytes:
    """One line of JSON, with its line end, of at most LINE_BYTES; `members` is of `sender_members`.

    Put together by hand: this takes a third of the time of a dictionary through the encoder, and the program's threads wait meanwhile.
    """
    attributes = record.attributes
    level = _LEVELS.get(record.level)
    if level != record.level_name and record.level_name:
        attributes = dict(attributes, level_name=record.level_name)
    parts = ['{"time":"%s","level":%s%s,"logger":%s,"message":%s' % (
        _time(record.created), '"%s"' % level if level else record.level, members, _quoted(record.logger), _quoted(record.message))]
    if record.template is not None:
        parts += ',"template":', _quoted(record.template)
    if record.traceback is not None:
        parts += ',"traceback":', _quoted(record.traceback)
    if record.fields is not None:
        for name, value in record.fields.items():
            parts += ',"', name, '":', _json(value)
    parts.append(',"attributes":{')
    for name, value in attributes.items():
        parts += _quoted(name), ":", _json(value), ","
    parts += _place(record.place), "}}\n"  # last: of a name that comes twice the server takes the first, which is the program's own
    text = "".join(parts)
    try:
        encoded = text.encode()
    except UnicodeEncodeError:  # lone surrogates: as escapes the server can read them
        encoded = _SURROGATE.sub(lambda found: "\\u%04x" % ord(found.group()), text).encode()
    return encoded if len(encoded) <= LINE_BYTES else encode(_smaller(record), members)


def _place(place: Tuple[Any, Any, Any, Any]) -> str:
    """The last members of the attributes: as good as always those of a record before."""
    try:
        return _known_place(*place)
    except TypeError:  # a program's own value that cannot be a key
        return _place_members(*place)


def _place_members(*place: Any) -> str:
    return ",".join(['"%s":%s' % (name, _json(value)) for name, value in zip(_PLACE, place)])


_known_place = lru_cache(maxsize=1024, typed=True)(_place_members)


def _shown(number: int, place: Tuple[Any, ...], redact: FrozenSet[str]) -> Any:
    return REDACTED if _PLACE[number] in redact else place[number]


def _json(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is int or kind is float and value - value == 0:
        return repr(value)
    return _ENCODER.encode(value)


def _message_of(record: logging.LogRecord) -> Tuple[Optional[str], str]:
    """The template, if arguments were filled in, and the message."""
    template = record.msg if type(record.msg) is str else text_of(record.msg)
    message = template
    args = record.args
    if args:
        try:
            message = template % args
        except Exception as error:
            message = "%s [arguments that do not fit (%s): %s]" % (template, error, text_of(args))
    if len(message) > MESSAGE_BYTES // 8:
        message = cut(message, MESSAGE_BYTES // 2 if record.exc_info or record.stack_info else MESSAGE_BYTES)
    return (cut(template, 4096) if args else None), message


def _traceback_of(record: logging.LogRecord) -> Optional[str]:
    parts = []
    try:
        if record.exc_text:
            parts.append(record.exc_text)
        elif record.exc_info and record.exc_info[0] is not None:
            parts.append(_FORMATTER.formatException(record.exc_info))
        if record.stack_info:
            parts.append(record.stack_info)
    except Exception as error:
        parts.append("[a traceback that cannot be printed: %s]" % type(error).__name__)
    return cut("\n".join(parts), MESSAGE_BYTES // 2, keep_end=True) if parts else None


def _add_request(attributes: Dict[str, Any], request: Any) -> Optional[str]:
    """Method, path, user and address of Django's request; never its body, a cookie, a header or the query. Returns the user's id."""
    try:
        if hasattr(request, "getpeername"):  # runserver's records carry the connection
            attributes["address"] = str(request.getpeername()[0])
            return None
        attributes["method"] = text_of(request.method)
        attributes["path"] = text_of(request.path)
        address = request.META.get("REMOTE_ADDR")
        if address:
            attributes["address"] = text_of(address)
        user = user_of(request)
        user_id = id_of(user)
        if user_id is not None:
            attributes["user"] = text_of(user)
        return user_id
    except Exception:
        attributes.setdefault("request", "[%s]" % type(request).__name__)
        return None


def _status_of(response: Any) -> Any:
    try:
        return response.status_code
    except Exception:
        return response


def _time(created: float) -> str:
    """ISO 8601 with microseconds. Records come in time order mostly: the last second's text is kept."""
    global _second
    seconds = int(created // 1)
    micros = round((created - seconds) * 1e6)
    if micros == 1000000:
        seconds, micros = seconds + 1, 0
    if _second[0] != seconds:
        _second = (seconds, datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"))
    return "%s.%06dZ" % (_second[1], micros)


def _smaller(record: Captured) -> Captured:
    """Halves what is long: characters that JSON escapes can make a line six times as long as its text."""
    return record._replace(
        message=cut(record.message, max(256, len(record.message) // 2)),
        traceback=record.traceback and cut(record.traceback, max(256, len(record.traceback) // 2), keep_end=True),
        attributes={
            cut(name, 200): cut(value, max(256, len(value) // 2)) if isinstance(value, str) else value if isinstance(value, (int, float))
            else cut(_ENCODER.encode(value), 32 * 1024)
            for name, value in record.attributes.items()})
