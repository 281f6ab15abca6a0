"""From the log call to the acknowledgement, with a server that answers in every way."""
import asyncio
import logging
import os
import signal
import sys
import threading
import time
import unittest
import weakref
from typing import Any
from unittest import mock

from bitacora_logging import BitacoraHandler
from tests.support import ClientTestCase, ScriptedServer, closed_port, logger_of, wait_until


class Delivery(ClientTestCase):
    def log(self, handler: BitacoraHandler, count: int, start: int = 0) -> None:
        logger = logger_of(handler)
        for i in range(start, start + count):
            logger.info("record %d", i)

    def expect(self, server: ScriptedServer, count: int) -> None:
        self.assertEqual(server.messages(), ["record %d" % i for i in range(count)])

    def test_records_arrive_in_order_in_batches_on_one_connection(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60)
        self.log(handler, 95)
        self.assertTrue(handler.drain(10))
        self.expect(server, 95)
        self.assertEqual([len(request.lines) for request in server.requests], [10] * 9 + [5])
        self.assertEqual(len({request.connection for request in server.requests}), 1)
        stats = self.assert_identity(handler)
        names = ("logs_queued", "logs_written", "logs_dropped", "batches", "retries")
        self.assertEqual([stats[name] for name in names], [95, 95, 0, 10, 0])

    def test_a_request_says_who_sends_what(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint, batch_size=2, source="shop", api_key="the-key")
        for start in (0, 2):
            self.log(handler, 2, start)
            handler.drain(10)
        first, second = server.requests
        self.assertEqual(first.headers["Authorization"], "Bearer the-key")
        self.assertEqual(first.headers["Content-Encoding"], "gzip")
        self.assertRegex(first.headers["Bitacora-Origin"], "^[0-9a-f]{31}[02468ace]$")
        self.assertEqual(second.headers["Bitacora-Origin"], first.headers["Bitacora-Origin"])
        self.assertEqual((first.headers["Bitacora-Position"], second.headers["Bitacora-Position"]), ("0", "2"))
        self.assertRegex(first.headers["Bitacora-Sender"], '^name="shop", .*accepted=2, delivered=0, waiting=2, ')
        self.assertRegex(second.headers["Bitacora-Sender"], "accepted=4, delivered=2, waiting=2, ")

    def test_without_a_key_there_is_no_authorization(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint)
        self.log(handler, 1)
        handler.drain(10)
        self.assertNotIn("Authorization", server.requests[0].headers)

    def test_a_lost_answer_is_sent_again_with_the_same_bytes_and_stores_nothing_twice(self) -> None:
        for behaviour in ("close", "lose", "reset"):
            with self.subTest(behaviour):
                server = self.serve(behaviour, behaviour)
                handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60)
                self.log(handler, 20)
                self.assertTrue(handler.drain(10))
                self.expect(server, 20)
                first, second = server.requests[:2]
                self.assertEqual((first.raw, first.identity), (second.raw, second.identity))
                self.assertEqual(server.duplicates, 20 if behaviour == "close" else 0)
                stats = self.assert_identity(handler)
                self.assertEqual((stats["logs_written"], stats["batches"]), (20, 2))
                self.assertGreaterEqual(stats["retries"], 1)

    def test_a_server_that_closes_idle_connections_costs_no_pause(self) -> None:
        server = self.serve(200, "lose")
        handler = self.handler(server.endpoint, batch_size=1)
        self.log(handler, 1)
        handler.drain(10)
        self.log(handler, 1, start=1)
        self.assertTrue(handler.drain(10))
        self.expect(server, 2)
        self.assertEqual((self.said, handler.get_stats()["last_error"]), ([], ""))

    def test_errors_of_the_server_are_tried_again(self) -> None:
        server = self.serve(503, 500, 502, (429, {"Retry-After": "0"}, '{"code": "queries_busy"}'), 408)
        handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60)
        self.log(handler, 10)
        self.assertTrue(handler.drain(10))
        self.expect(server, 10)
        stats = self.assert_identity(handler)
        self.assertEqual((stats["batches"], stats["retries"]), (1, 5))
        self.assertEqual(len([said for said in self.said if "does not take" in said]), 1)
        self.assertIn("the server takes records again", self.said)

    def test_retry_after_is_waited_for(self) -> None:
        server = self.serve((503, {"Retry-After": "1"}, ""))
        handler = self.handler(server.endpoint)
        self.log(handler, 1)
        server.wait_for_requests(1)
        began = time.monotonic()
        server.wait_for_requests(2)
        self.assertGreater(time.monotonic() - began, 0.9)

    def test_a_server_that_does_not_answer_is_given_up_and_asked_again(self) -> None:
        server = self.serve("hang")
        handler = self.handler(server.endpoint, timeout=0.2)
        self.log(handler, 5)
        self.assertTrue(handler.drain(10))
        self.expect(server, 5)
        self.assertEqual(server.duplicates, 5)
        self.assertIn("timed out", handler.get_stats()["last_error"])

    def test_a_refused_batch_is_counted_said_once_and_does_not_stop_the_others(self) -> None:
        for status in (400, 403, 415):
            with self.subTest(status):
                del self.said[:]
                server = self.serve(status, status)
                handler = self.handler(server.endpoint, batch_size=5, batch_timeout=60)
                self.log(handler, 15)
                self.assertTrue(handler.drain(10))
                self.assertEqual(server.messages(), ["record %d" % i for i in range(10, 15)])
                stats = self.assert_identity(handler)
                self.assertEqual((stats["dropped_refused"], stats["logs_dropped"], stats["logs_written"]), (10, 10, 5))
                self.assertEqual(len(self.said), 1)
                self.assertIn("HTTP %d" % status, self.said[0])

    def test_a_batch_that_is_too_large_is_sent_in_halves_down_to_the_record_that_is(self) -> None:
        server = self.serve(most_bytes=2000)
        handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60)
        logger = logger_of(handler)
        for i in range(10):
            logger.info("record %d%s", i, "x" * 2000 if i == 6 else "")
        self.assertTrue(handler.drain(10))
        self.assertEqual(server.messages(), ["record %d" % i for i in range(10) if i != 6])
        origin = server.requests[0].identity[0]
        self.assertEqual(sorted(server.records), [(origin, i) for i in range(10) if i != 6])
        self.assertEqual(server.duplicates, 0)
        stats = self.assert_identity(handler)
        self.assertEqual((stats["logs_written"], stats["dropped_refused"], stats["batches"]), (9, 1, 1))
        self.assertEqual(len(self.said), 1)
        self.assertIn("refused 1 records: HTTP 413", self.said[0])

    def test_a_half_whose_answer_is_lost_is_stored_once(self) -> None:
        server = self.serve(413, "close", "close", 413, 503, "close")
        handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60)
        self.log(handler, 30)
        self.assertTrue(handler.drain(10))
        self.expect(server, 30)
        self.assertGreater(server.duplicates, 0)
        self.assertEqual(self.assert_identity(handler)["logs_written"], 30)

    def test_halves_that_are_left_at_the_end_are_counted(self) -> None:
        server = self.serve(413, 413, *[503] * 1000)
        handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60, shutdown_timeout=0.3)
        self.log(handler, 10)
        server.wait_for_requests(3)
        handler.close()
        stats = self.assert_identity(handler)
        self.assertEqual((stats["dropped_shutdown"], stats["waiting"]), (10, 0))

    def test_lines_that_the_server_rejects_are_counted(self) -> None:
        server = self.serve((200, {}, '{"accepted": 7, "duplicates": 0, "rejected": 3, "errors": [{"line": 2, "reason": "too long"}]}'))
        handler = self.handler(server.endpoint, batch_size=10, batch_timeout=60)
        self.log(handler, 10)
        self.assertTrue(handler.drain(10))
        stats = self.assert_identity(handler)
        self.assertEqual((stats["logs_written"], stats["dropped_refused"]), (7, 3))
        self.assertIn("too long", self.said[0])

    def test_a_wrong_key_loses_nothing_and_a_new_one_in_the_file_is_taken(self) -> None:
        file = os.path.join(self.directory(), "key")
        with open(file, "w") as opened:
            opened.write("old")
        server = self.serve(401)
        handler = self.handler(server.endpoint, api_key_file=file)
        with open(file, "w") as opened:
            opened.write("new")
        self.log(handler, 3)
        self.assertTrue(handler.drain(10))
        self.expect(server, 3)
        self.assertEqual([request.headers["Authorization"] for request in server.requests], ["Bearer old", "Bearer new"])
        self.assertIn("HTTP 401", self.said[0])
        self.assertNotIn("old", self.said[0])

    def test_a_key_that_may_not_loses_nothing_and_a_new_one_in_the_file_is_taken(self) -> None:
        file = os.path.join(self.directory(), "key")
        with open(file, "w") as opened:
            opened.write("old")
        server = self.serve((403, {}, '{"code": "key_scope"}'))
        handler = self.handler(server.endpoint, api_key_file=file)
        with open(file, "w") as opened:
            opened.write("new")
        self.log(handler, 3)
        self.assertTrue(handler.drain(10))
        self.expect(server, 3)
        self.assertEqual([request.headers["Authorization"] for request in server.requests], ["Bearer old", "Bearer new"])
        self.assertIn("key_scope", self.said[0])

    def test_a_redirect_or_a_login_page_is_no_acknowledgement(self) -> None:
        server = self.serve((302, {"Location": "/login"}, ""), (200, {}, "<html>Log in</html>"), 404)
        handler = self.handler(server.endpoint)
        self.log(handler, 3)
        self.assertTrue(handler.drain(10))
        self.expect(server, 3)
        self.assertEqual(len(server.requests), 4)

    def test_a_server_that_comes_late_gets_what_the_queue_holds_and_the_rest_is_counted(self) -> None:
        port = closed_port()
        handler = self.handler("http://127.0.0.1:%d" % port, batch_size=10, queue_maxsize=80)
        self.log(handler, 200)
        logger_of(handler).warning("important")
        wait_until(lambda: handler.get_stats()["last_error"], "a failure")
        stats = self.assert_identity(handler)
        self.assertGreater(stats["oldest_unsent_seconds"], 0)
        self.assertEqual(stats["logs_queued"] + stats["dropped_full"], 201)
        server = self.serve(port=port)
        self.assertTrue(handler.drain(10))
        self.assertEqual(len(server.records), stats["logs_queued"])
        self.assertIn("important", server.messages())
        stats = self.assert_identity(handler)
        self.assertEqual((stats["logs_written"], stats["waiting"], stats["oldest_unsent_seconds"]), (len(server.records), 0, 0))

    def test_emit_does_not_wait_for_a_server_that_hangs(self) -> None:
        server = self.serve("hang", "hang")
        handler = self.handler(server.endpoint, batch_size=10, queue_maxsize=100, shutdown_timeout=0.1)
        self.log(handler, 10)
        server.wait_for_requests(1)
        began = time.monotonic()
        self.log(handler, 5000)
        self.assertLess(time.monotonic() - began, 5)
        self.assertGreater(handler.get_stats()["dropped_full"], 4000)

    def test_emit_does_not_wait_for_a_shutdown_that_waits(self) -> None:
        server = self.serve("hang")
        handler = self.handler(server.endpoint, batch_size=1, timeout=60, shutdown_timeout=10)
        self.log(handler, 1)
        server.wait_for_requests(1)
        closer = threading.Thread(target=logging.shutdown, args=([weakref.ref(handler)],))
        closer.start()
        wait_until(lambda: handler._sender._queue.stopping, "the shutdown has begun")
        self.log(handler, 5, start=1)
        self.assertTrue(closer.is_alive())
        server.released.set()
        closer.join(10)
        self.assertFalse(closer.is_alive())
        self.expect(server, 6)
        self.assertEqual(self.assert_identity(handler)["logs_dropped"], 0)

    def test_filters_decide_what_is_sent(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint)
        handler.addFilter(lambda record: record.getMessage() != "record 1")
        self.log(handler, 3)
        if sys.version_info >= (3, 12):
            handler.addFilter(lambda record: logging.makeLogRecord(dict(vars(record), msg="another one", args=())))
            self.log(handler, 1)
        self.assertTrue(handler.drain(10))
        self.assertEqual(server.messages(), ["record 0", "record 2", "another one"][:2 + (sys.version_info >= (3, 12))])

    def test_emit_never_raises(self) -> None:
        handler = self.handler(self.serve().endpoint)
        with mock.patch("bitacora_logging.handler.capture", side_effect=RecursionError):
            self.log(handler, 1)
        for wrong in ({"levelno": "x"}, {"name": None}, {"created": None}, {"args": 7}, {"module": object()}, {"exc_info": 5}):
            handler.handle(logging.makeLogRecord(dict({"msg": "m", "levelno": 20, "levelname": "INFO"}, **wrong)))
        self.assertTrue(handler.drain(10))
        self.assertEqual(self.assert_identity(handler)["logs_written"], 7)

    def test_counters_hold_at_every_instant_under_threads_and_failures(self) -> None:
        server = self.serve(*(["close", 503, "lose", 200, (400, {}, "{}")] * 20))
        handler = self.handler(server.endpoint, batch_size=20, queue_maxsize=500)
        writers = [threading.Thread(target=self.log, args=(handler, 500)) for _ in range(6)]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            self.assert_identity(handler)
        self.assertTrue(handler.drain(30))
        stats = self.assert_identity(handler)
        self.assertEqual(stats["logs_queued"] + stats["dropped_full"], 3000)
        self.assertEqual(stats["logs_written"], len(server.records))

    def test_asyncio_tasks_log_without_being_stopped(self) -> None:
        server = self.serve("hang")
        handler = self.handler(server.endpoint, batch_size=5, timeout=0.3)
        logger = logger_of(handler)

        async def task(name: str) -> None:
            for i in range(20):
                logger.info("%s %d", name, i)
                await asyncio.sleep(0)

        async def main() -> float:
            began = time.monotonic()
            await asyncio.gather(*(task("task%d" % i) for i in range(5)))
            return time.monotonic() - began

        self.assertLess(asyncio.run(main()), 0.25)
        self.assertTrue(handler.drain(10))
        self.assertEqual(len(server.records), 100)

    @unittest.skipUnless(hasattr(signal, "setitimer"), "this system has no timers with signals")
    def test_a_signal_handler_that_logs_never_deadlocks(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint)
        logger = logger_of(handler)
        fired = []

        def on_signal(*_: Any) -> None:
            fired.append(1)
            logger.warning("from the signal handler")

        previous = signal.signal(signal.SIGALRM, on_signal)
        self.addCleanup(signal.signal, signal.SIGALRM, previous)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        try:
            end = time.monotonic() + 0.5
            written = 0
            while time.monotonic() < end:
                logger.info("in the program")
                written += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        self.assertTrue(handler.drain(10))
        self.assertGreater(len(fired), 10)
        stats = self.assert_identity(handler)
        self.assertEqual(stats["logs_queued"] + stats["dropped_full"], written + len(fired))

    def test_proxies_of_the_environment_are_ignored(self) -> None:
        server = self.serve()
        with mock.patch.dict(os.environ, {"http_proxy": "http://127.0.0.1:%d" % closed_port(), "HTTP_PROXY": "http://127.0.0.1:1"}):
            handler = self.handler(server.endpoint)
            self.log(handler, 1)
            self.assertTrue(handler.drain(10))


class Ending(ClientTestCase):
    def test_close_brings_away_what_waits(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint, batch_timeout=60)
        logger_of(handler).info("last words")
        handler.close()
        self.assertEqual(server.messages(), ["last words"])
        self.assert_identity(handler)

    def test_close_tries_until_its_time_is_over_and_counts_the_rest(self) -> None:
        handler = self.handler("http://127.0.0.1:%d" % closed_port(), batch_size=10, shutdown_timeout=0.3)
        logger = logger_of(handler)
        for i in range(35):
            logger.info("record %d", i)
        began = time.monotonic()
        handler.close()
        self.assertTrue(0.25 < time.monotonic() - began < 3)
        stats = self.assert_identity(handler)
        self.assertEqual((stats["dropped_shutdown"], stats["logs_dropped"], stats["waiting"]), (35, 35, 0))

    def test_close_ends_a_request_that_hangs(self) -> None:
        server = self.serve("hang", "hang")
        handler = self.handler(server.endpoint, batch_size=1, timeout=60, shutdown_timeout=0.3)
        logger_of(handler).info("record")
        server.wait_for_requests(1)
        began = time.monotonic()
        handler.close()
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(self.assert_identity(handler)["waiting"], 0)

    def test_what_waits_behind_a_thread_that_nothing_ends_is_not_lost_in_silence(self) -> None:
        blocked, go_on = threading.Event(), threading.Event()

        def post(*_: Any) -> Any:
            blocked.set()
            go_on.wait(20)
            raise AssertionError("this thread is of no use any more")

        directory = self.directory()
        handler = self.handler("http://127.0.0.1:9", batch_size=1, batch_timeout=60, shutdown_timeout=0.1, spool_directory=directory)
        with mock.patch("bitacora_logging.transport.Transport.post", side_effect=post):
            logger = logger_of(handler)
            for i in range(3):
                logger.info("record %d", i)
            self.assertTrue(blocked.wait(10))
            handler.close()
            files = [name for name in os.listdir(directory) if name.endswith(".batch")]
            stats = self.assert_identity(handler)
            go_on.set()
        self.assertEqual((len(files), stats["waiting"]), (3, 3))

    def test_close_without_a_thread_does_its_work_itself(self) -> None:
        server = self.serve()
        handler = self.handler(server.endpoint)
        start = threading.Thread.start

        def refuse(thread: threading.Thread) -> None:
            if thread.name == "bitacora-logging":
                raise RuntimeError("can't create new thread at interpreter shutdown")
            start(thread)

        with mock.patch("threading.Thread.start", refuse):
            logger_of(handler).info("at the end")
            handler.close()
        self.assertEqual(server.messages(), ["at the end"])

    def test_records_behind_close_are_counted(self) -> None:
        handler = self.handler(self.serve().endpoint)
        handler.close()
        logger_of(handler).info("too late")
        self.assertEqual(self.assert_identity(handler)["dropped_shutdown"], 1)

    def test_closing_twice_is_harmless(self) -> None:
        handler = self.handler(self.serve().endpoint)
        logger_of(handler).info("m")
        handler.close()
        handler.close()


if __name__ == "__main__":
    unittest.main()
