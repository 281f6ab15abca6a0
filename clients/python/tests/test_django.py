"""Real Django, real server: the test client, runserver, gunicorn under load, Celery's workers."""
import datetime
import glob
import http.client
import json
import os
import shutil
import signal
import subprocess
import threading
import time
import unittest
from typing import Any, Dict, List, Optional

from tests.support import ROOT, ClientTestCase, RealServer, closed_port, needs_server, python_environment, wait_until

SITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
PYTHONS = [python for python in os.environ.get("DJANGO_PYTHONS", "").split(os.pathsep) if python]
needs_django = unittest.skipUnless(PYTHONS, "the environment variable DJANGO_PYTHONS names no interpreters that have Django")


def has(python: str, module: str) -> bool:
    return subprocess.run([python, "-c", "import " + module], stderr=subprocess.DEVNULL).returncode == 0


def heed_interrupts() -> None:
    """A shell has what it runs in the background ignore them, and so have its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@needs_server
@needs_django
class DjangoSites(ClientTestCase):
    server: RealServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = RealServer()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.close()

    def environment(self, source: str, **more: str) -> Dict[str, str]:
        """Of a copy of the site whose settings are `source`'s, which is also the records' source."""
        site = os.path.join(self.directory(), "site")
        shutil.copytree(SITE, site)
        settings = os.path.join(site, source + "_settings")
        os.mkdir(settings)
        with open(os.path.join(settings, "__init__.py"), "w") as file:
            file.write("from shop.settings import *\n")
        environment = python_environment({"SHOP_ENDPOINT": self.server.endpoint, "DJANGO_SETTINGS_MODULE": source + "_settings"})
        environment["PYTHONPATH"] = ROOT + os.pathsep + site
        environment["SITE"] = site
        environment.update(more)
        return environment

    def rows(self, source: str) -> List[Dict[str, Any]]:
        return self.server.search("source:%s_settings" % source)

    def test_every_record_of_the_test_client_is_found_field_by_field(self) -> None:
        for number, python in enumerate(PYTHONS):
            with self.subTest(python):
                source = "client%d" % number
                recording = os.path.join(self.directory(), "recording")
                environment = self.environment(source, SHOP_RECORDING=recording)
                result = subprocess.run([python, os.path.join(environment["SITE"], "client.py")], env=environment, timeout=60,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
                self.assertEqual(result.returncode, 0, result.stderr)
                with open(recording, encoding="utf-8") as file:
                    expected = [json.loads(line) for line in file]
                rows = self.rows(source)
                self.assertEqual(len(rows), len(expected))
                self.assertGreater(len(rows), 15)
                for row, one in zip(sorted(rows, key=lambda row: row["time"]), sorted(expected, key=lambda one: one["micros"])):
                    self.compare(row, one)
                self.assertNotIn("SECRET", json.dumps(rows))
                self.requests(rows)

    def compare(self, row: Dict[str, Any], expected: Dict[str, Any]) -> None:
        moment = datetime.datetime.strptime(row["time"][:26] + "Z", "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
        since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        self.assertLessEqual(abs(since // datetime.timedelta(microseconds=1) - expected["micros"]), 1)
        for name in ("level", "logger", "message", "template", "traceback"):
            self.assertEqual(row.get(name), expected[name], name)
        attributes = dict(row["attributes"])
        names = {"python.module": "module", "code.line.number": "line", "process.pid": "process", "thread.name": "thread"}
        for name, stock in names.items():
            self.assertEqual(attributes.pop(name), expected[stock])
        attributes.pop("python.task_name", None)
        extra = expected["extra"]
        for name in ("session_id", "user_id", "request_id"):
            if name in extra:
                self.assertEqual(row[name], extra.pop(name))
        if "duration_ms" in extra:
            self.assertEqual(row["duration_ms"], extra.pop("duration_ms"))
        if "request" in expected:
            self.assertEqual({name: attributes.pop(name) for name in ("method", "path", "address")}, expected["request"])
            self.assertEqual(attributes.pop("status"), extra["status_code"])
            self.assertEqual(attributes.pop("user", None), "ana" if expected["ids"][1] else None)
            self.assertEqual([row["request_id"], row.get("user_id")], expected["ids"])
        metadata = extra.pop("metadata", {})
        for name, value in extra.items():
            metadata[name] = json.dumps(value, separators=(",", ":")) if isinstance(value, list) else value
        self.assertEqual(attributes, metadata)

    def requests(self, rows: List[Dict[str, Any]]) -> None:
        """What the middleware gives."""
        by_message: Dict[str, List[Dict[str, Any]]] = {}
        for row in rows:
            by_message.setdefault(row["message"], []).append(row)
        for number in range(3):
            for message in ("Pedido %d aceptado ✅", "order %d is slow"):
                self.assertEqual([row["request_id"] for row in by_message[message % number]], ["req-%d" % number])
        made = [by_message[message][0]["request_id"] for message in ("Pedido 3 aceptado ✅", "order 3 is slow")]
        self.assertRegex(made[0], "^[0-9a-f]{32}$")
        self.assertEqual(made[0], made[1])
        anonymous, ana = by_message["who am I"]
        self.assertNotIn("user_id", anonymous)
        self.assertEqual(ana["user_id"], by_message["logged in"][0]["user_id"])
        self.assertEqual(by_message["asynchronous"][0]["request_id"], "async-1")
        self.assertNotIn("request_id", by_message["Test log message"][0])
        missing = [row for row in rows if row["attributes"].get("status") == 404]
        self.assertEqual([(row["attributes"]["path"], row["level"]) for row in missing], [("/missing/año/", "WARNING")])
        self.assertEqual(len([row for row in rows if "KeyError" in row.get("traceback", "") and "RuntimeError" in row["traceback"]]), 2)

    def test_the_custom_handlers_metadata_is_found(self) -> None:
        for number, python in enumerate(PYTHONS):
            with self.subTest(python):
                source = "custom%d" % number
                environment = self.environment(source, SHOP_HANDLER="shop.handlers.CustomHandler")
                subprocess.run([python, os.path.join(environment["SITE"], "client.py")], env=environment, timeout=60, check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                rows = self.rows(source)
                self.assertGreater(len(rows), 15)
                found = {(row["attributes"]["environment"], row["attributes"]["release"]) for row in rows}
                self.assertEqual(found, {("production", "2.4.1")})

    def get(self, port: int, path: str) -> Optional[int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            return response.status
        except OSError:
            return None
        finally:
            connection.close()

    def stop(self, process: "subprocess.Popen[bytes]", number: int) -> None:
        process.send_signal(number)
        try:
            process.wait(20)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def test_runserver_with_its_reloader_loses_nothing(self) -> None:
        for number, python in enumerate(PYTHONS):
            with self.subTest(python):
                source = "runserver%d" % number
                environment = self.environment(source, SHOP_DEBUG="1")
                port = closed_port()
                process = subprocess.Popen(
                    [python, "manage.py", "runserver", "127.0.0.1:%d" % port], env=environment, cwd=environment["SITE"],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=heed_interrupts)
                try:
                    wait_until(lambda: self.get(port, "/load/0/") == 200, "runserver answers", 30)

                    def has_reloaded() -> bool:
                        # Again and again: a change before the reloader's first look is none.
                        with open(os.path.join(environment["SITE"], "shop", "urls.py"), "a") as file:
                            file.write("\nlogger.info('loaded again')\n")
                        time.sleep(2)
                        return bool(self.get(port, "/load/1/") == 200 and [
                            row for row in self.rows(source) if row["message"] == "loaded again"])

                    wait_until(has_reloaded, "runserver has loaded the change", 40)
                    self.assertEqual(self.get(port, "/load/2/"), 200)
                finally:
                    os.killpg(process.pid, signal.SIGINT)
                    process.wait(20)
                rows = self.rows(source)
                messages = [row["message"] for row in rows]
                for request in (0, 2):
                    for i in range(3):
                        self.assertEqual(messages.count("load %d %d" % (request, i)), 1)
                access = [row for row in rows if row["logger"] == "django.server" and "/load/2/" in row["message"]]
                self.assertEqual([row["attributes"]["address"] for row in access], ["127.0.0.1"])

    def load(self, port: int, requests: int) -> None:
        failures: List[int] = []

        def some(begin: int) -> None:
            for number in range(begin, requests, 6):
                if self.get(port, "/load/%d/" % number) != 200:
                    failures.append(number)

        threads = [threading.Thread(target=some, args=(begin,)) for begin in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def gunicorn(self, python: str, source: str, *arguments: str, requests: int = 200, **environment_more: str) -> None:
        if not has(python, "gunicorn"):
            self.skipTest(python + " has no gunicorn")
        environment = self.environment(source, **environment_more)
        port = closed_port()
        process = subprocess.Popen(
            [python, "-c", "from gunicorn.app.wsgiapp import run; run()", "--workers", "4", "--bind", "127.0.0.1:%d" % port,
             "--log-level", "critical"] + list(arguments) + ["shop.wsgi"],
            env=environment, cwd=environment["SITE"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: self.get(port, "/whoami/") == 200, "gunicorn answers", 60)
            self.load(port, requests)
        finally:
            self.stop(process, signal.SIGTERM)

    def check_load(self, source: str, requests: int = 200) -> None:
        rows = [row for row in self.rows(source) if row["message"].startswith("load ")]
        self.assertEqual(sorted(row["message"] for row in rows), sorted("load %d %d" % (n, i) for n in range(requests) for i in range(3)))
        self.assertGreater(len({row["attributes"]["process.pid"] for row in rows}), 1)
        for row in rows:
            self.assertRegex(row["request_id"], "^[0-9a-f]{32}$")
        self.assertEqual(len({row["request_id"] for row in rows}), requests)

    def test_gunicorn_with_four_workers_that_are_replaced_under_load(self) -> None:
        for number, python in enumerate(PYTHONS):
            with self.subTest(python):
                self.gunicorn(python, "gunicorn%d" % number, "--max-requests", "40")
                self.check_load("gunicorn%d" % number)

    def test_gunicorn_with_preload(self) -> None:
        for number, python in enumerate(PYTHONS):
            with self.subTest(python):
                self.gunicorn(python, "preload%d" % number, "--preload")
                self.check_load("preload%d" % number)
                loaded = [row for row in self.rows("preload%d" % number) if row["message"] == "application loaded"]
                self.assertEqual(len(loaded), 1)

    def test_gunicorn_with_a_spool_while_the_server_is_killed_and_paused(self) -> None:
        spool = self.directory()
        python = PYTHONS[0]

        def trouble() -> None:
            time.sleep(3)
            self.server.kill()
            time.sleep(0.5)
            self.server.start()
            self.server.signal(signal.SIGSTOP)
            time.sleep(0.5)
            self.server.signal(signal.SIGCONT)

        thread = threading.Thread(target=trouble)
        thread.start()
        self.gunicorn(python, "spool", SHOP_SPOOL=spool, requests=600)
        thread.join()
        # What is left is for the next process.
        environment = self.environment("spool", SHOP_SPOOL=spool)
        process = subprocess.Popen([python, "-c", "import shop.wsgi, time; time.sleep(60)"], env=environment)
        try:
            wait_until(lambda: not glob.glob(os.path.join(spool, "*.batch")), "the spool is empty", 50)
        finally:
            self.stop(process, signal.SIGKILL)
        self.check_load("spool", requests=600)

    def test_celerys_prefork_workers_send_their_last_records(self) -> None:
        python = next((python for python in PYTHONS if has(python, "celery")), None)
        if python is None:
            self.skipTest("no interpreter of DJANGO_PYTHONS has Celery")
        environment = self.environment("celery")
        site = environment["SITE"]
        os.mkdir(os.path.join(site, "broker"))
        with open(os.path.join(site, "jobs.py"), "w") as file:
            file.write("""
import logging, os, django
django.setup()
from celery import Celery
app = Celery("jobs", broker="filesystem://")
folder = os.path.join(os.environ["SITE"], "broker")
app.conf.update(broker_transport_options={"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder},
                worker_hijack_root_logger=False, task_ignore_result=True)

@app.task
def work(number):
    logging.getLogger("jobs").info("job %d in %d", number, os.getpid())
    open("done-%d" % number, "w").close()
""")
        subprocess.run([python, "-c", "import jobs\nfor n in range(20): jobs.work.delay(n)"], env=environment, cwd=site, check=True,
                       timeout=60)
        process = subprocess.Popen(
            [python, "-m", "celery", "-A", "jobs", "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "info",
             "--without-gossip", "--without-mingle", "--without-heartbeat"],
            env=dict(environment, C_FORCE_ROOT="1"), cwd=site, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: len(glob.glob(os.path.join(site, "done-*"))) == 20, "the jobs are done", 45)
        finally:
            self.stop(process, signal.SIGTERM)
        numbers = sorted(int(row["message"].split()[1]) for row in self.rows("celery") if row["logger"] == "jobs")
        self.assertEqual(numbers, list(range(20)))


if __name__ == "__main__":
    unittest.main()
