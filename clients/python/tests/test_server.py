"""The real server while it is stopped, killed and paused under load."""
import json
import os
import signal
import threading
import time
import unittest
from typing import Any, Callable, Dict, List
from unittest import mock

from tests.support import OPENSSL, ClientTestCase, RealServer, logger_of, needs_server, wait_until


@needs_server
class Faults(ClientTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = RealServer()
        self.addCleanup(self.server.close)

    def load(self, trouble: Callable[[], None], source: str = "test", **options: Any) -> Dict[str, Any]:
        """Three threads log while the trouble happens; returns the counters when all is over."""
        handler = self.handler(self.server.endpoint, batch_size=50, timeout=1.0, source=source, **options)
        logger = logger_of(handler)
        over = threading.Event()
        written = [0] * 3

        def write(number: int) -> None:
            while not over.is_set():
                logger.info("%d %d", number, written[number])
                written[number] += 1
                time.sleep(0.001)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: handler.get_stats()["logs_written"] > 100, "the first records are stored")
        trouble()
        time.sleep(0.2)
        over.set()
        for thread in threads:
            thread.join()
        self.assertTrue(handler.drain(30))
        stats = self.assert_identity(handler)
        self.assertEqual(stats["logs_queued"] + stats["dropped_full"], sum(written))
        messages = [row["message"] for row in self.server.search("source:" + source)]
        self.assertEqual(len(messages), len(set(messages)), "a record is there twice")
        self.assertEqual(len(messages), sum(written) - stats["logs_dropped"])
        return stats

    def kill(self) -> None:
        self.server.kill()
        time.sleep(0.3)
        self.server.start()

    def stop(self) -> None:
        self.server.stop()
        self.server.start()

    def pause(self) -> None:
        self.server.signal(signal.SIGSTOP)
        time.sleep(1.5)
        self.server.signal(signal.SIGCONT)

    def test_with_a_spool_nothing_is_lost_and_nothing_is_there_twice(self) -> None:
        for trouble in (self.kill, self.stop, self.pause):
            with self.subTest(trouble.__name__):
                stats = self.load(trouble, spool_directory=self.directory(), source=trouble.__name__)
                self.assertEqual(stats["logs_dropped"], 0)
                self.assertGreater(stats["spooled"], 0)

    def test_without_a_spool_exactly_the_counted_number_is_lost(self) -> None:
        stats = self.load(self.kill, queue_maxsize=100)
        self.assertGreater(stats["dropped_full"], 0)

    def test_a_queue_that_is_large_enough_loses_nothing(self) -> None:
        self.assertEqual(self.load(self.pause)["logs_dropped"], 0)

    def test_limits_of_a_record_are_the_servers(self) -> None:
        handler = self.handler(self.server.endpoint)
        logger = logger_of(handler)
        logger.info("x" * 3000000)
        logger.info("\x00" * 3000000)
        logger.info("many", extra={"a%d" % i: "y" * 40000 for i in range(40)})
        logger.log(25, "a level of the program's own")
        logger.info("odd \ud800 \x1b[31m", extra={"k\udfff": float("inf"), "big": 2 ** 70, "deep": {"a": {"b": [1, {"c": None}]}}})
        self.assertTrue(handler.drain(20))
        self.assertEqual(self.assert_identity(handler)["logs_written"], 5)
        rows = self.server.search("source:test")
        self.assertEqual(len(rows), 5)
        self.assertIn("[cut, of 3000000 characters]", rows[0]["message"])
        self.assertNotIn("truncated", rows[0]["attributes"])
        own, odd = rows[3]["attributes"], rows[4]["attributes"]
        self.assertEqual((rows[3]["level"], own["level_name"], own["severity_number"]), ("INFO", "Level 25", 25))
        self.assertEqual((odd["big"], odd["deep.a.b"]), (str(2 ** 70), '[1,{"c":null}]'))


@needs_server
class Keys(ClientTestCase):
    """Keys and counters at the real server."""

    def setUp(self) -> None:
        super().setUp()
        self.server = RealServer()
        self.addCleanup(self.server.close)

    def senders(self) -> List[Dict[str, Any]]:
        return [json.loads(line) for line in self.server.command("senders", "--format", "json").splitlines()]

    def rows(self) -> List[str]:
        lines = self.server.command("search", "source:test", "--last", "1h", "--format", "json").splitlines()
        return sorted(str(json.loads(line)["message"]) for line in lines)

    def test_a_key_is_shown_and_the_senders_counters_arrive(self) -> None:
        key = self.server.command("keys", "create", "--name", "shop", "--can", "ingest").strip()
        self.server.stop()
        self.server.start()
        handler = self.handler(self.server.endpoint, api_key=key, batch_size=5, queue_maxsize=20)
        logger = logger_of(handler)
        for number in range(7):
            logger.warning("order %d", number)
        self.assertTrue(handler.drain(20))
        self.assertEqual(self.rows(), ["order %d" % number for number in range(7)])
        sender = self.senders()[0]
        self.assertEqual((sender["name"], sender["key"], sender["state"], sender["records"]), ("test", "shop", "ok", 7))
        self.assertEqual(sender["process"], os.getpid())
        self.assertEqual((sender["says"]["accepted"], sender["says"]["dropped"]), (7, 0))

    def test_a_sender_without_a_key_keeps_its_records_until_it_has_one(self) -> None:
        key = self.server.command("keys", "create", "--name", "shop", "--can", "ingest").strip()
        self.server.stop()
        self.server.start()
        spool = self.directory()
        poor = self.handler(self.server.endpoint, spool_directory=spool)
        logger_of(poor).error("refused by the bank")
        wait_until(lambda: poor.get_stats()["retries"] > 0 or poor.get_stats()["last_error"] is not None, "it was refused")
        poor.close()
        self.assertEqual(self.rows(), [])
        self.assertIn("no_key", self.server.command("senders"))
        rich = self.handler(self.server.endpoint, spool_directory=spool, api_key=key)
        logger_of(rich).error("paid")
        self.assertTrue(rich.drain(20))
        wait_until(lambda: self.rows() == ["paid", "refused by the bank"], "both are stored")

    def test_the_key_stands_in_no_listing(self) -> None:
        key = self.server.command("keys", "create", "--name", "shop", "--can", "ingest").strip()
        for command in ("keys list", "senders"):
            self.assertNotIn(key, self.server.command(*command.split()))


@needs_server
@unittest.skipUnless(OPENSSL, "there is no openssl to make a certificate with")
class Tls(ClientTestCase):
    """The real server over TLS, with a certificate that this machine's list does not have."""

    def setUp(self) -> None:
        super().setUp()
        self.server = RealServer(tls=True)
        self.addCleanup(self.server.close)

    def test_with_a_certificate_that_is_trusted_the_records_and_the_key_arrive(self) -> None:
        key = self.server.command("keys", "create", "--name", "shop", "--can", "all").strip()
        with mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(self.server.certificate)}):
            handler = self.handler(self.server.endpoint, api_key=key)
            logger = logger_of(handler)
            for number in range(250):
                logger.info("order %d", number)
            self.assertTrue(handler.drain(20))
        self.assertEqual(self.assert_identity(handler)["logs_written"], 250)
        rows = self.server.command("search", "source:test", "--last", "1h", "--format", "json").splitlines()
        self.assertEqual(len({json.loads(row)["message"] for row in rows}), 250)

    def test_to_a_server_that_cannot_be_trusted_nothing_goes_and_the_reason_is_said(self) -> None:
        handler = self.handler(self.server.endpoint, api_key="bta_not-for-strangers", shutdown_timeout=0.2)
        logger_of(handler).info("a secret")
        wait_until(lambda: handler.get_stats()["last_error"], "it failed")
        stats = self.assert_identity(handler)
        self.assertIn("certificate verify failed", stats["last_error"].lower())
        self.assertEqual((stats["logs_written"], stats["waiting"]), (0, 1))
        self.assertEqual(self.server.search("source:test"), [])


if __name__ == "__main__":
    unittest.main()
