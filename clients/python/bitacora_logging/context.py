"""What the current request gives to every record that is logged while it is served."""
import logging
import weakref
from contextvars import ContextVar
from typing import Any, Optional


class RequestContext:
    """One request: its id, and who makes it, as far as that is known by now."""

    __slots__ = ("request_id", "user_id", "_request")

    def __init__(self, request_id: str, request: Any) -> None:
        self.request_id = request_id
        self.user_id: Optional[str] = None
        self._request = weakref.ref(request)  # the request refers to its context: no cycle

    def current_user_id(self) -> Optional[str]:
        """The user: as it was found when the request came, else as the program has set it since (a login, a token)."""
        if self.user_id is None:
            self.user_id = id_of(user_of(self._request()))
        return self.user_id


current_request: "ContextVar[Optional[RequestContext]]" = ContextVar("bitacora_request", default=None)


def context_of(record: logging.LogRecord) -> Optional[RequestContext]:
    """The request that a record belongs to. Django logs some records after the middleware has ended; those carry the request itself."""
    context = current_request.get()
    if context is None:
        found = getattr(vars(record).get("request"), "bitacora_context", None)
        return found if isinstance(found, RequestContext) else None
    return context


def user_of(request: Any) -> Any:
    """The user of a request if it has been loaded; never loads it, for that is a query to the database.

    Django's `request.user` is a lazy object whose `_wrapped` is a bare `object()` until somebody asks for it.
    """
    try:
        user = vars(request).get("_cached_user") or vars(request).get("user")
        return object.__getattribute__(user, "__dict__").get("_wrapped", user)
    except (AttributeError, TypeError):
        return None


def id_of(user: Any) -> Optional[str]:
    """The user's primary key. A program's own kind of user may do anything when it is asked, which must not fail a log call."""
    try:
        key = getattr(user, "pk", None)
        return None if key is None else str(key)
    except Exception:
        return None


class RequestContextFilter(logging.Filter):
    """Sets `request_id` and `user_id` on records of a request, for formatters of other handlers. `BitacoraHandler` needs no filter.

    Outside of a request, or where the program has set them itself through `extra`, they stay as they are; else they are `"-"`.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        context = context_of(record)
        if not hasattr(record, "request_id"):
            record.request_id = context.request_id if context else "-"
        if not hasattr(record, "user_id"):
            record.user_id = (context.current_user_id() if context else None) or "-"
        return True
