"""Forks, ends and kills: each in processes of its own."""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from typing import Any, Dict, List

from tests.support import (
    ClientTestCase, RealServer, closed_port, logger_of, needs_server, python_environment, run_python, wait_until)

BEGIN = """
import logging, os, sys, threading, time
from bitacora_logging import BitacoraHandler
handler = BitacoraHandler(sys.argv[1], source="child", batch_timeout=0.05, **eval(sys.argv[2]))
logger = logging.getLogger("child")
logger.addHandler(handler)
logger.setLevel("INFO")
"""


@unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
class Forks(ClientTestCase):
    def test_sending_loads_no_module_whose_lock_a_child_would_inherit(self) -> None:
        server = self.serve(503, 401, "close", "hang")
        output = self.run_child("""
from bitacora_logging import backoff
backoff.FIRST = backoff.SLOW = 0.01
before = set(sys.modules)
logger.info("m %s", "ñ", extra={"a": {"b": 1.5}})
assert handler.drain(20)
print(sorted(set(sys.modules) - before))
""", server.endpoint, timeout=0.5, spool_directory=self.directory())
        self.assertEqual(output, "[]\n")

    def run_child(self, code: str, endpoint: str, **options: Any) -> str:
        # Python 3.12 and later warn of every fork of a process that has a thread.
        result = run_python(BEGIN + code, endpoint, repr(options), environment={"PYTHONWARNINGS": "ignore::DeprecationWarning"})
        other = [line for line in result.stderr.splitlines() if not line.startswith("bitacora_logging: the server ")]
        self.assertEqual((result.returncode, other), (0, []))
        return result.stdout

    def test_parent_and_child_have_each_its_own_queue_thread_and_origin(self) -> None:
        server = self.serve()
        self.run_child("""
logger.info("parent before")
pid = os.fork()
if pid == 0:
    logger.info("child")
    logging.shutdown()
    os._exit(0)
logger.info("parent after")
os.waitpid(pid, 0)
""", server.endpoint)
        self.assertEqual(sorted(server.messages()), ["child", "parent after", "parent before"])
        origins = {line["message"].split()[0]: identity[0] for identity, line in server.records.items()}
        self.assertEqual(len(set(origins.values())), 2)
        self.assertEqual(server.duplicates, 0)

    def test_a_child_never_sends_what_the_parent_has_queued(self) -> None:
        server = self.serve()
        self.run_child("""
handler.setLevel("INFO")
slow = BitacoraHandler(sys.argv[1], batch_timeout=60)
logger.addHandler(slow)
logger.removeHandler(handler)
logger.info("the parent's")
copy = slow._sender
if os.fork() == 0:
    copy.stop(5)  # somebody may have kept it to call it at the end, as signals of Celery do
    os._exit(0)
os.wait()
os._exit(0)
""", server.endpoint)
        self.assertEqual(server.messages(), [])

    def test_forks_under_load_lose_and_repeat_nothing(self) -> None:
        server = self.serve()
        self.run_child("""
stop = threading.Event()
written = [0] * 3
def write(n):
    while not stop.is_set():
        logger.info("parent %d %d", n, written[n])
        written[n] += 1
        time.sleep(0.0005)
threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
for thread in threads: thread.start()
children = []
for c in range(12):
    pid = os.fork()
    if pid == 0:
        for i in range(20): logger.info("child %d %d", c, i)
        logging.shutdown()
        os._exit(0)
    children.append(pid)
    time.sleep(0.01)
for pid in children: assert os.waitpid(pid, 0)[1] == 0
stop.set()
for thread in threads: thread.join()
assert handler.drain(20)
assert handler.get_stats()["logs_queued"] == sum(written), (handler.get_stats(), written)
""", server.endpoint)
        messages = server.messages()
        self.assertEqual(len([message for message in messages if message.startswith("child")]), 240)
        self.assertEqual(len(messages), len(set(messages)))
        self.assertEqual(server.duplicates, 0)

    def test_a_child_of_multiprocessing_which_ends_without_atexit_sends_its_last_records(self) -> None:
        for method in ("fork", "spawn"):
            with self.subTest(method):
                server = self.serve()
                with tempfile.TemporaryDirectory() as directory:
                    path = os.path.join(directory, "program.py")
                    with open(path, "w") as file:
                        file.write(BEGIN.replace("batch_timeout=0.05", "batch_timeout=60") + """
import multiprocessing
def work():
    logger.info("in the child")
if __name__ == "__main__":
    process = multiprocessing.get_context(%r).Process(target=work)
    process.start()
    process.join()
""" % method)
                    subprocess.run([sys.executable, path, server.endpoint, "{}"], env=python_environment(), check=True, timeout=60)
                self.assertEqual(server.messages(), ["in the child"])

    def test_the_child_of_a_fork_does_not_keep_the_parents_spool_locked(self) -> None:
        directory = self.directory()
        server = self.serve()
        output = self.run_child("""
logger.info("parent")
deadline = time.monotonic() + 10
while not handler.get_stats()["spooled"] and time.monotonic() < deadline: time.sleep(0.01)
if os.fork() == 0:
    os.close(0); os.close(1); os.close(2)
    time.sleep(20)
    os._exit(0)
os._exit(0)
""", "http://127.0.0.1:%d" % closed_port(), spool_directory=directory)
        self.assertEqual(output, "")
        handler = self.handler(server.endpoint, spool_directory=directory)
        logger_of(handler).info("next")
        server.wait_for_records(2)
        self.assertEqual(sorted(server.messages()), ["next", "parent"])

    def test_sixteen_processes_share_one_spool_without_losing_or_repeating(self) -> None:
        directory = self.directory()
        port = closed_port()
        code = BEGIN + """
for i in range(30):
    logger.info("%d %d", os.getpid(), i)
    time.sleep(0.002)
"""
        children = [subprocess.Popen(
            [sys.executable, "-c", code, "http://127.0.0.1:%d" % port, repr({"spool_directory": directory, "batch_size": 3})],
            env=python_environment(), stderr=subprocess.DEVNULL) for _ in range(8)]
        for child in children:
            child.wait(60)
        server = self.serve(port=port)
        children = [subprocess.Popen(
            [sys.executable, "-c", code + "time.sleep(1)", "http://127.0.0.1:%d" % port, repr({"spool_directory": directory})],
            env=python_environment()) for _ in range(8)]
        for child in children:
            child.wait(60)
        last = self.handler(server.endpoint, spool_directory=directory)
        logger_of(last).info("last")
        server.wait_for_records(16 * 30 + 1)
        self.assertEqual(server.duplicates, 0)
        messages = server.messages()
        self.assertEqual(len(set(messages)), len(messages))


class Ends(ClientTestCase):
    def test_a_program_that_ends_sends_what_waits(self) -> None:
        server = self.serve()
        for code in ('logger.info("last words")', 'logger.info("last words"); sys.exit(3)', 'logger.info("last words"); 1 / 0'):
            server.records.clear()
            run_python(BEGIN.replace("batch_timeout=0.05", "batch_timeout=60") + code, server.endpoint, "{}")
            self.assertEqual(server.messages(), ["last words"])

    def test_a_record_at_the_very_end_is_sent(self) -> None:
        server = self.serve()
        run_python("import atexit\n" + BEGIN + 'atexit.register(lambda: logger.info("from atexit"))', server.endpoint, "{}")
        self.assertEqual(server.messages(), ["from atexit"])

    def test_a_server_that_is_away_is_said_once_on_standard_error(self) -> None:
        result = run_python(BEGIN + 'for i in range(300): logger.info("%d", i); time.sleep(0.001)', "http://127.0.0.1:%d" % closed_port(),
                            repr({"shutdown_timeout": 0.5, "api_key": "topsecret"}))
        self.assertEqual(result.returncode, 0)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn("does not take records", result.stderr)
        self.assertNotIn("topsecret", result.stderr)

    def test_a_program_without_standard_error_runs_on(self) -> None:
        code = BEGIN + 'sys.stderr = None\nlogger.info("m")\ntime.sleep(0.3)\nprint("here")'
        result = run_python(code, "http://127.0.0.1:%d" % closed_port(), repr({"shutdown_timeout": 0.1}))
        self.assertEqual(result.stdout, "here\n")


# Writes as fast as it is allowed to and says, line by line, what had left the queue: delivered or on disk.
VICTIM = BEGIN + """
def report():
    while True:
        stats = handler.get_stats()
        os.write(1, b"%d\\n" % (stats["logs_written"] + stats["spooled"] - stats["replayed"]))
        time.sleep(0.002)
threading.Thread(target=report, daemon=True).start()
i = 0
while True:
    logger.info("%s %d", sys.argv[3], i)
    i += 1
    if i % 50 == 0: time.sleep(0.002)
"""
KILLS = int(os.environ.get("BITACORA_KILLS", "10"))


@needs_server
@unittest.skipUnless(hasattr(signal, "SIGKILL"), "this system has no SIGKILL")
class Kills(ClientTestCase):
    """The real server and SIGKILL."""

    def setUp(self) -> None:
        super().setUp()
        self.server = RealServer()
        self.addCleanup(self.server.close)

    def victim(self, name: str, directory: str) -> "subprocess.Popen[bytes]":
        options = {"spool_directory": directory, "batch_size": 20, "timeout": 0.2}
        return subprocess.Popen(
            [sys.executable, "-c", VICTIM, self.server.endpoint, repr(options), name],
            env=python_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def test_a_process_that_is_killed_loses_nothing_that_had_left_its_queue(self) -> None:
        directory = self.directory()
        chance = random.Random(int(os.environ.get("BITACORA_SEED", "8")))
        least: Dict[str, int] = {}
        left = 0
        for number in range(KILLS):
            name = "life-%d" % number
            victim = self.victim(name, directory)
            assert victim.stdout is not None
            while int(victim.stdout.readline()) == 0:
                pass
            # In every second life the server does not answer any more, so that there is something on disk.
            if number % 2:
                self.server.signal(signal.SIGSTOP)
            time.sleep(chance.uniform(0.0, 0.5))
            victim.kill()
            reported = victim.stdout.read().split(b"\n")[:-1]
            victim.wait()
            victim.stdout.close()
            if number % 2:
                self.server.signal(signal.SIGCONT)
            least[name] = int(reported[-1]) if reported else 1
            left += len([file for file in os.listdir(directory) if file.endswith(".batch")])
        handler = self.handler(self.server.endpoint, spool_directory=directory)
        logger_of(handler).info("the next process")
        wait_until(lambda: not [name for name in os.listdir(directory) if name.endswith((".batch", ".tmp"))], "the spool is empty", 60)
        found: Dict[str, List[int]] = {name: [] for name in least}
        for row in self.server.search('source:child'):
            name, number_text = row["message"].split()
            found[name].append(int(number_text))
        for name, numbers in found.items():
            self.assertEqual(sorted(numbers), list(range(len(numbers))), name + ": a gap, or one twice")
            self.assertGreaterEqual(len(numbers), least[name], name)
        self.assertGreater(left, 0, "no process left anything on disk: this run has shown nothing")


if __name__ == "__main__":
    unittest.main()
