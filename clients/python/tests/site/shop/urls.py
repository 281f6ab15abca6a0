import logging
import time

from django.contrib.auth import get_user_model, login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path

logger = logging.getLogger(__name__)


def order(request, number):
    logger.debug("not sent")
    logger.info("Pedido %d aceptado ✅", number, extra={"session_id": "s-%d" % number, "amount": 12.5, "tags": ["a", 1], "vip": True})
    logger.warning("order %d is slow", number, extra={"duration_ms": 50.5})
    return HttpResponse("ok")


def boom(request):
    try:
        {}["stock"]
    except KeyError as error:
        raise RuntimeError("no se pudo cobrar\nsegunda línea 💥") from error


def forbidden(request):
    raise PermissionDenied("staff only")


def enter(request):
    login(request, get_user_model().objects.get(username="ana"))
    logger.info("logged in")
    return HttpResponse("welcome")


def whoami(request):
    logger.info("who am I")
    return HttpResponse("you")


async def asynchronous(request):
    logger.info("asynchronous")
    return HttpResponse("ok")


def load(request, number):
    for i in range(3):
        logger.info("load %d %d", number, i)
        time.sleep(0.001)
    return HttpResponse("ok")


urlpatterns = [
    path("order/<int:number>/", order), path("boom/", boom), path("forbidden/", forbidden), path("enter/", enter), path("whoami/", whoami),
    path("async/", asynchronous), path("load/<int:number>/", load)]
