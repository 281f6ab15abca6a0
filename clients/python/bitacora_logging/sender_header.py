"""The header Bitacora-Sender: who sends, and how it goes there. A dictionary of RFC 8941."""
import os
import re
from typing import Any, Dict

from .transport import CLIENT

_COUNTERS = ("accepted", "delivered", "waiting", "dropped_full", "dropped_spool", "dropped_refused", "dropped_shutdown",
             "batches", "retries", "spooled", "replayed")


def sender_header(source: str, host: str, since: int, stats: Dict[str, Any]) -> str:
    members = [
        "name=" + _text(source), "host=" + _text(host), "process=%d" % os.getpid(), "client=" + _text(CLIENT), "since=%d" % since]
    members += ["%s=%d" % (name.replace("_", "-"), stats[name]) for name in _COUNTERS]
    members.append("oldest=%.3f" % stats["oldest"])
    if stats["last_error"]:
        members.append("last-error=" + _text(stats["last_error"]))
    return ", ".join(members)


def _text(value: str) -> str:
    """A string of RFC 8941: printable ASCII, with what else there is replaced."""
    return '"%s"' % re.sub(r'(["\\])', r"\\\1", re.sub(r"[^ -~]", "?", value[:200]))
