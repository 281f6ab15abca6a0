"""Django with the standard library's SocketHandler and DatagramHandler: no package of ours, the server does the rest."""
import json
import os
import re
import subprocess
import unittest
from typing import Any, Dict, List

from tests.support import ROOT, ClientTestCase, RealServer, needs_server, python_environment, wait_until
from tests.test_django import PYTHONS, needs_django

REPOSITORY = os.path.dirname(os.path.dirname(ROOT))
DJANGO_APP = os.path.join(os.path.dirname(REPOSITORY), "shared", "clients", "send", "django_app.py")

# A site around the documented settings, which are in shop.documented.
SHOP = """
import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from shop import documented

def broken(request):
    raise RuntimeError("the till is empty")

urlpatterns = [path("ok/", lambda request: HttpResponse("ok")), path("broken/", broken)]
settings.configure(
    SECRET_KEY="for tests only", ALLOWED_HOSTS=["testserver"], ROOT_URLCONF=__name__, LOGGING=documented.LOGGING)
django.setup()
import logging
from django.test import Client
client = Client(raise_request_exception=False)
for page in ("/ok/", "/missing/", "/broken/"):
    client.get(page)
logging.getLogger("shop").warning("stock of %s is low", "maíz", extra={"request_id": "r-1", "metadata": {"tier": "gold"}, "shelf": 7})
logging.shutdown()
"""


@needs_server
@needs_django
class StockHandlers(ClientTestCase):
    server: RealServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = RealServer("python:tcp=127.0.0.1:0", "python:udp=127.0.0.1:0")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.close()

    def port(self, transport: str) -> int:
        return int(self.server.stats()["python"][transport]["address"].rsplit(":", 1)[1])

    def found(self, query: str, count: int) -> List[Dict[str, Any]]:
        """These handlers get no answer, so nobody knows when the records are stored but the server."""
        wait_until(lambda: len(self.server.search(query)) >= count, "%d records of %s are stored" % (count, query), 30)
        return self.server.search(query)

    @unittest.skipUnless(os.path.exists(DJANGO_APP), "the shared senders are not beside the repository")
    def test_a_django_application_with_the_stock_handler_is_found_field_by_field(self) -> None:
        result = subprocess.run(
            [PYTHONS[0], "-B", DJANGO_APP, "--port", str(self.port("tcp")), "--count", "25", "--seed", "5"], timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, env=python_environment())
        self.assertEqual(result.returncode, 0, result.stderr)
        sent = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertGreater(len(sent), 50)
        rows = self.found("logger:tienda.* OR logger:django.*", len(sent))
        self.assertEqual(len(rows), len(sent))
        rows.sort(key=lambda row: (row["time"], row["message"]))
        sent.sort(key=lambda one: (one["timestamp"], one["message"]))
        for row, one in zip(rows, sent):
            self.compare(row, one)
        self.assertEqual({row["attributes"].get("status_code") for row in rows} - {None}, {200, 403, 404, 500})
        senders = [json.loads(line) for line in self.server.command("senders", "--format", "json").splitlines()]
        known = [sender for sender in senders if sender["client"] == "logging.handlers.SocketHandler"]
        self.assertEqual([(sender["address"], sender["state"]) for sender in known], [("127.0.0.1", "ok")])
        self.assertGreaterEqual(known[0]["records"], len(sent))

    def compare(self, row: Dict[str, Any], sent: Dict[str, Any]) -> None:
        self.assertEqual((row["time"], row["level"], row["logger"], row["message"]),
                         (sent["timestamp"].replace("Z", "0Z"), sent["level"], sent["logger"], sent["message"]))
        traceback = sent["exception"] and sent["exception"]["traceback"]
        self.assertEqual(row.get("traceback"), traceback)
        for name, value in sent["fields"].items():
            if name in ("request_id", "session_id", "user_id"):
                self.assertEqual(row.get(name), value and str(value), name)
            elif name == "duration_ms":
                self.assertEqual(row[name], value)
            elif isinstance(value, (int, float)) or name in ("path", "method", "sql", "alias"):
                self.assertEqual(row["attributes"][name], value, name)

    def test_the_documented_settings_work_in_django_as_they_stand(self) -> None:
        with open(os.path.join(REPOSITORY, "docs", "python-handlers.md"), encoding="utf-8") as file:
            blocks = re.findall("```python\n(.*?)```", file.read(), re.DOTALL)
        settings = [block for block in blocks if "'class': 'logging.handlers." in block]
        (plain,) = [block for block in blocks if "class PlainRequest" in block]
        self.assertEqual(len(settings), 2)
        for python in PYTHONS:
            for transport, block in zip(("tcp", "udp"), settings):
                with self.subTest(python=python, transport=transport):
                    self.assertIn("'port': 9020", block)
                    self.run_documented(python, block.replace("9020", str(self.port(transport))), plain)

    def run_documented(self, python: str, settings: str, plain: str) -> None:
        folder = self.directory()
        os.mkdir(os.path.join(folder, "shop"))
        for name, text in (("__init__.py", ""), ("logs.py", plain), ("documented.py", settings)):
            with open(os.path.join(folder, "shop", name), "w", encoding="utf-8") as file:
                file.write(text)
        process = subprocess.Popen(
            [python, "-c", SHOP], env=python_environment({"PYTHONPATH": folder}), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 0, said)
        rows = {row["message"]: row for row in self.found("process.pid:%d" % process.pid, 3)}
        self.assertEqual(set(rows), {"Not Found: /missing/", "Internal Server Error: /broken/", "stock of maíz is low"})
        missing, broken, low = rows["Not Found: /missing/"], rows["Internal Server Error: /broken/"], rows["stock of maíz is low"]
        of_request = missing["attributes"]
        self.assertEqual((missing["level"], of_request["path"], of_request["method"]), ("WARNING", "/missing/", "GET"))
        self.assertIn("RuntimeError: the till is empty", broken["traceback"])
        self.assertEqual((low["request_id"], low["attributes"]["tier"], low["attributes"]["shelf"]), ("r-1", "gold", 7))


if __name__ == "__main__":
    unittest.main()
