"""Django's middleware: every record that is logged while a request is served has its `request_id` and `user_id`."""
import inspect
import re
import sys
import uuid
from typing import Any, Callable, Optional

from .context import RequestContext, current_request, id_of

_REQUEST_ID = re.compile(r"[!-~]{1,128}\Z")

# Django marks its asynchronous callables so that the one of these which belongs to the version sees it.
if sys.version_info >= (3, 12):
    _is_asynchronous = inspect.iscoroutinefunction
else:
    import asyncio
    _is_asynchronous = asyncio.iscoroutinefunction


def RequestContextMiddleware(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """To be named in MIDDLEWARE, behind AuthenticationMiddleware if there is one. Works under WSGI and ASGI.

    `request_id` is the request's X-Request-ID (1 to 128 printable ASCII characters), else a new one; it is also at `request.request_id`.
    `user_id` is the user's primary key. Where the request has a session cookie the user is loaded, as `request.user` would load it.
    """
    if _is_asynchronous(get_response):
        async def asynchronous(request: Any) -> Any:
            context = _begin(request)
            if _has_session(request) and hasattr(request, "auser"):
                with _Unnoticed(request):
                    context.user_id = id_of(await request.auser())
            token = current_request.set(context)
            try:
                return await get_response(request)
            finally:
                current_request.reset(token)
        return asynchronous

    def synchronous(request: Any) -> Any:
        context = _begin(request)
        if _has_session(request):
            with _Unnoticed(request):
                context.user_id = id_of(request.user)
        token = current_request.set(context)
        try:
            return get_response(request)
        finally:
            current_request.reset(token)
    return synchronous


RequestContextMiddleware.sync_capable = True  # type: ignore[attr-defined]
RequestContextMiddleware.async_capable = True  # type: ignore[attr-defined]


def _begin(request: Any) -> RequestContext:
    sent: Optional[str] = request.META.get("HTTP_X_REQUEST_ID")
    request_id = sent if sent and _REQUEST_ID.match(sent) else uuid.uuid4().hex
    request.request_id = request_id
    context = RequestContext(request_id, request)
    request.bitacora_context = context
    return context


def _has_session(request: Any) -> bool:
    from django.conf import settings  # type: ignore[import]
    return hasattr(request, "user") and hasattr(request, "session") and settings.SESSION_COOKIE_NAME in request.COOKIES


class _Unnoticed:
    """Looks at the user without a trace: the response does not become one that varies by cookie, and a failure is nobody's."""

    def __init__(self, request: Any) -> None:
        self._session = request.session

    def __enter__(self) -> None:
        self._accessed = self._session.accessed

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        self._session.accessed = self._accessed
        return isinstance(error, Exception)
