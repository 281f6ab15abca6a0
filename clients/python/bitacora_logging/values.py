"""Values of a program as plain, unchangeable JSON values of bounded size."""
from typing import Any, Dict, FrozenSet, Iterator, Optional, Tuple

REDACTED = "[redacted]"

# The server's limits of an attribute (docs/json-lines.md), and what one record may bring in all: deeper and more is not kept there.
VALUE_BYTES = 32 * 1024
RECORD_BYTES = 1024 * 1024
DEPTH = 16
NODES = 1000


def cut(text: str, limit: int, keep_end: bool = False) -> str:
    """The text, or so much of it as fits into so many bytes of UTF-8 together with a mark that says how long it was."""
    if len(text) <= limit // 4:
        return text
    part = text[-limit:] if keep_end else text[:limit]
    encoded = part.encode("utf-8", "surrogatepass")
    if len(part) == len(text) and len(encoded) <= limit:
        return text
    mark = "[cut, of %d characters]" % len(text)
    room = limit - len(mark) - 4
    if keep_end:
        return mark + "… " + encoded[-room:].decode("utf-8", "ignore")
    return encoded[:room].decode("utf-8", "ignore") + "… " + mark


def text_of(value: Any) -> str:
    """`str(value)`, whatever that does; at most VALUE_BYTES where it is not a text already."""
    try:
        return value if type(value) is str else cut(str(value), VALUE_BYTES)
    except Exception:
        return "[unprintable %s]" % type(value).__name__


def number(value: Any) -> Optional[float]:
    """A finite number, or None."""
    try:
        result = float(value)
        return result if result - result == 0 else None
    except Exception:
        return None


class Values:
    """Turns the values of one record into plain ones and adds up what they need; what is over the record's budget is left out, marked."""

    __slots__ = ("size", "_nodes", "_redact")

    def __init__(self, redact: FrozenSet[str]) -> None:
        self.size = 0
        self._nodes = 0
        self._redact = redact

    def named(self, name: str, value: Any) -> Any:
        if self._redact and name.lower() in self._redact:
            return REDACTED
        # What most values are, without another call.
        kind = type(value)
        if kind is float and value - value == 0 or kind is int and -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            return value
        return self.plain(value)

    def items(self, value: Dict[Any, Any], depth: int = 1) -> Iterator[Tuple[str, Any]]:
        for key, item in list(value.items()):
            self._nodes += 1
            if self._nodes > NODES:
                yield "cut", "more than %d values" % NODES
                return
            name = cut(key if type(key) is str else text_of(key), 200)
            if self._redact and name.lower() in self._redact:
                yield name, REDACTED
            else:
                yield name, self.plain(item, depth)

    def plain(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if kind is str:
            return self._kept(value)
        if kind is int and -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF or kind is bool or value is None:
            return value
        try:
            if kind is float:
                return value if value - value == 0 else str(value)
            self._nodes += 1
            if self._nodes > NODES:
                return "[cut: more than %d values]" % NODES
            if isinstance(value, dict) and depth < DEPTH:
                self.size += 64 + 64 * min(len(value), NODES)
                return dict(self.items(value, depth + 1))
            if isinstance(value, (list, tuple, set, frozenset)) and depth < DEPTH:
                self.size += 64 + 16 * min(len(value), NODES)
                return self._list(value, depth)
            if isinstance(value, int) and -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
                return int(value)
            if isinstance(value, float):
                return self.plain(float(value))
            if isinstance(value, (bytes, bytearray)):
                return self._kept(bytes(value[:VALUE_BYTES]).decode("utf-8", "backslashreplace"))
            return self._kept(str(value))
        except Exception:
            return "[unprintable %s]" % kind.__name__

    def _list(self, value: Any, depth: int) -> Any:
        result = []
        for item in value:
            self._nodes += 1
            result.append(self.plain(item, depth + 1))
            if self._nodes > NODES:
                break
        return result

    def _kept(self, text: str) -> str:
        if len(text) > 128:
            text = cut(text, max(64, min(VALUE_BYTES, RECORD_BYTES - self.size)))
        self.size += len(text)
        return text
