"""What is captured of a log call, and the line that is made of it."""
import datetime
import decimal
import enum
import gzip
import json
import logging
import random
import sys
import threading
import unittest
import uuid
from typing import Any, Dict, FrozenSet, List, Optional

from bitacora_logging.batch import make_batch
from bitacora_logging.context import RequestContext, RequestContextFilter, current_request
from bitacora_logging.record import LINE_BYTES, MESSAGE_BYTES, Captured, capture, encode, sender_members, without_content
from bitacora_logging.values import NODES, VALUE_BYTES, cut

MEMBERS = sender_members("test", "here")


class Keep(logging.Handler):
    def __init__(self, redact: FrozenSet[str] = frozenset()) -> None:
        super().__init__()
        self.redact = redact
        self.kept: List[Captured] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(capture(record, self.redact))


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


class Request:
    """As much of Django's request as is looked at, and what must not be."""

    def __init__(self, user: Any = None) -> None:
        self.method, self.path, self.META = "POST", "/pay/", {"REMOTE_ADDR": "203.0.113.9", "HTTP_COOKIE": "SECRET"}
        self.COOKIES, self.body, self.headers, self.GET = {"sessionid": "SECRET"}, b"SECRET", {"Authorization": "SECRET"}, {"q": "SECRET"}
        if user is not None:
            self.user = user


class User:
    def __init__(self, pk: int, name: str) -> None:
        self.pk, self.name = pk, name

    def __str__(self) -> str:
        return self.name


class Lazy:
    """Django's SimpleLazyObject before anybody has asked: asking would be a query."""

    def __init__(self, user: Any = None) -> None:
        self.__dict__["_wrapped"] = user if user is not None else object()

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("the user was loaded")


class Records(unittest.TestCase):
    def setUp(self) -> None:
        self.logger = logging.Logger("shop.orders", 1)
        self.keep = Keep()
        self.logger.addHandler(self.keep)

    def line(self, redact: Optional[FrozenSet[str]] = None) -> Dict[str, Any]:
        encoded = encode(self.keep.kept[-1], MEMBERS)
        self.assertTrue(encoded.endswith(b"}\n"))
        self.assertEqual(encoded.count(b"\n"), 1)
        result = json.loads(encoded.decode(), parse_constant=lambda name: self.fail(name + " is not JSON"))
        assert isinstance(result, dict)
        return result

    def log(self, *args: Any, level: int = logging.INFO, **kwargs: Any) -> Dict[str, Any]:
        self.logger.log(level, *args, **kwargs)
        return self.line()

    def attributes(self, **extra: Any) -> Dict[str, Any]:
        found: Dict[str, Any] = self.log("m", extra=extra)["attributes"]
        return {name: found[name] for name in found if name not in ("python.module", "code.line.number", "process.pid", "thread.name")}

    def test_every_field_of_a_call(self) -> None:
        line = self.log("Order %d of %s", 7, "señora", extra={
            "request_id": "r-1", "user_id": 42, "session_id": "s-1", "trace_id": "t", "span_id": "p", "duration_ms": 12, "amount": 1.5})
        record_line = sys._getframe().f_lineno - 2
        attributes = line.pop("attributes")
        moment = datetime.datetime.strptime(line.pop("time"), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
        self.assertLess(abs(moment.timestamp() - datetime.datetime.now().timestamp()), 60)
        self.assertEqual(line, {
            "level": "INFO", "source": "test", "host": "here", "logger": "shop.orders", "message": "Order 7 of señora",
            "template": "Order %d of %s", "request_id": "r-1", "user_id": "42", "session_id": "s-1", "trace_id": "t", "span_id": "p",
            "duration_ms": 12.0})
        self.assertEqual(attributes.pop("python.module"), "test_record")
        self.assertLess(abs(attributes.pop("code.line.number") - record_line), 80)
        self.assertGreater(attributes.pop("process.pid"), 0)
        self.assertEqual(attributes.pop("thread.name"), threading.current_thread().name)
        self.assertEqual(attributes, {"amount": 1.5})

    def test_times_have_the_microsecond_that_python_gives(self) -> None:
        random.seed(1)
        moments = [0.0, 1764412800.9999996, 1764412800.0000004] + [random.uniform(0, 4e9) for _ in range(2000)]
        for created in moments:
            self.logger.handle(logging.makeLogRecord({"created": created, "msg": "m", "levelno": 20, "levelname": "INFO"}))
            expected = datetime.datetime.fromtimestamp(created, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            self.assertEqual(self.line()["time"], expected)

    def test_a_time_that_is_none_becomes_now(self) -> None:
        for created in (float("nan"), float("inf"), 1e300, "soon", None):
            self.logger.handle(logging.makeLogRecord({"created": created, "msg": "m", "levelno": 20, "levelname": "INFO"}))
            self.assertRegex(self.line()["time"], r"^20\d\d-")

    def test_a_name_of_the_programs_own_goes_before_that_of_the_place(self) -> None:
        self.log("m", extra={"python.module": "mine", "metadata": {"process.pid": 7}})
        # Of a key that comes twice the server takes the first.
        first = json.loads(encode(self.keep.kept[-1], MEMBERS), object_pairs_hook=lambda pairs: dict(reversed(pairs)))["attributes"]
        self.assertEqual((first["python.module"], first["process.pid"], first["thread.name"]), ("mine", 7, "MainThread"))

    def test_a_level_of_a_programs_own_enumeration_is_its_number(self) -> None:
        class Level(int, enum.Enum):
            AUDIT = 35

        line = self.log("m", level=Level.AUDIT)
        self.assertEqual(line["level"], 35)
        self.logger.handle(logging.makeLogRecord({"msg": "m", "levelno": True, "levelname": "Level 1"}))
        self.assertEqual(self.line()["level"], 1)

    def test_a_user_whose_key_cannot_be_read_costs_the_user_only_and_no_filter_fails(self) -> None:
        class User:
            @property
            def pk(self) -> int:
                raise RuntimeError("a query, and this is no place for one")

        request = Request()
        request.user = User()  # type: ignore[attr-defined]
        token = current_request.set(RequestContext("r-9", request))
        self.addCleanup(current_request.reset, token)
        line = self.log("m")
        self.assertEqual((line["message"], line["request_id"], line.get("user_id")), ("m", "r-9", None))
        record = logging.makeLogRecord({"msg": "m"})
        self.assertTrue(RequestContextFilter().filter(record))
        self.assertEqual(record.user_id, "-")  # type: ignore[attr-defined]

    def test_levels_keep_their_number_and_their_name(self) -> None:
        self.assertEqual(self.log("m", level=logging.CRITICAL)["level"], "CRITICAL")
        line = self.log("m", level=25)
        self.assertEqual((line["level"], line["attributes"]["level_name"]), (25, "Level 25"))
        logging.addLevelName(logging.INFO, "Información")
        self.addCleanup(logging.addLevelName, logging.INFO, "INFO")
        line = self.log("m")
        self.assertEqual((line["level"], line["attributes"]["level_name"]), ("INFO", "Información"))

    def test_a_message_without_arguments_has_no_template_and_keeps_its_percent_signs(self) -> None:
        line = self.log("100% of %s")
        self.assertEqual(line["message"], "100% of %s")
        self.assertNotIn("template", line)

    def test_named_arguments_are_filled_in(self) -> None:
        self.assertEqual(self.log("%(a)s and %(b)d", {"a": "x", "b": 2})["message"], "x and 2")

    def test_arguments_that_do_not_fit_cost_nothing_but_the_format(self) -> None:
        message = self.log("only %d", "text")["message"]
        self.assertIn("only %d [arguments that do not fit", message)
        self.assertIn("text", message)

    def test_arguments_are_read_at_the_call(self) -> None:
        cart = ["a"]
        nested = {"list": [1]}
        self.logger.info("cart %s", cart, extra={"nested": nested})
        cart.append("b")
        nested["list"].append(2)
        line = self.line()
        self.assertEqual(line["message"], "cart ['a']")
        self.assertEqual(line["attributes"]["nested"], {"list": [1]})

    def test_a_message_that_is_no_text_or_cannot_be_printed(self) -> None:
        self.assertEqual(self.log(ValueError("boom"))["message"], "boom")
        self.assertEqual(self.log(Unprintable())["message"], "[unprintable Unprintable]")
        self.assertIn("arguments that do not fit", self.log("%s", Unprintable())["message"])

    def test_a_traceback_has_its_causes(self) -> None:
        try:
            try:
                raise KeyError("stock")
            except KeyError as error:
                raise RuntimeError("no order") from error
        except RuntimeError:
            self.logger.exception("failed")
        traceback = self.line()["traceback"]
        for part in ("KeyError: 'stock'", "direct cause", "RuntimeError: no order", "test_record.py"):
            self.assertIn(part, traceback)

    def test_an_exception_that_cannot_be_printed_keeps_the_record(self) -> None:
        class Nasty(Exception):
            __str__ = Unprintable.__str__

        try:
            raise Nasty()
        except Nasty:
            line = self.log("failed", exc_info=True)
        self.assertEqual(line["message"], "failed")
        self.assertIn("Nasty", line["traceback"])

    def test_no_exception_is_no_traceback_and_a_stack_is_one(self) -> None:
        self.assertNotIn("traceback", self.log("m", exc_info=True))
        self.assertIn("Stack (most recent call last)", self.log("m", stack_info=True)["traceback"])

    def test_values_keep_their_types(self) -> None:
        class Color(enum.IntEnum):
            RED = 1

        moment = datetime.datetime(2024, 5, 1, 12)
        found = self.attributes(
            text="ñ", whole=-7, big=2 ** 63, real=0.1, yes=True, nothing=None, nan=float("nan"), inf=float("-inf"), raw=b"a\xff",
            color=Color.RED, uuid=uuid.UUID(int=1), money=decimal.Decimal("1.10"), when=moment, some=(1, "b", {"c": 2.5}), bag={3})
        self.assertEqual(found, {
            "text": "ñ", "whole": -7, "big": str(2 ** 63), "real": 0.1, "yes": True, "nothing": None, "nan": "nan", "inf": "-inf",
            "raw": "a\\xff", "color": 1, "uuid": "00000000-0000-0000-0000-000000000001", "money": "1.10", "when": str(moment),
            "some": [1, "b", {"c": 2.5}], "bag": [3]})

    def test_a_value_that_cannot_be_printed_costs_itself_only(self) -> None:
        self.assertEqual(self.attributes(bad=Unprintable(), good=1, inner={"bad": Unprintable(), "good": 2}), {
            "bad": "[unprintable Unprintable]", "good": 1, "inner": {"bad": "[unprintable Unprintable]", "good": 2}})

    def test_cycles_depth_and_size_are_bounded(self) -> None:
        cycle: List[Any] = []
        cycle.append(cycle)
        wide: Dict[str, Any] = {"k%d" % i: i for i in range(100000)}
        self.logger.info("m", extra={"cycle": cycle, "wide": wide, "list": list(range(100000)), "text": "x" * 10 ** 6})
        line = self.line()
        self.assertLessEqual(len(line["attributes"]["wide"]), NODES + 1)
        self.assertLessEqual(len(line["attributes"]["list"]), NODES)
        self.assertLessEqual(len(line["attributes"]["text"].encode()), VALUE_BYTES)
        self.assertIn("[cut, of 1000000 characters]", line["attributes"]["text"])
        self.assertLess(self.keep.kept[-1].size, 2 ** 20)

    def test_hundreds_of_long_values_stay_within_a_line(self) -> None:
        self.logger.info("m", extra={"a%d" % i: "\x00" * 32000 for i in range(300)})
        self.assertLess(self.keep.kept[-1].size, 2 * 2 ** 20)
        self.assertLessEqual(len(encode(self.keep.kept[-1], MEMBERS)), LINE_BYTES)
        self.line()

    def test_a_huge_message_is_cut_with_a_mark(self) -> None:
        for text in ("x" * 3000000, "é" * 3000000, "😀" * 1000000, "\x00" * 3000000, "\ud800" * 1000000):
            line = self.log(text)
            self.assertLessEqual(len(line["message"].encode("utf-8", "surrogatepass")), MESSAGE_BYTES)
            self.assertIn("[cut, of ", line["message"])
            self.assertTrue(line["message"].startswith(text[:100]) or text[0] == "\ud800")

    def test_a_huge_traceback_keeps_its_end(self) -> None:
        try:
            raise ValueError("start" + "x" * 3000000 + "end")
        except ValueError:
            line = self.log("y" * 3000000, exc_info=True)
        self.assertLessEqual(len(line["message"]) + len(line["traceback"]), MESSAGE_BYTES)
        self.assertTrue(line["traceback"].endswith("end"))

    def test_cut_never_makes_more_and_never_breaks_a_character(self) -> None:
        for text in ("a" * 1000, "é" * 1000, "a😀" * 500):
            for limit in range(100, 2000, 7):
                for end in (False, True):
                    result = cut(text, limit, keep_end=end)
                    self.assertTrue(result == text or len(result.encode()) <= limit)
                    result.encode()

    def test_lone_surrogates_and_control_characters_are_still_json(self) -> None:
        line = self.log("a\ud800b\x00\x1b\u2028", extra={"k\udfff": "v\ud83d"})
        self.assertEqual(line["message"], "a\ud800b\x00\x1b\u2028")
        self.assertEqual(line["attributes"]["k\udfff"], "v\ud83d")

    def test_metadata_of_the_originals_custom_handler_is_merged(self) -> None:
        self.assertEqual(self.attributes(metadata={"tenant": "acme", "n": 1}, n=2, other=3), {"tenant": "acme", "n": 2, "other": 3})
        self.assertEqual(self.attributes(metadata="text"), {"metadata": "text"})

    def test_names_are_redacted_in_any_case_and_depth(self) -> None:
        self.keep.redact = frozenset(["password", "card", "user_id"])
        line = self.log("m", extra={
            "Password": "SECRET", "user_id": "SECRET", "a": {"PASSWORD": "SECRET", "b": [{"card": {"n": "SECRET"}}]},
            "metadata": {"card": "SECRET"}})
        self.assertNotIn("SECRET", json.dumps(line))
        self.assertEqual(line["attributes"]["a"], {"PASSWORD": "[redacted]", "b": [{"card": "[redacted]"}]})
        self.assertEqual(line["user_id"], "[redacted]")

    def test_what_came_from_the_request_can_be_redacted_too(self) -> None:
        self.keep.redact = frozenset(["user", "address"])
        attributes = self.log("m", extra={"request": Request(User(3, "ana"))})["attributes"]
        self.assertEqual((attributes["user"], attributes["address"], attributes["path"]), ("[redacted]", "[redacted]", "/pay/"))

    def test_a_request_and_a_response_become_five_attributes_and_nothing_secret(self) -> None:
        class Response:
            status_code, content, headers = 500, b"SECRET", {"Set-Cookie": "SECRET"}

        line = self.log("m", extra={"request": Request(User(3, "ana")), "response": Response()})
        attributes = line["attributes"]
        self.assertEqual({name: attributes[name] for name in ("method", "path", "status", "user", "address")}, {
            "method": "POST", "path": "/pay/", "status": 500, "user": "ana", "address": "203.0.113.9"})
        self.assertEqual(line["user_id"], "3")
        self.assertNotIn("SECRET", json.dumps(line))

    def test_a_user_that_is_not_loaded_is_not_loaded(self) -> None:
        self.assertNotIn("user", self.log("m", extra={"request": Request(Lazy())})["attributes"])
        self.assertEqual(self.log("m", extra={"request": Request(Lazy(User(4, "eva")))})["attributes"]["user"], "eva")

    def test_status_code_of_djangos_records_is_the_status(self) -> None:
        attributes = self.log("m", extra={"request": Request(), "status_code": 404})["attributes"]
        self.assertEqual((attributes["status"], attributes["status_code"]), (404, 404))

    def test_a_request_of_another_kind_is_named(self) -> None:
        self.assertEqual(self.attributes(request=object()), {"request": "[object]"})

    def test_ids_of_the_current_request_are_taken_and_extra_is_stronger(self) -> None:
        request = Request(User(5, "luz"))
        token = current_request.set(RequestContext("r-9", request))
        self.addCleanup(current_request.reset, token)
        line = self.log("m")
        self.assertEqual((line["request_id"], line["user_id"]), ("r-9", "5"))
        line = self.log("m", extra={"request_id": "mine", "user_id": None})
        self.assertEqual((line["request_id"], line["user_id"]), ("mine", "5"))

    def test_a_duration_that_is_no_number_stays_an_attribute(self) -> None:
        line = self.log("m", extra={"duration_ms": "long"})
        self.assertNotIn("duration_ms", line)
        self.assertEqual(line["attributes"]["duration_ms"], "long")

    def test_a_record_factory_of_the_program_hides_nothing(self) -> None:
        factory = logging.getLogRecordFactory()

        def with_tenant(*args: Any, **kwargs: Any) -> logging.LogRecord:
            record = factory(*args, **kwargs)
            record.tenant = "acme"
            return record

        logging.setLogRecordFactory(with_tenant)
        self.addCleanup(logging.setLogRecordFactory, factory)
        self.assertEqual(self.log("m")["attributes"]["tenant"], "acme")

    def test_what_another_formatter_leaves_on_the_record_is_no_attribute(self) -> None:
        record = self.logger.makeRecord("n", 20, "f", 1, "m", (), None)
        logging.Formatter("%(asctime)s %(message)s").format(record)
        self.logger.handle(record)
        self.assertFalse({"asctime", "message"} & set(self.line()["attributes"]))

    def test_what_cannot_be_captured_is_said(self) -> None:
        captured = without_content(40, "n", MemoryError())
        line = json.loads(encode(captured, MEMBERS))
        self.assertEqual((line["level"], line["logger"]), ("ERROR", "n"))
        self.assertIn("MemoryError", line["message"])

    def test_what_json_does_not_know_costs_one_record_of_a_batch(self) -> None:
        self.logger.info("before")
        self.logger.handle(logging.makeLogRecord({"name": 7, "levelno": 20, "levelname": "INFO", "msg": "m", "module": object()}))
        self.logger.info("behind")
        lines = gzip.decompress(make_batch("0" * 32, 0, self.keep.kept, MEMBERS).body).splitlines()
        messages = [json.loads(line)["message"] for line in lines]
        self.assertEqual(messages, ["before", "[a record that could not be read: TypeError]", "behind"])


if __name__ == "__main__":
    unittest.main()
