"""Drives the shop with Django's test client; the records go wherever LOGGING says."""
import asyncio
import logging
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
import django

django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import AsyncClient, Client

call_command("migrate", verbosity=0)
get_user_model().objects.create_user("ana", password="hunter2-SECRET")

client = Client(raise_request_exception=False)
for number in range(3):
    assert client.get("/order/%d/?card=SECRET" % number, HTTP_X_REQUEST_ID="req-%d" % number).status_code == 200
assert client.get("/order/3/", HTTP_X_REQUEST_ID="bad id\t").status_code == 200
assert client.post("/boom/?token=SECRET", {"card": "SECRET"}, HTTP_AUTHORIZATION="Bearer SECRET").status_code == 500
assert client.get("/missing/año/").status_code == 404
assert client.get("/forbidden/").status_code == 403
assert "Vary" not in client.get("/whoami/")
client.get("/enter/")
answer = client.get("/whoami/")
assert "Vary" not in answer, answer["Vary"]  # looking at the user for the log does not change the response
client.get("/boom/")


async def asynchronous():
    return (await AsyncClient().get("/async/", **{"X-Request-ID": "async-1"})).status_code

assert asyncio.run(asynchronous()) == 200

# Outside of a request.
logger = logging.getLogger("shop.jobs")
logger.info("Test log message")
logger.warning("Test warning", extra={"user_id": "user-123", "request_id": "req-456", "duration_ms": 125.5})
try:
    1 / 0
except ZeroDivisionError:
    logger.error("Test error with exception", exc_info=True)
logger.critical("Test critical", extra={"session_id": "session-789"})
