"""What the server's answers mean, and when to try again."""
import http.client
import ssl
import time
import unittest
from email.utils import formatdate
from typing import Any
from unittest import mock

from bitacora_logging import backoff
from bitacora_logging.backoff import Backoff
from bitacora_logging.batch import Batch, make_batch
from bitacora_logging.options import endpoint_of, key_of
from bitacora_logging.record import without_content
from bitacora_logging.sender_header import sender_header
from bitacora_logging.transport import WORDS, Transport, Verdict, judge
from tests.support import ClientTestCase


class Judgements(unittest.TestCase):
    def test_an_acknowledgement_says_how_many_are_stored(self) -> None:
        answer = judge(200, b'{"accepted": 8, "duplicates": 3, "rejected": 2, "errors": [{"line": 1, "reason": "bad"}]}', None, 10)
        self.assertEqual((answer.verdict, answer.taken, answer.error), (Verdict.TAKEN, 8, "2 records refused: bad"))

    def test_a_page_that_says_200_is_no_acknowledgement(self) -> None:
        for body in (b"<html>Log in</html>", b"", b"[]", b'{"ok": true}', b"\xff"):
            self.assertIs(judge(200, body, None, 1).verdict, Verdict.RETRY_SLOWLY)

    def test_each_status_has_its_consequence(self) -> None:
        for statuses, verdict in [((408, 429, 500, 502, 503, 504), Verdict.RETRY), ((400, 403, 415), Verdict.REFUSED),
                                  ((401, 404, 405, 301, 302, 204), Verdict.RETRY_SLOWLY)]:
            for status in statuses:
                self.assertIs(judge(status, b"", None, 1).verdict, verdict, status)

    def test_a_key_that_may_not_and_a_foreign_host_are_wrong_configuration(self) -> None:
        slowly, refused = Verdict.RETRY_SLOWLY, Verdict.REFUSED
        for code, verdict in (("key_scope", slowly), ("foreign_host", slowly), ("foreign_sender", refused)):
            self.assertIs(judge(403, b'{"code": "%s"}' % code.encode(), None, 1).verdict, verdict, code)
        self.assertIs(judge(400, b'{"code": "key_scope"}', None, 1).verdict, Verdict.REFUSED)

    def test_what_the_server_says_cannot_steer_a_terminal(self) -> None:
        for name in ("title", "detail"):
            body = b'{"%s": "a\\u001b[2J\\n\\u009b1m\\u202e\\u00f1"}' % name.encode()
            self.assertEqual(judge(400, body, None, 1).error, "HTTP 400: a?[2J??1m?ñ")
        reason = b'{"accepted": 0, "errors": [{"reason": "\\u001b]0;x\\u0007"}]}'
        self.assertEqual(judge(200, reason, None, 1).error, "1 records refused: ?]0;x?")
        self.assertLess(len(judge(503, b'{"title": "%s"}' % (b"x" * 10000), None, 1).error), WORDS + 20)

    def test_what_is_stored_of_a_refused_batch_counts(self) -> None:
        self.assertEqual(judge(400, b'{"code": "body_incomplete", "accepted": 4}', None, 10).taken, 4)

    def test_what_is_too_large_is_refused_only_by_itself(self) -> None:
        self.assertIs(judge(413, b"", None, 2).verdict, Verdict.TOO_LARGE)
        self.assertIs(judge(413, b"", None, 1).verdict, Verdict.REFUSED)

    def test_the_problems_words_are_kept(self) -> None:
        self.assertEqual(judge(503, b'{"code": "overloaded"}', None, 1).error, "HTTP 503: overloaded")

    def test_retry_after_is_seconds_or_a_date(self) -> None:
        self.assertEqual(judge(503, b"", "7", 1).retry_after, 7)
        self.assertIsNone(judge(503, b"", "soon", 1).retry_after)
        asked = judge(429, b"", formatdate(time.time() + 100, usegmt=True), 1).retry_after
        self.assertTrue(asked is not None and 90 < asked < 101)
        self.assertEqual(judge(429, b"", "Mon, 01 Jan 2001 00:00:00 GMT", 1).retry_after, 0)


class Connections(ClientTestCase):
    def transport(self, endpoint: str) -> Transport:
        transport = Transport(endpoint_of(endpoint), key_of(None, None))
        self.addCleanup(transport.close)
        return transport

    def batch(self, position: int) -> Batch:
        return make_batch("0" * 32, position, [without_content(20, "n", ValueError())], "")

    def test_tls_that_ended_while_the_connection_idled_says_nothing_about_the_server(self) -> None:
        request = http.client.HTTPConnection.request
        for error in (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), ssl.SSLZeroReturnError(6, "TLS/SSL connection closed")):
            server = self.serve()
            transport = self.transport(server.endpoint)
            self.assertIs(transport.post(self.batch(0), "", 5).verdict, Verdict.TAKEN)
            errors = [error]

            def fail_once(connection: Any, *arguments: Any) -> None:
                if errors:
                    raise errors.pop()
                request(connection, *arguments)

            with mock.patch("http.client.HTTPConnection.request", fail_once):
                answer = transport.post(self.batch(1), "", 5)
            self.assertEqual((answer.verdict, answer.error), (Verdict.TAKEN, ""))
            self.assertEqual(len({made.connection for made in server.requests}), 2)

    def test_a_new_connection_that_ends_so_is_a_failure(self) -> None:
        transport = self.transport(self.serve().endpoint)
        with mock.patch("http.client.HTTPConnection.request", side_effect=ssl.SSLEOFError(8, "EOF \x1b[2J")):
            answer = transport.post(self.batch(0), "", 5)
        self.assertIs(answer.verdict, Verdict.RETRY)
        self.assertIn("EOF ?[2J", answer.error)


class Pauses(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 1000.0
        self.jitter = 1.0
        self.backoff = Backoff(lambda: self.now, lambda: self.jitter)

    def test_pauses_double_up_to_the_longest_and_begin_anew_after_success(self) -> None:
        pauses = []
        for _ in range(9):
            self.backoff.fail()
            pauses.append(self.backoff.remaining())
        self.assertEqual(pauses, [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
        self.now += 30
        self.assertEqual(self.backoff.remaining(), 0)
        self.backoff.fail()
        self.backoff.succeed()
        self.assertEqual(self.backoff.remaining(), 0)
        self.backoff.fail()
        self.assertEqual(self.backoff.remaining(), 0.5)

    def test_jitter_takes_away_up_to_half(self) -> None:
        self.jitter = 0.0
        self.backoff.fail()
        self.assertEqual(self.backoff.remaining(), 0.25)

    def test_the_server_may_ask_for_a_pause_within_bounds_which_is_never_shortened(self) -> None:
        self.jitter = 0.0
        self.backoff.fail(asked=7)
        self.assertEqual(self.backoff.remaining(), 7)
        self.backoff.fail(asked=1e9)
        self.assertEqual(self.backoff.remaining(), backoff.LONGEST_ASKED)

    def test_a_wrong_key_is_tried_slowly(self) -> None:
        self.backoff.fail(slow=True)
        self.assertEqual(self.backoff.remaining(), backoff.SLOW)


class Headers(unittest.TestCase):
    def test_the_header_is_the_contracts_dictionary(self) -> None:
        stats = {"accepted": 1200, "delivered": 1150, "waiting": 47, "dropped_full": 3, "dropped_spool": 0, "dropped_refused": 2,
                 "dropped_shutdown": 1, "batches": 12, "retries": 1, "spooled": 0, "replayed": 0, "oldest": 12.5,
                 "last_error": 'HTTP 503: "not" ready \\ ñ\n' + "x" * 300}
        header = sender_header('sh"op ñ', "web-1", 1764412800, stats)
        self.assertRegex(header, r'^name="sh\\"op \?", host="web-1", process=\d+, client="bitacora-logging/[0-9.]+", since=1764412800, '
                         r'accepted=1200, delivered=1150, waiting=47, dropped-full=3, dropped-spool=0, dropped-refused=2, '
                         r'dropped-shutdown=1, batches=12, retries=1, spooled=0, replayed=0, oldest=12\.500, '
                         r'last-error="HTTP 503: \\"not\\" ready \\\\ \?\?x+"$')
        self.assertLess(len(header), 4096)
        stats["last_error"] = ""
        self.assertNotIn("last-error", sender_header("s", "h", 0, stats))
        self.assertLess(len(sender_header('"' * 200, '\\' * 255, 1 << 33, dict(stats, last_error='"' * 200))), 4096)


if __name__ == "__main__":
    unittest.main()
